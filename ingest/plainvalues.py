"""Numbers, yes/no marks, codes and closed lists."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

import numpy as np
import polars as pl

from catalog import Catalog, Column
from ingest.clean import Context, Evaluated, as_bools, half_width, replace_at, scatter_bools

DECIMAL = pl.Decimal(20, 6)
_NUMBER = r"^[+-]?[0-9]{1,14}(\.[0-9]{1,6})?$"
_THOUSANDS = r"^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]{1,6})?$"
_MINUSES = dict.fromkeys(("\u2212", "\u2013", "\uff0d"), "-")
_TRUE = ["1", "01", "是", "Y", "y", "YES", "TRUE", "true", "True", "√", "有"]
_FALSE = ["0", "00", "否", "N", "n", "NO", "FALSE", "false", "False", "×", "没有"]
_CODE_AND_NAME = re.compile(r"^([0-9A-Za-z]+)\s*[-_.:：、|/ ]\s*(\S.*)$")


def to_decimal(cleaned: Evaluated) -> Evaluated:
    """Text → DECIMAL(20,6) without rounding, under R-VAL-03."""
    text = cleaned.values
    plain = text.str.contains(_NUMBER)
    values = _cast_where(text, plain)
    done = Evaluated(values, dict(cleaned.problems))
    spots = np.flatnonzero(as_bools(text.is_not_null() & ~plain))
    if len(spots):
        some = half_width(text.gather(spots)).str.replace_many(_MINUSES)
        some = some.str.replace(r"^([+-]?[0-9,]+)\.0*$", "$1")
        some = some.str.replace(r"^([+-]?[0-9,]+\.[0-9]*[1-9])0+$", "$1")
        grouped = some.str.contains(_THOUSANDS)
        some = pl.select(
            pl.when(grouped).then(some.str.replace_all(",", "")).otherwise(some)
        ).to_series()
        found = _cast_where(some, some.str.contains(_NUMBER))
        done.values = replace_at(values, spots, found)
        done.add("R-VAL-03", scatter_bools(len(text), spots, as_bools(found.is_null())))
    return done


def _cast_where(text: pl.Series, mask: pl.Series) -> pl.Series:
    picked = pl.select(pl.when(mask).then(text).otherwise(None)).to_series()
    return picked.cast(DECIMAL, strict=False)


def to_boolean(cleaned: Evaluated) -> Evaluated:
    """Text → BOOLEAN, under R-VAL-10."""
    plain = half_width(cleaned.values)
    yes, no = plain.is_in(_TRUE), plain.is_in(_FALSE)
    values = pl.select(pl.when(yes).then(True).when(no).then(False).otherwise(None)).to_series()
    done = Evaluated(values.cast(pl.Boolean), dict(cleaned.problems))
    done.add("R-VAL-10", as_bools(cleaned.values.is_not_null() & values.is_null()))
    return done


def to_code(cleaned: Evaluated, column: Column, name: str, context: Context) -> Evaluated:
    """Text → the code list's code, under R-CODE-02.

    Accepted: the code; its name or alias; code and name in one cell when they agree; a code that
    lost its leading zeros, where all codes of the list have one length.
    """

    def find(text: str) -> str | None:
        return find_code(context.catalog, name, text, column.code_length)

    return map_distinct(cleaned, find, "R-CODE-02")


@lru_cache(maxsize=65536)
def find_code(catalog: Catalog, name: str, text: str, length: int) -> str | None:
    """The code that a text stands for in a list, or None."""
    codes = catalog.code_list(name)
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    for form in (text, plain, plain.upper(), re.sub(r"\.0$", "", plain)):
        if form in codes.codes:
            return form
        if form in codes.by_name:
            return codes.by_name[form]
    lengths = {len(code) for code in codes.codes}
    full = length or (lengths.pop() if len(lengths) == 1 else 0)
    if plain.isdigit() and len(plain) < full and plain.zfill(full) in codes.codes:
        return plain.zfill(full)
    both = _CODE_AND_NAME.match(unicodedata.normalize("NFKC", text))
    if both:
        first = find_code(catalog, name, both[1], length)
        names = {both[2].strip(), unicodedata.normalize("NFKC", both[2].strip())}
        own = {entry.name for entry in codes.entries if entry.code == first}
        agrees = names & own or first in {codes.by_name.get(told) for told in names}
        return first if first is not None and agrees else None
    return None


def to_listed(cleaned: Evaluated, allowed: Iterable[str]) -> Evaluated:
    """Text → the allowed value it equals after width and case, under R-VAL-06."""
    table = {_fold(value): value for value in allowed}
    return map_distinct(cleaned, lambda text: table.get(_fold(text)), "R-VAL-06")


def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def map_distinct(cleaned: Evaluated, find: Callable[[str], str | None], rule_id: str) -> Evaluated:
    """Each distinct text by `find`; what it does not find breaks the rule."""
    text = cleaned.values
    distinct = text.unique().drop_nulls()
    found = {value: find(value) for value in distinct.to_list()}
    if all(key == value for key, value in found.items()):
        return Evaluated(text, dict(cleaned.problems))
    values = text.replace_strict(
        list(found.keys()), list(found.values()), default=None, return_dtype=pl.String
    )
    done = Evaluated(values, dict(cleaned.problems))
    done.add(rule_id, as_bools(text.is_not_null() & values.is_null()))
    return done
