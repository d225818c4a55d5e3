"""The compiled SQL of the histories, over raw rows that can be replaced: no dbt between."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from tests.unit.dbt_project import history_world as world
from tests.unit.dbt_project.dbt_world import Built
from tests.unit.dbt_project.history_world import Told


class Warehouse:
    """The compiled models of the histories over raw rows that can be replaced."""

    def __init__(self, empty: Built, path: Path, file: Path, ends: Iterable[str]) -> None:
        shutil.copy(file, path)
        self.connection = duckdb.connect(str(path))
        self.connection.create_function(
            "keyed_id",
            lambda purpose, text: f"{purpose}/{text}",
            ["VARCHAR", "VARCHAR"],  # type: ignore[list-item]
            "VARCHAR",  # type: ignore[arg-type]
        )
        nodes = {
            r.node.unique_id: r.node for r in empty.result.result if r.node.resource_type == "model"
        }
        wanted: list[str] = []

        def need(unique_id: str) -> None:
            if unique_id in nodes and unique_id not in wanted:
                for parent in nodes[unique_id].depends_on.nodes:
                    need(parent)
                wanted.append(unique_id)

        for name in ends:
            need(f"model.tongchuan.{name}")
        self.in_order = [nodes[name] for name in wanted]
        self.compiled = empty.compiled
        # Models in Python link by likelihood: theirs stay as they are over nothing.
        self.models = [nodes[name] for name in wanted if nodes[name].language == "sql"]
        for node in self.models:
            kind = "VIEW" if node.config.materialized == "view" else "TABLE"
            self.connection.execute(f"DROP {kind} IF EXISTS {node.relation_name}")

    def build(self, history: list[Told]) -> None:
        """Replace the raw rows and everything made of them."""
        self.show(history)
        for node in self.models:
            self.connection.execute(
                f"CREATE OR REPLACE TABLE {node.relation_name} AS {self.compiled[node.name]}"
            )

    def show(self, history: list[Told]) -> None:
        """Replace the raw rows."""
        for table in (world.REGISTER, world.PERMIT, world.WEDDING, world.DEATH):
            for prefix in ("", "past__"):
                self.connection.execute(f"DELETE FROM raw.{prefix}{table}")
        for told in history:
            row = told.row()
            table = ("" if told.gone is None else "past__") + world.RECORDS[told.record][0]
            names, marks = ", ".join(row), ", ".join("?" * len(row))
            self.connection.execute(
                f"INSERT INTO raw.{table} ({names}) VALUES ({marks})", list(row.values())
            )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        return self.connection.execute(query).fetchall()

    def history(self) -> list[tuple[Any, ...]]:
        """Everything that must not depend on arrival."""
        return self.rows("FROM population.person_history ORDER BY ALL")
