"""Which indicator a name means, and whether a unit fits it; checks of statistical rows.

Names are looked up in `codes/indicator.csv`: below a parent by `child_aliases` first (其中：工业),
then by name or alias anywhere; of several indicators of one name the unit decides. Units convert
within their base (`codes/unit.csv`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import polars as pl

from catalog import Catalog
from ingest.clean import Context, Evaluated, as_bools
from ingest.periods import canonical_period
from ingest.plainvalues import find_code, map_distinct

_POINT = "point"
_FREQUENCY_MONTHS = {"M": range(1, 13), "Q": (3, 6, 9, 12), "Y": (12,)}
_BRACKETS = re.compile(r"^(.*\S)\s*[(（\[【]\s*([^()（）\[\]【】]+?)\s*[)）\]】]\s*$")
_FOOTNOTES = re.compile(r"[①-⑳]+|(\[\d+\]|\*+)$")
_LEAD = re.compile(
    r"^(?:其中|#|\*|[-—–·•○●]+|[(][一二三四五六七八九十\d]+[)]|[一二三四五六七八九十]+[、.]|\d+[、.)])[:]?"
)


def comparable(name: str) -> str:
    """A name without blanks, width, numbering, 其中 and footnote marks."""
    flat = "".join(unicodedata.normalize("NFKC", _FOOTNOTES.sub("", name)).split())
    before = ""
    while before != flat:
        before, flat = flat, _LEAD.sub("", _FOOTNOTES.sub("", flat))
    return flat.rstrip(":,、").upper()


@dataclass(frozen=True)
class Indicators:
    """The list of indicators, ready to be asked.

    Attributes:
        rows: of the list, by code.
        names: codes by every comparable name.
        children: codes by parent and comparable name.
    """

    catalog: Catalog
    rows: Mapping[str, Mapping[str, str]]
    names: Mapping[str, tuple[str, ...]]
    children: Mapping[tuple[str, str], str]

    def unit(self, text: str | None) -> Mapping[str, str] | None:
        """The row of a unit, by code, name or alias."""
        code = find_code(self.catalog, "unit", text, 0) if text else None
        return _units(self.catalog).get(code) if code else None

    def split(self, name: str) -> tuple[str, Mapping[str, str] | None]:
        """A name, and the unit that stands in brackets behind it (…指数（上年同月=100）)."""
        told = None if comparable(name) in self.names else _BRACKETS.match(name)
        unit = self.unit(told[2]) if told else None
        return (told[1].strip(), unit) if told and unit else (name, None)

    def fits(self, code: str, unit: Mapping[str, str] | None) -> bool:
        """Whether a unit converts into the indicator's."""
        own = _units(self.catalog)[self.rows[code]["unit"]]
        return unit is not None and unit["base"] == own["base"]

    def candidates(self, name: str, parents: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Every indicator that a name (a unit in brackets set aside) may mean below these."""
        key = comparable(self.split(name)[0])
        below = tuple(c for p in parents if (c := self.children.get((p, key))))
        return below or self.names.get(key, ())

    def resolve(self, name: str, unit: str | None, parent: str | None) -> str | None:
        """The one indicator that is meant, or None."""
        found = self.candidates(name, self.candidates(parent) if parent else ())
        if len(found) > 1:
            told = self.unit(unit)
            fitting = tuple(c for c in found if self.fits(c, told))
            found = fitting or found[:1]  # where none fits, the unit is what is wrong
        return found[0] if len(found) == 1 else None


@lru_cache(maxsize=4)
def _units(catalog: Catalog) -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in catalog.code_list("unit").rows}


@lru_cache(maxsize=4)
def indicators(catalog: Catalog) -> Indicators:
    """The indicators of a catalogue."""
    rows = {row["code"]: row for row in catalog.code_list("indicator").rows}
    names: dict[str, list[str]] = {}
    children: dict[tuple[str, str], str] = {}
    for code, row in rows.items():
        for name in (row["name"], *row["aliases"].split("|")):
            known = names.setdefault(comparable(name), [])
            if name and code not in known:
                known.append(code)
        for name in row["child_aliases"].split("|"):
            if name:
                children[row["parent"], comparable(name)] = code
    return Indicators(catalog, rows, {k: tuple(v) for k, v in names.items() if k and v}, children)


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
        own = _units(known.catalog)[known.rows[code]["unit"]]
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
    own = _units(known.catalog)[known.rows[code]["unit"]]
    if is_growth and (told["code"] == "%" or (own["kind"] == told["kind"] == "index")):
        return None
    return "R-MAC-15"
