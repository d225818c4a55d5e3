"""Rows of electronic licences, and files of JSON lines, for the tests of ingest."""

from __future__ import annotations

import json
from typing import Any

from catalog import catalog
from tests.unit.ingest.ingest_world import (
    LICENCE,
    identifier,
    resident_number,
    row,
)

SAMPLE = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"
MAN, WOMAN = resident_number(), resident_number(born="19820202", order="002")
__all__ = ["LICENCE", "MAN", "SAMPLE", "WOMAN", "as_line", "identifier", "jsonl", "licence"]


def licence(n: int = 1, **changed: Any) -> dict[str, Any]:
    """A row that every rule accepts; values need not be texts."""
    return {**row(LICENCE, n), **changed}


def as_line(row: dict[str, Any]) -> str:
    """One row as a line of JSON with Chinese keys; a name that no column has stands for itself."""
    known = catalog().extracts[LICENCE].by_name
    titled = {known[n].title_cn if n in known else n: value for n, value in row.items()}
    return json.dumps(titled, ensure_ascii=False)


def jsonl(*rows: dict[str, Any] | str) -> bytes:
    """A file of JSON lines; texts stand as they are."""
    return "".join(f"{r if isinstance(r, str) else as_line(r)}\n" for r in rows).encode()
