"""Land parcels: the real-estate unit number and the right holders.

Several holders stand in one cell, joined by ^ or 、 (as real-estate registers export them).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from ingest.clean import Context, Evaluated, as_bools, half_width
from ingest.identity import to_resident_id
from ingest.organisation import to_uscc
from ingest.several import Parts, count, unify

SEPARATORS = "、"  # beside ^
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
    """Names joined by `^`, blanks around them gone."""
    return Evaluated(unify(cleaned.values, SEPARATORS), dict(cleaned.problems))


def to_holder_ids(cleaned: Evaluated, context: Context) -> Evaluated:
    """USCCs and resident numbers joined by `^`; a bad one leaves an empty place."""
    done = Evaluated(cleaned.values, dict(cleaned.problems))
    parts = Parts.of(unify(cleaned.values, SEPARATORS))
    given = as_bools(parts.values.is_not_null())
    is_person = as_bools(half_width(parts.values).str.contains(_IS_PERSON))
    parts.check(done, np.flatnonzero(given & is_person), _person_or_firm, context)
    parts.check(done, np.flatnonzero(given & ~is_person), to_uscc, context)
    done.values = parts.joined()
    return done


def _person_or_firm(some: Evaluated, context: Context) -> Evaluated:
    """Eighteen digits that are no resident number may still be a USCC."""
    person, firm = to_resident_id(some, context), to_uscc(some, context)
    is_firm = as_bools(person.values.is_null() & firm.values.is_not_null())
    values = pl.select(
        pl.when(pl.Series(is_firm)).then(firm.values).otherwise(person.values)
    ).to_series()
    result = Evaluated(values)
    for told, mask in ((person, ~is_firm), (firm, is_firm)):
        for rule_id, struck in told.problems.items():
            result.add(rule_id, struck & mask)
    return result


def counts_differ(text: pl.Series, other: pl.Series) -> pl.Series:
    """Where both are given and hold different numbers of parts."""
    return count(text) != count(other)
