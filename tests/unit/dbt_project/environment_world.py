"""Compiled models of the environment over tables made in memory: many cases after one build."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from tests.unit.dbt_project.dbt_world import Built

MODELS = (
    "environment__air_quality_hourly", "environment__air_quality_daily",
    "environment__air_quality_annual", "environment__surface_water_sample",
    "environment__surface_water", "environment__emission_exceedance",
)  # fmt: skip
AIR = ("station_code", "observed_at", "so2", "no2", "pm10", "pm25", "co", "o3", "station_name",
       "area_name", "provider", "delivery_id", "line", "is_corrected")  # fmt: skip
WATER = (
    "section_code", "item_name", "observed_month", "value_text", "unit", "target_class",
    "section_name", "river_name", "provider", "delivery_id", "line", "is_corrected",
)  # fmt: skip


class Bench:
    """A DuckDB in memory with the code lists of a build, in which compiled models run."""

    def __init__(self, built: Built, warehouse: Path) -> None:
        """Take the code lists from the build and the SQL from its manifest."""
        manifest = json.loads((built.target / "manifest.json").read_text(encoding="utf-8"))
        nodes = {n["name"]: n for n in manifest["nodes"].values()}
        self.sql = {name: self._compiled(built, nodes[name]) for name in MODELS}
        self.connection = duckdb.connect()
        run = self.connection.execute
        run("ATTACH ':memory:' AS warehouse")
        run(f"ATTACH '{warehouse}' AS built (READ_ONLY)")
        for schema in ("staging", "intermediate", "environment"):
            run(f"CREATE SCHEMA warehouse.{schema}")
        for (table,) in run(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'built' "
            "AND schema_name = 'intermediate' AND regexp_matches(table_name, '^(a|w)')"
        ).fetchall():
            run(f"CREATE TABLE warehouse.intermediate.{table} AS "
                f"FROM built.intermediate.{table}")  # fmt: skip
        for extract in ("air_quality_hourly", "surface_water"):
            table = f"staging.stg_environment__{extract}"
            run(f"CREATE TABLE warehouse.{table} AS FROM built.{table} LIMIT 0")
        run("DETACH built")

    @staticmethod
    def _compiled(built: Built, node: dict[str, Any]) -> str:
        path = built.target / "compiled" / "tongchuan" / node["original_file_path"]
        return path.read_text(encoding="utf-8")

    def load(self, extract: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Replace the staging table of an extract."""
        table = f"warehouse.staging.stg_environment__{extract}"
        self.connection.execute(f"DELETE FROM {table}")
        marks = ", ".join("?" * len(names))
        self.connection.executemany(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", [list(r) for r in rows]
        )

    def build(self, *models: str) -> None:
        """Make the tables of these models, in order."""
        for model in models:
            name = model.removeprefix("environment__")
            self.connection.execute(
                f"CREATE OR REPLACE TABLE warehouse.environment.{name} AS {self.sql[model]}"
            )

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Rows of a query over the tables, by column."""
        found = self.connection.execute(query)
        names = [d[0] for d in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def air_row(station: str, moment: Any, line: int, **values: Any) -> list[Any]:
    """One row of `AIR`; `area_name` is the city's own unless told."""
    told = {"station_code": station, "observed_at": moment, "station_name": station,
            "area_name": "铜川市", "provider": "environment", "delivery_id": "d", "line": line,
            "is_corrected": False, **values}  # fmt: skip
    return [told.get(name) for name in AIR]


def water_row(section: str, item: str, text: str, line: int, **values: Any) -> list[Any]:
    """One row of `WATER` of January 2018."""
    told = {"section_code": section, "item_name": item, "observed_month": "2018-01-01",
            "value_text": text, "unit": "mg/L", "section_name": section, "river_name": "漆水河",
            "provider": "environment", "delivery_id": "d", "line": line, "is_corrected": False,
            **values}  # fmt: skip
    return [told.get(name) for name in WATER]
