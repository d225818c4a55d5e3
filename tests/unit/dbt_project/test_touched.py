"""Making anew only what deliveries touch gives what making everything gives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from orchestration.linking import reach_records
from tests.unit.dbt_project import dbt_world
from tests.unit.dbt_project import history_world as world
from tests.unit.dbt_project.dbt_world import BUSINESS_DATE, MAN, USCC, Built
from tests.unit.dbt_project.history_warehouse import Warehouse
from tests.unit.dbt_project.history_world import Told, histories

_ENDS = (
    "population__person_history",
    "population__person_attribute",
    "population__person_link",
    "int_population__choose_registration",
    "int_population__choose_address",
    "int_legal_entity__choose_values",
    "legal_entity__legal_entity_history",
)
_SINCE = "2001-02-03"
_FIRST = date(2018, 3, 2)
OTHER = "610203197707070077"
_RANDOM = settings(
    max_examples=5,
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

    def add(self, table: str, **row: Any) -> None:
        """One raw row."""
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        self.connection.execute(
            f"INSERT INTO raw.{table} ({names}) VALUES ({marks})", list(row.values())
        )

    def bring_up(self, changed: Iterable[tuple[str, str]], since: date, today: date) -> None:
        """Name the deliveries that changed, by extract, and make what they touch."""
        self.connection.execute("DELETE FROM raw.changed_delivery")
        for delivery, extract in changed:
            self.add("changed_delivery", delivery_id=delivery, extract=extract)
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

    def make(self, today: date) -> None:
        """Make everything anew."""
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
        """Rows of every table but of those that say which rows are made anew."""
        return {
            node.name: sorted(map(repr, self.rows(f"FROM {node.relation_name}")))
            for node in self.in_order
            if node.language == "sql" and "__touch_" not in node.name
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
    step_by_step.show(before)
    step_by_step.make(day)
    for moment in (3, 6, 9):
        now, last, day = _at(history, moment), day, _FIRST + timedelta(days=moment)
        old, new = _state(before), _state(now)
        changed = [t for line, t in new.items() if (o := old.get(line)) is None or o.gone != t.gone]
        step_by_step.show(now)
        step_by_step.bring_up([_delivery(t) for t in changed], last, day)
        anew.show(now)
        anew.make(day)
        assert step_by_step.contents() == anew.contents()
        before = now


def _delivery(told: Told) -> tuple[str, str]:
    return told.row()["delivery_id"], world.RECORDS[told.record][0].replace("__", "/")


def test_an_entity_is_touched_through_its_representative(pair: list[Touched]) -> None:
    """The number that the register of firms tells of him is corrected by the police."""
    step_by_step, anew = pair
    extract = "population/household_registration"
    for warehouse in pair:
        warehouse.show([])
        warehouse.add(
            "legal_entity__enterprise_registration", entity_no="E1", uscc=USCC, name="甲公司",
            registration_status_code="1", legal_representative_id=OTHER,
            legal_representative_name="甲", legal_representative_id_type="居民身份证",
            operation="I", **_came("e", 1),
        )  # fmt: skip
        warehouse.add(
            world.REGISTER, person_no="P1", resident_id=MAN, name="甲", operation="I",
            registration_status="正常", **_came("p", 1),
        )  # fmt: skip
    try:
        step_by_step.make(_FIRST)
        for warehouse in pair:
            warehouse.add(
                world.REGISTER, person_no="P1", resident_id=OTHER, name="甲", operation="U",
                registration_status="正常", **_came("q", 2),
            )  # fmt: skip
        step_by_step.bring_up([("q", extract)], _FIRST, _FIRST + timedelta(days=1))
        anew.make(_FIRST + timedelta(days=1))
        assert step_by_step.contents() == anew.contents()
        query = (
            "SELECT p.person_id FROM {} AS e JOIN intermediate.int_population__link_persons AS p "
            f"ON e.legal_representative_person_id = p.person_id WHERE p.resident_id = '{OTHER}'"
        )
        for table in (
            "intermediate.int_legal_entity__choose_values",
            "legal_entity.legal_entity_history",
        ):
            assert len(step_by_step.rows(query.format(table))) == 1, table
    finally:
        for warehouse in pair:
            warehouse.connection.execute("DELETE FROM raw.legal_entity__enterprise_registration")


def _came(delivery: str, day: int) -> dict[str, Any]:
    moment = f"2018-03-0{day} 09:00:00"
    return {
        "delivery_id": delivery, "list_id": delivery, "line": 2, "provider": "x",
        "business_date": moment[:10], "delivery_order": delivery, "updated_at": moment,
        "known_at": moment,
    }  # fmt: skip
