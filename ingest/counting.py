"""The independent counter: physical lines and delimiters, by numpy, not by the parser.

What it counts must agree with what the parser returned, or the file goes to the line-wise reader
(`csvlines`); what that one returns must agree again, or the delivery is refused (R-FILE-13).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

NEWLINE, RETURN, QUOTE = 10, 13, 34
_BLOCK = 1 << 20
_QUOTED_LINES = 50_000
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Lines:
    """Where the physical lines of a buffer are.

    Attributes:
        starts, ends: byte offsets; `ends` excludes LF or CRLF.
        is_blank: nothing but spaces and tabs.
    """

    starts: Ints
    ends: Ints
    is_blank: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        """How many physical lines there are, blank ones included."""
        return len(self.starts)


def find_lines(data: bytes, first: int = 0, last: int | None = None) -> Lines:
    """Split the bytes from `first` to `last` at LF or CRLF; offsets are those of `data`."""
    last = len(data) if last is None else last
    buffer = np.frombuffer(data, dtype=np.uint8)
    spots = [
        np.flatnonzero(buffer[at : min(at + _BLOCK, last)] == NEWLINE) + at
        for at in range(first, last, _BLOCK)
    ]
    ends = np.concatenate(spots) if spots else np.empty(0, dtype=np.int64)
    if last > first and buffer[last - 1] != NEWLINE:
        ends = np.append(ends, last)
    starts = np.empty(len(ends), dtype=np.int64)
    if len(ends):
        starts[0] = first
        starts[1:] = ends[:-1] + 1
    has_return = (ends > starts) & (buffer[np.maximum(ends - 1, 0)] == RETURN)
    ends = ends - has_return
    lengths = ends - starts
    blank = lengths == 0
    candidates = np.flatnonzero(lengths > 0)
    heads = buffer[starts[candidates]]
    suspicious = candidates[(heads == 32) | (heads == 9)]
    for index in suspicious.tolist():  # lines that begin with a blank are rare
        blank[index] = not data[starts[index] : ends[index]].strip()
    return Lines(starts, ends, blank)


def join_lines(data: bytes, lines: Lines, chosen: npt.NDArray[np.bool_]) -> bytes:
    """The chosen lines as one buffer; runs of neighbours are copied in one piece."""
    if not chosen.any():
        return b""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], chosen.astype(np.int8), [0]))))
    runs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    view = memoryview(data)
    return b"\n".join(view[lines.starts[a] : lines.ends[b - 1]] for a, b in runs)


def per_line(data: bytes, lines: Lines, delimiter: int) -> tuple[Ints, Ints]:
    """Delimiters outside quotes and quotes of each physical line, each line taken on its own."""
    delimiters = _occurrences(data, lines, delimiter)
    has_quotes = data.find(QUOTE, lines.starts[0], lines.ends[-1]) >= 0 if len(lines) else False
    quotes = _occurrences(data, lines, QUOTE) if has_quotes else np.zeros_like(delimiters)
    quoted = np.flatnonzero(quotes)
    for at in range(0, len(quoted), _QUOTED_LINES):
        some = quoted[at : at + _QUOTED_LINES]
        chosen = np.zeros(len(lines), dtype=bool)
        chosen[some] = True
        delimiters[some] = _outside_quotes(join_lines(data, lines, chosen), delimiter)
    return delimiters, quotes


def _occurrences(data: bytes, lines: Lines, byte: int) -> Ints:
    """How often a byte occurs in each line: counts before each line's start, then differences."""
    buffer = np.frombuffer(data, dtype=np.uint8)
    before = np.empty(len(lines) + 1, dtype=np.int64)
    total = first = 0
    begin, end = (int(lines.starts[0]), int(lines.ends[-1])) if len(lines) else (0, 0)
    for at in range(begin, end, _BLOCK):
        spots = np.flatnonzero(buffer[at : min(at + _BLOCK, end)] == byte)
        last = int(np.searchsorted(lines.starts, at + _BLOCK))
        before[first:last] = np.searchsorted(spots, lines.starts[first:last] - at) + total
        total, first = total + len(spots), last
    before[first:] = total
    return np.diff(before)


def _outside_quotes(block: bytes, delimiter: int) -> Ints:
    """Delimiters outside quotes of each line of a block; quotes are counted anew in each line."""
    lines = find_lines(block)
    buffer = np.frombuffer(block, dtype=np.uint8)
    quotes = np.concatenate(([0], np.cumsum(buffer == QUOTE, dtype=np.int32)))
    edges = np.append(lines.starts, len(buffer))
    at_start = np.repeat(quotes[lines.starts], np.diff(edges))
    outside = (quotes[1:] - at_start) & 1 == 0
    spots = np.flatnonzero((buffer == delimiter) & outside)
    return np.diff(np.searchsorted(spots, edges))
