"""Who counts as under 14, and which rows that makes grade 4."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest
from sharing_world import World

from sharing.minors import minor_condition


@pytest.mark.parametrize(
    ("day", "born", "is_minor"),
    [
        (date(2018, 3, 31), date(2004, 3, 30), False),
        (date(2018, 3, 31), date(2004, 3, 31), True),  # the day after the birthday counts
        (date(2018, 3, 31), date(2004, 4, 1), True),
        (date(2018, 2, 28), date(2004, 2, 29), True),
        (date(2018, 3, 1), date(2004, 2, 29), False),
        (date(2018, 3, 31), None, False),
    ],
)
def test_the_day_decides(world: World, day: date, born: date | None, is_minor: bool) -> None:
    contract = world.catalog.products["population.person"]
    condition = minor_condition(contract, (("birth_date", "DATE"),), day, True)
    row = duckdb.execute(f"SELECT {condition} FROM (SELECT $1::DATE AS birth_date)", [born])
    assert row.fetchone() == (is_minor,)


@pytest.mark.parametrize(
    ("number", "is_minor"),
    [
        ("610203201003030033", True),
        ("610203198003030033", False),
        ("6102032010", False),
        (None, False),
    ],
)
def test_the_resident_number_tells_too(world: World, number: str | None, is_minor: bool) -> None:
    contract = world.catalog.products["population.person"]
    condition = minor_condition(contract, (("resident_id", "VARCHAR"),), date(2018, 3, 31), True)
    row = duckdb.execute(f"SELECT {condition} FROM (SELECT $1::VARCHAR AS resident_id)", [number])
    assert row.fetchone() == (is_minor,)
