"""Builds shared by the tests: dbt starts once, each further build costs a second or two."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.dbt_project import dbt_world
from tests.unit.dbt_project.dbt_world import Built

_NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dbt")


@pytest.fixture(scope="session")
def city(world: Path) -> Built:
    """A small city, with dbt's unit tests."""
    return dbt_world.build(world, "city", dbt_world.rows_of_a_city())


@pytest.fixture(scope="session")
def later(world: Path) -> Built:
    """The same city in another order of rows, with one delivery that came late."""
    rows = {table: rows[::-1] for table, rows in dbt_world.rows_of_a_city().items()}
    rows["legal_entity__tax_registration"].insert(0, dbt_world.late_tax_row())
    return dbt_world.build(world, "later", rows, *_NO_UNIT_TESTS)


@pytest.fixture(scope="session")
def empty(world: Path) -> Built:
    """A warehouse to which nothing has come."""
    return dbt_world.build(world, "empty", {}, *_NO_UNIT_TESTS)
