"""Land parcels: the real-estate unit number and the right holders.

Several holders stand in one cell, joined by ^ or 、 (as real-estate registers export them).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from ingest.clean import SPACES, Context, Evaluated, as_bools, half_width
from ingest.identity import to_resident_id
from ingest.organisation import to_uscc

JOINT = "^"
# GB/T 37346-2019: 宗地代码 of 19 characters; with 定着物 (kind and eight digits) 28.
_PARCEL = r"[0-9]{12}[GJZ][ABSXCDEFGHWY][0-9]{5}"
_UNIT = rf"^{_PARCEL}(?:[FLQ][0-9]{{8}}|W0{{8}})?$"
_IS_PERSON = r"^[0-9]{15}$|^[0-9]{17}[0-9Xx]$"


def to_real_estate_unit_no(cleaned: Evaluated, context: Context) -> Evaluated:
    """Text → 28 characters, or the 19 of a parcel code, without blanks (R-GEO-12).

    GB/T 37346-2019: county 6, cadastral district 3, sub-district 3, parcel kind 2, number 5,
    attachment kind 1 and number 8 (zeros for W, nothing attached). The county must be one of this
    city's, of any period.
    """
    plain = half_width(cleaned.values).str.to_uppercase().str.replace_all(r"[-—]", "")
    counties = {c[:6] for c in context.catalog.code_list("division").codes} | {
        c for c in context.catalog.code_list("division_history").codes if c.startswith("6102")
    }
    good = plain.str.contains(_UNIT) & plain.str.slice(0, 6).is_in(sorted(counties))
    done = Evaluated(plain, dict(cleaned.problems))
    done.add("R-GEO-12", as_bools(plain.is_not_null() & ~good))
    done.values = pl.select(pl.when(good).then(plain).otherwise(None)).to_series()
    return done


def to_holder_names(cleaned: Evaluated) -> Evaluated:
    """Names joined by ^, blanks around them gone."""
    done = Evaluated(cleaned.values, dict(cleaned.problems))
    parts = _split(cleaned.values).list.eval(pl.element().str.strip_chars(SPACES))
    done.values = parts.list.join(JOINT)
    return done


def to_holder_ids(cleaned: Evaluated, context: Context) -> Evaluated:
    """USCCs and resident numbers joined by ^; a bad one leaves its place empty, under its rules."""
    text = cleaned.values
    done = Evaluated(text, dict(cleaned.problems))
    rows = pl.DataFrame({"row": np.arange(len(text)), "part": _split(text)}).explode("part")
    rows = rows.with_columns(part=pl.col("part").str.strip_chars(SPACES))
    plain = half_width(rows["part"])
    is_person = as_bools(plain.str.contains(_IS_PERSON))
    values = pl.Series("part", [None] * rows.height, dtype=pl.String)
    given = as_bools(rows["part"].is_not_null() & (rows["part"] != ""))
    first_of = rows["row"].to_numpy()
    for spots in (np.flatnonzero(given & is_person), np.flatnonzero(given & ~is_person)):
        if not len(spots):
            continue
        some = Evaluated(rows["part"].gather(spots))
        inner = to_resident_id(some, context) if is_person[spots[0]] else to_uscc(some, context)
        if is_person[spots[0]]:
            inner = _or_uscc(some, inner, context)
        values = values.scatter(spots, inner.values)
        for rule_id, mask in inner.problems.items():
            struck = np.zeros(len(text), dtype=bool)
            struck[first_of[spots[mask]]] = True
            done.add(rule_id, struck)
    joined = (
        rows.with_columns(part=values.fill_null(""))
        .group_by("row", maintain_order=True)
        .agg(pl.col("part").str.join(JOINT))
        .sort("row")["part"]
    )
    usable = text.is_not_null() & (joined.str.strip_chars(JOINT) != "")
    done.values = pl.select(pl.when(usable).then(joined).otherwise(None)).to_series()
    return done


def _or_uscc(some: Evaluated, person: Evaluated, context: Context) -> Evaluated:
    """Eighteen digits that are no resident number may still be a USCC."""
    firm = to_uscc(some, context)
    is_firm = as_bools(person.values.is_null() & firm.values.is_not_null())
    values = pl.select(
        pl.when(pl.Series(is_firm)).then(firm.values).otherwise(person.values)
    ).to_series()
    result = Evaluated(values)
    for told, mask in ((person, ~is_firm), (firm, is_firm)):
        for rule_id, struck in told.problems.items():
            result.add(rule_id, struck & mask)
    return result


def _split(text: pl.Series) -> pl.Series:
    return text.str.replace_all(r"[、＾]", JOINT).str.split(JOINT)


def counts_differ(text: pl.Series, other: pl.Series) -> pl.Series:
    """Where both are given and hold different numbers of parts."""
    return text.str.count_matches(JOINT, literal=True) != other.str.count_matches(
        JOINT, literal=True
    )
