"""The records of delimited text: the columnar reader, and `csvlines` for what leaves a doubt.

Polars reads whole blocks of lines that hold the right number of delimiters; what it returned is
compared with the independent counter. Where few lines hold a quote or a wrong number of
delimiters, Polars makes a row of every physical line, and the rows of those lines are replaced.
The bytes stay where they are: lines are offsets into the one buffer.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from ingest.counting import (
    QUOTE,
    Ints,
    Lines,
    count_byte,
    find_lines,
    join_lines,
    per_line,
)
from ingest.csvlines import MAX_LINE_BYTES, IrregularLines, read_irregular
from ingest.refusal import Refusal
from ingest.table import BrokenLine

# Up to this share of lines with a quote, those are read one by one and the rest without quotes.
_FEW_QUOTED = 0.02
_LAST_BREAKS = (b"", b"\n", b"\r\n")


def read_body(
    data: bytes, start: int, end: int, fields: int, delimiter: str
) -> tuple[pl.DataFrame, pl.Series, list[BrokenLine]]:
    """The records that lie from `start` (the beginning of a line) to `end`.

    Returns text cells, the line of each record (1 at `start`), and the lines that hold none.

    Raises:
        Refusal: records and lines do not balance.
    """
    lines = find_lines(data, start, end)
    records = int(np.count_nonzero(~lines.is_blank))
    has_quotes = data.find(QUOTE, start, end) >= 0
    if (
        not has_quotes
        and 0 < records == len(lines)
        and count_byte(data, ord(delimiter), start, end) == (fields - 1) * records
        and int((lines.ends - lines.starts).max()) <= MAX_LINE_BYTES
    ):
        frame = _parse_lines(data, start, end, fields, delimiter, ragged=False)
        if frame is not None and frame.height == records:
            return frame, pl.Series("line", np.arange(1, records + 1)), []
    return _read_by_lines(data, lines, fields, delimiter, has_quotes)


def _parse_lines(
    data: bytes, start: int, end: int, fields: int, delimiter: str, *, ragged: bool
) -> pl.DataFrame | None:
    """One row of text cells for each physical line, quotes being nothing special.

    Without `ragged` a line of too many fields makes None of it all; with it, rows of lines that do
    not have exactly `fields` fields mean nothing.
    """
    if data[end:] not in _LAST_BREAKS:  # else blank lines and a Ctrl-Z become rows
        data, start = data[start:end], 0
    return _parse(data, fields, delimiter, skip=data.count(b"\n", 0, start), ragged=ragged)


def _parse(
    block: bytes, fields: int, delimiter: str, *, skip: int = 0, quoted: bool = False,
    ragged: bool = False,
) -> pl.DataFrame | None:  # fmt: skip
    """All lines of a block as text cells, or None when the columnar reader refuses it."""
    names = [str(i) for i in range(fields)]
    if not block:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    try:
        return pl.read_csv(
            block,
            has_header=False,
            new_columns=names,
            schema=dict.fromkeys(names, pl.String),
            separator=delimiter,
            quote_char='"' if quoted else None,
            eol_char="\n",
            skip_lines=skip,
            extra_columns="ignore" if ragged else "raise",
            missing_columns="insert" if ragged else "raise",
        )
    except pl.exceptions.PolarsError:
        return None


def _read_by_lines(
    data: bytes, lines: Lines, fields: int, delimiter: str, has_quotes: bool
) -> tuple[pl.DataFrame, pl.Series, list[BrokenLine]]:
    counts = per_line(data, lines, ord(delimiter))
    delimiters, quotes = counts
    regular = (delimiters == fields - 1) & (quotes % 2 == 0) & ~lines.is_blank
    regular &= (lines.ends - lines.starts) <= MAX_LINE_BYTES
    quoted = quotes > 0
    if quoted.sum() <= _FEW_QUOTED * len(lines):
        regular &= ~quoted
        has_quotes = False
    elif has_quotes:
        regular &= ~_has_odd_quotes(data, lines)
    irregular = np.flatnonzero(~regular & ~lines.is_blank)
    rest = read_irregular(data, lines, irregular, counts, fields, delimiter)
    if rest.consumed:
        regular[np.fromiter(rest.consumed, dtype=np.int64)] = False
    frame = _regular_rows(data, lines, regular, fields, delimiter, has_quotes)
    if frame is None or frame.height != int(np.count_nonzero(regular)):
        raise Refusal("R-FILE-13", "解析所得记录数与独立计数不符")
    _check_conservation(lines, regular, rest)
    return *_put_in(frame, np.flatnonzero(regular) + 1, rest.records), rest.broken


def _regular_rows(
    data: bytes, lines: Lines, regular: npt.NDArray[np.bool_], fields: int, delimiter: str,
    has_quotes: bool,
) -> pl.DataFrame | None:  # fmt: skip
    """The rows of the regular lines, read where they lie, or from a copy of them alone."""
    if not has_quotes and regular.any():
        start, end = int(lines.starts[0]), int(lines.ends[-1])
        everything = _parse_lines(data, start, end, fields, delimiter, ragged=True)
        if everything is not None and everything.height == len(lines):
            return everything.filter(pl.Series(regular))
    return _parse(join_lines(data, lines, regular), fields, delimiter, quoted=has_quotes)


def _put_in(
    frame: pl.DataFrame, numbers: Ints, records: list[tuple[int, list[str]]]
) -> tuple[pl.DataFrame, pl.Series]:
    """Put single records into their places: the rows between them stay together."""
    if not records:
        return frame, pl.Series("line", numbers)
    rows = [[f if f != "" else None for f in fields] for _, fields in records]
    own = pl.DataFrame(rows, schema=frame.schema, orient="row")
    spots = np.searchsorted(numbers, [line for line, _ in records])
    edges = np.flatnonzero(np.diff(spots)) + 1  # neighbours that go into one place
    pieces, begin = [], 0
    for first, last in zip([0, *edges.tolist()], [*edges.tolist(), len(records)], strict=True):
        spot = int(spots[first])
        pieces += [frame[begin:spot], own[first:last]]
        begin = spot
    pieces.append(frame[begin:])
    merged = np.insert(numbers, spots, [line for line, _ in records])
    return pl.concat(pieces, rechunk=True), pl.Series("line", merged)


def _has_odd_quotes(data: bytes, lines: Lines) -> npt.NDArray[np.bool_]:
    """Lines in which a quote stands elsewhere than at the edge of a field or doubled."""
    begin, end = int(lines.starts[0]), int(lines.ends[-1])
    buffer = np.frombuffer(data, dtype=np.uint8)
    spots = np.flatnonzero(buffer[begin:end] == QUOTE) + begin
    edge = np.zeros(256, dtype=bool)
    edge[[ord(","), ord("\t"), ord("\n"), QUOTE]] = True
    before = edge[buffer[np.maximum(spots - 1, begin)]] | (spots == begin)
    after = edge[buffer[np.minimum(spots + 1, end - 1)]] | (spots == end - 1)
    line_of = np.searchsorted(lines.ends, spots)
    first = np.searchsorted(spots, lines.starts[line_of])
    is_opening = (np.arange(len(spots)) - first) % 2 == 0
    wrong = np.where(is_opening, ~before, ~after)
    flagged = np.zeros(len(lines), dtype=bool)
    flagged[line_of[wrong]] = True
    return flagged


def _check_conservation(lines: Lines, regular: npt.NDArray[np.bool_], rest: IrregularLines) -> None:
    """Every physical line is a record, part of one, broken, or blank; none is two of these."""
    accounted = np.asarray(regular, dtype=np.int64) + lines.is_blank
    whole = {line - 1 for line, _ in rest.records} | {b.line - 1 for b in rest.broken}
    single: Ints = np.fromiter(whole | rest.consumed, dtype=np.int64, count=-1)
    accounted[single] = np.where(lines.is_blank[single], 1, accounted[single] + 1)
    if len(accounted) and not (accounted == 1).all():
        raise Refusal("R-FILE-13", "有物理行未被计入或被重复计入")
