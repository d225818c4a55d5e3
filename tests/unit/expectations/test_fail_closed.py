"""Whatever breaks, nothing passes; and no value leaves the gate."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest
from gate_city import ENTITY, FAULTS, PERSON, City

from catalog import Catalog, catalog
from expectations import Gate
from expectations.answers import records
from expectations.expected import NotNull, no_rows
from expectations.reconciliation import reconciliation
from foundation.paths import PROJECT
from ledger import GateRecord

PLANTED = "610203198807154321"


def _all_errors(found: list[GateRecord], *products: str) -> bool:
    return {r.product for r in found} == set(products) and all(
        (r.status, r.rule_id, r.unexpected) == ("error", "R-GATE-09", None) for r in found
    )


JUDGED = ("population.marriage", "legal_entity.unresolved_record")
REASONS = {"garbage": "cannot be read", "die": "gone", "hang": "in time"}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_lets_nothing_pass(
    fault: str, gates: dict[str, Gate], city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each expectation is an error; the worker is replaced, here by one that raises."""
    broken = gates[fault]
    assert broken.wait_ready()
    found = broken.check(city.request(*JUDGED), timeout_s=1 if fault == "hang" else 60)
    assert _all_errors(found, *JUDGED)
    assert len(found) > 25  # each expectation by its own id
    assert [REASONS[fault] in problem for problem in broken.problems] == [True]
    if fault == "die":
        monkeypatch.setenv("TONGCHUAN_GATE_FAULT", "raise")
        assert _all_errors(broken.check(city.request(*JUDGED)), *JUDGED)
        assert len(broken.problems) == len(found)
        assert all("RuntimeError" in problem for problem in broken.problems)


def test_a_worker_that_cannot_start(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    with Gate(temp_directory=tmp_path / "spill") as gate:
        assert not gate.wait_ready()
        assert _all_errors(gate.check(city.request(PERSON)), PERSON)


def test_start_does_not_wait_and_leaves_nothing(tmp_path: Path) -> None:
    started = time.monotonic()
    gate = Gate(temp_directory=tmp_path)
    gate.start()
    assert time.monotonic() - started < 0.5
    assert gate._worker is not None
    worker = gate._worker
    gate.close()
    assert not worker.is_alive
    assert list(tmp_path.iterdir()) == []


def test_importing_the_gate_is_quick_and_light() -> None:
    code = (
        "import sys, expectations; print(sorted({'great_expectations', 'pandas', 'duckdb', "
        "'dagster', 'dbt'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT
    )
    assert done.stdout.strip() == "[]"


def test_a_file_that_cannot_be_read(gate: Gate, city: City) -> None:
    """Its product fails, and of the others only those that look at it."""
    marriage, household = "population.marriage", "population.household"
    city.composition[PERSON].write_bytes(b"no parquet")
    found = gate.check(city.request(PERSON, marriage, ENTITY))
    assert _all_errors([r for r in found if r.product == PERSON], PERSON)
    bad = {(r.product, r.status) for r in found if r.status != "passed" and r.product != PERSON}
    assert bad == {(marriage, "error")}
    city.previous[household] = city.folder / "no such file.parquet"
    assert _all_errors(gate.check(city.request(household)), household)
    city.reconciliation.write_bytes(b"no parquet")
    wrong = {r.expectation for r in gate.check(city.request(ENTITY)) if r.status == "error"}
    assert wrong == {e.id for e in reconciliation(catalog().products[ENTITY])}


def test_products_that_cannot_be_judged(gate: Gate, city: City) -> None:
    known = "population.marriage"
    request = city.request(known, "population.unknown")
    del request.composition[known]
    assert _all_errors(gate.check(request), known, "population.unknown")


def test_a_catalogue_without_the_product(city: City, tmp_path: Path) -> None:
    with Gate(Catalog(tmp_path), temp_directory=tmp_path / "spill") as gate:
        assert _all_errors(gate.check(city.request(PERSON)), PERSON)


SUITE = (
    NotNull("a.not_null", "R-GATE-02", "a"),
    no_rows("b.range", "R-GATE-05", "FROM x"),
)
GOOD = [["b.range", "failed", 3, 9], ["a.not_null", "passed", 0, 9]]


def test_answers_are_matched_by_id() -> None:
    assert [asdict(r) for r in records("x.y", SUITE, GOOD)] == [
        {"product": "x.y", "expectation": "a.not_null", "rule_id": "R-GATE-02",
         "status": "passed", "unexpected": 0, "checked": 9},
        {"product": "x.y", "expectation": "b.range", "rule_id": "R-GATE-05",
         "status": "failed", "unexpected": 3, "checked": 9},
    ]  # fmt: skip


@pytest.mark.parametrize(
    "row",
    [
        None,
        ["a.not_null", "passed", 1, 9],
        ["a.not_null", "failed", 0, 9],
        ["a.not_null", "passed", None, 9],
        ["a.not_null", "passed", False, 9],
        ["a.not_null", "passed", -1, 9],
        ["a.not_null", "approved", 0, 9],
        ["a.not_null", "passed", 0],
        "passed",
    ],
    ids=str,
)
def test_what_is_not_plainly_a_pass_is_none(row: object) -> None:
    told = [GOOD[0]] + ([row] if row is not None else [])
    found = {r.expectation: r.status for r in records("x.y", SUITE, told)}
    assert found["a.not_null"] == "error"
    assert found["b.range"] == "failed"


@pytest.mark.parametrize("told", [None, {}, "", 0, [], [[]]])
def test_no_answer_for_a_product(told: object) -> None:
    assert _all_errors(records("x.y", SUITE, told), "x.y")


def test_an_answer_twice_or_to_nothing_asked() -> None:
    twice = {r.expectation: r.status for r in records("x.y", SUITE, [*GOOD, GOOD[1]])}
    assert twice == {"a.not_null": "error", "b.range": "failed"}
    strange = records("x.y", SUITE, [*GOOD, ["c", "passed", 0, 9]])
    assert [(r.expectation, r.status) for r in strange][-1] == ("suite.run", "error")


def test_no_value_leaves_the_gate(
    gate: Gate, city: City, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A resident number in failing rows, and in the text of a raised exception."""
    caplog.set_level(logging.DEBUG)
    for column in ("person_id", "resident_id", "sex_code", "name"):
        city.set(PERSON, column, f"'{PLANTED}'", "name IN ('张1', '张2', '张3')")
    city.set("population.marriage", "registration_type", f"'{PLANTED}'", "true")
    raw: list[bytes] = []
    assert gate.wait_ready()
    monkeypatch.setattr(os, "read", _recorder(raw))
    found = gate.check(city.request(PERSON, "population.marriage"))
    left = [p.read_bytes() for p in gate._spill.rglob("*") if p.is_file()]
    failed = {r.expectation for r in found if r.status == "failed"}
    assert {"person_id.unique", "sex_code.in_code_list", "registration_type.in_values"} <= failed
    everything = b"".join([*raw, *left, repr(found).encode(), caplog.text.encode()])
    assert b"person_id.unique" in everything
    assert PLANTED.encode() not in everything


def _recorder(raw: list[bytes]) -> object:
    plain = os.read

    def read(handle: int, size: int) -> bytes:
        raw.append(plain(handle, size))
        return raw[-1]

    return read
