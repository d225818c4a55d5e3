"""Resident identity numbers, GB 11643-1999: forensics of each form, over bytes.

Well-formed 18-character numbers are checked as one byte matrix; only what fails is normalised and
looked at again. Never rejected for its first six digits (R-ID-01): a division that never existed
is a warning.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from catalog import Catalog
from ingest.clean import Bools, Context, Evaluated, as_bools, half_width, replace_at
from ingest.digits import ZERO, byte_matrix, days_since_1970, is_day, number, planes_of

_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int32)
_CHECK = np.frombuffer(b"10X98765432", dtype=np.uint8)
_CHECK_OF_SUM = np.resize(_CHECK, 1 << 16)  # by the weighted sum of the first 17 places
_FIRST_YEAR = 1840
_RESERVED_15 = ("996", "997", "998", "999")
_SCIENTIFIC = r"^[+]?[0-9](\.[0-9]+)?E[+]?1[4-7]$"
_MOST = 0.5
_MANY = 20


@lru_cache(maxsize=4)
def _known_divisions(catalog: Catalog) -> Bools:
    known = np.zeros(1_000_000, dtype=bool)
    known[[int(code) for code in catalog.code_list("division_history").codes]] = True
    known[[810000, 820000, 830000]] = True  # residence permits of Hong Kong, Macao, Taiwan
    known[900000:1_000_000] = True  # foreigners' permanent residence, 2023 version (medium)
    return known


class Parts:
    """Digits of a byte matrix of 18-character numbers, and what follows from them.

    Where `is_form` is false the other masks and `prefix` mean nothing.
    """

    def __init__(self, matrix: npt.NDArray[np.uint8], latest: date) -> None:
        """Compute the masks; each is over the rows of the matrix."""
        digits = planes_of(matrix)
        self.is_form: Bools = (digits[:17] <= 9).all(axis=0) & (
            (digits[17] <= 9) | (matrix[:, 17] == ord("X"))
        )
        total = np.zeros(len(matrix), dtype=np.uint16)
        for place, weight in enumerate(_WEIGHTS.tolist()):
            total += digits[place] * np.uint16(weight)
        self.is_checked: Bools = _CHECK_OF_SUM[total] == matrix[:, 17]
        year, month_day = number(digits[6:10]), number(digits[10:14])
        last = latest.year * 10_000 + latest.month * 100 + latest.day
        self.is_date: Bools = is_day(year, month_day) & (year >= _FIRST_YEAR)
        self.is_date &= year * 10_000 + month_day <= last
        self.prefix = np.where(self.is_form, number(digits[:6]), 0)


def to_resident_id(cleaned: Evaluated, context: Context) -> Evaluated:
    """Text → an 18-character resident number, each defect under its own rule (R-ID-02 … 09)."""
    text = cleaned.values
    done = Evaluated(text, dict(cleaned.problems))
    is_18 = as_bools(text.str.len_bytes() == 18)
    good = np.zeros(len(text), dtype=bool)
    spots = np.flatnonzero(is_18)
    if len(spots):
        parts = Parts(byte_matrix(text.gather(spots), 18), context.business_date)
        fine = parts.is_form & parts.is_checked & parts.is_date
        good[spots[fine]] = True
        odd = fine & ~_known_divisions(context.catalog)[parts.prefix]
        done.problems |= _where("R-ID-06", len(text), spots[odd])
    rest = np.flatnonzero(~good & as_bools(text.is_not_null()))
    if len(rest):
        _look_again(text, rest, done, context)
    _suspect_column(done)
    return done


def _where(rule_id: str, size: int, spots: npt.NDArray[np.int64]) -> dict[str, Bools]:
    if not len(spots):
        return {}
    mask = np.zeros(size, dtype=bool)
    mask[spots] = True
    return {rule_id: mask}


def _look_again(
    text: pl.Series, rest: npt.NDArray[np.int64], done: Evaluated, context: Context
) -> None:
    """Classify what did not pass as it stood: the first that fits of masked, ruined, form, 15."""
    frame = pl.DataFrame({"v": half_width(text.gather(rest)).str.to_uppercase()}).with_columns(
        pl.col("v").str.replace_all(r"[\-‐]", "").str.replace(r"\.0+$", "")
    )
    kind = frame.select(
        pl.when(pl.col("v").str.contains(r"[*＊●□?]|X{2,}|#")).then(pl.lit("masked"))
        .when(pl.col("v").str.contains(_SCIENTIFIC)).then(pl.lit("ruined"))
        .when(pl.col("v").str.contains(r"^[0-9]{17}[0-9X]$")).then(pl.lit("18"))
        .when(pl.col("v").str.contains(r"^[0-9]{15}$")).then(pl.lit("15"))
        .otherwise(pl.lit("form")).alias("k")
    )["k"]  # fmt: skip
    rules = np.full(len(rest), "", dtype=object)
    values = frame["v"].to_numpy().astype(object)
    kinds = kind.to_numpy()
    rules[kinds == "masked"] = "R-ID-07"
    rules[kinds == "ruined"] = "R-ID-03"
    rules[kinds == "form"] = "R-ID-08"
    warned = np.full(len(rest), "", dtype=object)
    for length in ("15", "18"):
        inner = np.flatnonzero(kinds == length)
        if len(inner):
            _judge(frame["v"].gather(inner), inner, length, rules, warned, values, context)
    usable = rules == ""
    new = pl.Series(
        [v if ok else None for v, ok in zip(values, usable, strict=True)], dtype=pl.String
    )
    done.values = replace_at(done.values, rest, new)
    for found in (rules, warned):
        for rule in sorted(set(found) - {""}):
            done.problems |= _merge(done, rule, len(text), rest[found == rule])


def _merge(done: Evaluated, rule: str, size: int, spots: npt.NDArray[np.int64]) -> dict[str, Bools]:
    new = _where(rule, size, spots)
    if rule in done.problems and rule in new:
        return {rule: done.problems[rule] | new[rule]}
    return new


def _judge(
    some: pl.Series, inner: npt.NDArray[np.int64], length: str, rules: npt.NDArray[np.object_],
    warned: npt.NDArray[np.object_], values: npt.NDArray[np.object_], context: Context,
) -> None:  # fmt: skip
    """Check numbers of the right form; 15-digit ones are upgraded first."""
    full = upgrade(some) if length == "15" else some
    parts = Parts(byte_matrix(full, 18), context.business_date)
    if length == "15":
        values[inner] = full.to_numpy()
        warned[inner] = "R-ID-02"
        reserved = as_bools(some.str.slice(12, 3).is_in(_RESERVED_15))
        rules[inner[reserved]] = "R-ID-09"
    zeros = as_bools(full.str.ends_with("000"))
    failing = ~parts.is_checked
    known = _known_divisions(context.catalog)[parts.prefix]
    for mask, rule in (
        (failing & ~zeros, "R-ID-04"),
        (~parts.is_date, "R-ID-05"),
        (failing & zeros, "R-ID-03"),
    ):
        spots = inner[mask]
        spots = spots[rules[spots] != "R-ID-09"]
        rules[spots] = rule
    unknown = inner[~known]
    unknown = unknown[(rules[unknown] == "") & (warned[unknown] == "")]
    warned[unknown] = "R-ID-06"
    warned[inner[rules[inner] != ""]] = ""


def upgrade(numbers: pl.Series) -> pl.Series:
    """15 digits → 18: `19` after the division, and the check character (GB 11643-1999)."""
    seventeen = numbers.str.slice(0, 6) + "19" + numbers.str.slice(6, 9)
    digits = (byte_matrix(seventeen, 17) - ZERO).astype(np.int32)
    check = _CHECK[(digits @ _WEIGHTS) % 11]
    return seventeen + pl.Series([chr(c) for c in check.tolist()], dtype=pl.String)


def _suspect_column(done: Evaluated) -> None:
    """When most of a column ends in 000, Excel ruined it: those that pass by chance go too."""
    ending = as_bools(done.values.str.ends_with("000"))
    ruined = done.problems.get("R-ID-03")
    if ruined is None or not ending.any():
        return
    total = int(ruined.sum() + as_bools(done.values.is_not_null()).sum())
    if total >= _MANY and (ruined.sum() + ending.sum()) > _MOST * total:
        done.add("R-ID-03", ending)
        done.values = pl.select(
            pl.when(pl.Series(ending)).then(None).otherwise(done.values)
        ).to_series()


def _planes(numbers: pl.Series) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """The rows that hold 18 characters beginning with 17 digits, and their planes."""
    spots = np.flatnonzero(as_bools(numbers.str.len_bytes() == 18))
    some = numbers if len(spots) == len(numbers) else numbers.gather(spots)
    digits = planes_of(byte_matrix(some, 18))
    fits = (digits[:17] <= 9).all(axis=0)
    return (spots, digits) if fits.all() else (spots[fits], digits[:, fits])


def sex_of(numbers: pl.Series) -> pl.Series:
    """1 or 2 from the 17th digit; NULL where there is no number."""
    spots, digits = _planes(numbers)
    odd = np.zeros(len(numbers), dtype=bool)
    odd[spots] = digits[16] % 2 == 1
    known = np.zeros(len(numbers), dtype=bool)
    known[spots] = True
    sex = pl.when(pl.Series(odd)).then(pl.lit("1")).otherwise(pl.lit("2"))
    return pl.select(pl.when(pl.Series(known)).then(sex)).to_series()


def birth_date_of(numbers: pl.Series) -> pl.Series:
    """The birth date inside an 18-character number; NULL where there is none."""
    spots, digits = _planes(numbers)
    year, month_day = number(digits[6:10]), number(digits[10:14])
    real = is_day(year, month_day)
    days = np.zeros(len(numbers), dtype=np.int32)
    days[spots] = days_since_1970(year, month_day)
    known = np.zeros(len(numbers), dtype=bool)
    known[spots] = real
    dates = pl.Series(days).cast(pl.Date)
    return pl.select(pl.when(pl.Series(known)).then(dates)).to_series()
