"""The header of a bulletin sheet: where it stands and what each column means.

Header texts are recognised by their words, over one or more rows, with merged cells (text in the
first cell only) carried to the right as far as something stands below.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Cells = Sequence[str | None]
Role = Literal["unit", "current", "cumulative", "current_yoy", "yoy", "mom", "amount", "aside"]

_SEARCHED_ROWS = 40
_MOST_HEADER_ROWS = 6
_NAME = re.compile(r"(?:主要|统计|经济)*指标(?:名称|项目)?|项目(?:名称)?|名称")
_UNIT = re.compile(r"(?:计量)?单位")
_ASIDE = re.compile(r"序号|(?:指标)?代码|备注|说明|NO\.?|附注")
_YOY = re.compile(r"同比|[比较][上去]年(?:同期|同月)?|同期增|增长|增速|增幅|增减[(%率]|[±]|\+[-/]")
_MOM = re.compile(r"环比|[比较]上月")
_AMOUNT_OF = re.compile(r"额$|增减量|个?百分点")
_CUMULATIVE = re.compile(r"累计|年初|[1一][-—–~～至到]|季度|上半年|全年|本年")
_CURRENT = re.compile(r"本月|当月|本期|当期|本季|当季|月末|期末|余额|^\d{1,2}月份?")
_BEFORE = re.compile(r"[比较]年初|[上去]年|上月|上期|计划|目标|预算|任务")
_LAST_YEAR = re.compile(
    r"[上去]年(?:同[期月季]|本[月季]|当[月季]|累计|全年|数|\d|[一二三四]季|实[绩际]|$)|\d年同期"
)
_BASE = re.compile(r"=100|为100")  # 上年同月=100 says what an index is, not which year
_YEAR = re.compile(r"(?<![比较与])((?:19|20)\d{2})年度?")
_AMOUNT = re.compile(r"绝对[量值数]|总量|数量|实际|完成[数额量]?|数值|指标值|本期数|数额")
_NUMBER = re.compile(r"[-+−－]?[\d,]*\d(?:\.\d+)?(?:E[-+]?\d+)?%?", re.IGNORECASE)
_LETTERS = frozenset("甲乙丙丁ABCD")


def squeezed(text: str | None) -> str:
    """Half width, upper case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text or "").split()).upper()


def is_number(text: str | None) -> bool:
    """Whether a cell holds a number."""
    return _NUMBER.fullmatch("".join((text or "").split())) is not None


def role_of(label: str) -> Role | None:
    """What a column of this (squeezed, joined) header is; None when it cannot be told."""
    if _UNIT.fullmatch(label):
        return "unit"
    if _ASIDE.fullmatch(label):
        return "aside"
    is_growth = _MOM.search(label) or _YOY.search(label)
    if is_growth:
        if _AMOUNT_OF.search(label):  # 增减额, 百分点: neither level nor growth
            return None
        if _MOM.search(label):
            return "mom"
        is_current = _CURRENT.search(label) and not _CUMULATIVE.search(label)
        return "current_yoy" if is_current else "yoy"
    return _role_of_level(label)


def year_of(label: str) -> int | None:
    """The year that a label names (2017年1-3月), if it is one."""
    years = set(_YEAR.findall(label))
    return int(years.pop()) if len(years) == 1 else None


def _role_of_level(label: str) -> Role | None:
    if _LAST_YEAR.search(label) and not (_AMOUNT_OF.search(label) or _BASE.search(label)):
        return "aside"
    if _BEFORE.search(label):
        return None
    if _CUMULATIVE.search(label):
        return "cumulative"
    if _CURRENT.search(_YEAR.sub("", label)):
        return "current"
    return "amount" if _YEAR.fullmatch(label) or _AMOUNT.search(label) else None


@dataclass(frozen=True)
class Header:
    """Where the header of a sheet stands, and its columns.

    Attributes:
        first, last: its rows in the frame.
        name_columns: columns that hold names; sub-items may stand one to the right.
        roles: column → role, of the columns that could be told.
        labels: column → header text as squeezed.
    """

    first: int
    last: int
    name_columns: range
    roles: dict[int, Role]
    labels: dict[int, str]


def find_header(rows: Sequence[Cells]) -> Header | None:
    """The header of a sheet, or None."""
    for at, row in enumerate(rows[:_SEARCHED_ROWS]):
        names = [c for c, text in enumerate(row) if _NAME.fullmatch(squeezed(text))]
        if names:
            header = _header_at(rows, at, names[0])
            if header is not None:
                return header
    return None


def _header_at(rows: Sequence[Cells], at: int, name: int) -> Header | None:
    first = at - 1 if at and _is_upper_row(rows[at - 1], name) else at
    last = at
    while last + 1 < len(rows) and last - first < _MOST_HEADER_ROWS:
        if not _is_lower_row(rows[last + 1], name):
            break
        last += 1
    labels = _labels(rows[first : last + 1])
    if name and any(_ASIDE.fullmatch(labels.get(c, "")) is None for c in range(name)):
        labels = {c: text for c, text in labels.items() if c >= name or text}
    roles = {c: r for c, text in labels.items() if c > name and (r := role_of(text))}
    roles |= {c: "aside" for c in range(name) if _ASIDE.fullmatch(labels.get(c, ""))}
    if not any(r not in ("unit", "aside") for r in roles.values()):
        return None
    while last + 1 < len(rows) and _is_letter_row(rows[last + 1]):
        last += 1
    end = min((c for c in labels if c > name and labels[c] != labels[name]), default=name + 1)
    return Header(first, last, range(name, end), roles, labels)


def _is_upper_row(row: Cells, name: int) -> bool:
    """A row above the one with the name's header, that belongs to the header."""
    filled = [squeezed(text) for c, text in enumerate(row) if c > name and squeezed(text)]
    return bool(filled) and not squeezed(row[name]) and all(map(role_of, filled))


def _is_lower_row(row: Cells, name: int) -> bool:
    """A row below, that belongs to the header: no name, no number."""
    filled = [text for c, text in enumerate(row) if c != name and squeezed(text)]
    own = squeezed(row[name])
    return (
        bool(filled)
        and (not own or _NAME.fullmatch(own) is not None)
        and not any(is_number(text) for text in filled)
        and any(role_of(squeezed(text)) for text in filled)
    )


def _is_letter_row(row: Cells) -> bool:
    """甲 乙 1 2 3: the numbering of columns."""
    filled = [squeezed(text) for text in row if squeezed(text)]
    return (
        len(filled) > 1
        and filled[0] in _LETTERS
        and all(text in _LETTERS or text.isdigit() for text in filled)
    )


def _labels(rows: Sequence[Cells]) -> dict[int, str]:
    """Header texts by column: those above carried to the right over what stands below."""
    width = max(map(len, rows))
    parts: dict[int, list[str]] = {c: [] for c in range(width)}
    for level, row in enumerate(rows):
        carried = ""
        for column in range(width):
            own = squeezed(row[column])
            carried = own or carried
            below = any(squeezed(lower[column]) for lower in rows[level + 1 :])
            text = own or (carried if below else "")
            if text and text not in parts[column]:
                parts[column].append(text)
    return {c: "".join(texts) for c, texts in parts.items() if texts}
