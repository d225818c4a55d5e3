"""疑义.xlsx: a department's objections as a workbook of text cells; equal rows, equal bytes."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

import polars as pl

from sharing.objection_sheet import RESOLVED_SHOWN_DAYS, Sheet

MAX_ROWS = 100_000
_MAX_CELL = 32_767
_WIDTHS = (30, 11, 34, 20, 12, 22, 27, 30, 8, 16, 24, 44, 13, 6, 44, 13, 44)
_WRAPPED = {2, 11, 14, 16}
_EXPLANATIONS = {
    "什么是疑义": (
        "本部门报送的一条记录与另一条记录（或与其自身）相互矛盾。",
        "平台没有改动本部门的数据，也不认定谁对谁错；",
        "核实期间不影响业务办理，不得要求群众先行更正。",
    ),
    "怎样找到记录": (
        "“回执号”“文件名”“行号”指本部门报送的那份文件中的那一行；",
        "“主键项”“主键”指该行的编号。",
    ),
    "怎样答复": (
        "核实后在本部门业务系统中更正，随下一次报送带来即可，疑义自动转入“已解决”；",
        "本表不必填写、不必退回。",
        "如本部门无误，请联系“对照”中的部门更正其记录，更正后同样自动解决。",
    ),
    "对照内容": (
        "对方记录的内容只在以下情形显示：对方记录也是本部门报送的；该项本部门自己也报送；",
        "或者该项不属于个人信息。否则只写明对方部门与数据资源。",
    ),
    "保密": ("本表含个人信息，仅限核实使用，用后按规定保管或销毁。",),
}


def write_workbook(path: Path, sheet: Sheet) -> None:
    """Write the four sheets 新开, 仍在, 已解决, 说明.

    A sheet ends after `MAX_ROWS` rows, the longest standing first; 说明 has the true counts.
    """
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path),
        {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False,
         "strings_to_urls": False},
    )  # fmt: skip
    made = datetime.combine(sheet.business_date, time.min)
    book.set_properties({"title": f"疑义 {sheet.title_cn}", "created": made})
    parts = {"新开": sheet.opened, "仍在": sheet.still, "已解决": sheet.resolved}
    for name, rows in parts.items():
        _write_rows(book, name, rows)
    _write_notes(book, sheet, {name: rows.height for name, rows in parts.items()})
    book.close()


def _write_rows(book: object, name: str, rows: pl.DataFrame) -> None:
    import xlsxwriter

    assert isinstance(book, xlsxwriter.Workbook)
    plain = book.add_format({"num_format": "@", "valign": "top"})
    wrapped = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
    bold = book.add_format({"num_format": "@", "bold": True, "bg_color": "#DDEBF7"})
    grid = book.add_worksheet(name)
    grid.freeze_panes(1, 1)
    for column, title in enumerate(rows.columns):
        grid.set_column(column, column, _WIDTHS[column], plain)
        grid.write_string(0, column, title, bold)
    shown = rows.head(MAX_ROWS)
    for number, row in enumerate(shown.iter_rows(), start=1):  # the writer takes cells one by one
        for column, text in enumerate(row):
            if text:
                style = wrapped if column in _WRAPPED else plain
                grid.write_string(number, column, text[:_MAX_CELL], style)
    grid.autofilter(0, 0, shown.height, len(rows.columns) - 1)


def _write_notes(book: object, sheet: Sheet, counts: dict[str, int]) -> None:
    import xlsxwriter

    assert isinstance(book, xlsxwriter.Workbook)
    grid = book.add_worksheet("说明")
    grid.set_column(0, 0, 16)
    grid.set_column(1, 1, 100)
    bold = book.add_format({"num_format": "@", "bold": True, "valign": "top"})
    wrapped = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for number, (title, text) in enumerate(_notes(sheet, counts)):
        grid.write_string(number, 0, title, bold)
        grid.write_string(number, 1, text, wrapped)


def _notes(sheet: Sheet, counts: dict[str, int]) -> list[tuple[str, str]]:
    notes = [
        ("部门", sheet.title_cn),
        ("业务日期", f"{sheet.business_date}（发布 {sheet.release}）"),
        ("新开", f"{counts['新开']} 条：本业务日期首次发现的矛盾"),
        ("仍在", f"{counts['仍在']} 条：以前提出、至今没有解决的矛盾，按提出的先后排列"),
        ("已解决", f"{counts['已解决']} 条：最近 {RESOLVED_SHOWN_DAYS} 天内不再成立的矛盾"),
        *((title, "".join(told)) for title, told in _EXPLANATIONS.items()),
    ]
    if max(counts.values()) > MAX_ROWS:
        notes.append(("未列完", f"每张表最多列 {MAX_ROWS} 条，其余在前面的解决后列出"))
    return notes
