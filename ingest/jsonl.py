"""JSON lines: one object on each physical line; keys are headers, values are text.

Lines that are one flat object of plain values go to the columnar reader as whole blocks; what it
could not give back exactly (a key twice, nested values, halves of surrogate pairs) and whatever is
no object is read line by line. Numbers, `true` and `false` keep their literal text: 18 digits stay
18 digits and `1e5` stays `1e5`. A list of texts in a column that holds several values is joined by
`^`. The independent count is that of the physical lines that are not blank.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl
import pyarrow as pa

from catalog import ExtractContract
from ingest.clean import THREADS, as_bools, replace_at
from ingest.counting import Ints, Lines, find_lines
from ingest.csvlines import MAX_LINE_BYTES
from ingest.decode import to_utf8
from ingest.headers import recognised
from ingest.jsonrecords import JsonParts, read_carefully
from ingest.refusal import Refusal
from ingest.table import BrokenLine, Table

_CTRL_Z = b"\x1a"
_BLOCK_LINES = 50_000
_SAMPLE = 200
_KEPT_OF_LONG = 1000
_FEWEST_KEYS = 3

# RFC 8259, but for halves of surrogate pairs: those lines are looked at one by one.
_W = r"[ \t\r\n]*"
_TEXT = (
    r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u(?:[0-9a-cefA-CEF][0-9a-fA-F]{3}'
    r'|[dD][0-7][0-9a-fA-F]{2})))*"'
)
_LITERAL = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false"
_PAIR = rf"{_TEXT}{_W}:{_W}(?:{_TEXT}|{_LITERAL}|null)"
_FLAT = rf"^{_W}\{{{_W}(?:{_PAIR}{_W}(?:,{_W}{_PAIR}{_W})*)?\}}{_W}$"
_MAY_HOLD_LITERAL = rf'"{_W}:{_W}[-0-9tfn]'
# Without a backslash every quote opens or closes a text; then, unless a text begins with a colon,
# a quote before a colon closes a key, and what follows can be told by its first character.
_AMBIGUOUS = rf'\\|[:,{{]{_W}"{_W}:'
_NULL, _BARE = rf'("{_W}:{_W})null', rf'("{_W}:{_W})({_LITERAL})'
# Else each pair whole, so that matches never begin inside a text; control characters, which no JSON
# line may hold, mark which of the three kinds the value is.
_MARKED_PAIR = rf"({_TEXT}{_W}:{_W})(?:({_TEXT})|({_LITERAL})|(null))"
_MARKS = "${1}${2}\x01${3}\x02${4}\x03"
_QUOTED = {"\x01\x02\x03": "", "\x01\x02null\x03": '""', "\x01": '"', "\x02\x03": '"'}


def read_jsonl(raw: bytes, contract: ExtractContract) -> Table:
    """Read one file of JSON lines.

    Raises:
        Refusal: it is empty, not decodable, not JSON lines, knows no column of this contract, or
            its records do not balance.
    """
    data, encoding = to_utf8(raw)
    data = data.rstrip(b"\r\n")
    if data.endswith(_CTRL_Z):
        data = data[:-1].rstrip(b"\r\n")
    if not data or data.isspace():
        raise Refusal("R-FILE-01", "文件没有任何内容")
    if b"\n" not in data and b"\r" in data.strip():
        raise Refusal("R-FILE-12", "文件只有回车符，没有换行符")
    if data.lstrip()[:1] == b"[":
        raise Refusal("R-JSON-01", "整个文件是一个 JSON 数组")
    lines = find_lines(data)
    parts = _read_lines(data, lines, contract)
    headers = list(dict.fromkeys(name for frame in parts.frames for name in frame.columns))
    if not headers and not any(frame.height for frame in parts.frames):
        raise Refusal("R-JSON-01", "没有一行是 JSON 对象")
    if recognised(contract, headers) < min(_FEWEST_KEYS, len(contract.columns)):
        raise Refusal("R-COL-01", f"各行中没有“{contract.title_cn}”的信息项名称")
    schema = dict.fromkeys(headers, pl.String())
    empty = pl.DataFrame(schema=schema)
    frame = pl.concat([empty, *parts.frames], how="diagonal")
    numbers = np.concatenate([np.empty(0, dtype=np.int64), *parts.lines])
    order = np.argsort(numbers, kind="stable")
    frame, numbers = frame[order], numbers[order] + 1
    broken = sorted(parts.broken, key=lambda b: b.line)
    _check_conservation(lines, numbers, broken)
    return Table(
        headers=tuple(headers),
        cells=frame.rename({name: str(i) for i, name in enumerate(headers)}),
        lines=pl.Series("line", numbers),
        broken=tuple(broken),
        skipped=0,
        read=frame.height + len(broken),
        encoding=encoding,
        delimiter="json",
    )


def _check_conservation(lines: Lines, numbers: Ints, broken: list[BrokenLine]) -> None:
    """Every physical line is one record, broken, or blank; none is two of these."""
    seen = np.concatenate([numbers, np.asarray([b.line for b in broken], dtype=np.int64)])
    wanted = np.flatnonzero(~lines.is_blank) + 1
    if not np.array_equal(np.sort(seen), wanted):
        raise Refusal("R-FILE-13", "解析所得记录数与独立计数不符")


def _read_lines(data: bytes, lines: Lines, contract: ExtractContract) -> JsonParts:
    parts = JsonParts()
    is_long = (lines.ends - lines.starts) > MAX_LINE_BYTES
    for index in np.flatnonzero(is_long).tolist():
        text = data[lines.starts[index] : lines.ends[index]].decode("utf-8", "ignore")
        parts.broken.append(BrokenLine(index + 1, "R-ROW-06", text[:_KEPT_OF_LONG]))
    chosen = np.flatnonzero(~lines.is_blank & ~is_long)
    if not len(chosen):
        return parts
    texts = _texts(data, lines)
    several = _several(contract)
    sample = read_carefully(texts.gather(chosen[:_SAMPLE]), chosen[:_SAMPLE], contract, several)
    keys = list(dict.fromkeys(name for frame in sample.frames for name in frame.columns))
    blocks = [chosen[at : at + _BLOCK_LINES] for at in range(0, len(chosen), _BLOCK_LINES)]
    with ThreadPoolExecutor(THREADS) as pool:
        done = pool.map(lambda spots: _read_block(texts, spots, keys, contract, several), blocks)
        for one in done:
            parts.frames += one.frames
            parts.lines += one.lines
            parts.broken += one.broken
    return parts


def _texts(data: bytes, lines: Lines) -> pl.Series:
    """Every physical line, its line break included, without copying the bytes."""
    offsets = np.append(lines.starts, len(data)).astype(np.int64)
    array = pa.Array.from_buffers(
        pa.large_string(), len(lines), [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    )
    return pl.Series(array)


def _several(contract: ExtractContract) -> frozenset[str]:
    """Columns that hold several values: there a list of texts stands for the joined text."""
    kinds = {"several", "holder_codes"}
    return frozenset(c.name for c in contract.columns if kinds & {k.kind for k in c.checks})


def _read_block(
    texts: pl.Series, spots: Ints, keys: list[str], contract: ExtractContract,
    several: frozenset[str],
) -> JsonParts:  # fmt: skip
    """Read some lines: flat ones as a whole, the rest one by one."""
    parts = JsonParts()
    some = texts.gather(spots)
    flat = as_bools(some.str.contains(_FLAT))
    literal = as_bools(some.str.contains(_MAY_HOLD_LITERAL)) & flat
    slow = ~flat
    for chosen, has_literals in ((flat & ~literal, False), (literal, True)):
        at = np.flatnonzero(chosen)
        if not len(at):
            continue
        block = _as_texts(some.gather(at)) if has_literals else some.gather(at)
        frame, exact = _read_flat(block, keys)
        parts.frames.append(frame.filter(pl.Series(exact)))
        parts.lines.append(spots[at[exact]])
        slow[at[~exact]] = True
    rest = np.flatnonzero(slow)
    if len(rest):
        careful = read_carefully(some.gather(rest), spots[rest], contract, several)
        parts.frames += careful.frames
        parts.lines += careful.lines
        parts.broken += careful.broken
    return parts


def _as_texts(block: pl.Series) -> pl.Series:
    """Flat lines with each literal as a text of its own characters, and null as an empty one."""
    ambiguous = np.flatnonzero(as_bools(block.str.contains(_AMBIGUOUS)))
    told = block.str.replace_all(_NULL, '${1}""').str.replace_all(_BARE, '${1}"${2}"')
    if not len(ambiguous):
        return told
    marked = block.gather(ambiguous).str.replace_all(_MARKED_PAIR, _MARKS)
    for mark, written in _QUOTED.items():
        marked = marked.str.replace_all(mark, written, literal=True)
    return replace_at(told, ambiguous, marked)


def _read_flat(
    block: pl.Series, keys: list[str]
) -> tuple[pl.DataFrame, np.typing.NDArray[np.bool_]]:
    """Cells of flat lines by key, and which of the lines came out whole.

    A line is whole when it has as many cells as pairs: then no key stood twice and none is
    unknown. Counting `":` never counts too few pairs, and too many only send the line to the
    careful reader.
    """
    schema = dict.fromkeys(keys, pl.String())
    nothing = pl.DataFrame(schema=schema), np.zeros(len(block), dtype=bool)
    if not keys:
        return nothing
    content = block.str.strip_chars().str.join("\n")[0].encode()
    try:
        frame = pl.read_ndjson(content, schema=schema)
    except pl.exceptions.PolarsError:
        return nothing
    if frame.height != len(block):
        return nothing
    cells = frame.select(pl.sum_horizontal(pl.all().is_not_null().cast(pl.UInt32)).alias("n"))["n"]
    pairs = block.str.count_matches(rf'"{_W}:')
    return frame, as_bools(cells == pairs)
