"""The ledger: its schema, its pragmas, and which deliveries count."""

from __future__ import annotations

import dataclasses
import sqlite3
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import MetaData, inspect

from foundation.errors import ConfigurationError
from ledger import (
    AccessRecord,
    DeliveryRecord,
    GateRecord,
    Ledger,
    ProductVerdict,
    ReleaseRecord,
    RuleCount,
)
from ledger.migrate import HEAD, current_revision, migrate
from ledger.schema import metadata

DAY = date(2018, 3, 31)
_START = datetime(2018, 4, 1)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")


def delivery(n: int, **changed: object) -> DeliveryRecord:
    told = DeliveryRecord(
        receipt_id=f"d{n}", delivery_id=f"d{n}", provider="health", extract="population/birth",
        file_name="a.csv", file_sha256="0" * 64, file_bytes=1, business_date=DAY,
        date_source="file_name", received_at=_START + timedelta(minutes=n),
        delivery_order=f"0:d{n}", status="accepted", accepted=1, read=1,
    )  # fmt: skip
    return dataclasses.replace(told, **changed)  # type: ignore[arg-type]


def described(told: MetaData) -> dict[str, object]:
    return {
        table.name: {
            "columns": [(c.name, str(c.type), c.nullable, c.primary_key) for c in table.columns],
            "references": sorted(f.target_fullname for f in table.foreign_keys),
            "indexes": sorted(tuple(c.name for c in i.columns) for i in table.indexes),
        }
        for table in told.sorted_tables
        if table.name != "alembic_version"
    }


def test_migrations_reach_the_schema(ledger: Ledger) -> None:
    found = MetaData()
    found.reflect(ledger.engine)
    assert described(found) == described(metadata)
    assert current_revision(ledger.engine) == HEAD
    migrate(ledger.engine)
    assert inspect(ledger.engine).has_table("delivery")


@pytest.mark.parametrize("url", ["garbage", "nosuchdatabase://host/ledger"])
def test_a_url_that_is_none_is_a_matter_of_configuration(url: str) -> None:
    with pytest.raises(ConfigurationError, match="TONGCHUAN_LEDGER_URL"):
        Ledger(url)


def test_sqlite_is_durable_and_strict(ledger: Ledger) -> None:
    with ledger.engine.connect() as connection:
        told = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert told == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000,
    }  # fmt: skip


def test_two_writers_wait_for_each_other(ledger: Ledger, tmp_path: Path) -> None:
    second = sqlite3.connect(tmp_path / "ledger.sqlite", timeout=0)
    second.execute("BEGIN IMMEDIATE")
    assert ledger.deliveries() == []  # a reader is not stopped by a writer
    second.rollback()
    second.close()


def test_a_receipt_twice_is_the_same_as_once(ledger: Ledger) -> None:
    rules = (RuleCount("R-COL-03", "warn", "x", 2), RuleCount("R-VAL-01", "reject", "y", 1))
    ledger.record_delivery(delivery(1, rules=(RuleCount("R-COL-04", "warn", "z", 9),)))
    ledger.record_delivery(delivery(1, rules=rules))
    assert ledger.delivery("d1") == delivery(1, rules=rules)
    assert ledger.deliveries(with_rules=True) == [delivery(1, rules=rules)]
    assert ledger.deliveries() == [delivery(1)]
    assert ledger.delivery("d2") is None
    assert ledger.receipt_ids("d1") == {"d1"}


def test_deliveries_are_found_by_extract_provider_and_day(ledger: Ledger) -> None:
    for record in (delivery(1), delivery(2, extract="x/y"), delivery(3, provider="tax")):
        ledger.record_delivery(record)
    assert [d.receipt_id for d in ledger.deliveries(extract="x/y")] == ["d2"]
    assert [d.receipt_id for d in ledger.deliveries(provider="tax")] == ["d3"]
    assert len(ledger.deliveries(received_since=date(2018, 4, 1))) == 3
    assert ledger.deliveries(received_since=date(2018, 4, 2)) == []


