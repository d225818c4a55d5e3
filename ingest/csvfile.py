"""Delimited text: the columnar reader for all lines that leave no doubt, `csvlines` for the rest.

The dialect is given: a comma, or a tab where the header line says so (Excel's "Unicode text");
double quotes; LF or CRLF. Nothing else is tried. Polars reads whole blocks of lines that hold the
right number of delimiters; what it returned is compared with the independent counter.
"""

from __future__ import annotations

import csv
import io

import numpy as np
import polars as pl

from catalog import ExtractContract
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
from ingest.decode import to_utf8
from ingest.headers import SEARCHED_LINES, is_header
from ingest.refusal import Refusal
from ingest.table import TOTAL_MARKERS, BrokenLine, Table

_CTRL_Z = b"\x1a"
# Up to this share of lines with a quote, those are read one by one and the rest without quotes.
_FEW_QUOTED = 0.02


def read_csv(raw: bytes, contract: ExtractContract) -> Table:
    """Read one delimited file.

    Raises:
        Refusal: it is empty, not decodable, has no header of this contract, or its records do
            not balance.
    """
    data, encoding = to_utf8(raw)
    data = data.rstrip(b"\r\n")
    if data.endswith(_CTRL_Z):
        data = data[:-1].rstrip(b"\r\n")
    if not data or data.isspace():
        raise Refusal("R-FILE-01", "文件没有任何内容")
    if b"\n" not in data and b"\r" in data:
        raise Refusal("R-FILE-12", "文件只有回车符，没有换行符")
    header_end, headers, delimiter, titles = _find_header(data, contract)
    first_line = data.count(b"\n", 0, header_end) + 1
    body = data[header_end:]
    cells, lines, broken = _read_body(body, len(headers), delimiter)
    shifted = tuple(BrokenLine(b.line + first_line - 1, b.rule_id, b.text) for b in broken)
    cells, lines, totals = without_totals(cells, lines + (first_line - 1))
    kept = tuple(b for b in shifted if not b.text.strip().startswith(TOTAL_MARKERS))
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


def _find_header(data: bytes, contract: ExtractContract) -> tuple[int, list[str], str, int]:
    """Offset after the header line, its cells, the delimiter, and the title lines before it."""
    at, titles = 0, 0
    for _ in range(SEARCHED_LINES):
        if at >= len(data):
            break
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        text = data[at : min(end, at + MAX_LINE_BYTES)].decode("utf-8", "ignore")
        for delimiter in (",", "\t"):
            try:
                cells = next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
            except csv.Error:  # a bare carriage return, or a field beyond all measure
                cells = []
            if is_header(contract, cells):
                return min(end + 1, len(data)), cells, delimiter, titles
        titles += bool(text.strip(" \t\r,"))
        at = end + 1
    raise Refusal("R-COL-01", f"前 {SEARCHED_LINES} 行中没有“{contract.title_cn}”的表头")


def _read_body(
    body: bytes, fields: int, delimiter: str
) -> tuple[pl.DataFrame, pl.Series, list[BrokenLine]]:
    lines = find_lines(body)
    records = int(np.count_nonzero(~lines.is_blank))
    has_quotes = QUOTE in body
    simple = (
        not has_quotes and records == len(lines) and _is_balanced(body, records, fields, delimiter)
    )
    if simple and len(lines) and int((lines.ends - lines.starts).max()) <= MAX_LINE_BYTES:
        frame = _parse_block(body, fields, delimiter, quoted=False)
        if frame is not None and frame.height == records:
            return frame, pl.Series("line", np.arange(1, records + 1)), []
    return _read_by_lines(body, lines, fields, delimiter, has_quotes)


def _is_balanced(body: bytes, records: int, fields: int, delimiter: str) -> bool:
    return count_byte(body, ord(delimiter)) == (fields - 1) * records


def _parse_block(block: bytes, fields: int, delimiter: str, *, quoted: bool) -> pl.DataFrame | None:
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
            extra_columns="raise",
        )
    except pl.exceptions.PolarsError:
        return None


