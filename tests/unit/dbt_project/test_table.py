"""The materialization `table`: made anew whole, or left as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from tests.unit.dbt_project import dbt_world
from tests.unit.dbt_project.dbt_world import Built

MODEL = "population__marriage"
_CHOSEN = ("--select", MODEL, "--resource-type", "model", "--no-write-json")


@pytest.fixture
def warehouse(city: Built, world: Path):
    """The built city where dbt looks for it."""
    path = world / "warehouse.duckdb"
    shutil.copyfile(world / "city.duckdb", path)
    yield path
    path.unlink()


def _rows(path: Path) -> list[tuple]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute("FROM population.marriage ORDER BY ALL").fetchall()


def _change(path: Path, *statements: str) -> None:
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)


def _status(result) -> str:
    (node,) = result.result.results
    return str(node.status)


def test_a_table_is_made_again_over_a_table_and_over_a_view(warehouse, world):
    wanted = _rows(warehouse)
    assert wanted
    _change(warehouse, "DELETE FROM population.marriage")
    assert _status(dbt_world.run_dbt(world, "build", *_CHOSEN)) == "success"
    assert _rows(warehouse) == wanted
    _change(
        warehouse,
        "DROP TABLE population.marriage",
        "CREATE VIEW population.marriage AS SELECT 1 AS x",
    )
    assert _status(dbt_world.run_dbt(world, "build", *_CHOSEN)) == "success"
    assert _rows(warehouse) == wanted


def test_a_model_that_fails_leaves_the_table_of_before(warehouse, world):
    wanted = _rows(warehouse)
    _change(warehouse, "DROP TABLE staging.stg_population__marriage_registration CASCADE")
    assert _status(dbt_world.run_dbt(world, "build", *_CHOSEN)) == "error"
    assert _rows(warehouse) == wanted
