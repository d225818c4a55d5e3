"""Values of credit records: document numbers, names of a list, numbers of debtors."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from catalog import Catalog
from ingest import identity, organisation
from ingest.clean import Bools, Context, Evaluated, as_bools, half_width, null_where
from ingest.plainvalues import map_distinct

# GB/T 9704: the year of a document number stands in 〔〕; departments type whatever is at hand.
_BRACKETS = str.maketrans("[]()【】〖〗{}❲❳", "〔〕〔〕〔〕〔〕〔〕〔〕")
_SEPARATOR = ";"
_LOOSE = re.compile(r"[、,]")
_FREE = re.compile(r"^[-—:(]*(.*?)\)?$")
_MASK = r"[*●□#]|X{2,}"


def to_document_no(cleaned: Evaluated) -> Evaluated:
    """Text → a document number with one kind of bracket, half width, upper case, no blanks."""
    plain = half_width(cleaned.values).str.to_uppercase()
    distinct = plain.unique().drop_nulls()
    unified = {text: text.translate(_BRACKETS) for text in distinct.to_list()}
    values = plain.replace_strict(unified, default=None, return_dtype=pl.String)
    return Evaluated(values, dict(cleaned.problems))


def to_listed_names(cleaned: Evaluated, params: Mapping[str, Any], context: Context) -> Evaluated:
    """Text → the list's own name of what it says; several in the list's order, joined by `;`."""
    several, free = bool(params.get("several")), params.get("free")

    def find(text: str) -> str | None:
        return listed_names(context.catalog, params["list"], text, several=several, free=free)

    return map_distinct(cleaned, find, params["rule"])


@lru_cache(maxsize=65536)
def listed_names(
    catalog: Catalog, name: str, text: str, *, several: bool = False, free: str | None = None
) -> str | None:
    """The canonical form of one text, or None where a part of it is not in the list.

    Args:
        catalog: where the list is.
        name: of the list.
        text: as delivered.
        several: whether `;` separates several names. A part that is no name may be names joined
            by 、 or a comma, where nothing but names is left: some names hold a 、 themselves.
        free: the name that words of the department's own may follow (`其他-责令改正`).
    """
    known, order = _names(catalog, name)
    plain = _fold(text)
    found: set[tuple[int, str]] = set()
    for part in filter(None, plain.split(_SEPARATOR)) if several else (plain,):
        names = _one(part, known, free) or (_joined(part, known) if several else None)
        if names is None:
            return None
        found |= {(order[n.partition("-")[0]], n) for n in names}
    return _SEPARATOR.join(n for _, n in sorted(found)) or None


def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@lru_cache(maxsize=16)
def _names(catalog: Catalog, name: str) -> tuple[dict[str, str], dict[str, int]]:
    """The list's name of each name, alias and code; and the place of each name."""
    codes = catalog.code_list(name)
    known: dict[str, str] = {}
    order: dict[str, int] = {}
    for entry in codes.entries:
        order.setdefault(entry.name, len(order))
        for told in (entry.code, entry.name, *entry.aliases):
            known.setdefault(_fold(told), entry.name)
    return known, order


def _one(part: str, known: dict[str, str], free: str | None) -> list[str] | None:
    if part in known:
        return [known[part]]
    if free and part.startswith(free):
        told = _FREE.match(part[len(free) :])
        words = told[1] if told else ""
        return [f"{free}-{words}"] if words else [free]
    return None


def _joined(part: str, known: dict[str, str]) -> list[str] | None:
    """Names joined by 、 or a comma, the longest first; None where anything else is left."""
    names: list[str] = []
    rest = part
    while rest:
        told = max((k for k in known if rest.startswith(k)), key=len, default=None)
        if told is None:
            return None
        names.append(known[told])
        rest = rest[len(told) :]
        if rest and not _LOOSE.match(rest):
            return None
        rest = rest[1:]
    return names


def to_debtor_number(cleaned: Evaluated, context: Context) -> Evaluated:
    """Text → the number of a debtor, under R-CRD-14.

    A resident number (usually masked by the court: kept as it is, never matched on), a social
    credit code, or an organisation code.
    """
    plain = half_width(cleaned.values).str.to_uppercase()
    done = Evaluated(plain, dict(cleaned.problems))
    masked = as_bools(plain.str.contains(_MASK))
    open_ = Evaluated(null_where(plain, masked))
    tried = (
        identity.to_resident_id(open_, context).values,
        organisation.to_uscc(open_, context).values,
        organisation.to_organisation_code(open_).values,
    )
    values = tried[0].fill_null(tried[1]).fill_null(tried[2])
    done.add("R-CRD-14", as_bools(plain.is_not_null()) & ~masked & as_bools(values.is_null()))
    done.values = pl.select(pl.when(pl.Series(masked)).then(plain).otherwise(values)).to_series()
    return done


def check_in_force(
    name: str, params: Mapping[str, Any], columns: dict[str, Evaluated], context: Context
) -> None:
    """The names of a list were in force on the row's date (columns that ask for it)."""
    if "in_force_on" not in params:
        return
    done = columns[name]
    days = columns[params["in_force_on"]].values.to_list()
    texts = done.values.to_list()
    spans = _spans(context.catalog, params["list"])
    bad = np.fromiter(
        (not _in_force(t, d, spans) for t, d in zip(texts, days, strict=True)), np.bool_, len(texts)
    )
    done.add(params["rule"], bad)
    done.values = null_where(done.values, bad)


@lru_cache(maxsize=16)
def _spans(catalog: Catalog, name: str) -> dict[str, list[tuple[date | None, date | None]]]:
    found: dict[str, list[tuple[date | None, date | None]]] = {}
    for entry in catalog.code_list(name).entries:
        if entry.valid_from or entry.valid_to:
            found.setdefault(entry.name, []).append((entry.valid_from, entry.valid_to))
    return found


def _in_force(
    text: str | None, day: date | None, spans: dict[str, list[tuple[date | None, date | None]]]
) -> bool:
    if text is None or day is None:
        return True
    for part in text.split(_SEPARATOR):
        told = spans.get(part.partition("-")[0])
        if told and not any((not a or a <= day) and (not b or day <= b) for a, b in told):
            return False
    return True


def check_required_with(
    name: str, params: Mapping[str, Any], columns: dict[str, Evaluated], _: Context
) -> None:
    """A value is given (and is more than `above`) where another column has one of the names."""
    done, listed = columns[name], set(params["listed"])
    told = columns[params["column"]].values
    asked = {t for t in told.unique().drop_nulls().to_list() if listed & set(t.split(_SEPARATOR))}
    lacks: Bools = as_bools(done.values.is_null())
    if "above" in params:
        lacks |= as_bools(done.values <= params["above"])
    bad = as_bools(told.is_in(sorted(asked))) & lacks & ~done.has_problem()
    done.add(params["rule"], bad)
    done.values = null_where(done.values, bad)


def check_only_with(
    name: str, params: Mapping[str, Any], columns: dict[str, Evaluated], _: Context
) -> None:
    """An amount is given only where another column has one of the names; the rule only warns."""
    done, listed = columns[name], set(params["listed"])
    told = columns[params["column"]].values
    others = {
        t for t in told.unique().drop_nulls().to_list() if not listed & set(t.split(_SEPARATOR))
    }
    done.add(params["rule"], as_bools(told.is_in(sorted(others)) & (done.values > 0)))


CHECKS: dict[str, Callable[[str, Mapping[str, Any], dict[str, Evaluated], Context], None]] = {
    "listed_names": check_in_force,
    "only_with": check_only_with,
    "required_with": check_required_with,
}
