"""Damage to electronic licences: identifiers, several holders in one cell, long terms."""

from __future__ import annotations

import polars as pl

from simulator.damage.model import Cells, Forge, Kind

V = pl.col("v")
_PERSON, _ENTITY = "111", "001"
_OTHER = {str(n): str((n + 1) % 10) for n in range(10)} | {"X": "1"}


def _when(condition: pl.Expr, value: pl.Expr | str) -> Forge:
    told = pl.lit(value) if isinstance(value, str) else value

    def forge(cells: Cells) -> pl.Series:
        return cells.to(pl.when(condition).then(told).otherwise(None))

    return forge


_LAST = V.str.tail(1).replace_strict(_OTHER, default="2")
_IS_ONE = (V != "") & ~V.str.contains("^", literal=True)
_KIND = pl.col("holder_code_type")
IDENTIFIER = (
    Kind("licence_check", "R-LIC-02", _when(V != "", V.str.head(-1) + _LAST)),
    Kind("licence_structure", "R-LIC-01", _when(V != "", V.str.replace(r"^1\.2\.156\.", ""))),
)
OTHER_SEPARATOR = Kind(
    "other_separator", None,
    _when(V.str.contains("^", literal=True), V.str.replace_all("^", "，", literal=True)), True,
)  # fmt: skip
HOLDER_CODES = (
    Kind("holder_code_lost", "R-LIC-03",
         _when(V.str.contains("^", literal=True), V.str.replace(r"\^.*$", ""))),
    Kind("holder_number_check", "R-ID-04",
         _when(_IS_ONE & (_KIND == _PERSON), V.str.head(-1) + _LAST)),
    Kind("holder_uscc_check", "R-USCC-02",
         _when(_IS_ONE & (_KIND == _ENTITY), V.str.head(-1) + _LAST)),
)  # fmt: skip
LONG_TERM_WORD = Kind("long_term_word", None, _when(V == "", "长期"), True)
