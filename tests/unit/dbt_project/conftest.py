"""Builds shared by the tests: dbt starts once, each further build costs a second or two."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import dbt_world
import duckdb
import pytest

_NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")


class Built(NamedTuple):
    """One build: dbt's result and where it lies."""

    result: Any
    folder: Path

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query on the warehouse."""
        warehouse = str(self.folder / "warehouse.duckdb")
        with duckdb.connect(warehouse, read_only=True) as connection:
            return connection.execute(query).fetchall()

    def one(self, query: str) -> tuple[Any, ...]:
        """The single row of a query."""
        (row,) = self.rows(query)
        return row


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dbt")


@pytest.fixture(scope="session")
def city(world: Path) -> Built:
    """A small city, with dbt's unit tests."""
    folder = world / "city"
    return Built(dbt_world.build(folder, dbt_world.rows_of_a_city()), folder)


@pytest.fixture(scope="session")
def later(world: Path) -> Built:
    """The same city in another order of rows, with one delivery that came late."""
    rows = {table: rows[::-1] for table, rows in dbt_world.rows_of_a_city().items()}
    rows["legal_entity__tax_registration"].insert(0, dbt_world.late_tax_row())
    folder = world / "later"
    return Built(dbt_world.build(folder, rows, *_NO_UNIT_TESTS), folder)


@pytest.fixture(scope="session")
def empty(world: Path) -> Built:
    """A warehouse to which nothing has come."""
    folder = world / "empty"
    return Built(dbt_world.build(folder, {}, *_NO_UNIT_TESTS), folder)
