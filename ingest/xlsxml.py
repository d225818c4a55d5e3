"""The independent look at .xlsx workbooks (ECMA-376): rows, long numbers, formula errors.

Counts the rows that hold anything from the XML itself, and refuses what the reader would end the
process over: cells far outside, tables that say they are larger than anything.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib

from ingest.hidden import EXACT_DIGITS, Hidden, ruined
from ingest.refusal import Refusal

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


def look_inside(raw: bytes, max_unpacked: int, with_columns: bool) -> list[Hidden]:
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
