"""The independent look at .xls workbooks ([MS-XLS], BIFF8): rows, long numbers, formula errors.

Counts the rows that hold anything from the cell records themselves, and refuses what the reader
would end the process over: cells outside the 65 536 × 256 of the format, tables that say they are
larger than the file.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from ingest import ole
from ingest.hidden import Hidden, ruined
from ingest.refusal import Refusal

_ROWS, _COLUMNS = 65_536, 256
_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _SST, _CONTINUE = 0x809, 0x0A, 0x2F, 0x85, 0xFC, 0x3C
_DIMENSIONS, _LABELSST, _LABEL, _RSTRING, _STRING = 0x200, 0xFD, 0x204, 0xD6, 0x207
_NUMBER, _RK, _MULRK, _FORMULA, _BOOLERR = 0x203, 0x27E, 0xBD, 0x06, 0x205
_BIFF8 = 0x600
_TEXT_FOLLOWS, _ERROR, _EMPTY_TEXT = 0, 2, 3  # results of formulas that are no number
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!",
           42: "#N/A"}  # fmt: skip
_Record = tuple[int, bytes]


def look_inside(raw: bytes) -> list[Hidden]:
    """What the records say, one entry per sheet, in the workbook's order.

    Raises:
        Refusal: no workbook, one with a password, one older than Excel 97, or a damaged one.
    """
    try:
        found = ole.streams(raw)
        book = found.get("Workbook") or found.get("WORKBOOK")
        if book is None and "EncryptedPackage" in found:
            raise Refusal("R-FILE-06", "工作簿有密码保护，无法读取")
        if book is None and ("Book" in found or "BOOK" in found):
            raise Refusal("R-FILE-11", "这是 Excel 97 以前的 .xls 工作簿")
        if book is None:
            raise Refusal("R-FILE-05", "文件不是 Excel 工作簿")
        return _sheets(book)
    except (ole.UnreadableError, struct.error, IndexError):
        raise Refusal("R-FILE-05", "工作簿内容损坏或格式不符") from None


def _records(book: bytes, at: int) -> Iterator[_Record]:
    """The records of one substream, up to its own end; those of nested ones (charts) left out."""
    kind, length = struct.unpack_from("<HH", book, at)
    if kind != _BOF:
        raise Refusal("R-FILE-05", "工作簿内容损坏或格式不符")
    if struct.unpack_from("<H", book, at + 4)[0] != _BIFF8:
        raise Refusal("R-FILE-11", "这是 Excel 97 以前的 .xls 工作簿")
    depth, end = 1, len(book)
    at += 4 + length
    while depth and at + 4 <= end:
        kind, length = struct.unpack_from("<HH", book, at)
        if at + 4 + length > end:
            raise Refusal("R-FILE-05", "工作簿内容不完整")
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
        elif depth == 1:
            yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length
    if depth:
        raise Refusal("R-FILE-05", "工作簿内容不完整")


def _sheets(book: bytes) -> list[Hidden]:
    offsets: list[int] = []
    shared: list[bytes] = []
    before = 0
    for kind, data in _records(book, 0):
        if kind == _FILEPASS:
            raise Refusal("R-FILE-06", "工作簿有密码保护，无法读取")
        if kind == _BOUNDSHEET:
            offsets.append(struct.unpack_from("<I", data)[0])
        elif kind == _SST or (kind == _CONTINUE and before == _SST):
            shared.append(data)
        before = _SST if kind == _CONTINUE and before == _SST else kind
    empty = _empty_texts(shared) if shared else frozenset()
    return [_scan(book, offset, empty) for offset in offsets]


def _scan(book: bytes, offset: int, empty: frozenset[int]) -> Hidden:
    rows: set[int] = set()
    texts: dict[tuple[int, int], tuple[str, float | None]] = {}
    first, awaited = _COLUMNS, -1
    for kind, data in _records(book, offset):
        if kind == _DIMENSIONS:
            _check_extent(*struct.unpack_from("<IIHH", data))
            continue
        if kind == _STRING:
            if awaited >= 0 and struct.unpack_from("<H", data)[0]:
                rows.add(awaited)
            awaited = -1
            continue
        if kind not in _CELLS:
            continue
        row, column = struct.unpack_from("<HH", data)
        if column >= _COLUMNS:
            raise Refusal("R-FILE-05", "单元格位置超出 .xls 的范围")
        first = min(first, column)
        if kind == _FORMULA and _result(data) == _TEXT_FOLLOWS:
            awaited = row
        elif _is_filled(kind, data, empty):
            rows.add(row)
            texts.update(_odd(kind, row, column, data))
    return Hidden(len(rows), texts, first if first < _COLUMNS else 0)


_CELLS = frozenset((_LABELSST, _LABEL, _RSTRING, _NUMBER, _RK, _MULRK, _FORMULA, _BOOLERR))


def _result(formula: bytes) -> int | None:
    """The kind of a formula's result: text, truth, error, empty text; None for a number."""
    return formula[6] if formula[12:14] == b"\xff\xff" else None


