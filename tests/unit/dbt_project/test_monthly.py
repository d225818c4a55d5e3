"""The materialization `monthly`: only touched months are made anew, as a full build would."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.dbt_project import dbt_world
from tests.unit.dbt_project.dbt_world import Built

MODEL = "stg_social_security__contribution"
TABLE = f"staging.{MODEL}"
RAW = "raw.social_security__contribution"
SETTLED = "int_social_security__settle_contributions"
SUMS = f"intermediate.{SETTLED}"
_CHOSEN = ("--select", MODEL, SETTLED, "--resource-type", "model", "--no-write-json")


@pytest.fixture
def warehouse(city: Built, world: Path):
    """The built city where dbt looks for it."""
    path = world / "warehouse.duckdb"
    shutil.copyfile(world / "city.duckdb", path)
    yield path
    path.unlink()


def _change(path: Path, *statements: str) -> None:
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)


def _rows(path: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


def _row(
    delivery: str, line: int, key: int, month: int, amount: int, day: int = 29, back: int = 0
) -> str:
    """One contribution due in a month of 2018, for the month that lies `back` months before."""
    return (
        f"INSERT INTO {RAW} BY NAME SELECT '{delivery}' AS delivery_id, '{delivery}' AS list_id, "
        f"{line} AS line, DATE '2018-03-{day}' AS business_date, '{delivery}' AS delivery_order, "
        f"'human_resources' AS provider, 'J{key}' AS payment_no, 'C{key}' AS enrolment_no, "
        f"'110' AS insurance_type_code, DATE '2018-{month:02d}-01' AS due_month, "
        f"DATE '2018-{max(month - back, 1):02d}-01' AS covered_month, {amount} AS employer_due, "
        f"'D{key % 2}' AS employer_no, {key != 1} AS received"
    )


def _build(world: Path) -> None:
    nodes = dbt_world.run_dbt(world, "build", *_CHOSEN).result.results
    assert [str(node.status) for node in nodes] == ["success", "success"]


def _kept(path: Path) -> list[list[tuple]]:
    return [_rows(path, f"FROM {table} ORDER BY ALL") for table in (TABLE, SUMS)]


def _whole(path: Path, world: Path) -> list[list[tuple]]:
    """What a build of every month gives: the tables and their signatures are gone."""
    for table in (TABLE, SUMS):
        _change(path, f"DROP TABLE {table}", f"DROP TABLE {table}__month")
    _build(world)
    return _kept(path)


def test_only_touched_months_are_made_anew(warehouse, world):
    _change(warehouse, *(_row("d0", n, n, 1 + n % 3, 100) for n in range(9)))
    _build(world)
    assert _rows(warehouse, f"SELECT count(*) FROM {TABLE}") == [(9,)]
    # a mark in every month shows which of them are made anew
    _change(warehouse, f"UPDATE {TABLE} SET employer_due = -1")
    _change(warehouse, _row("d1", 1, 100, 2, 7, day=30))
    _build(world)
    marked = f"SELECT DISTINCT month(due_month) FROM {TABLE} WHERE employer_due = -1 ORDER BY 1"
    assert _rows(warehouse, marked) == [(1,), (3,)]
    assert _rows(warehouse, f"SELECT count(*) FROM {TABLE} WHERE month(due_month) = 2") == [(4,)]
    _build(world)  # nothing new: nothing is touched
    assert _rows(warehouse, marked) == [(1,), (3,)]


def test_sums_of_untouched_months_stay_as_they_are(warehouse, world):
    _change(warehouse, *(_row("d0", n, n, 1 + n % 3, 100) for n in range(9)))
    _build(world)
    _change(warehouse, f"UPDATE {SUMS} SET due_cny = -1")
    # due in March for February: what was open of February is settled, March itself is not touched
    _change(warehouse, _row("d1", 1, 101, 3, 7, day=30, back=1))
    _build(world)
    query = f"SELECT DISTINCT month(covered_month) FROM {SUMS} WHERE due_cny = -1 ORDER BY 1"
    assert _rows(warehouse, query) == [(1,), (3,)]


def test_a_correction_that_moves_a_row_touches_both_months(warehouse, world):
    _change(warehouse, *(_row("d0", n, n, 1, 100) for n in range(3)))
    _build(world)
    _change(warehouse, _row("d1", 1, 0, 2, 50, day=30))
    _build(world)
    places = f"SELECT payment_no, month(due_month), is_corrected FROM {TABLE} ORDER BY 1"
    assert _rows(warehouse, places) == [("J0", 2, True), ("J1", 1, False), ("J2", 1, False)]
    _change(warehouse, f"DELETE FROM {RAW} WHERE delivery_id = 'd1'")  # withdrawn
    _build(world)
    assert _rows(warehouse, places) == [("J0", 1, False), ("J1", 1, False), ("J2", 1, False)]


def test_another_sql_makes_every_month_anew(warehouse, world):
    _change(warehouse, _row("d0", 1, 1, 1, 100))
    _build(world)
    _change(warehouse, f"UPDATE {TABLE} SET employer_due = -1",
            f"UPDATE {TABLE}__month SET signature = 'another-' || signature")  # fmt: skip
    _build(world)
    assert _rows(warehouse, f"SELECT employer_due FROM {TABLE}") == [(100,)]


_DELIVERIES = st.lists(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(1, 3), st.integers(1, 2), st.integers(0, 1)),
        min_size=1, max_size=5,
        unique_by=lambda row: row[0],
    ),
    min_size=1, max_size=3,
)  # fmt: skip


@settings(max_examples=3, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(deliveries=_DELIVERIES, withdrawn=st.integers(0, 3))
def test_any_history_gives_what_a_full_build_gives(warehouse, world, deliveries, withdrawn):
    """Deliveries of a few payments over three months, one build after each, one taken out again."""
    _change(warehouse, f"DELETE FROM {RAW}")
    for number, rows in enumerate(deliveries):
        _change(warehouse, *(
            _row(f"d{number}", line, key, month, amount, day=20 + number, back=back)
            for line, (key, month, amount, back) in enumerate(rows)
        ))  # fmt: skip
        _build(world)
    _change(warehouse, f"DELETE FROM {RAW} WHERE delivery_id = 'd{withdrawn}'")
    _build(world)
    kept = _kept(warehouse)
    assert kept == _whole(warehouse, world)