# name: (records in order of arrival, withdrawn, active in order)
ACTIVE = {
    "one": ([delivery(1)], [], ["d1"]),
    "partly": ([delivery(1, status="partly_accepted")], [], ["d1"]),
    "refused and duplicate": (
        [delivery(1, status="refused"), delivery(2, status="duplicate")], [], []),
    "corrected": ([delivery(1), delivery(2)], [], ["d2"]),
    "corrected twice": ([delivery(1), delivery(2), delivery(3)], [], ["d3"]),
    "correction refused": ([delivery(1), delivery(2, status="refused")], [], ["d1"]),
    "correction withdrawn": ([delivery(1), delivery(2)], ["d2"], ["d1"]),
    "corrected and withdrawn": ([delivery(1), delivery(2)], ["d1"], ["d2"]),
    "correction by control file": (
        [delivery(1), delivery(2, date_source="control")], [], ["d2"]),
    "no explicit date": (
        [delivery(1, date_source="arrival"), delivery(2, date_source="arrival")], [],
        ["d1", "d2"]),
    "other name": ([delivery(1), delivery(2, file_name="b.csv")], [], ["d1", "d2"]),
    "other provider": ([delivery(1), delivery(2, provider="tax")], [], ["d1", "d2"]),
    "other extract": ([delivery(1), delivery(2, extract="x/y")], [], ["d1", "d2"]),
    "other date": (
        [delivery(1), delivery(2, business_date=DAY - timedelta(1))], [], ["d2", "d1"]),
    "return": (
        [delivery(1), delivery(2, date_source="return", return_of="d1")], [], ["d1", "d2"]),
    "return of a withdrawn one": (
        [delivery(1), delivery(2, date_source="return", return_of="d1")], ["d1"], []),
    "return of a corrected one": (
        [delivery(1), delivery(2, date_source="return", return_of="d1"), delivery(3)], [], ["d3"]),
    "return withdrawn": (
        [delivery(1), delivery(2, date_source="return", return_of="d1")], ["d2"], ["d1"]),
    "order, not arrival": (
        [delivery(1, file_name="z", delivery_order="0:z"), delivery(2, delivery_order="0:a")], [],
        ["d2", "d1"]),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(ACTIVE))
def test_which_deliveries_count(ledger: Ledger, name: str) -> None:
    records, withdrawn, active = ACTIVE[name]
    for record in records:
        ledger.record_delivery(record)
    for target in withdrawn:
        ledger.add_override("withdraw", target, "why", "who", {})
    assert [d.receipt_id for d in ledger.active_deliveries()] == active


def test_a_killed_run_is_failed_when_the_next_begins(ledger: Ledger) -> None:
    first = ledger.start_run("night", DAY)
    second = ledger.start_run("night", DAY)
    ledger.end_run(second, "done", "state", {"rows": 1})
    assert (first, second) == (1, 2)
    done = ledger.last_run(status="done")
    failed = ledger.last_run(status="failed")
    assert done is not None
    assert failed is not None
    assert (done.run_id, done.state, done.summary) == (second, "state", {"rows": 1})
    assert failed.run_id == first
    assert ledger.last_run(kinds=("rebuild",)) is None


def test_gate_results_verdicts_and_releases(ledger: Ledger) -> None:
    run = ledger.start_run("night", DAY)
    gate = [GateRecord("p", "unique", "R-GATE-01", "passed", 0, 5)]
    verdicts = [ProductVerdict("p", "held", ("R-GATE-01", "q"), 5, "f")]
    for _ in range(2):
        ledger.record_gate(run, gate, verdicts)
    assert ledger.gate_results(run) == gate
    assert ledger.gate_results(run, "q") == []
    assert ledger.verdicts(run) == verdicts
    assert ledger.last_verdict_run() == run
    release = ReleaseRecord(1, DAY, _START, run, "0" * 64, {"p": {"rows": 5}})
    for _ in range(2):
        ledger.record_release(release)
    assert ledger.releases() == [release]


def test_overrides_can_be_taken_back_and_accesses_are_kept(ledger: Ledger) -> None:
    ledger.add_override("approve", "p", "why", "who", {"fingerprint": "f"})
    ledger.add_override("withdraw", "d1", "why", "who", {})
    assert [o.kind for o in ledger.overrides()] == ["approve", "withdraw"]
    assert ledger.overrides("approve")[0].detail == {"fingerprint": "f"}
    ledger.revoke_overrides("approve", "p")
    assert [o.target for o in ledger.overrides()] == ["d1"]
    access = AccessRecord(_START, "who", "why", 1, ("p", "q"), 3, "SELECT 1")
    ledger.record_access(access)
    assert ledger.accesses() == [access]
