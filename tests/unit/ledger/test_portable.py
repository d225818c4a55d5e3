"""The ledger on PostgreSQL: every statement compiles there, nothing is SQLite's own, values fit.

SQLite takes any text in a VARCHAR(16); PostgreSQL does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import Engine, String, TextClause, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import DDLElement
from sqlalchemy.sql import ClauseElement

from catalog import catalog
from expectations.base import base
from expectations.drift import drift
from expectations.plan import written
from expectations.reconciliation import reconciliation
from ledger import (
    AccessRecord,
    DeliveryRecord,
    GateRecord,
    Ledger,
    LinkDecision,
    LinkDecisions,
    ObjectionCount,
    ObjectionLife,
    ObjectionLives,
    ProductVerdict,
    ReleaseRecord,
    RuleCount,
)
from ledger import records as r
from ledger import schema as t

DAY, NOW = date(2018, 3, 31), datetime(2018, 4, 1)
# Alembic's own bookkeeping, and the one question that cannot be asked through a Table.
_TEXT = "SELECT version_num FROM alembic_version"


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[ClauseElement]]:
    """Every statement that any engine executes in the test."""
    found: list[ClauseElement] = []

    def keep(_connection: Any, statement: Any, *_rest: Any) -> None:
        found.append(statement)

    event.listen(Engine, "before_execute", keep)
    yield found
    event.remove(Engine, "before_execute", keep)


def use_everything(ledger: Ledger) -> set[str]:
    """Call every method of the ledger in every way; the methods that were called."""
    delivery = DeliveryRecord(
        "d1", "d1", "tax", "a/b", "a.csv", "0" * 64, 1, DAY, "control", NOW, "0:d1", "accepted",
        rules=(RuleCount("R-COL-03", "warn", "x", 2),),
    )  # fmt: skip
    run = ledger.start_run("night", DAY)
    verdict = ProductVerdict("p", "held", ("R-GATE-01",), 5, "f")
    access = AccessRecord(NOW, "who", "why", 1, ("p",), 3, "SELECT 1")
    calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
        ("record_delivery", (delivery,), {}),
        ("record_delivery", (delivery,), {}),
        ("delivery", ("d1",), {}),
        ("receipt_ids", ("d1",), {}),
        ("deliveries", (), {"with_rules": True}),
        ("deliveries", (), {"extract": "a/b", "provider": "tax", "received_since": DAY}),
        ("active_deliveries", (), {}),
        ("known_spans", (), {}),
        ("start_run", ("night", DAY), {}),
        ("end_run", (run, "done", "s", {}), {}),
        ("last_run", (), {"kinds": ("night",), "status": "done"}),
        ("record_gate", (run, [GateRecord("p", "e", "R-GATE-01", "passed")], [verdict]), {}),
        ("gate_results", (run, "p"), {}),
        ("verdicts", (run,), {}),
        ("last_verdict_run", (), {}),
        ("record_release", (ReleaseRecord(1, DAY, NOW, run, "0" * 64, {}),), {}),
        ("releases", (), {}),
        ("add_override", ("approve", "p", "why", "who", {}), {}),
        ("overrides", ("approve",), {}),
        ("revoke_overrides", ("approve", "p"), {}),
        ("record_access", (access,), {}),
        ("accesses", (), {}),
    ]
    for name, arguments, named in calls:
        getattr(ledger, name)(*arguments, **named)
    return {name for name, *_ in calls}


def use_lives(ledger: Ledger) -> set[str]:
    """Call every method of the objections' lives in every way; the methods that were called."""
    lives = ObjectionLives(ledger)
    opened = ObjectionLife("o", "p.objection", "R-POP-01", "tax", "a/b", "name", 1, DAY)
    lives.enter(ObjectionCount(1, "p.objection", 1, 0, 0), [opened], [])
    ended = replace(
        opened, last_release=1, resolved_release=2, resolved_date=DAY, resolved_by=("d1",)
    )
    lives.enter(ObjectionCount(2, "p.objection", 0, 0, 1), [], [ended])
    assert lives.lives(
        product="p.objection", provider="tax", rule_id="R-POP-01", is_open=False, resolved_since=DAY
    ) == [ended]
    assert lives.lives(is_open=True) == []
    assert lives.followed() == {(1, "p.objection"), (2, "p.objection")}
    assert [c.resolved for c in lives.counts()] == [0, 1]
    assert len(lives.counts(2)) == 1
    lives.forget()
    assert lives.lives() == []
    return {"enter", "lives", "followed", "counts", "forget"}


