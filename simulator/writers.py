"""Tables of text → the bytes a department drops: CSV in its encoding, JSON lines, a workbook."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import polars as pl
import xlsxwriter

from catalog import ExtractContract
from simulator.habits import Habit

# Marks inside values that become broken syntax when lines are made.
RAW_DELIMITER, RAW_QUOTE, LOST_DELIMITER = "\ue000", "\ue001", "\ue002"
_EPOCH = date(1899, 12, 30)
_NEEDS_QUOTES = r'[,"\r\n]'


def csv_bytes(contract: ExtractContract, habit: Habit, table: pl.DataFrame) -> bytes:
    """A CSV of the table (columns by contract name, every value text) as the habit writes it."""
    delimiter = '","' if habit.quotes_all else ","
    names = habit.columns(contract)
    cells = [_field(name, habit.quotes_all) for name in names]
    if habit.extra:
        cells.append(pl.lit(""))
    line = pl.concat_str(cells, separator=delimiter)
    if habit.quotes_all:
        line = pl.lit('"') + line + pl.lit('"')
    for mark, syntax in (
        (LOST_DELIMITER + delimiter, ""), (RAW_DELIMITER, delimiter), (RAW_QUOTE, '"'),
    ):  # fmt: skip
        line = line.str.replace_all(mark, syntax, literal=True)
    header = delimiter.join(habit.header(contract))
    header = f'"{header}"' if habit.quotes_all else header
    lines = [header, *table.select(line.alias("line"))["line"].to_list(), habit.tail]
    return habit.bom + habit.newline.join(lines).encode(habit.encoding)


def _field(name: str, quotes_all: bool) -> pl.Expr:
    value = pl.col(name)
    doubled = value.str.replace_all('"', '""', literal=True)
    if quotes_all:
        return doubled
    quoted = pl.lit('"') + doubled + pl.lit('"')
    return pl.when(value.str.contains(_NEEDS_QUOTES)).then(quoted).otherwise(value)


def jsonl_bytes(contract: ExtractContract, habit: Habit, table: pl.DataFrame) -> bytes:
    """JSON lines of the table; an empty value is null."""
    titles = zip(habit.columns(contract), habit.header(contract), strict=True)
    cells = [pl.col(name).replace("", None).alias(title) for name, title in titles]
    line = pl.struct(cells).struct.json_encode().str.replace_all(RAW_QUOTE, '"', literal=True)
    lines = table.select(line.alias("line"))["line"].to_list()
    return habit.bom + "".join(one + habit.newline for one in lines).encode(habit.encoding)


def workbook_bytes(
    contract: ExtractContract, habit: Habit, table: pl.DataFrame, day: date
) -> bytes:
    """A workbook of the table; same table, same bytes.

    Dates written as `%Y-%m-%d` become real date cells or serial numbers where the habit says so;
    whatever does not look so stays text.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
    )
    book.set_properties({"created": datetime(day.year, day.month, day.day, 9)})
    sheet = book.add_worksheet("Sheet1")
    header = habit.header(contract)
    if habit.title:
        form = book.add_format({"bold": True, "align": "center"})
        sheet.merge_range(0, 0, 0, len(header) - 1, habit.title, form)
        sheet.write_string(1, 0, f"填报单位：                填报日期：{day:%Y-%m-%d}")
    sheet.write_row(habit.first_line - 2, 0, header)
    _records(book, sheet, contract, habit, table)
    if habit.total:
        last = habit.first_line - 1 + table.height
        sheet.write_string(last, 0, "合计")
        sheet.write_number(last, 1, table.height)
        sheet.write_string(last + 1, 0, "填表人：        审核人：        联系电话：0919-")
    book.close()
    return stream.getvalue()


def _records(
    book: Any, sheet: Any, contract: ExtractContract, habit: Habit, table: pl.DataFrame
) -> None:
    names = habit.columns(contract)
    days = {
        i for i, name in enumerate(names)
        if contract.by_name[name].type == "date" and habit.date_form in ("cell", "serial")
    }  # fmt: skip
    amounts = {i for i, name in enumerate(names) if contract.by_name[name].type == "decimal"}
    as_date = book.add_format({"num_format": "yyyy-mm-dd"})
    for row, values in enumerate(table.select(names).iter_rows(), start=habit.first_line - 1):
        for column, value in enumerate(values):
            if not value:
                continue
            moment = _day(value) if column in days else None
            if column in amounts and value.replace(".", "", 1).isdecimal():
                sheet.write_number(row, column, float(value))
            elif moment is None:
                sheet.write_string(row, column, value)
            elif habit.date_form == "cell":
                sheet.write_datetime(row, column, moment, as_date)
            else:
                sheet.write_number(row, column, (moment.date() - _EPOCH).days)


def _day(value: str) -> datetime | None:
    if len(value) != 10 or value[4] != "-" or value < "1900-03-01":
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def as_text(contract: ExtractContract, habit: Habit, rows: pl.DataFrame) -> pl.DataFrame:
    """Typed rows as the department's texts; hidden columns stay."""
    form = "%Y-%m-%d" if habit.date_form in ("cell", "serial") else habit.date_form
    cells = []
    for column in contract.columns:
        cell = pl.col(column.name)
        if column.type == "date":
            cell = cell.dt.strftime(form)
        elif column.type == "datetime":
            cell = cell.dt.strftime("%Y-%m-%d %H:%M:%S")
        cells.append(cell.fill_null(""))
    hidden = [name for name in rows.columns if name.startswith("_")]
    return rows.select(*cells, *hidden)
