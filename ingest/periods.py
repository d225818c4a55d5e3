"""Periods and dates in statistical texts: 2018年1-3月, 2018年一季度, 2018Q1, 发布日期.

A period is a month's first day in a bulletin (1-3月 and 一季度 are March), and the text `2018`,
`2018Q1` or `2018-03` in the long form.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE_YEAR = re.compile(r"[〇○零一二三四五六七八九]{4}(?=年)")
_CHINESE_MONTH = re.compile(r"(?<=年)(十[一二]?|[一二三四五六七八九])(?=月)")
_MONTHS = {"十": "10", "十一": "11", "十二": "12"}
_TO = r"[-—–~～至到]"
_YEAR = r"(?<!\d)((?:19|20)\d{2})"
_FULL_DATE = re.compile(_YEAR + r"[年./-](\d{1,2})[月./-](\d{1,2})(?:日|(?![\d月季日]))")
_MIDNIGHT = re.compile(r" 0{1,2}:00(?::00)?")
_RANGE = re.compile(_YEAR + rf"年0?1(?:月份?)?{_TO}(\d{{1,2}})月")
_MONTH = re.compile(_YEAR + r"年(\d{1,2})月")
_SEPARATED = re.compile(_YEAR + r"[.\-/](\d{1,2})(?![\d.\-/])")
_QUARTER = re.compile(_YEAR + rf"年(?:(?:前|[1一]{_TO})?第?([一二三四1234])个?季度?|(上半年))")
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}
_WHOLE = re.compile(_YEAR + r"年")
_LOOSE = re.compile(rf"(?<!\d)(0?1(?:月份?)?{_TO})?(\d{{1,2}})月")
_RELEASED = re.compile(r"(?:发布|公布|发表)(?:日期|时间)?[:为于是]?")
_ONLY_DATE = re.compile(r"\(?" + _FULL_DATE.pattern + r"(?:发布|公布)?\)?")

_LONG_YEAR = re.compile(r"((?:19|20)\d{2})年?度?")
_LONG_QUARTER = re.compile(r"((?:19|20)\d{2})[年-]?(?:Q|第)?([1-4一二三四])(?:季度?)?")
_LONG_MONTH = re.compile(rf"((?:19|20)\d{{2}})(?:[-./年](?:1{_TO})?(\d{{1,2}})月?份?|(\d{{2}}))")


def plain(text: str) -> str:
    """Half width, without blanks; Chinese numerals of years and months as digits."""
    flat = "".join(_MIDNIGHT.sub("", unicodedata.normalize("NFKC", text)).split())
    flat = _CHINESE_YEAR.sub(lambda found: found[0].translate(_DIGITS), flat)
    return _CHINESE_MONTH.sub(
        lambda found: _MONTHS.get(found[0]) or found[0].translate(_DIGITS), flat
    )


def title_periods(text: str) -> dict[date, bool]:
    """Months that a title names, each with whether it counts from January (1-3月, 一季度, 年)."""
    flat = _FULL_DATE.sub("", plain(text))
    found: dict[date, bool] = {}
    for year, month in _RANGE.findall(flat):
        _add(found, year, int(month), True)
    flat = _RANGE.sub("", flat)
    for year, quarter, half in _QUARTER.findall(flat):
        number = 2 if half else _QUARTERS.get(quarter) or int(quarter)
        _add(found, year, 3 * number, True)
    flat = _QUARTER.sub("", flat)
    for year, month in [*_MONTH.findall(flat), *_SEPARATED.findall(flat)]:
        _add(found, year, int(month), False)
    return found or _apart(flat)


def _apart(flat: str) -> dict[date, bool]:
    """Year and months that stand apart (1-3月主要指标 2018年), or a year alone."""
    found: dict[date, bool] = {}
    years, months = set(_WHOLE.findall(flat)), set(_LOOSE.findall(flat))
    for year in sorted(years):
        for first, month in sorted(months):
            _add(found, year, int(month), bool(first))
        if not months and not re.search("[月季]", flat):
            _add(found, year, 12, True)
    return found


def _add(found: dict[date, bool], year: str, month: int, from_january: bool) -> None:
    if 1 <= month <= 12:
        day = date(int(year), month, 1)
        found[day] = found.get(day, False) or from_january


def released_date(text: str) -> date | None:
    """The date of release that a title or note states, or None.

    Counts where the text says so (发布日期, 公布于), or is nothing but a date.
    """
    flat = plain(text)
    marked = _RELEASED.search(flat)
    whole = _ONLY_DATE.fullmatch(flat)
    if not (marked or whole):
        return None
    places = list(_FULL_DATE.finditer(flat))
    if marked:  # behind the word, else right before it (2018年4月20日发布)
        places = [p for p in places if p.start() == marked.end()] or [
            p for p in places if p.end() == marked.start()
        ]
    if not places:
        return None
    year, month, day = (int(part) for part in places[0].groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def canonical_period(text: str) -> str | None:
    """`2018`, `2018Q1` or `2018-03` of the forms in use, or None."""
    flat = plain(text).upper().removesuffix(".0")
    if whole := _LONG_YEAR.fullmatch(flat):
        return whole[1]
    month = _LONG_MONTH.fullmatch(flat)
    if month and 1 <= int(month[2] or month[3]) <= 12 and not re.search(r"[Q季]", flat):
        return f"{month[1]}-{int(month[2] or month[3]):02d}"
    quarter = _LONG_QUARTER.fullmatch(flat)
    if quarter and re.search(r"[Q季]", flat):
        return f"{quarter[1]}Q{_QUARTERS.get(quarter[2]) or quarter[2]}"
    return None
