"""Values of the ecological environment: whole hours, values below detection, units of items."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from ingest.clean import Context, Evaluated, as_bools, null_where
from ingest.plainvalues import map_distinct

_NUMBER = r"(?:\d{1,9}(?:\.\d{1,10})?|\.\d{1,10}|\d(?:\.\d{1,6})?E-0?[1-9])"
_MEASURED = re.compile(rf"(<?)({_NUMBER})(L?)")


def to_whole_hour(done: Evaluated) -> Evaluated:
    """Only times without minutes and seconds stay, under R-AIR-01."""
    odd = as_bools(done.values.dt.truncate("1h") != done.values)
    done.add("R-AIR-01", odd)
    done.values = null_where(done.values, odd)
    return done


def above_zero(done: Evaluated) -> Evaluated:
    """Zero and less are not usable, under R-VAL-15."""
    bad = as_bools(done.values <= 0)
    done.add("R-VAL-15", bad)
    done.values = null_where(done.values, bad)
    return done


def to_measured_value(cleaned: Evaluated) -> Evaluated:
    """Text → a plain number, or `<` and the limit of detection (`0.05L` too), under R-WAT-01."""
    return map_distinct(cleaned, measured_value, "R-WAT-01")


def measured_value(text: str) -> str | None:
    """The canonical form of one value, or None: `0.05L` and `＜0.05` are `<0.05`."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    found = _MEASURED.fullmatch(plain)
    if found is None or (found[1] and found[3]):
        return None
    number = f"{Decimal(found[2]):f}"
    is_below = bool(found[1] or found[3])
    if is_below and Decimal(number) == 0:  # no limit of detection is zero
        return None
    return f"<{number}" if is_below else number


def check_not_less_than(
    name: str, params: Mapping[str, Any], columns: dict[str, Evaluated], _: Context
) -> None:
    """A value is not below that of another column; the rule only warns."""
    done = columns[name]
    done.add(params["rule"], as_bools(done.values < columns[params["column"]].values))


def check_unit(
    name: str, params: Mapping[str, Any], columns: dict[str, Evaluated], context: Context
) -> None:
    """The unit converts to the item's own (R-WAT-02)."""
    bases = {row["code"]: row["base"] for row in context.catalog.code_list("water_unit").rows}
    own = {row["code"]: row["unit"] for row in context.catalog.code_list("water_item").rows}
    given = columns[name].values.replace_strict(bases, default=None, return_dtype=pl.String)
    wanted = columns[params["item"]].values.replace_strict(
        own, default=None, return_dtype=pl.String
    )
    columns[name].add("R-WAT-02", as_bools(given != wanted))


def check_item_range(
    name: str, params: Mapping[str, Any], columns: dict[str, Evaluated], _: Context
) -> None:
    """The value of one item lies on that item's scale."""
    done = columns[name]
    number = done.values.str.strip_prefix("<").cast(pl.Float64, strict=False)
    is_item = columns[params["item"]].values == params["named"]
    done.add(params["rule"], as_bools(is_item & (number > params["max"])))


CHECKS: dict[str, Callable[[str, Mapping[str, Any], dict[str, Evaluated], Context], None]] = {
    "item_range": check_item_range,
    "not_less_than": check_not_less_than,
    "unit_of_water_item": check_unit,
}