def _read_by_lines(
    body: bytes, lines: Lines, fields: int, delimiter: str, has_quotes: bool
) -> tuple[pl.DataFrame, pl.Series, list[BrokenLine]]:
    counts = per_line(body, lines, ord(delimiter))
    delimiters, quotes = counts
    regular = (delimiters == fields - 1) & (quotes % 2 == 0) & ~lines.is_blank
    regular &= (lines.ends - lines.starts) <= MAX_LINE_BYTES
    quoted = quotes > 0
    if quoted.sum() <= _FEW_QUOTED * len(lines):
        regular &= ~quoted
        has_quotes = False
    elif has_quotes:
        regular &= ~_has_odd_quotes(body, lines)
    irregular = np.flatnonzero(~regular & ~lines.is_blank)
    rest = read_irregular(body, lines, irregular, counts, fields, delimiter)
    if rest.consumed:
        regular[np.fromiter(rest.consumed, dtype=np.int64)] = False
    frame = _parse_block(join_lines(body, lines, regular), fields, delimiter, quoted=has_quotes)
    if frame is None or frame.height != int(np.count_nonzero(regular)):
        raise Refusal("R-FILE-13", "解析所得记录数与独立计数不符")
    _check_conservation(lines, regular, rest)
    numbers = np.flatnonzero(regular) + 1
    if rest.records:
        schema = dict.fromkeys(frame.columns, pl.String)
        rows = [[f if f != "" else None for f in fields_] for _, fields_ in rest.records]
        frame = pl.concat([frame, pl.DataFrame(rows, schema=schema, orient="row")])
        numbers = np.append(numbers, [line for line, _ in rest.records])
        order = np.argsort(numbers, kind="stable")
        frame, numbers = frame[order], numbers[order]
    return frame, pl.Series("line", numbers), rest.broken


def _has_odd_quotes(body: bytes, lines: Lines) -> np.typing.NDArray[np.bool_]:
    """Lines in which a quote stands elsewhere than at the edge of a field or doubled."""
    buffer = np.frombuffer(body, dtype=np.uint8)
    spots = np.flatnonzero(buffer == QUOTE)
    edge = np.zeros(256, dtype=bool)
    edge[[ord(","), ord("\t"), ord("\n"), QUOTE]] = True
    before = edge[buffer[np.maximum(spots - 1, 0)]] | (spots == 0)
    after = edge[buffer[np.minimum(spots + 1, len(buffer) - 1)]] | (spots == len(buffer) - 1)
    line_of = np.searchsorted(lines.ends, spots)
    first = np.searchsorted(spots, lines.starts[line_of])
    is_opening = (np.arange(len(spots)) - first) % 2 == 0
    wrong = np.where(is_opening, ~before, ~after)
    flagged = np.zeros(len(lines), dtype=bool)
    flagged[line_of[wrong]] = True
    return flagged


def _check_conservation(
    lines: Lines, regular: np.typing.NDArray[np.bool_], rest: IrregularLines
) -> None:
    """Every physical line is a record, part of one, broken, or blank; none is two of these."""
    accounted = np.asarray(regular, dtype=np.int64) + lines.is_blank
    whole = {line - 1 for line, _ in rest.records} | {b.line - 1 for b in rest.broken}
    single: Ints = np.fromiter(whole | rest.consumed, dtype=np.int64, count=-1)
    accounted[single] = np.where(lines.is_blank[single], 1, accounted[single] + 1)
    if len(accounted) and not (accounted == 1).all():
        raise Refusal("R-FILE-13", "有物理行未被计入或被重复计入")


def without_totals(cells: pl.DataFrame, lines: pl.Series) -> tuple[pl.DataFrame, pl.Series, int]:
    """Drop total and note lines, and lines without any value: they are skipped, not read.

    A total line begins with a marker such as 合计 and leaves at least half of its cells empty.
    """
    if cells.height == 0:
        return cells, lines, 0
    suspects = cells.select(
        (
            pl.col("0").is_null()
            | pl.col("0").str.strip_chars().str.contains("^($|" + "|".join(TOTAL_MARKERS) + ")")
        ).alias("s")
    )["s"]
    if not suspects.any():
        return cells, lines, 0
    index = suspects.arg_true()
    some = cells[index]
    text = pl.coalesce(pl.all().str.strip_chars().replace("", None))
    empty = pl.sum_horizontal(pl.all().fill_null("").str.strip_chars().str.len_bytes() == 0)
    judged = some.select(
        is_total=text.str.contains("^(" + "|".join(TOTAL_MARKERS) + ")").fill_null(False)
        & (empty * 2 >= cells.width),
        is_empty=empty == cells.width,
    )
    drop = index.filter(judged["is_total"] | judged["is_empty"])
    if drop.is_empty():
        return cells, lines, 0
    keep = np.ones(cells.height, dtype=bool)
    keep[drop.to_numpy()] = False
    mask = pl.Series(keep)
    return cells.filter(mask), lines.filter(mask), len(drop)
