"""Damage to names, dates, codes, divisions, amounts and free text."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import polars as pl

from catalog import catalog
from simulator.damage.model import Cells, Forge, Kind

V = pl.col("v")
_SHORT = {"sex": {"1": "男", "2": "女"}}


def _when(condition: pl.Expr, value: pl.Expr | str) -> Forge:
    told = pl.lit(value) if isinstance(value, str) else value

    def forge(cells: Cells) -> pl.Series:
        return cells.to(pl.when(condition).then(told).otherwise(None))

    return forge


def _one_of(*texts: str, where: pl.Expr | None = None) -> Forge:
    def forge(cells: Cells) -> pl.Series:
        picked = cells.pick(list(texts))
        if where is None:
            return picked
        return cells.to(pl.when(where).then(picked).otherwise(None))

    return forge


FILLED = V != ""
NAME = (
    Kind("name_masked", "R-VAL-17", _when(FILLED, V.str.head(1) + "*")),
    Kind("name_digits", "R-VAL-16", _when(FILLED, "123456")),
)
NULL_WORD = Kind(
    "null_word", None, _one_of("\\N", "无", "暂无", "-", "NULL", "/", where=V == ""), True
)
EMPTY = Kind("required_empty", "R-VAL-01", _one_of("", "NULL", "暂无", "\\N", where=FILLED))
PADDED = Kind("padded", None, _when(FILLED, "  " + V + "　"), True)
CONTROL = Kind("control_character", "R-VAL-02",
               _when(V.str.len_chars() > 3, V.str.head(3) + "\x07" + V.str.slice(3)))  # fmt: skip


def as_days(cells: Cells) -> pl.Expr:
    """The dates that the values stand for."""
    form = cells.habit.date_form
    form = "%Y-%m-%d" if form in ("cell", "serial") else form
    return V.str.to_date(form, strict=False)


def _written(cells: Cells, days: pl.Expr) -> pl.Expr:
    form = cells.habit.date_form
    return days.dt.strftime("%Y-%m-%d" if form in ("cell", "serial") else form)


def _in_form(form: str) -> Forge:
    def forge(cells: Cells) -> pl.Series:
        told = as_days(cells).dt.strftime(form)
        return cells.to(pl.when(told != V).then(told).otherwise(None))

    return forge


def _serial(cells: Cells) -> pl.Series:
    days = as_days(cells)
    number = (days - date(1899, 12, 30)).dt.total_days().cast(pl.String)
    return cells.to(
        pl.when(days.is_between(date(1950, 1, 1), date(2099, 12, 31))).then(number).otherwise(None)
    )


def _impossible(cells: Cells) -> pl.Series:
    year = as_days(cells).dt.year().cast(pl.String)
    return cells.to(year + cells.pick(["-02-30", "-13-01", "-06-31"]))


DATE_FORMS = (
    Kind("date_compact", None, _in_form("%Y%m%d"), True),
    Kind("date_slashes", None, _in_form("%Y/%-m/%-d"), True),
    Kind("date_dots", None, _in_form("%Y.%-m.%-d"), True),
    Kind("date_chinese", None, _in_form("%Y年%-m月%-d日"), True),
    Kind("date_serial", None, _serial, True),
)
DATE_IMPOSSIBLE = Kind("date_impossible", "R-VAL-04", _impossible)
DATE_SENTINEL = Kind("date_sentinel", "R-VAL-05", _one_of("1900-01-01", "0000-00-00", "1899-12-31"))
DATETIME_BAD = Kind("datetime_impossible", "R-VAL-19",
                    _one_of("2018-13-41 10:00:00", "2018-02-30 25:61:00"))  # fmt: skip


def _future(cells: Cells) -> pl.Series:
    later = pl.lit(cells.day + timedelta(days=400))
    return cells.to(pl.when(FILLED).then(_written(cells, later)).otherwise(None))


DATE_FUTURE = Kind("date_in_future", "R-VAL-08", _future)


def before(column: str) -> Kind:
    """A date that lies before the date of another column."""

    def forge(cells: Cells) -> pl.Series:
        other = pl.col(column)
        if cells.contract.by_name[column].type == "datetime":
            first = other.str.head(10).str.to_date("%Y-%m-%d", strict=False)
        else:
            form = cells.habit.date_form
            form = "%Y-%m-%d" if form in ("cell", "serial") else form
            first = other.str.to_date(form, strict=False)
        earlier = _written(cells, first - pl.duration(days=40))
        return cells.to(pl.when(FILLED & first.is_not_null()).then(earlier).otherwise(None))

    return Kind("date_before", "R-VAL-09", forge)


@lru_cache(maxsize=64)
def _labels(name: str) -> dict[str, str]:
    """Names that stand for one code only, by code."""
    codes = catalog().code_list(name)
    found = {e.code: e.name for e in codes.entries if codes.by_name.get(e.name) == e.code}
    plain = {code: label for code, label in found.items() if "（" not in label and "," not in label}
    return plain | _SHORT.get(name, {})


@lru_cache(maxsize=64)
def unknown_code(name: str) -> Kind:
    """A code that the list does not hold."""
    codes = catalog().code_list(name).codes
    free = next(c for c in ("99", "9998", "77", "Z9") if not {c, c.zfill(3)} & codes)
    return Kind("code_unknown", "R-CODE-02", _when(FILLED, free))


def code_names(name: str) -> tuple[Kind, Kind]:
    """The name in place of the code, and code and name in one cell."""
    labels = _labels(name)
    label = V.replace_strict(labels, default=None, return_dtype=pl.String)
    return (
        Kind("code_as_name", None, _when(FILLED, label), True),
        Kind("code_and_name", None, _when(FILLED, V + "-" + label), True),
    )


VALUE_UNKNOWN = Kind("value_unknown", "R-VAL-06", _one_of("其他状态", "Q", where=FILLED))
DIVISION_NEVER = Kind("division_never", "R-DIV-01", _one_of("999999", "618888", where=FILLED))
DIVISION_ELSEWHERE = Kind(
    "division_elsewhere", "R-DIV-02", _one_of("610102", "410102", where=FILLED)
)
SEX_FLIPPED = Kind("sex_flipped", "R-POP-06",
                   _when(V.is_in(["1", "2"]), V.replace({"1": "2", "2": "1"})))  # fmt: skip
ICD_BAD = Kind("icd_text", "R-VAL-12", _when(FILLED, "心梗"))
AMOUNT_TEXT = Kind("amount_text", "R-VAL-03", _when(FILLED, "约" + V))
AMOUNT_COMMAS = Kind(
    "amount_commas", None,
    _when(V.str.contains(r"^[0-9]{4,6}$"), V.str.replace(r"([0-9]{3})$", ",$1")), True,
)  # fmt: skip
FORMULA_ERROR = Kind("formula_error", "R-VAL-13", _one_of("#REF!", "#VALUE!"))
LINE_BREAK = Kind("line_break", "R-VAL-14",
                  _when(V.str.len_chars() > 3, V.str.head(2) + "\n" + V.str.slice(2)))  # fmt: skip


def _birth_shifted(cells: Cells) -> pl.Series:
    return cells.to(_written(cells, as_days(cells) - pl.duration(days=366)))


BIRTH_SHIFTED = Kind("birth_date_shifted", "R-POP-07", _birth_shifted)


def emptied_when(column: str, values: list[str]) -> Kind:
    """Nothing where another column's value demands something; truth values are written 1 and 0."""
    written = [str(int(value)) if isinstance(value, bool) else value for value in values]
    return Kind("empty_though_required", "R-VAL-07",
                _when(pl.col(column).is_in(written), ""))  # fmt: skip
