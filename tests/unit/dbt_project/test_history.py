"""Valid time and known time over random histories, on the SQL that dbt compiled."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.paths import PROJECT
from tests.unit.dbt_project import history_world as world
from tests.unit.dbt_project.dbt_world import Built
from tests.unit.dbt_project.history_warehouse import Warehouse
from tests.unit.dbt_project.history_world import Told, believed, histories

_ATTRIBUTES = (
    "name", "registration_status", "residence_address", "marital_status_code", "is_deceased",
)  # fmt: skip
_NOW = datetime(2018, 6, 1)
_ENDS = ("population__person_history", "population__person_statement")


@pytest.fixture(scope="module")
def warehouse(
    empty: Built, world: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    made = Warehouse(
        empty,
        tmp_path_factory.mktemp("history") / "warehouse.duckdb",
        world / "empty.duckdb",
        _ENDS,
    )
    yield made
    made.connection.close()


def documented(valid_on: date, known_on: datetime) -> str:
    """The query of docs/history.md, with its two values."""
    text = (PROJECT / "docs" / "history.md").read_text(encoding="utf-8")
    (query,) = re.findall(r"```sql\n(.*?)```", text, flags=re.DOTALL)
    query, days = re.subn(r"DATE '[^']*'", f"DATE '{valid_on}'", query)
    query, moments = re.subn(r"TIMESTAMP '[^']*'", f"TIMESTAMP '{known_on}'", query)
    assert (days, moments) == (1, 1)
    return query


def _answers(warehouse: Warehouse, valid_on: date, known_on: datetime) -> set[tuple[str, ...]]:
    found = warehouse.rows(documented(valid_on, known_on))
    return {
        (person.rpartition(":")[2], attribute, value)
        for person, attribute, value, _, _ in found
        if attribute in _ATTRIBUTES
    }


_RANDOM = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@_RANDOM
@given(history=histories(), seed=st.integers(0, 1000))
def test_arrival_and_repetition_leave_the_history_unchanged(
    warehouse: Warehouse, history: list[Told], seed: int
) -> None:
    standing = [t for t in history if t.gone is None]
    warehouse.build(standing)
    first = warehouse.history()
    ids = warehouse.rows("SELECT DISTINCT person_id FROM population.person_statement ORDER BY 1")
    shuffled = random.Random(seed)
    again = [
        Told(t.record, t.day, t.moment, t.operation, t.line, shuffled.randrange(7), None, t.values)
        for t in standing * 2  # each delivery twice, at other times
    ]
    shuffled.shuffle(again)
    warehouse.build(again)
    assert warehouse.history() == first
    assert ids == warehouse.rows(
        "SELECT DISTINCT person_id FROM population.person_statement ORDER BY 1"
    )


@_RANDOM
@given(
    history=histories(),
    days=st.lists(st.sampled_from(world.DAYS), min_size=2, max_size=2),
    moments=st.lists(st.integers(0, 10), min_size=2, max_size=2),
)
def test_as_of_a_day_as_known_at_a_moment(
    warehouse: Warehouse, history: list[Told], days: list[date], moments: list[int]
) -> None:
    warehouse.build(history)
    for valid_on in days:
        for known_on in (*(world.known(m) for m in moments), _NOW):
            told = _answers(warehouse, valid_on, known_on)
            assert told == believed(history, valid_on, known_on)
        columns = ", ".join(f"CAST({a} AS VARCHAR)" for a in _ATTRIBUTES)
        today = {
            (row[0].rpartition(":")[2], attribute, value)
            for row in warehouse.rows(
                f"SELECT person_id, {columns} FROM population.person_history WHERE valid_from <= "
                f"'{valid_on}' AND (valid_to IS NULL OR valid_to > '{valid_on}')"
            )
            for attribute, value in zip(_ATTRIBUTES, row[1:], strict=True)
            if value not in (None, "false")
        }
        assert today == told  # as known now


def test_the_worked_example(warehouse: Warehouse) -> None:
    def said(name: str, day: date, line: int, arrival: int) -> Told:
        values = {"name": name, "registration_status": "正常"}
        return Told("P1", day, day, "U", line, arrival, None, values)

    warehouse.build([said("新名", date(2018, 3, 8), 2, 11), said("旧名", date(2018, 3, 2), 1, 0)])
    for valid_on, known_on, name in [
        (date(2018, 3, 10), world.known(10), "旧名"),
        (date(2018, 3, 10), world.known(12), "新名"),
        (date(2018, 3, 4), world.known(12), "旧名"),
    ]:
        assert (world.MAN, "name", name) in _answers(warehouse, valid_on, known_on)
