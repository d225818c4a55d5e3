"""The records of delimited text: the columnar reader, and `csvlines` for what leaves a doubt.

Polars reads whole blocks of lines that hold the right number of delimiters; what it returned is
compared with the independent counter. Where few lines hold a quote or a wrong number of
delimiters, Polars makes a row of every physical line, and the rows of those lines are replaced.
The bytes stay where they are: lines are offsets into the one buffer.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl

from ingest.clean import Bools
from ingest.counting import QUOTE, Ints, Lines, find_lines, join_lines, per_line
from ingest.csvlines import MAX_LINE_BYTES, IrregularLines, read_irregular
from ingest.refusal import Refusal
from ingest.table import BrokenLine

# Up to this share of lines with a quote, those are read one by one and the rest without quotes.
_FEW = 0.02
# With fewer quotes than one in so many bytes, these are surely few.
_PLAIN_BYTES = 1 << 13
_LAST_BREAKS = (b"", b"\n", b"\r\n")


def read_body(
    data: bytes, start: int, end: int, fields: int, delimiter: str
) -> tuple[pl.DataFrame, pl.Series, list[BrokenLine]]:
    """The records that lie from `start` (the beginning of a line) to `end`.

    Returns text cells, the line of each record (1 at `start`), and the lines that hold none.

    Raises:
        Refusal: records and lines do not balance.
    """
    is_plain = data.count(QUOTE, start, end) * _PLAIN_BYTES <= end - start
    with ThreadPoolExecutor(1) as pool:  # one core parses while the other counts
        parsing = pool.submit(_parse_lines, data, start, end, fields, delimiter, is_plain)
        lines = find_lines(data, start, end)
        counts = per_line(data, lines, ord(delimiter))
        everything = parsing.result()
    return _read_by_lines(data, lines, counts, fields, delimiter, everything)


def _parse_lines(
    data: bytes, start: int, end: int, fields: int, delimiter: str, is_plain: bool
) -> pl.DataFrame | None:
    """One row of text cells for each physical line, quotes being nothing special.

    Rows of lines that do not have exactly `fields` fields mean nothing. None of lines that are not
    plain.
    """
    if not is_plain:
        return None
    if data[end:] not in _LAST_BREAKS:  # else blank lines and a Ctrl-Z become rows
        data, start = data[start:end], 0
    return _parse(data, fields, delimiter, skip=data.count(b"\n", 0, start), ragged=True)


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
    data: bytes, lines: Lines, counts: tuple[Ints, Ints], fields: int, delimiter: str,
    everything: pl.DataFrame | None,
) -> tuple[pl.DataFrame, pl.Series, list[BrokenLine]]:  # fmt: skip
    """Records of all lines; `everything` is a row of each line, if they were read like that."""
    delimiters, quotes = counts
    regular = (delimiters == fields - 1) & (quotes % 2 == 0) & ~lines.is_blank
    regular &= (lines.ends - lines.starts) <= MAX_LINE_BYTES
    quoted = quotes > 0
    has_quotes = bool(quoted.sum() > _FEW * len(lines))
    regular &= ~(_has_odd_quotes(data, lines) if has_quotes else quoted)
    irregular = np.flatnonzero(~regular & ~lines.is_blank)
    rest = read_irregular(data, lines, irregular, counts, fields, delimiter)
    if rest.consumed:
        regular[np.fromiter(rest.consumed, dtype=np.int64)] = False
    _check_conservation(lines, regular, rest)
    numbers = np.flatnonzero(regular) + 1
    if everything is not None and not has_quotes and everything.height == len(lines):
        if len(numbers) >= (1 - _FEW) * len(lines):
            return *_place(everything, regular, numbers, rest.records), rest.broken
        frame: pl.DataFrame | None = everything.filter(pl.Series(regular))
    else:
        block = join_lines(data, lines, regular)
        frame = _parse(block, fields, delimiter, quoted=has_quotes)
    if frame is None or frame.height != len(numbers):
        raise Refusal("R-FILE-13", "解析所得记录数与独立计数不符")
    whole = np.ones(len(numbers), dtype=bool)
    return *_place(frame, whole, numbers, rest.records), rest.broken


def _place(
    frame: pl.DataFrame, wanted: Bools, numbers: Ints, records: list[tuple[int, list[str]]]
) -> tuple[pl.DataFrame, pl.Series]:
    """The wanted rows, `numbers` being their lines, with single records put in between.

    Whatever lies between two of these stays together: all of it is copied once.
    """
    dead = np.flatnonzero(~wanted)
    if not records and not len(dead):
        return frame, pl.Series("line", numbers)
    rows = [[f if f != "" else None for f in fields] for _, fields in records]
    own = pl.DataFrame(rows, schema=frame.schema, orient="row")
    spots = np.searchsorted(numbers, [line for line, _ in records])
    before = np.append(np.flatnonzero(wanted), len(wanted))[spots]  # the row that it stands before
    cuts = [(row, len(rows)) for row in dead.tolist()]
    cuts += [(row, number) for number, row in enumerate(before.tolist())]
    pieces, begin = [], 0
    for row, number in sorted(cuts):
        pieces += [frame[begin:row], own[number : number + 1]]
        begin = row if number < len(rows) else row + 1
    pieces.append(frame[begin:])
    lines = np.insert(numbers, spots, [line for line, _ in records])
    return pl.concat(pieces, rechunk=True), pl.Series("line", lines)


def _has_odd_quotes(data: bytes, lines: Lines) -> Bools:
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


def _check_conservation(lines: Lines, regular: Bools, rest: IrregularLines) -> None:
    """Every physical line is a record, part of one, broken, or blank; none is two of these."""
    accounted = np.asarray(regular, dtype=np.int64) + lines.is_blank
    whole = {line - 1 for line, _ in rest.records} | {b.line - 1 for b in rest.broken}
    single: Ints = np.fromiter(whole | rest.consumed, dtype=np.int64, count=-1)
    accounted[single] = np.where(lines.is_blank[single], 1, accounted[single] + 1)
    if len(accounted) and not (accounted == 1).all():
        raise Refusal("R-FILE-13", "有物理行未被计入或被重复计入")
