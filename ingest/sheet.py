"""Workbooks: every visible sheet whose header is found, title, note and total rows aside.

`fastexcel` (calamine) reads the cells of .xlsx and .xls; a second, independent look at the XML
(`xlsxml`) or the BIFF records (`biff`) counts the rows that hold anything, and finds what reading
as text would hide: long numbers stored as numbers (Excel keeps 15 digits of them), formula errors.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from catalog import ExtractContract
from ingest import biff, xlsxml
from ingest.csvfile import without_totals
from ingest.headers import SEARCHED_LINES, is_header
from ingest.hidden import Hidden
from ingest.ole import MAGIC as OLE_MAGIC
from ingest.refusal import Refusal
from ingest.table import SHEET_STEP, Table

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class LoadedSheet:
    """One sheet as text.

    Attributes:
        position: its number in the workbook, from 0; lines are counted with it (`SHEET_STEP`).
        frame: its cells from the first row and the first used column on.
        filled: which rows hold anything.
        first_column: sheet column of the frame's first, from 0.
    """

    position: int
    name: str
    frame: pl.DataFrame
    filled: pl.Series
    is_visible: bool
    first_column: int


def read_workbook(raw: bytes, contract: ExtractContract, max_unpacked: int) -> Table:
    """Read the sheets of a workbook that have the contract's header line.

    Raises:
        Refusal: as `load_sheets`, or no sheet has a header of this contract.
    """
    sheets = load_sheets(raw, max_unpacked)
    parts: list[pl.DataFrame] = []
    numbers: list[pl.Series] = []
    headers: tuple[str, ...] | None = None
    skipped = read = 0
    for sheet in sheets:
        frame, nonempty = sheet.frame, sheet.filled
        if not sheet.is_visible or frame.height == 0:
            continue
        at = _header_row(frame, contract)
        if at is None:
            skipped += int(nonempty.sum() or 0)
            continue
        found = _trim(tuple(v or "" for v in frame.row(at)))
        headers = headers or found
        skipped += int(nonempty[:at].sum() or 0)
        body = frame[at + 1 :, _places(headers, found)]
        body.columns = [str(i) for i in range(body.width)]
        lines = pl.Series("line", range(at + 2, frame.height + 1), dtype=pl.Int64)
        keep = nonempty[at + 1 :]
        body, lines = body.filter(keep), lines.filter(keep) + sheet.position * SHEET_STEP
        body, lines, totals = without_totals(body, lines)
        skipped += totals
        read += body.height
        parts.append(body)
        numbers.append(lines)
    if headers is None:
        raise Refusal("R-COL-01", f"工作簿中没有“{contract.title_cn}”的表头")
    return Table(
        headers=headers,
        cells=pl.concat(parts),
        lines=pl.concat(numbers).alias("line"),
        broken=(),
        skipped=skipped,
        read=read,
        encoding=kind_of(raw),
    )


def _places(headers: tuple[str, ...], found: tuple[str, ...]) -> list[int]:
    """Where a sheet has the columns of the first one: the order of columns is free."""
    if found == headers:
        return list(range(len(headers)))
    if sorted(found) != sorted(headers) or len(set(headers)) < len(headers):
        raise Refusal("R-COL-01", "各工作表的表头不一致")
    return [found.index(header) for header in headers]


def kind_of(raw: bytes) -> str:
    """What a workbook is by its content, whatever it is called."""
    return "xls" if raw.startswith(OLE_MAGIC) else "xlsx"


def load_sheets(raw: bytes, max_unpacked: int, *, with_columns: bool = False) -> list[LoadedSheet]:
    """Every sheet, hidden ones too, with long numbers and formula errors as Excel shows them.

    Args:
        raw: the bytes of an .xlsx or .xls.
        max_unpacked: bytes that an .xlsx may unpack to.
        with_columns: whether `first_column` is asked for (of an .xlsx it costs another look).

    Raises:
        Refusal: it is protected, no workbook, unpacks to too much, or its rows do not balance with
            the independent count.
    """
    if raw.startswith(OLE_MAGIC):
        if _ENCRYPTED in raw:
            raise Refusal("R-FILE-06", "工作簿有密码保护，无法读取")
        hidden = biff.look_inside(raw)
    else:
        hidden = xlsxml.look_inside(raw, max_unpacked, with_columns)
    sheets = []
    for position, (name, loaded, is_visible) in enumerate(_load(raw)):
        extra = hidden[position] if position < len(hidden) else Hidden(0)
        frame = _put_texts(loaded, extra)
        filled = _filled(frame)
        sheets.append(LoadedSheet(position, name, frame, filled, is_visible, extra.first_column))
    if sum(int(s.filled.sum() or 0) for s in sheets) != sum(h.filled_rows for h in hidden):
        raise Refusal("R-FILE-13", "解析所得行数与独立计数不符")
    return sheets


def _trim(headers: tuple[str, ...]) -> tuple[str, ...]:
    width = len(headers)
    while width and not headers[width - 1].strip():
        width -= 1
    return headers[:width]


def _load(raw: bytes) -> list[tuple[str, pl.DataFrame, bool]]:
    import fastexcel

    try:
        reader = fastexcel.read_excel(raw)
        loaded = [
            reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            for name in reader.sheet_names
        ]
        return [(s.name, s.to_polars(), s.visible == "visible") for s in loaded]
    except (fastexcel.FastExcelError, ValueError):
        raise Refusal("R-FILE-05", "工作簿内容损坏或格式不符") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the reader's own, beside every Exception
            raise
        raise Refusal("R-FILE-05", "工作簿内容损坏或格式不符") from None


def _filled(frame: pl.DataFrame) -> pl.Series:
    if frame.height == 0:
        return pl.Series("f", [], dtype=pl.Boolean)
    filled = pl.any_horizontal((pl.all().fill_null("") != "").fill_null(False))
    return frame.select(f=filled)["f"]


def _header_row(frame: pl.DataFrame, contract: ExtractContract) -> int | None:
    for at in range(min(SEARCHED_LINES, frame.height)):
        if is_header(contract, [v or "" for v in frame.row(at)]):
            return at
    return None


def _put_texts(frame: pl.DataFrame, hidden: Hidden) -> pl.DataFrame:
    by_column: dict[int, tuple[list[int], list[str]]] = {}
    for (row, sheet_column), (text, number) in hidden.texts.items():
        column = sheet_column - hidden.first_column
        if not (row < frame.height and 0 <= column < frame.width):
            raise Refusal("R-FILE-13", "单元格位置与独立计数不符")
        if number is not None and not _is_number(frame[row, column], number):
            raise Refusal("R-FILE-13", "单元格的值与独立读取不符")
        spots, values = by_column.setdefault(column, ([], []))
        spots.append(row)
        values.append(text)
    for column, (spots, values) in by_column.items():
        name = frame.columns[column]
        order = sorted(range(len(spots)), key=spots.__getitem__)
        series = frame[name].clone().scatter([spots[i] for i in order], [values[i] for i in order])
        frame = frame.with_columns(series.alias(name))
    return frame


def _is_number(text: str | None, number: float) -> bool:
    try:
        return float(text or "") == number
    except ValueError:
        return False
