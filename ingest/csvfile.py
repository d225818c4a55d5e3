"""Delimited text: where its content ends, its header line, its total lines.

The dialect is given: a comma, or a tab where the header line says so (Excel's "Unicode text");
double quotes; LF or CRLF. Nothing else is tried. The records are `csvbody`'s.
"""

from __future__ import annotations

import csv
import io
import re

import numpy as np
import polars as pl

from catalog import ExtractContract
from ingest.csvbody import read_body
from ingest.csvlines import MAX_LINE_BYTES
from ingest.decode import to_utf8
from ingest.headers import SEARCHED_LINES, is_header
from ingest.refusal import Refusal
from ingest.table import TOTAL_LINE, BrokenLine, Table

_CTRL_Z = b"\x1a"
_CHUNK = 1 << 16


def read_csv(raw: bytes, contract: ExtractContract) -> Table:
    """Read one delimited file.

    Raises:
        Refusal: it is empty, not decodable, has no header of this contract, or its records do
            not balance.
    """
    data, encoding = to_utf8(raw)
    end = _content_end(data)
    if end == 0 or not (data[:_CHUNK].strip() or data[:end].strip()):
        raise Refusal("R-FILE-01", "文件没有任何内容")
    if data.find(b"\n", 0, end) < 0 and data.find(b"\r", 0, end) >= 0:
        raise Refusal("R-FILE-12", "文件只有回车符，没有换行符")
    start, headers, delimiter, titles = _find_header(data, end, contract)
    first_line = data.count(b"\n", 0, start) + 1
    cells, lines, broken = read_body(data, start, end, len(headers), delimiter)
    shifted = tuple(BrokenLine(b.line + first_line - 1, b.rule_id, b.text) for b in broken)
    cells, lines, totals = without_totals(cells, lines + (first_line - 1))
    kept = tuple(b for b in shifted if not re.match(TOTAL_LINE, b.text.strip()))
    skipped = titles + totals + len(shifted) - len(kept)
    return Table(
        headers=tuple(headers),
        cells=cells,
        lines=lines,
        broken=kept,
        skipped=skipped,
        read=cells.height + len(kept),
        encoding=encoding,
        delimiter="tab" if delimiter == "\t" else "comma",
    )


def _content_end(data: bytes) -> int:
    """Where the content ends: before final line breaks, and before a final Ctrl-Z."""
    end = _strip_end(data, len(data))
    return _strip_end(data, end - 1) if data[end - 1 : end] == _CTRL_Z else end


def _strip_end(data: bytes, end: int) -> int:
    while end:
        piece = data[max(0, end - _CHUNK) : end]
        left = len(piece.rstrip(b"\r\n"))
        end += left - len(piece)
        if left:
            break
    return end


def _find_header(
    data: bytes, stop: int, contract: ExtractContract
) -> tuple[int, list[str], str, int]:
    """Offset after the header line, its cells, the delimiter, and the title lines before it."""
    at, titles = 0, 0
    for _ in range(SEARCHED_LINES):
        if at >= stop:
            break
        end = data.find(b"\n", at, stop)
        end = stop if end < 0 else end
        text = data[at : min(end, at + MAX_LINE_BYTES)].decode("utf-8", "ignore")
        for delimiter in (",", "\t"):
            try:
                cells = next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
            except csv.Error:  # a bare carriage return, or a field beyond all measure
                cells = []
            if is_header(contract, cells):
                return min(end + 1, stop), cells, delimiter, titles
        titles += bool(text.strip(" \t\r,"))
        at = end + 1
    raise Refusal("R-COL-01", f"前 {SEARCHED_LINES} 行中没有“{contract.title_cn}”的表头")


def without_totals(cells: pl.DataFrame, lines: pl.Series) -> tuple[pl.DataFrame, pl.Series, int]:
    """Drop total and note lines, and lines without any value: they are skipped, not read.

    A total line begins with a marker such as 合计 and leaves at least half of its cells empty.
    """
    if cells.height == 0:
        return cells, lines, 0
    suspects = cells.select(
        (
            pl.col("0").is_null() | pl.col("0").str.strip_chars().str.contains(f"^$|{TOTAL_LINE}")
        ).alias("s")
    )["s"]
    if not suspects.any():
        return cells, lines, 0
    index = suspects.arg_true()
    some = cells[index]
    text = pl.coalesce(pl.all().str.strip_chars().replace("", None))
    empty = pl.sum_horizontal(pl.all().fill_null("").str.strip_chars().str.len_bytes() == 0)
    judged = some.select(
        is_total=text.str.contains(TOTAL_LINE).fill_null(False) & (empty * 2 >= cells.width),
        is_empty=empty == cells.width,
    )
    drop = index.filter(judged["is_total"] | judged["is_empty"])
    if drop.is_empty():
        return cells, lines, 0
    keep = np.ones(cells.height, dtype=bool)
    keep[drop.to_numpy()] = False
    mask = pl.Series(keep)
    return cells.filter(mask), lines.filter(mask), len(drop)
