"""Workbooks: every visible sheet whose header is found, title, note and total rows aside.

`fastexcel` (calamine) reads the cells of .xlsx and .xls; a second, independent look at the XML
(here) or the BIFF records (`biff`) counts the rows that hold anything, and finds what reading as
text would hide: long numbers stored as numbers (Excel keeps 15 digits of them) and formula errors.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass

import polars as pl

from catalog import ExtractContract
from ingest import biff
from ingest.csvfile import without_totals
from ingest.headers import SEARCHED_LINES, is_header
from ingest.hidden import EXACT_DIGITS, Hidden, ruined
from ingest.ole import MAGIC as OLE_MAGIC
from ingest.refusal import Refusal
from ingest.table import SHEET_STEP, Table

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?(?<!/)>(.*?)</(?:\w+:)?row>", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|t)(?: [^>]*)?>[^<]")
_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>(?:<(?:\w+:)?f\b.*?(?:/>|</(?:\w+:)?f>))?"
    rb"<(?:\w+:)?v>([^<]+)</(?:\w+:)?v>",
    re.DOTALL,
)
_REFERENCE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_USED = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+)\d+"[^>]*(?<!/)>(?!</)')
# The reader makes room for every cell from the first to the last one, used or not, and ends the
# process when there is not enough: one stray value in the last corner would stop every night.
_MAX_CELLS = 100_000_000
_FAR = re.compile(rb"""\br=["'](?:[A-Z]{3,}\d|[A-Z]*\d{6,})""")
_STATED = re.compile(rb"""\b(?:uniqueCount|count)=["'](\d+)""")
_MAX_STATED = 50_000_000
_PLACE = re.compile(rb"""\br=["']([A-Z]*)(\d+)["']""")
_TYPE = re.compile(rb'\bt="(\w+)"')
_SHARED = re.compile(rb'<(?:\w+:)?c\b[^>]*\bt="s"[^>]*><(?:\w+:)?v>(\d+)</(?:\w+:)?v>')
_ANY_EMPTY = re.compile(rb"<(?:\w+:)?(?:t|si)(?: [^>]*)?(?:/>|></)")
_TEXT_ITEM = re.compile(rb"<(?:\w+:)?si\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
# What `zipfile` and its decompressors raise on damaged bytes.
UNREADABLE_ZIP = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, KeyError,
    NotImplementedError, OSError, OverflowError, ValueError,
)  # fmt: skip


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
        found = tuple(v or "" for v in frame.row(at))
        if headers is None:
            headers = _trim(found)
        elif _trim(found) != headers:
            raise Refusal("R-COL-01", "各工作表的表头不一致")
        skipped += int(nonempty[:at].sum() or 0)
        body = frame[at + 1 :, : len(headers)]
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
        hidden = _look_inside(raw, max_unpacked, with_columns)
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


def _look_inside(raw: bytes, max_unpacked: int, with_columns: bool) -> list[Hidden]:
    """The independent look: one entry per sheet, in the workbook's order."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            if sum(i.file_size for i in book.infolist()) > max_unpacked:
                raise Refusal("R-FILE-08", "工作簿解压后过大")
            _check_stated_counts(book)
            empty = _empty_texts(book)
            return [
                _scan_sheet(book.read(name), empty, with_columns) for name in _sheet_parts(book)
            ]
    except UNREADABLE_ZIP:
        told = "文件不是有效的 Excel 工作簿（可能是网页或文本改了扩展名）"
        raise Refusal("R-FILE-05", told) from None
    except RuntimeError:  # zipfile: "File is encrypted"
        raise Refusal("R-FILE-06", "工作簿有密码保护，无法读取") from None


def _sheet_parts(book: zipfile.ZipFile) -> list[str]:
    workbook = book.read("xl/workbook.xml")
    links = book.read("xl/_rels/workbook.xml.rels")
    targets = {}
    for link in re.findall(rb"<(?:\w+:)?Relationship\b[^>]*>", links):
        identity = re.search(rb'\bId="([^"]+)"', link)
        target = re.search(rb'\bTarget="([^"]+)"', link)
        if identity and target:
            targets[identity[1]] = target[1].decode()
    names = []
    for sheet in re.findall(rb"<(?:\w+:)?sheet\b[^>]*>", workbook):
        identity = re.search(rb'\br:id="([^"]+)"', sheet) or re.search(rb':id="([^"]+)"', sheet)
        if identity is None or identity[1] not in targets:
            raise KeyError("sheet")
        target_name = targets[identity[1]]
        names.append(
            target_name.lstrip("/") if target_name.startswith("/") else f"xl/{target_name}"
        )
    return names


def _empty_texts(book: zipfile.ZipFile) -> frozenset[bytes]:
    """Numbers of shared texts that are empty: exports by Java put them into empty cells."""
    name = "xl/sharedStrings.xml"
    shared = book.read(name) if name in book.namelist() else b""
    if not _ANY_EMPTY.search(shared):
        return frozenset()
    return frozenset(
        b"%d" % number
        for number, item in enumerate(_TEXT_ITEM.finditer(shared))
        if not _VALUE.search(item[1] or b"")
    )


def _scan_sheet(xml: bytes, empty: frozenset[bytes], with_columns: bool) -> Hidden:
    def is_filled(row: bytes) -> bool:
        if empty:
            row = _SHARED.sub(lambda cell: b"" if cell[1] in empty else cell[0], row)
        return _VALUE.search(row) is not None

    _check_extent(xml)
    filled = sum(1 for row in _ROW.finditer(xml) if is_filled(row[1]))
    texts: dict[tuple[int, int], tuple[str, float | None]] = {}
    for cell in _CELL.finditer(xml):
        value = cell[2]
        kind = _TYPE.search(cell[1])
        is_error = kind is not None and kind[1] == b"e"
        if not is_error and (len(value) <= EXACT_DIGITS or (kind is not None and kind[1] != b"n")):
            continue
        where = _REFERENCE.search(cell[1])
        text = value.decode() if is_error else _ruined(value)
        if where is not None and text is not None:
            number = None if is_error else float(value)
            texts[(int(where[2]) - 1, _column(where[1]))] = text, number
    return Hidden(filled, texts, _first_column(xml) if texts or with_columns else 0)


def _check_stated_counts(book: zipfile.ZipFile) -> None:
    """The reader also makes room for as many texts and styles as a part says it has."""
    for name in {"xl/sharedStrings.xml", "xl/styles.xml"} & set(book.namelist()):
        if any(int(told) > _MAX_STATED for told in set(_STATED.findall(book.read(name)))):
            raise Refusal("R-FILE-05", "工作簿声明的数目异常")


def _check_extent(xml: bytes) -> None:
    if not _FAR.search(xml):
        return
    places = _PLACE.findall(xml)
    rows = max((int(row) for _, row in places), default=0)
    columns = max((_column(letters) + 1 for letters in {c for c, _ in places}), default=0)
    if rows * columns > _MAX_CELLS:
        raise Refusal("R-FILE-05", f"工作表跨 {rows} 行 {columns} 列，请删除数据区以外的内容")


def _first_column(xml: bytes) -> int:
    used = {where[1] for where in _USED.finditer(xml)}
    return min((_column(letters) for letters in used), default=0)


def _is_number(text: str | None, number: float) -> bool:
    try:
        return float(text or "") == number
    except ValueError:
        return False


def _ruined(value: bytes) -> str | None:
    try:
        return ruined(float(value))
    except ValueError:
        return None


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
