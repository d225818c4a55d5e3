"""Code lists with validity: `catalog/codes/<name>.csv`.

The columns `code,name` are required; `valid_from,valid_to` (dates, open when empty), `aliases`
(other names in use, separated by `|`), `maps_name` (N: the name belongs to another code of the
list) and `parent` are optional; where there is a `section` (GB/T 4754), `A0511` names `0511`.
Further columns stay readable
through `rows`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from catalog.errors import CatalogError


@dataclass(frozen=True)
class Code:
    """One code and the period in which it was in force."""

    code: str
    name: str
    valid_from: date | None
    valid_to: date | None
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class CodeList:
    """A list of codes; a code may stand several times with different periods."""

    name: str
    entries: tuple[Code, ...]
    rows: tuple[dict[str, str], ...]

    @cached_property
    def codes(self) -> frozenset[str]:
        """Every code that was ever in force."""
        return frozenset(entry.code for entry in self.entries)

    @cached_property
    def by_name(self) -> dict[str, str]:
        """Code of each name and alias that is unambiguous in this list."""
        found: dict[str, str] = {}
        ambiguous: set[str] = set()
        for entry, row in zip(self.entries, self.rows, strict=True):
            if row.get("maps_name") == "N":
                continue
            published = (row["section"] + entry.code,) if row.get("section") else ()
            for name in (entry.name, *entry.aliases, *published):
                if found.setdefault(name, entry.code) != entry.code:
                    ambiguous.add(name)
        return {name: code for name, code in found.items() if name not in ambiguous}


def _date(path: Path, line: int, text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CatalogError(path, line, f"{text!r} is no date (YYYY-MM-DD)") from None


def read_code_list(path: Path) -> CodeList:
    """Read a code list.

    Raises:
        CatalogError: the file is missing, lacks a column, or holds a row that does not fit.
    """
    if not path.exists():
        raise CatalogError(path, None, "no such code list")
    entries, rows = [], []
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        if not {"code", "name"} <= set(reader.fieldnames or ()):
            raise CatalogError(path, 1, "a code list needs the columns code and name")
        for row in reader:
            line = reader.line_num
            if None in row or None in row.values():
                raise CatalogError(path, line, "the row has too many or too few fields")
            if not row["code"]:
                raise CatalogError(path, line, "the code is empty")
            aliases = tuple(a for a in row.get("aliases", "").split("|") if a)
            starts = _date(path, line, row.get("valid_from", ""))
            ends = _date(path, line, row.get("valid_to", ""))
            if starts and ends and ends < starts:
                raise CatalogError(path, line, "valid_to lies before valid_from")
            entries.append(Code(row["code"], row["name"], starts, ends, aliases))
            rows.append(dict(row))
    return CodeList(path.stem, tuple(entries), tuple(rows))