def _is_filled(kind: int, data: bytes, empty: frozenset[int]) -> bool:
    if kind == _LABELSST:
        return struct.unpack_from("<I", data, 6)[0] not in empty
    if kind in (_LABEL, _RSTRING):
        return bool(struct.unpack_from("<H", data, 6)[0])
    return kind != _FORMULA or _result(data) != _EMPTY_TEXT


def _odd(
    kind: int, row: int, column: int, data: bytes
) -> dict[tuple[int, int], tuple[str, float | None]]:
    """Long numbers and formula errors among the cells of one record."""
    if kind == _BOOLERR and data[7]:
        return {(row, column): (_ERRORS.get(data[6], "#N/A"), None)}
    if kind == _FORMULA and _result(data) == _ERROR:
        return {(row, column): (_ERRORS.get(data[8], "#N/A"), None)}
    if kind == _MULRK and column + (len(data) - 6) // 6 > _COLUMNS:
        raise Refusal("R-FILE-05", "单元格位置超出 .xls 的范围")
    numbers: list[float] = []
    if kind == _NUMBER or (kind == _FORMULA and _result(data) is None):
        numbers = [struct.unpack_from("<d", data, 6)[0]]
    elif kind == _RK:
        numbers = [_rk(data[6:10])]
    elif kind == _MULRK:
        numbers = [_rk(data[at + 2 : at + 6]) for at in range(4, len(data) - 2, 6)]
    found: dict[tuple[int, int], tuple[str, float | None]] = {}
    for spot, number in enumerate(numbers):
        text = ruined(number)
        if text is not None:
            found[row, column + spot] = text, number
    return found


def _rk(data: bytes) -> float:
    """An RK number: 30 bits of an integer or of a double, perhaps hundredths."""
    (bits,) = struct.unpack("<i", data)
    if bits & 2:
        number = float(bits >> 2)
    else:
        number = struct.unpack("<d", struct.pack("<Q", (bits & 0xFFFFFFFC) << 32))[0]
    return number / 100 if bits & 1 else number


def _check_extent(first_row: int, end_row: int, first_column: int, end_column: int) -> None:
    del first_row, first_column
    if end_row > _ROWS or end_column > _COLUMNS:
        raise Refusal("R-FILE-05", "工作表声明的范围超出 .xls 的限度")


def _empty_texts(parts: list[bytes]) -> frozenset[int]:
    """Numbers of shared texts that are empty: some exports put them into empty cells."""
    (told,) = struct.unpack_from("<I", parts[0], 4)
    if told > sum(map(len, parts)) // 3:  # each takes three bytes at least
        raise Refusal("R-FILE-05", "工作簿声明的数目异常")
    reader = _Texts(parts)
    return frozenset(number for number in range(told) if reader.length() == 0)


class _Texts:
    """Walks over the shared texts, which go on over the borders of records."""

    def __init__(self, parts: list[bytes]) -> None:
        """Start after the two counts."""
        self.parts, self.part, self.at = parts, 0, 8

    def length(self) -> int:
        """Characters of the next text; moves behind it."""
        if self.at >= len(self.parts[self.part]):
            self.part, self.at = self.part + 1, 0
        size, flags = struct.unpack_from("<HB", self.parts[self.part], self.at)
        self.at += 3
        runs = extra = 0
        if flags & 8:
            (runs,) = struct.unpack_from("<H", self.parts[self.part], self.at)
            self.at += 2
        if flags & 4:
            (extra,) = struct.unpack_from("<I", self.parts[self.part], self.at)
            self.at += 4
        self._characters(size, 2 if flags & 1 else 1)
        self._bytes(4 * runs + extra)
        return int(size)

    def _characters(self, left: int, width: int) -> None:
        while left:
            here = min((len(self.parts[self.part]) - self.at) // width, left)
            self.at += here * width
            left -= here
            if left:  # the rest begins with flags of its own
                self.part += 1
                width = 2 if self.parts[self.part][0] & 1 else 1
                self.at = 1

    def _bytes(self, left: int) -> None:
        while left:
            here = min(len(self.parts[self.part]) - self.at, left)
            self.at += here
            left -= here
            if left:
                self.part, self.at = self.part + 1, 0
