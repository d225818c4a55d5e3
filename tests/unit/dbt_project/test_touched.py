"""Making anew only what deliveries touch gives what making everything gives."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from orchestration.linking import reach_records
from tests.unit.dbt_project import dbt_world
from tests.unit.dbt_project import history_world as world
from tests.unit.dbt_project.dbt_world import BUSINESS_DATE, Built
from tests.unit.dbt_project.history_warehouse import Warehouse
from tests.unit.dbt_project.history_world import Told, histories

_ENDS = (
    "population__person_history",
    "population__person_attribute",
    "population__person_link",
    "int_population__choose_registration",
    "int_population__choose_address",
)
_SINCE = "2001-02-03"
_FIRST = date(2018, 3, 2)
OTHER = "610203197707070077"
_RANDOM = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Touched(Warehouse):
    """Brought up to date by what changed, as the materialization `touched` does it."""

    some: dict[str, str]

    def show(self, history: list[Told]) -> None:
        """Replace the raw rows; some bear no number, or another one than their record's others."""
        super().show(history)
        for table in (world.REGISTER, world.PERMIT):
            for prefix in ("", "past__"):
                self.connection.execute(
                    f"UPDATE raw.{prefix}{table} SET resident_id = "
                    f"if(line % 5 = 0, NULL, '{OTHER}') WHERE line % 5 IN (0, 1)"
                )

    def bring_up(self, history: list[Told], changed: list[Told], since: date, today: date) -> None:
        """Show the rows, name the deliveries that changed, and make what they touch."""
        self.show(history)
        self.connection.execute("DELETE FROM raw.changed_delivery")
        for told in changed:
            extract = world.RECORDS[told.record][0].replace("__", "/")
            self.connection.execute(
                "INSERT INTO raw.changed_delivery VALUES (?, ?)",
                [told.row()["delivery_id"], extract],
            )
        for node in self.in_order:
            if node.language == "python":
                self._reach(node)
                continue
            sql = (
                self.some[node.name].replace(BUSINESS_DATE, str(today)).replace(_SINCE, str(since))
            )
            if node.config.materialized == "touched":
                self._replace(node, sql)
            else:
                self.connection.execute(f"CREATE OR REPLACE TABLE {node.relation_name} AS {sql}")

    def make(self, history: list[Told], today: date) -> None:
        """Make everything anew."""
        self.show(history)
        for node in self.in_order:
            if node.language == "python":
                self._reach(node)
                continue
            sql = self.compiled[node.name].replace(BUSINESS_DATE, str(today))
            self.connection.execute(f"CREATE OR REPLACE TABLE {node.relation_name} AS {sql}")

    def _reach(self, node: Any) -> None:
        if node.name != "int_population__touch_records":
            return  # linking by likelihood stays as it is over nothing
        reached = reach_records(
            self.connection,
            self.connection.sql("FROM staging.stg_population__touch_keys"),
            self.connection.sql("FROM intermediate.int_population__list_numbers"),
            self.connection.sql("FROM raw.link_decision"),
        )
        self.connection.execute(
            f"CREATE OR REPLACE TABLE {node.relation_name} AS {reached.sql_query()}"
        )

    def _replace(self, node: Any, sql: str) -> None:
        key, of, column = (node.config.extra[name] for name in ("key", "of", "column"))
        layer = "staging" if of.startswith("stg_") else "intermediate"
        things = f"SELECT {column} FROM {layer}.{of}"
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE made AS FROM ({sql}) WHERE {key} IN ({things});"
            f"DELETE FROM {node.relation_name} WHERE {key} IN ({things});"
            f"INSERT INTO {node.relation_name} BY NAME FROM made"
        )

    def contents(self) -> dict[str, list[str]]:
        """Rows of every touched table."""
        return {
            node.name: sorted(map(repr, self.rows(f"FROM {node.relation_name}")))
            for node in self.in_order
            if node.config.materialized == "touched"
        }


@pytest.fixture(scope="module")
def pair(empty: Built, world: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("touched")
    dbt_world.make_raw(world / "warehouse.duckdb", {})
    told = {"business_date": BUSINESS_DATE, "touched_since": _SINCE}
    result = dbt_world.run_dbt_with(world, told, "compile")
    assert result.success, result.exception
    some = dbt_world.compiled(result)
    made = []
    for name in ("brought_up", "made"):
        (folder / name).mkdir()
        path = folder / name / "warehouse.duckdb"
        warehouse = Touched(empty, path, world / "empty.duckdb", _ENDS)
        warehouse.some = some
        made.append(warehouse)
    yield made
    for warehouse in made:
        warehouse.connection.close()


def _at(history: list[Told], moment: int) -> list[Told]:
    """What the warehouse has been told by a moment: the rest has not come, or has not yet gone."""
    came = [t for t in history if t.arrival <= moment]
    return [
        t
        if t.gone is None or t.gone <= moment
        else Told(t.record, t.day, t.moment, t.operation, t.line, t.arrival, None, t.values)
        for t in came
    ]


def _state(told: list[Told]) -> dict[int, Told]:
    return {t.line: t for t in told}


@_RANDOM
@given(history=histories())
def test_any_history_brought_up_to_date_is_as_if_made_anew(
    pair: list[Touched], history: list[Told]
) -> None:
    step_by_step, anew = pair
    day, before = _FIRST, _at(history, 0)
    step_by_step.make(before, day)
    for moment in (3, 6, 9):
        now, last, day = _at(history, moment), day, _FIRST + timedelta(days=moment)
        old, new = _state(before), _state(now)
        changed = [t for line, t in new.items() if (o := old.get(line)) is None or o.gone != t.gone]
        step_by_step.bring_up(now, changed, last, day)
        anew.make(now, day)
        assert step_by_step.contents() == anew.contents()
        before = now
