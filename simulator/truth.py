"""Reading the truth of a simulation, for tests that compare it with what the pipeline made."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from foundation.paths import DataRoot


def load_nights(root: DataRoot) -> dict[str, Any]:
    """`arguments`, `nights` and `files` (one entry for each file, in order of arrival)."""
    loaded: dict[str, Any] = json.loads((root.truth / "nights.json").read_text(encoding="utf-8"))
    return loaded


def load_damage(root: DataRoot, *, all_at_once: bool = False) -> pl.DataFrame:
    """One row for each damaged line.

    Columns: `night` (of arrival), `business_night`, `kind` (of the delivery), `provider`,
    `extract`, `file_name`, `line` (physical line of the CSV or row of the sheet, from 1),
    `column`, `damage`, `rule_id` (null when a good reader repairs it without a word), `outcome`
    (reject, blank, warn, silent, duplicate), `is_harmless`, `record_key` and `written` (the key
    before and the text after the damage).

    Args:
        root: of the simulation.
        all_at_once: leave out files that a later correction overwrites when every night's files
            lie in the inbox together.
    """
    table = pl.read_parquet(root.truth / "damage.parquet")
    if not all_at_once:
        return table
    replaced = table.filter(pl.col("kind") == "incomplete")
    files = pl.DataFrame(load_nights(root)["files"])
    later = files.filter(pl.col("kind") == "correction").select("extract", "file_name")
    gone = replaced.join(later, on=["extract", "file_name"], how="semi")
    keys = ["night", "extract", "file_name"]
    return table.join(gone.select(keys).unique(), on=keys, how="anti")


def load_persons(root: DataRoot, night: int) -> pl.DataFrame:
    """People as `population.person` should tell them at the end of a night.

    `pid` is the simulator's own key; `resident_id` is the real number. Compare only rows with
    `is_fully_delivered`.
    """
    return pl.read_parquet(root.truth / "person.parquet").filter(pl.col("night") == night)


def load_entities(root: DataRoot, night: int) -> pl.DataFrame:
    """Entities as `legal_entity.legal_entity` should tell them at the end of a night.

    `entity` is the simulator's own key; compare by `uscc`, where there is none by
    `registration_no`, and only rows with `is_fully_delivered`.
    """
    return pl.read_parquet(root.truth / "legal_entity.parquet").filter(pl.col("night") == night)


def load_observations(root: DataRoot, night: int) -> pl.DataFrame:
    """Every release of every value as `macro_economy.observation` should tell it after a night.

    `hundredths` of `unit`. Compare only rows with `is_fully_delivered`.
    """
    return pl.read_parquet(root.truth / "observation.parquet").filter(pl.col("night") == night)
