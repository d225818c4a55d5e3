"""What the title of a bulletin sheet says: period, division, release, unit, and bare columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.bulletin_header import Cells, Header, Role, squeezed, year_of
from ingest.clean import Context
from ingest.indicators import indicators
from ingest.periods import released_date, title_periods
from ingest.refusal import Refusal

_CITY = "610200"
_UNIT = re.compile(r"(?:计量)?单位[:]?(.+?)[)]?$")
_LABEL_MONTH = re.compile(r"(?<!\d)(\d{1,2})月")
_Cell = Callable[[int, int], str]


@dataclass(frozen=True)
class Title:
    """What holds for every line of a sheet.

    Attributes:
        period: the first day of the month.
        unit: of lines that name none, or None.
        roles: of the header's columns, with those that only the title settles.
    """

    division: str
    period: date
    released: date
    unit: str | None
    roles: dict[int, Role]


def read_title(
    sheet: str, rows: Sequence[Cells], header: Header, context: Context, cell: _Cell
) -> Title:
    """Read what stands above the header, in the sheet's name, and in the notes below.

    Raises:
        Refusal: no period, several, or one that the header contradicts; no division or two.
    """
    above = [text for row in rows[: header.first] for text in row if text]
    period, from_january = _period(sheet, above)
    roles = _of_this_year(header, period, cell)
    _check_months(header, roles, period, cell)
    body = [text for row in rows[header.last + 1 :] for text in row if text and len(text) > 7]
    released = {d for text in [*above, *body] if (d := released_date(text))}
    if len(released) > 1:
        raise Refusal("R-MAC-13", f"工作表“{sheet}”中有 {len(released)} 个发布日期")
    return Title(
        division=_division(sheet, above, context),
        period=period,
        released=released.pop() if released else context.business_date,
        unit=_default_unit(above, context),
        roles=_settle(header, roles, from_january, cell),
    )


def _period(sheet: str, above: list[str]) -> tuple[date, bool]:
    found: dict[date, bool] = {}
    for text in above:
        for month, from_january in title_periods(text).items():
            found[month] = found.get(month, False) or from_january
    # a title may stand in several cells (2018年 | 1-3月)
    found = found or title_periods("".join(above)) or title_periods(sheet)
    if not found:
        raise Refusal("R-MAC-12", f"工作表“{sheet}”的标题中没有期别，如“2018年1-3月”")
    if len(found) > 1:
        raise Refusal("R-MAC-13", f"工作表“{sheet}”的标题中有 {len(found)} 个期别")
    return next(iter(found.items()))


def _of_this_year(header: Header, period: date, cell: _Cell) -> dict[int, Role]:
    """The roles of columns, with those of the year before set aside beside this year's."""
    values = {c for c, role in header.roles.items() if role not in ("unit", "aside")}
    levels = {c for c in values if header.roles[c] in ("current", "cumulative", "amount")}
    years = {c: y for c in values if (y := year_of(header.labels[c])) and y != period.year}
    for column, year in sorted(years.items()):
        if year != period.year - 1 or (levels or values) <= years.keys():
            raise Refusal("R-MAC-13", f"{cell(header.first, column)}的年份与标题的期别不一致")
    return {c: "aside" if c in years else role for c, role in header.roles.items()}


def _check_months(header: Header, roles: dict[int, Role], period: date, cell: _Cell) -> None:
    for column, role in roles.items():
        months = _LABEL_MONTH.findall(header.labels[column])
        if role in ("current", "cumulative") and months and int(months[-1]) != period.month:
            raise Refusal("R-MAC-13", f"{cell(header.first, column)}的月份与标题的期别不一致")


def _division(sheet: str, above: list[str], context: Context) -> str:
    named, titled = _divisions(sheet, context), _divisions("\n".join(above), context)
    finer = [codes - {_CITY} or codes for codes in (named, titled)]
    by_name, by_title = finer
    if by_name and by_title and by_title not in ({_CITY}, by_name):
        raise Refusal("R-MAC-14", f"工作表“{sheet}”的名称与标题中的区划不一致")
    found = by_name or by_title
    if len(found) != 1:
        raise Refusal("R-MAC-14", f"工作表“{sheet}”的名称和标题中没有唯一的区划")
    return found.pop()


def _divisions(text: str, context: Context) -> set[str]:
    """Reporting units that a text names; a longer name hides what stands in it."""
    flat = "\n".join(squeezed(line) for line in text.split("\n"))
    found = set()
    entries = context.catalog.code_list("reporting_unit").entries
    names = [(name.upper(), e.code) for e in entries for name in (e.code, e.name, *e.aliases)]
    for name, code in sorted(names, key=lambda item: (-len(item[0]), item)):
        place = re.search(rf"(?<![高\d]){re.escape(name)}(?!\d)", flat)
        if place:
            found.add(code)
            flat = flat.replace(name, "\n")
    return found


def _default_unit(above: list[str], context: Context) -> str | None:
    known = indicators(context.catalog)
    found = []
    for text in above:
        told = _UNIT.search(squeezed(text))
        if told and not re.match(r"填报|制表", squeezed(text)):
            found.append(told[1].rstrip(")）"))
    units = {row["code"] for text in found if (row := known.unit(text))}
    return units.pop() if len(units) == 1 and len(found) == 1 else None


def _settle(
    header: Header, roles: dict[int, Role], from_january: bool, cell: _Cell
) -> dict[int, Role]:
    """A column called only 总量 is the cumulative one where the title counts from January."""
    settled: dict[int, Role] = {}
    for column, role in roles.items():
        if role == "amount" and not from_january:
            raise Refusal("R-MAC-11", f"{cell(header.last, column)}的表头没有写明是本月还是累计")
        settled[column] = "cumulative" if role == "amount" else role
    seen: dict[Role, int] = {}
    for column, role in settled.items():
        if role != "aside" and role in seen:
            raise Refusal("R-MAC-11", f"{cell(header.last, column)}的表头与另一栏重复")
        seen[role] = column
    return settled
