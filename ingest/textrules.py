"""Text with a rule of its own: names of persons, mobile numbers, divisions, patterns."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import numpy as np
import polars as pl

from catalog import Catalog
from ingest.clean import (
    Context,
    Evaluated,
    as_bools,
    half_width,
    null_where,
    replace_at,
    scatter_bools,
)

_PLAIN_NAME = r"^[\x{4e00}-\x{67cf}\x{67d1}-\x{9fff}]{2,4}$"  # all but 某, which masks
_NAME = r"^[\p{Han}\p{L}\x{e000}-\x{f8ff}\x{f0000}-\x{10ffff}·'\-. ()（）〇]+$"
_MASK = r"[*＊×□?？#●]|某"
_DOTS = {"．": "·", "•": "·", "・": "·", "‧": "·", "∙": "·", "●": "·"}
NEW_AREA = "LOCAL-XQ"  # 铜川市新区: reported on as a fifth unit, lies in 610204
_AGGREGATES = frozenset({"610201"})
_CITY = "6102"
_SCIENTIFIC = r"^[0-9](\.[0-9]+)?[Ee]\+[0-9]{1,3}$"
_FORMER = frozenset({"612633"})  # 宜君县 before 1983 (GB/T 2260)


def to_person_name(cleaned: Evaluated) -> Evaluated:
    """Text → a person's name: one kind of middle dot, no blanks between Chinese characters."""
    text = cleaned.values
    done = Evaluated(text, dict(cleaned.problems))
    plain = text.str.contains(_PLAIN_NAME)
    spots = np.flatnonzero(as_bools(text.is_not_null() & ~plain))
    if not len(spots):
        return done
    some = text.gather(spots)
    masked = as_bools(some.str.contains(_MASK))
    some = some.str.replace_many({k: v for k, v in _DOTS.items() if k != "●"})
    some = some.str.replace_all(r"\s*·\s*", "·").str.replace_all(r"\s+", " ")
    some = some.str.replace_all(r"(\p{Han}) (\p{Han})", "$1$2").str.replace_all(
        r"(\p{Han}) (\p{Han})", "$1$2"
    )
    bad = as_bools(~some.str.contains(_NAME)) & ~masked
    usable = pl.Series(~(bad | masked))
    done.values = replace_at(
        text, spots, pl.select(pl.when(usable).then(some).otherwise(None)).to_series()
    )
    done.add("R-VAL-17", scatter_bools(len(text), spots, masked))
    done.add("R-VAL-16", scatter_bools(len(text), spots, bad))
    return done


def to_mobile(cleaned: Evaluated) -> Evaluated:
    """Text → 11 digits beginning 13 to 19, under R-VAL-18."""
    plain = half_width(cleaned.values).str.replace_all(r"[-—]", "").str.replace(r"\.0$", "")
    plain = plain.str.replace(r"^(\+?86|0086)(1[0-9]{10})$", "$2")
    good = plain.str.contains(r"^1[3-9][0-9]{9}$")
    done = Evaluated(plain, dict(cleaned.problems))
    done.add("R-VAL-18", as_bools(plain.is_not_null() & ~good))
    done.values = pl.select(pl.when(good).then(plain).otherwise(None)).to_series()
    return done


def to_pattern(cleaned: Evaluated, pattern: str, rule_id: str) -> Evaluated:
    """Text → the half-width, upper-case text that fits the pattern."""
    plain = half_width(cleaned.values).str.to_uppercase()
    good = plain.str.contains(pattern)
    done = Evaluated(plain, dict(cleaned.problems))
    done.add(rule_id, as_bools(plain.is_not_null() & ~good))
    done.values = pl.select(pl.when(good).then(plain).otherwise(None)).to_series()
    return done


@lru_cache(maxsize=4)
def _divisions(catalog: Catalog) -> tuple[frozenset[str], frozenset[str]]:
    """Codes of Tongchuan (6, 9, 12 digits), and six-digit codes of the country in any period."""
    return catalog.code_list("division").codes, catalog.code_list("division_history").codes


