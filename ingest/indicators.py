"""Which indicator a name means, and whether a unit fits it.

Names are looked up in `codes/indicator.csv`: below a parent by `child_aliases` first (其中：工业),
then by name or alias anywhere; of several indicators of one name the unit decides. Units convert
within their base (`codes/unit.csv`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from catalog import Catalog
from ingest.plainvalues import find_code

_BRACKETS = re.compile(r"^(.*\S)\s*[(（\[【]\s*([^()（）\[\]【】]+?)\s*[)）\]】]\s*$")
_FOOTNOTES = re.compile(r"[①-⑳]+|(\[\d+\]|\*+)$")
_LEAD = re.compile(
    r"^(?:其中|#|\*|[-—–·•○●]+|[(][一二三四五六七八九十\d]+[)]|[一二三四五六七八九十]+[、.]|\d+[、.)])[:]?"
)


def comparable(name: str) -> str:
    """A name without blanks, width, numbering, 其中 and footnote marks."""
    flat = "".join(unicodedata.normalize("NFKC", _FOOTNOTES.sub("", name)).split())
    before = ""
    while before != flat:
        before, flat = flat, _LEAD.sub("", _FOOTNOTES.sub("", flat))
    return flat.rstrip(":,、").upper()


@dataclass(frozen=True)
class Indicators:
    """The list of indicators, ready to be asked.

    Attributes:
        rows: of the list, by code.
        names: codes by every comparable name.
        children: codes by parent and comparable name.
    """

    catalog: Catalog
    rows: Mapping[str, Mapping[str, str]]
    names: Mapping[str, tuple[str, ...]]
    children: Mapping[tuple[str, str], str]

    def unit(self, text: str | None) -> Mapping[str, str] | None:
        """The row of a unit, by code, name or alias."""
        code = find_code(self.catalog, "unit", text, 0) if text else None
        return _units(self.catalog).get(code) if code else None

    def split(self, name: str) -> tuple[str, Mapping[str, str] | None]:
        """A name, and the unit that stands in brackets behind it (…指数（上年同月=100）)."""
        told = None if comparable(name) in self.names else _BRACKETS.match(name)
        unit = self.unit(told[2]) if told else None
        return (told[1].strip(), unit) if told and unit else (name, None)

    def fits(self, code: str, unit: Mapping[str, str] | None) -> bool:
        """Whether a unit converts into the indicator's."""
        return unit is not None and unit["base"] == self.own_unit(code)["base"]

    def own_unit(self, code: str) -> Mapping[str, str]:
        """The row of an indicator's unit."""
        return _units(self.catalog)[self.rows[code]["unit"]]

    def candidates(self, name: str, parents: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Every indicator that a name (a unit in brackets set aside) may mean below these."""
        key = comparable(self.split(name)[0])
        below = tuple(c for p in parents if (c := self.children.get((p, key))))
        return below or self.names.get(key, ())

    def resolve(self, name: str, unit: str | None, parent: str | None) -> str | None:
        """The one indicator that is meant, or None."""
        found = self.candidates(name, self.candidates(parent) if parent else ())
        if len(found) > 1:
            told = self.unit(unit)
            fitting = tuple(c for c in found if self.fits(c, told))
            found = fitting or found[:1]  # where none fits, the unit is what is wrong
        return found[0] if len(found) == 1 else None


@lru_cache(maxsize=4)
def _units(catalog: Catalog) -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in catalog.code_list("unit").rows}


@lru_cache(maxsize=4)
def indicators(catalog: Catalog) -> Indicators:
    """The indicators of a catalogue."""
    rows = {row["code"]: row for row in catalog.code_list("indicator").rows}
    names: dict[str, list[str]] = {}
    children: dict[tuple[str, str], str] = {}
    for code, row in rows.items():
        for name in (row["name"], *row["aliases"].split("|")):
            known = names.setdefault(comparable(name), [])
            if name and code not in known:
                known.append(code)
        for name in row["child_aliases"].split("|"):
            if name:
                children[row["parent"], comparable(name)] = code
    return Indicators(catalog, rows, {k: tuple(v) for k, v in names.items() if k and v}, children)
