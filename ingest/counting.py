"""The independent counter: physical lines and delimiters, by numpy, not by the parser.

What it counts must agree with what the parser returned, or the file goes to the line-wise reader
(`csvlines`); what that one returns must agree again, or the delivery is refused (R-FILE-13).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

NEWLINE, QUOTE = 10, 34
_BLOCK = 1 << 22
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Lines:
    """Where the physical lines of a buffer are.

    Attributes:
        starts, ends: byte offsets; `ends` excludes the newline.
        is_blank: nothing but spaces and tabs.
    """

    starts: Ints
    ends: Ints
    is_blank: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        """How many physical lines there are, blank ones included."""
        return len(self.starts)


def find_lines(data: bytes) -> Lines:
    """Split a buffer at newlines (the buffer's CRLF are LF by now)."""
    buffer = np.frombuffer(data, dtype=np.uint8)
    spots = [
        np.flatnonzero(buffer[at : at + _BLOCK] == NEWLINE) + at
        for at in range(0, len(buffer), _BLOCK)
    ]
    ends = np.concatenate(spots) if spots else np.empty(0, dtype=np.int64)
    if len(buffer) and buffer[-1] != NEWLINE:
        ends = np.append(ends, len(buffer))
    starts = np.empty(len(ends), dtype=np.int64)
    if len(ends):
        starts[0] = 0
        starts[1:] = ends[:-1] + 1
    lengths = ends - starts
    blank = lengths == 0
    candidates = np.flatnonzero(lengths > 0)
    first = buffer[starts[candidates]]
    suspicious = candidates[(first == 32) | (first == 9)]
    for index in suspicious.tolist():  # lines that begin with a blank are rare
        blank[index] = not data[starts[index] : ends[index]].strip()
    return Lines(starts, ends, blank)


def count_byte(data: bytes, byte: int) -> int:
    """How often a byte occurs."""
    buffer = np.frombuffer(data, dtype=np.uint8)
    return sum(
        int(np.count_nonzero(buffer[at : at + _BLOCK] == byte))
        for at in range(0, len(buffer), _BLOCK)
    )


def per_line(data: bytes, lines: Lines, delimiter: int) -> tuple[Ints, Ints]:
    """Delimiters outside quotes and quotes of each physical line, each line taken on its own."""
    buffer = np.frombuffer(data, dtype=np.uint8)
    delimiters = np.zeros(len(lines), dtype=np.int64)
    quotes = np.zeros(len(lines), dtype=np.int64)
    first = 0
    while first < len(lines):
        last = int(np.searchsorted(lines.ends, lines.starts[first] + _BLOCK, side="right"))
        last = max(last, first + 1)
        begin, end = int(lines.starts[first]), int(lines.ends[last - 1])
        block = buffer[begin:end]
        offsets = lines.starts[first:last] - begin
        is_quote = block == QUOTE
        is_delimiter = block == delimiter
        if is_quote.any():
            before = np.concatenate(([0], np.cumsum(is_quote, dtype=np.int64)))
            edges = np.append(offsets, len(block))
            in_line = np.diff(before[np.minimum(edges, len(block))])
            quotes[first:last] = in_line
            start_of = np.repeat(before[offsets], np.diff(edges))
            inside = (before[1:] - start_of) & 1 == 1
            is_delimiter = is_delimiter & ~inside
        spots = np.flatnonzero(is_delimiter)
        edges = np.append(offsets, len(block) + 1)
        delimiters[first:last] = np.diff(np.searchsorted(spots, edges))
        first = last
    return delimiters, quotes