def canonical_division(text: str) -> str:
    """Digits with trailing zero groups removed: `610204000000` → `610204`."""
    for length in (6, 9):
        if len(text) > length and set(text[length:]) == {"0"}:
            return text[:length]
    return text


def judge_division(
    text: str, scope: str, catalog: Catalog, length: int | None = None
) -> tuple[str | None, str | None]:
    """A division code's canonical form, and the rule it breaks.

    Codes of Tongchuan must stand in one of the statistical lists, by scope:

    - `tongchuan`: with all their digits;
    - `township`: with their township; village codes of other years are genuine too;
    - `national`: as `township`; codes of other provinces are compared by their first six digits
      with GB/T 2260 of any period;
    - `city_form`: only 6, 9 or 12 digits of this city, for the list that is the authority;
    - `form`: only 6, 9 or 12 digits.

    Args:
        length: how many digits must be given, if that is asked.
    """
    digits = re.sub(r"\.0$", "", "".join(unicodedata.normalize("NFKC", text).split()))
    if not re.fullmatch(r"[0-9]{6}|[0-9]{9}|[0-9]{12}", digits) or length not in (
        None,
        len(digits),
    ):
        return None, "R-DIV-01"
    code = canonical_division(digits)
    if code in _AGGREGATES:
        return None, "R-DIV-03"
    rule = _broken_by(code, scope, *_divisions(catalog))
    return (None, rule) if rule else (code, None)


def _broken_by(
    code: str, scope: str, local: frozenset[str], national: frozenset[str]
) -> str | None:
    """The rule that a canonical code breaks in a scope."""
    county = code[:6]
    if scope == "national":
        is_known = county in national and (
            county not in local or len(code) == 6 or code[:9] in local
        )
        return None if is_known else "R-DIV-01"
    is_known = {
        "form": True,
        "city_form": code.startswith(_CITY) or county in _FORMER,
        "tongchuan": code in local,
        "township": code[:9] in local,
    }[scope]
    if is_known:
        return None
    return "R-DIV-02" if county in national else "R-DIV-01"


def _judge(
    text: str, scope: str, catalog: Catalog, length: int | None
) -> tuple[str | None, str | None]:
    if scope != "reporting_unit":
        return judge_division(text, scope, catalog, length)
    is_new_area = text.upper() == NEW_AREA
    return (NEW_AREA, None) if is_new_area else judge_division(text, "tongchuan", catalog)


def to_division(
    cleaned: Evaluated, scope: str, context: Context, digits: int | None = None
) -> Evaluated:
    """Text → canonical division code, under R-DIV-01 … R-DIV-03.

    The scope `reporting_unit` is `tongchuan` and the New Area, which has no national code.

    Args:
        digits: how many digits must be given, if that is asked.
    """
    text = cleaned.values
    distinct = text.unique().drop_nulls().to_list()
    judged = {value: _judge(value, scope, context.catalog, digits) for value in distinct}
    codes = text.replace_strict(
        distinct, [judged[v][0] for v in distinct], default=None, return_dtype=pl.String
    )
    done = Evaluated(codes, dict(cleaned.problems))
    for rule in ("R-DIV-01", "R-DIV-02", "R-DIV-03"):
        struck = [value for value in distinct if judged[value][1] == rule]
        if struck:
            done.add(rule, as_bools(text.is_in(struck)))
    return done


def to_max_length(done: Evaluated, most: int) -> Evaluated:
    """Texts of more characters are not usable, under R-VAL-21; nothing is cut off."""
    long = as_bools(done.values.str.len_chars() > most)
    done.add("R-VAL-21", long)
    done.values = null_where(done.values, long)
    return done


def check_ruined_key(done: Evaluated) -> None:
    """A record's number that a spreadsheet has written as 6.10203E+15 is lost, under R-VAL-22.

    Left as they are, all such numbers of a file would be one record.
    """
    ruined = as_bools(done.values.str.contains(_SCIENTIFIC))
    done.add("R-VAL-22", ruined)
    done.values = null_where(done.values, ruined)
