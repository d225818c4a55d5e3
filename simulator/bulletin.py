"""The bulletin as the statistics office lays it out: a sheet for each division, .xls or .xlsx."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import polars as pl
import xlsxwriter
import xlwt

NAMES = {"610200": "全市", "610202": "王益区", "610203": "印台区", "610204": "耀州区",
         "610222": "宜君县", "LOCAL-XQ": "新区"}  # fmt: skip
_SHEET_STEP = 10_000_000  # as receipts number the rows of later sheets
_FIRST_ROW = 5
_NUMBER = re.compile(r"\d+(\.\d+)?")
_VALUES = ("current_value", "cumulative_value", "yoy_percent")
_NOTES = (
    "注：1.地区生产总值为初步核算数，增速按可比价计算。",
    "2.“…”表示没有数据。",
    "资料来源：铜川市统计局",
)


def bulletin_lines(table: pl.DataFrame) -> pl.Series:
    """The line of each record: its row, and its sheet as far as it is not the first."""
    sheets = list(dict.fromkeys(table["division_code"].to_list()))
    placed = table.select(
        sheet=pl.col("division_code").replace_strict(
            {code: number for number, code in enumerate(sheets)}, return_dtype=pl.Int64
        ),
        row=pl.int_range(pl.len()).over("division_code"),
    )
    return placed.select(pl.col("sheet") * _SHEET_STEP + pl.col("row") + _FIRST_ROW + 1)["sheet"]


def bulletin_bytes(table: pl.DataFrame, day: date, *, old: bool) -> bytes:
    """A workbook of the records (texts by contract name); same table, same bytes."""
    stream = io.BytesIO()
    if old:
        book = xlwt.Workbook(encoding="utf-8")
        for name, sheet in _sheets(table):
            page = book.add_sheet(name)
            _fill(sheet, day, name, page.write, page.write_merge)
        book.save(stream)
        return stream.getvalue()
    new = xlsxwriter.Workbook(stream, {"strings_to_numbers": False, "strings_to_formulas": False})
    new.set_properties({"created": datetime(day.year, day.month, day.day, 9)})
    centred = new.add_format({"align": "center"})
    for name, sheet in _sheets(table):
        page = new.add_worksheet(name)

        def merge(
            top: int, bottom: int, left: int, right: int, text: str, page: Any = page
        ) -> None:
            page.merge_range(top, left, bottom, right, text, centred)

        _fill(sheet, day, name, page.write, merge)
    new.close()
    return stream.getvalue()


def _sheets(table: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    parts = table.partition_by("division_code", maintain_order=True)
    return [(NAMES[part["division_code"][0]], part) for part in parts]


def _fill(
    sheet: pl.DataFrame, day: date, name: str, write: Callable[..., Any],
    merge: Callable[..., Any],
) -> None:  # fmt: skip
    """Title, date, two header rows with merged cells, records, notes."""
    year, month = sheet["period"][0].split("-")
    told = f"1－{int(month)}月" if int(month) > 1 else "1月"
    place = "铜川市" if name == "全市" else f"铜川市{name}"
    merge(0, 0, 0, 4, f"{place}{year}年{told}国民经济主要指标")
    write(1, 4, f"（{day.year}年{day.month}月{day.day}日）")
    for column, title in ((0, "指  标"), (1, "计量\n单位"), (4, "同比增长(±%)")):
        merge(3, 4, column, column, title)
    merge(3, 3, 2, 3, "总  量")
    write(4, 2, "本月")
    write(4, 3, "1－本月累计")
    cells = sheet.select("indicator_name", "unit", *_VALUES).iter_rows()
    for row, (title, unit, *values) in enumerate(cells, start=_FIRST_ROW):
        write(row, 0, title)
        write(row, 1, unit)
        for column, value in enumerate(values, start=2):
            _value(write, row, column, value)
    for row, note in enumerate(_NOTES, start=_FIRST_ROW + sheet.height + 1):
        write(row, 0, note)


def _value(write: Callable[..., Any], row: int, column: int, value: str) -> None:
    """Positive numbers are numbers, negative ones texts with a sign of their own."""
    if _NUMBER.fullmatch(value):
        write(row, column, float(value))
    elif value.startswith("-") and _NUMBER.fullmatch(value[1:]):
        write(row, column, "−" + value[1:])
    else:
        write(row, column, value or "…")
