"""The careful reader of JSON lines: one by one, those that the columnar reader may not guess.

It knows keys that stand twice, nested values, and halves of surrogate pairs, and keeps numbers as
they were written.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np
import polars as pl

from catalog import ExtractContract
from ingest.counting import Ints
from ingest.headers import column_of
from ingest.table import BrokenLine


class _Number(str):
    """A number or a truth value as it was written."""

    __slots__ = ()


class _Pairs(list[tuple[str, Any]]):
    """The pairs of an object in order, keys that stand twice included."""


def _no_number(_text: str) -> NoReturn:
    raise ValueError  # NaN and Infinity are no JSON


_DECODER = json.JSONDecoder(
    object_pairs_hook=_Pairs, parse_int=_Number, parse_float=_Number, parse_constant=_no_number
)


@dataclass
class JsonParts:
    """What has been read: frames with the indexes of their lines, and broken lines."""

    frames: list[pl.DataFrame] = field(default_factory=list)
    lines: list[Ints] = field(default_factory=list)
    broken: list[BrokenLine] = field(default_factory=list)


def read_carefully(
    texts: pl.Series, spots: Ints, contract: ExtractContract, several: frozenset[str]
) -> JsonParts:
    """Read lines one by one: those of which the columnar reader might lose something."""
    parts = JsonParts()
    records: list[dict[str, str | None]] = []
    numbers: list[int] = []
    keys: dict[str, None] = {}
    for text, spot in zip(texts.to_list(), spots.tolist(), strict=True):
        line = text.rstrip("\r\n")
        record = _record(line, contract, several)
        if isinstance(record, str):
            parts.broken.append(BrokenLine(spot + 1, record, line))
            continue
        records.append(record)
        numbers.append(spot)
        keys.update(dict.fromkeys(record))
    schema = dict.fromkeys(keys, pl.String())
    if records:
        columns = {key: [record.get(key) for record in records] for key in keys}
        frame = pl.DataFrame(columns, schema=schema)
        if not keys:  # empty objects only: records without any value
            frame = pl.DataFrame({"": [None] * len(records)}, schema={"": pl.String()})
        parts.frames.append(frame)
        parts.lines.append(np.asarray(numbers, dtype=np.int64))
    return parts


def _record(
    line: str, contract: ExtractContract, several: frozenset[str]
) -> dict[str, str | None] | str:
    """The texts of one line by key, or the rule it breaks."""
    try:
        pairs = _DECODER.decode(line)
    except (ValueError, RecursionError):
        return "R-JSON-02"
    if not isinstance(pairs, _Pairs):
        return "R-JSON-02"
    record: dict[str, str | None] = {}
    for key, value in pairs:
        if key in record:
            return "R-JSON-03"
        name = column_of(contract, key)
        if not isinstance(value, list) or name is None:
            record[key] = _plain(value)
        elif name in several and not isinstance(value, _Pairs) and _are_texts(value):
            record[key] = "^".join(value)
        else:
            return "R-JSON-04"
    try:
        "".join([*record, *(v for v in record.values() if v)]).encode()
    except UnicodeEncodeError:  # half of a surrogate pair is no character
        return "R-JSON-02"
    return record


def _are_texts(values: list[Any]) -> bool:
    return all(isinstance(v, str) and not isinstance(v, _Number) for v in values)


def _plain(value: Any) -> str | None:
    """A value as text; of a column that no contract knows also a nested one."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return str(value)
    return json.dumps(_nested(value), ensure_ascii=False)


def _nested(value: Any) -> Any:
    if isinstance(value, _Pairs):
        return {key: _nested(inner) for key, inner in value}
    return [_nested(inner) for inner in value] if isinstance(value, list) else value
