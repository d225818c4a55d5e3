"""The line-wise reader: for the lines that the columnar reader must not guess about.

It is given the few physical lines that hold a quote or a wrong number of delimiters, and decides
for each: a record, part of a record, or a broken line under its rule.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass

import numpy as np

from ingest.counting import Ints, Lines
from ingest.table import BrokenLine

MAX_LINE_BYTES = 1 << 20
_MAX_RECORD_LINES = 50


@dataclass
class IrregularLines:
    """What became of the irregular lines.

    Attributes:
        records: fields of each record that was read, with the line it begins on.
        broken: lines under a rule.
        consumed: indexes of lines (regular ones too) that belong to a multi-line record or were
            swallowed by one.
    """

    records: list[tuple[int, list[str]]]
    broken: list[BrokenLine]
    consumed: set[int]


def read_irregular(
    data: bytes,
    lines: Lines,
    irregular: Ints,
    counts: tuple[Ints, Ints],
    fields: int,
    delimiter: str,
) -> IrregularLines:
    """Read the given line indexes (in order); `counts` are delimiters and quotes per line."""
    result = IrregularLines([], [], set())
    quotes = counts[1]
    for index in irregular.tolist():
        if index in result.consumed:
            continue
        if lines.ends[index] - lines.starts[index] > MAX_LINE_BYTES:
            result.broken.append(
                BrokenLine(index + 1, "R-ROW-06", _text(data, lines, index)[:1000])
            )
        elif quotes[index] % 2:
            _open_quote(data, lines, index, counts, fields, delimiter, result)
        else:
            _one_line(data, lines, index, fields, delimiter, result)
    return result


def _text(data: bytes, lines: Lines, first: int, last: int | None = None) -> str:
    end = lines.ends[first if last is None else last]
    return data[lines.starts[first] : end].decode("utf-8").replace("\r\n", "\n")


def _parse(text: str, delimiter: str) -> list[str] | None:
    """The fields of exactly one record, or None when the quotes are not in order."""
    csv.field_size_limit(MAX_LINE_BYTES * _MAX_RECORD_LINES)
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    if len(rows) != 1:
        return None
    # csv tolerates a quote inside an unquoted field; such a field reads back differently
    for field in rows[0]:
        if '"' in field and f'"{field.replace(chr(34), chr(34) * 2)}"' not in text:
            return None
    return rows[0]


def _one_line(
    data: bytes, lines: Lines, index: int, fields: int, delimiter: str,
    result: IrregularLines,
) -> None:  # fmt: skip
    text = _text(data, lines, index)
    parsed = _parse(text, delimiter)
    if parsed is None:
        rule = "R-ROW-03"
    elif len(parsed) == fields:
        result.records.append((index + 1, parsed))
        return
    else:
        rule = "R-ROW-01" if len(parsed) > fields else "R-ROW-02"
    result.broken.append(BrokenLine(index + 1, rule, text))


def _open_quote(
    data: bytes, lines: Lines, index: int, counts: tuple[Ints, Ints], fields: int, delimiter: str,
    result: IrregularLines,
) -> None:  # fmt: skip
    """A line with an odd number of quotes: a value with a line break in it, or a stray quote."""
    per_line, quotes = counts
    limit = min(index + _MAX_RECORD_LINES, len(lines))
    odd = np.flatnonzero(quotes[index + 1 : limit] % 2)
    if not len(odd) or not _is_open(_text(data, lines, index), delimiter):
        result.broken.append(BrokenLine(index + 1, "R-ROW-03", _text(data, lines, index)))
        return
    last = index + 1 + int(odd[0])
    parsed = _parse(_text(data, lines, index, last), delimiter)
    is_record = parsed is not None and len(parsed) == fields
    inner = any(per_line[i] >= fields - 1 for i in range(index + 1, last))
    if (
        parsed is not None
        and is_record
        and not inner
        and not _holds_record(parsed, fields, delimiter)
    ):
        result.records.append((index + 1, parsed))
        result.consumed.update(range(index, last + 1))
        return
    result.broken.append(BrokenLine(index + 1, "R-ROW-03", _text(data, lines, index)))
    if inner or is_record:
        for i in range(index + 1, last + 1):
            if not lines.is_blank[i]:
                result.broken.append(BrokenLine(i + 1, "R-ROW-04", _text(data, lines, i)))
        result.consumed.update(range(index, last + 1))


def _is_open(text: str, delimiter: str) -> bool:
    """Whether the line ends inside a quoted field (a quote within an unquoted field opens none)."""
    try:
        list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return True
    return False


def _holds_record(parsed: list[str], fields: int, delimiter: str) -> bool:
    return any("\n" in f and f.count(delimiter) >= fields - 1 for f in parsed)
