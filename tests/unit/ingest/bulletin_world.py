"""Bulletins for tests: the rows of a plain one, and files of several sheets, old and new."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
import xlwt

BULLETIN = "macro_economy/monthly_bulletin"
Cells = list[list[Any]]
TITLE = "铜川市2018年1-3月国民经济主要指标"
HEADER = [
    ["指  标", "计量单位", "总量", None, "同比增长(±%)"],
    [None, None, "本月", "1-本月累计", None],
]
GDP = ["地区生产总值", "亿元", "-", 85.3, 7.8]
RETAIL = ["社会消费品零售总额", "亿元", 9.1, 27.3, 10.2]


def plain(*rows: list[Any], title: str | None = TITLE, header: Cells | None = None) -> Cells:
    """A sheet: title, header, rows (by default two)."""
    above = [[title]] if title else []
    return [*above, *(header or HEADER), *(rows or (GDP, RETAIL))]


def book(sheets: dict[str, Cells], old: bool = False) -> bytes:
    """The sheets as .xlsx or .xls."""
    out = io.BytesIO()
    made = xlwt.Workbook(encoding="utf-8") if old else xlsxwriter.Workbook(out, {"in_memory": True})
    for name, cells in sheets.items():
        sheet = made.add_sheet(name) if old else made.add_worksheet(name)
        filled = [(r, c, v) for r, row in enumerate(cells) for c, v in enumerate(row)]
        for r, c, value in filled:
            if value is not None:
                sheet.write(r, c, value)
    made.save(out) if old else made.close()
    return out.getvalue()


def one(*rows: list[Any], sheet: str = "全市", **told: Any) -> bytes:
    """A workbook of one plain sheet."""
    return book({sheet: plain(*rows, **told)})