def use_decisions(ledger: Ledger) -> set[str]:
    """Call every method of the decisions; the methods that were called."""
    table = LinkDecisions(ledger)
    one = LinkDecision("population", "a|1|x", "a|2|x", "same", "who", NOW, "0" * 64)
    table.enter([one], "why")
    later = replace(one, verdict="different", at=NOW + timedelta(1), sheet_sha256="1" * 64)
    table.enter([later], "why")
    assert table.sheets() == {"0" * 64, "1" * 64}
    assert table.all() == [one, later]
    assert table.standing() == [later]
    return {"enter", "sheets", "all", "standing"}


def test_every_statement_compiles_for_postgresql(
    tmp_path: Path, executed: list[ClauseElement]
) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    called = use_everything(ledger)
    assert use_lives(ledger) == {n for n in vars(ObjectionLives) if not n.startswith("_")}
    assert use_decisions(ledger) == {n for n in vars(LinkDecisions) if not n.startswith("_")}
    public = {n for n in vars(Ledger) if not n.startswith("_")} - {"open", "exists"}
    assert called == public
    tables = {s.element.name for s in executed if isinstance(s, DDLElement)
              and hasattr(s.element, "columns")}  # fmt: skip
    assert set(t.metadata.tables) <= tables
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for statement in executed:
        if isinstance(statement, TextClause):
            assert str(statement) == _TEXT
            continue
        text = str(statement.compile(dialect=dialect))
        assert text.split(maxsplit=1)[0] in {"SELECT", "INSERT", "UPDATE", "DELETE", "CREATE"}, text
        assert not getattr(statement, "_prefixes", ()), text  # such as OR REPLACE
        assert "PRAGMA" not in text
    made = "".join(str(s.compile(dialect=dialect)) for s in executed if isinstance(s, DDLElement))
    assert "run_id SERIAL" in made
    assert "TIMESTAMP WITHOUT TIME ZONE" in made


def _fits(column: Any, values: Any) -> None:
    assert isinstance(column.type, String)
    too_long = [v for v in values if column.type.length and len(v) > column.type.length]
    assert too_long == [], column


def test_what_is_written_fits_its_column() -> None:
    known = catalog()
    for column in (t.delivery.c.refused_rule, t.delivery_rule.c.rule_id, t.gate_result.c.rule_id):
        _fits(column, known.rules)
    _fits(t.delivery.c.extract, known.extracts)
    _fits(t.objection_life.c.rule_id, known.rules)
    _fits(t.objection_life.c.extract, known.extracts)
    _fits(t.objection_life.c.provider, known.departments)
    _fits(t.objection_life.c.product, known.products)
    _fits(t.objection_count.c.product, known.products)
    _fits(t.delivery.c.provider, known.departments)
    for column in (t.gate_result.c.product, t.product_verdict.c.product, t.override.c.target):
        _fits(column, known.products)
    columns = [c.name for e in known.extracts.values() for c in e.columns]
    _fits(t.delivery_rule.c.column_name, columns)
    _fits(t.objection_life.c.attribute, columns)
    _fits(t.delivery.c.status, get_args(r.DeliveryStatus))
    _fits(t.delivery.c.date_source, get_args(r.DateSource))
    _fits(t.override.c.kind, get_args(r.OverrideKind))
    _fits(t.link_decision.c.verdict, get_args(r.LinkVerdict))
    _fits(t.product_verdict.c.verdict, get_args(r.Verdict))
    _fits(t.gate_result.c.status, ("passed", "failed", "error", "approved"))
    expectations = [
        expected.id
        for p in known.products.values()
        for expected in (*base(known, p), *written(p.id), *reconciliation(p), *drift(p))
    ]
    assert len(expectations) > 100
    _fits(t.gate_result.c.expectation, expectations)
    versions = [c.version for c in (*known.extracts.values(), *known.products.values())]
    _fits(t.delivery.c.contract_version, versions)
    largest = f"{10**12}-{'f' * 16}-{'f' * 16}"
    _fits(t.product_verdict.c.fingerprint, [largest])
