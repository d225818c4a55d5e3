"""Damage to whole rows: shifted columns, stray quotes, copies."""

from __future__ import annotations

import polars as pl

from simulator.damage.model import Cells, Forge, Kind
from simulator.writers import LOST_DELIMITER, RAW_DELIMITER, RAW_QUOTE

V = pl.col("v")
_LONG = V.str.len_chars() > 5


def _inside(mark: str) -> Forge:
    def forge(cells: Cells) -> pl.Series:
        return cells.to(pl.when(_LONG).then(V.str.head(4) + mark + V.str.slice(4)).otherwise(None))

    return forge


def _joined(cells: Cells) -> pl.Series:
    return cells.to(V + LOST_DELIMITER)


def _same(cells: Cells) -> pl.Series:
    return cells.values


def _other(cells: Cells) -> pl.Series:
    return cells.to(pl.when(V != "").then(V + "甲").otherwise(None))


EXTRA_DELIMITER = Kind("extra_delimiter", "R-ROW-01", _inside(RAW_DELIMITER))
LOST = Kind("lost_delimiter", "R-ROW-02", _joined)
# One in a file: what stands between two of them depends on the reader.
STRAY_QUOTE = Kind("stray_quote", "R-ROW-03", _inside(RAW_QUOTE), at_most=1)
DUPLICATE = Kind("duplicate_row", None, _same, True, copies="duplicate")
CONFLICT = Kind("same_key_other_content", "R-ROW-05", _other, copies="conflict")
# JSON lines: a quote that ends the text too early, so that the line is no object.
JSON_QUOTE = Kind("json_stray_quote", "R-JSON-02", _inside(RAW_QUOTE))
