"""Damage to the lines of a bulletin. Names that others depend on are left alone."""

from __future__ import annotations

import polars as pl

from catalog import Column
from simulator.damage.model import Cells, Kind
from simulator.damage.values_kinds import AMOUNT_COMMAS, AMOUNT_TEXT, FILLED, V
from simulator.economy import LINES

_LEAVES = [line.shown for line in LINES if line.is_leaf]
_LEVELS = [line.shown for line in LINES if line.is_leaf and line.kind != "growth"]


def _unknown(cells: Cells) -> pl.Series:
    return cells.to(pl.when(V.is_in(_LEAVES)).then(pl.lit("粮食总产量")).otherwise(None))


def _other_unit(cells: Cells) -> pl.Series:
    fits = pl.col("indicator_name").is_in(_LEVELS)
    return cells.to(pl.when(fits).then(pl.lit("万人")).otherwise(None))


def _no_unit(cells: Cells) -> pl.Series:
    return cells.to(pl.when(pl.col("indicator_name").is_in(_LEVELS)).then(pl.lit("")))


def _no_data(cells: Cells) -> pl.Series:
    return cells.to(pl.when(V == "").then(cells.pick(["-", "——", "...", "－"])).otherwise(None))


def _spaced(cells: Cells) -> pl.Series:
    return cells.to(pl.when(FILLED & ~V.str.starts_with("-")).then(V + " ").otherwise(None))


_NAME = Kind("name_unknown", "R-CODE-02", _unknown)
_UNITS = (
    Kind("unit_of_another_kind", "R-MAC-15", _other_unit),
    Kind("required_empty", "R-VAL-01", _no_unit),
)
_NUMBERS = (
    AMOUNT_TEXT, AMOUNT_COMMAS, Kind("no_data_sign", None, _no_data, True),
    Kind("number_with_blank", None, _spaced, True),
)  # fmt: skip


def bulletin_kinds(column: Column) -> tuple[Kind, ...]:
    """What may be wrong with a column of the layout."""
    if column.name == "indicator_name":
        return (_NAME,)
    if column.name == "unit":
        return _UNITS
    shown = ("current_value", "cumulative_value", "yoy_percent")
    return _NUMBERS if column.name in shown else ()
