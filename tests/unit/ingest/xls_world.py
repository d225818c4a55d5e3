"""Old workbooks for tests: cells → .xls, and what can be wrong with one."""

from __future__ import annotations

import io
import struct
from typing import Any

import xlwt
from xlwt.CompoundDoc import XlsDoc


def xls_book(*sheets: list[list[Any]], hidden: tuple[int, ...] = ()) -> xlwt.Workbook:
    """A workbook of these cells; None leaves a cell out."""
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for position, cells in enumerate(sheets):
        sheet = book.add_sheet(f"Sheet{position + 1}")
        sheet.visibility = int(position in hidden)
        for r, line in enumerate(cells):
            for c, value in enumerate(line):
                if value is None:
                    continue
                if isinstance(value, str) and value.startswith("="):
                    sheet.write(r, c, xlwt.Formula(value[1:]))
                elif hasattr(value, "year"):
                    sheet.write(r, c, value, day)
                else:
                    sheet.write(r, c, value)
    return book


def xls_bytes(*sheets: list[list[Any]], hidden: tuple[int, ...] = ()) -> bytes:
    """The bytes of such a workbook."""
    return saved(xls_book(*sheets, hidden=hidden))


def saved(book: xlwt.Workbook) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def contained(stream: bytes) -> bytes:
    """A stream of records as a file."""
    out = io.BytesIO()
    XlsDoc().save(out, stream)
    return out.getvalue()


def with_record(stream: bytes, kind: int, data: bytes) -> bytes:
    """The stream with one more record behind its first."""
    first = 4 + struct.unpack_from("<H", stream, 2)[0]
    return stream[:first] + struct.pack("<HH", kind, len(data)) + data + stream[first:]


def older(raw: bytes) -> bytes:
    """The same file, said to be of Excel 95."""
    return raw.replace(b"\x09\x08\x10\x00\x00\x06", b"\x09\x08\x10\x00\x00\x05")
