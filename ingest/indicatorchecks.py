"""Checks of statistical rows against the list of indicators: name, unit, period, one value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
import polars as pl

from ingest.clean import Context, Evaluated, as_bools
from ingest.indicators import Indicators, indicators
from ingest.periods import canonical_period
from ingest.plainvalues import map_distinct

_POINT = "point"
_FREQUENCY_MONTHS = {"M": range(1, 13), "Q": (3, 6, 9, 12), "Y": (12,)}
# How long a period's text is at most: 2018-03, 2018Q1, 2018.
_FREQUENCY_LENGTHS = {"M": 7, "Q": 6, "Y": 4}


def to_period(cleaned: Evaluated) -> Evaluated:
    """Text → `2018`, `2018Q1` or `2018-03`, under R-MAC-16."""
    return map_distinct(cleaned, canonical_period, "R-MAC-16")


def check_indicator(
    name: str, params: Mapping[str, Any], columns: dict[str, Evaluated], context: Context
) -> None:
    """Name, unit and parent of each row → the indicator's own name; unit and period must fit it.

    Under R-CODE-02 (no such indicator), R-MAC-15 and R-MAC-10 (unit), R-MAC-18 (period),
    R-MAC-19 (a stock with two values). A unit matters only where a level stands. Per cent of an
    index is the index if its name states the base, or its levels lie within `band` of 100.
    """
    known = indicators(context.catalog)
    done, unit, parent = columns[name], columns[params["unit"]], columns[params["parent"]]
    asked = pl.DataFrame({"name": done.values, "unit": unit.values, "parent": parent.values})
    told = asked.unique(maintain_order=True).filter(pl.col("name").is_not_null())
    codes = [known.resolve(n, u, p) for n, u, p in told.iter_rows()]
    rows = [known.rows[c] if c else {} for c in codes]
    units = [known.unit(u) for u in told["unit"]]
    found = told.with_columns(
        code=pl.Series(codes, dtype=pl.String),
        own=pl.Series([r.get("name") for r in rows], dtype=pl.String),
        kind=pl.Series([r.get("value_kind") for r in rows], dtype=pl.String),
        frequency=pl.Series([r.get("frequency") for r in rows], dtype=pl.String),
        fit=pl.Series(
            [_fit(known, n, c, u) for n, c, u in zip(told["name"], codes, units, strict=True)],
            dtype=pl.String,
        ),
        points=pl.Series([u is not None and u["kind"] == _POINT for u in units], dtype=pl.Boolean),
    )
    facts = asked.join(
        found, on=["name", "unit", "parent"], how="left", nulls_equal=True, maintain_order="left"
    )
    current, cumulative = columns[params["current"]].values, columns[params["cumulative"]].values
    done.add("R-CODE-02", as_bools(done.values.is_not_null() & facts["code"].is_null()))
    done.values = facts["own"]
    has_level = current.is_not_null() | cumulative.is_not_null()
    far = pl.Series(np.zeros(len(current), dtype=bool))
    for level in (current, cumulative):
        far |= ((level - 100).abs() > params["band"]).fill_null(False)
    wrong = as_bools((facts["fit"] == "no") | ((facts["fit"] == "near 100") & far))
    wrong &= as_bools(has_level)
    unit.add("R-MAC-10", wrong & as_bools(facts["points"]))
    unit.add("R-MAC-15", wrong & ~as_bools(facts["points"]))
    has_value = has_level | columns[params["growth"]].values.is_not_null()
    _check_period(columns, params, facts, as_bools(has_value))
    both = (facts["kind"] == "stock") & (current != cumulative)
    columns[params["cumulative"]].add("R-MAC-19", as_bools(both))


def _fit(
    known: Indicators, name: str, code: str | None, unit: Mapping[str, str] | None
) -> Literal["yes", "no", "near 100"]:
    """Whether levels in this unit may be the indicator's: some only where they lie near 100."""
    if code is None or unit is None:
        return "yes"
    stated = known.split(name)[1]
    if stated is None or stated["code"] == unit["code"]:
        own = known.own_unit(code)
        is_bare_index = own["kind"] == "index" and unit["code"] == "%"
        return "near 100" if is_bare_index else "yes" if known.fits(code, unit) else "no"
    is_index = stated["kind"] == "index" and unit["code"] == "%"
    return "yes" if is_index and known.fits(code, stated) else "no"


def _check_period(
    columns: dict[str, Evaluated],
    params: Mapping[str, Any],
    facts: pl.DataFrame,
    has_value: np.typing.NDArray[np.bool_],
) -> None:
    """Quarterly figures stand in the last month of a quarter, yearly ones in December."""
    period = columns[params["period"]]
    month = period.values.dt.month()
    wrong = np.zeros(len(month), dtype=bool)
    for frequency, months in _FREQUENCY_MONTHS.items():
        wrong |= as_bools((facts["frequency"] == frequency) & ~month.is_in(list(months)))
    period.add("R-MAC-18", wrong & has_value)


def check_period(
    name: str, params: Mapping[str, Any], columns: dict[str, Evaluated], context: Context
) -> None:
    """A period of the long form is not shorter than those of its indicator (R-MAC-18).

    As in the bulletin, a row without a number states nothing and is let be.
    """
    done, codes = columns[name], columns[params["indicator"]].values
    rows = indicators(context.catalog).rows
    longest = {code: _FREQUENCY_LENGTHS[row["frequency"]] for code, row in rows.items()}
    most = codes.replace_strict(longest, default=None, return_dtype=pl.UInt32)
    wrong = done.values.str.len_chars() > most
    done.add("R-MAC-18", as_bools(wrong & columns[params["value"]].values.is_not_null()))


def check_unit(
    name: str, params: Mapping[str, Any], columns: dict[str, Evaluated], context: Context
) -> None:
    """The unit of the long form against the indicator and the measure (R-MAC-15, R-MAC-10).

    Growth is in per cent, in the indicator's unit, or in an index such as 上月=100; never in
    percentage points.
    """
    known = indicators(context.catalog)
    done = columns[name]
    asked = pl.DataFrame(
        {
            "unit": done.values,
            "code": columns[params["indicator"]].values,
            "measure": columns[params["measure"]].values,
        }
    )
    told = asked.unique(maintain_order=True)
    verdicts = [_verdict(known, u, c, m) for u, c, m in told.iter_rows()]
    judged = told.with_columns(rule=pl.Series(verdicts, dtype=pl.String))
    rules = asked.join(
        judged, on=["unit", "code", "measure"], how="left", nulls_equal=True, maintain_order="left"
    )["rule"]
    for rule in ("R-MAC-10", "R-MAC-15"):
        done.add(rule, as_bools(rules == rule))


def _verdict(
    known: Indicators, unit: str | None, code: str | None, measure: str | None
) -> str | None:
    told = known.unit(unit)
    if told is None or code is None or measure is None or known.fits(code, told):
        return None
    if told["kind"] == _POINT:
        return "R-MAC-10"
    is_growth = measure != "总量"
    own = known.own_unit(code)
    if is_growth and (told["code"] == "%" or (own["kind"] == told["kind"] == "index")):
        return None
    return "R-MAC-15"


CHECKS: dict[str, Callable[[str, Mapping[str, Any], dict[str, Evaluated], Context], None]] = {
    "indicator": check_indicator,
    "period_of_indicator": check_period,
    "unit_of_indicator": check_unit,
}
