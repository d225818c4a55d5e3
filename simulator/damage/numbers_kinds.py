"""Damage to identifiers: resident numbers, social credit codes, registration numbers."""

from __future__ import annotations

import numpy as np
import polars as pl

from simulator import numbers
from simulator.arrays import matrix, text
from simulator.damage.model import Cells, Forge, Kind

_NUMBER = r"^[0-9]{17}[0-9X]$"
_NEVER_DIVISIONS = ["610299", "610290", "419977", "619977"]
_IMPOSSIBLE_DAYS = ["0230", "1301", "0631", "1132"]
_ASCII = list("0123456789X")
_WIDE = list("０１２３４５６７８９Ｘ")
_OTHER_DIGIT = {str(d): str((d + 3) % 10) for d in range(10)} | {"X": "5"}

V = pl.col("v")
_VALID = V.str.contains(_NUMBER)
_BORN_19 = _VALID & (V.str.slice(6, 2) == "19")


def _when(condition: pl.Expr, value: pl.Expr) -> Forge:
    def forge(cells: Cells) -> pl.Series:
        return cells.to(pl.when(condition).then(value).otherwise(None))

    return forge


def _rechecked(changed: pl.Series) -> pl.Series:
    """Numbers with their check digit made right; null stays null."""
    filled = changed.fill_null("0" * 18)
    return numbers.rechecked(filled).set(changed.is_null(), None)


def _with_division(cells: Cells) -> pl.Series:
    prefix = cells.pick(_NEVER_DIVISIONS)
    return _rechecked(cells.to(pl.when(_VALID).then(prefix + V.str.tail(-6)).otherwise(None)))


def _with_impossible_day(cells: Cells) -> pl.Series:
    day = cells.pick(_IMPOSSIBLE_DAYS)
    changed = V.str.head(10) + day + V.str.slice(14)
    return _rechecked(cells.to(pl.when(_VALID).then(changed).otherwise(None)))


def _with_zeros(cells: Cells) -> pl.Series:
    """The last three digits lost; only where the ruin does not pass the check by chance."""
    ruined = cells.to(pl.when(_VALID).then(V.str.head(15) + "000").otherwise(None))
    passes = _rechecked(ruined) == ruined
    return ruined.set(passes.fill_null(False), None)


def _reserved(cells: Cells) -> pl.Series:
    last = cells.pick(["996", "997", "998", "999"])
    short = V.str.head(6) + V.str.slice(8, 6) + last
    return cells.to(pl.when(_BORN_19).then(short).otherwise(None))


def _swapped(cells: Cells) -> pl.Series:
    other = pl.col("wife_resident_id")
    both = _VALID & other.str.contains(_NUMBER)
    return cells.to(pl.when(both).then(other).otherwise(None))


RESIDENT = (
    Kind("id_15_digits", "R-ID-02", _when(_BORN_19, V.str.head(6) + V.str.slice(8, 9)), True),
    Kind("id_scientific", "R-ID-03",
         _when(_VALID, V.str.head(1) + "." + V.str.slice(1, 5) + "E+17")),
    Kind("id_last_zeros", "R-ID-03", _with_zeros),
    Kind("id_check_digit", "R-ID-04",
         _when(_VALID, V.str.head(17) + V.str.tail(1).replace_strict(_OTHER_DIGIT, default="5"))),
    Kind("id_impossible_date", "R-ID-05", _with_impossible_day),
    Kind("id_division_never", "R-ID-06", _with_division),
    Kind("id_masked", "R-ID-07", _when(_VALID, V.str.head(6) + "********" + V.str.tail(4))),
    Kind("id_17_digits", "R-ID-08", _when(_VALID, V.str.head(17))),
    Kind("id_reserved_sequence", "R-ID-09", _reserved),
    Kind("id_full_width", None, _when(_VALID, V.str.replace_many(_ASCII, _WIDE)), True),
    Kind("id_lower_x", None, _when(_VALID & V.str.ends_with("X"), V.str.to_lowercase()), True),
    Kind("id_apostrophe", None, _when(_VALID, "'" + V), True),
    Kind("id_tab", None, _when(_VALID, "\t" + V), True),
    Kind("id_formula_text", None, _when(_VALID, '="' + V + '"'), True),
)  # fmt: skip
SPOUSES = Kind("spouses_swapped", "R-POP-08", _swapped, columns=2)


def _with_other_prefix(cells: Cells) -> pl.Series:
    body = matrix(cells.values, 18)[:, :17]
    body[:, 0], body[:, 1] = ord("9"), ord("1")
    return text(numbers.with_uscc_check(body))


def _uscc_check(cells: Cells) -> pl.Series:
    """Another check character; the organisation code inside stays right."""
    code = matrix(cells.values.set(cells.values == "", "0" * 18), 18)
    letters = np.frombuffer(numbers.USCC_ALPHABET.encode(), dtype=np.uint8)
    place = np.searchsorted(letters, code[:, 17])
    code[:, 17] = letters[(place + 7) % 31]
    return text(code).set(cells.values == "", None)


_FULL = V.str.len_chars() == 18
USCC = (
    Kind("uscc_check", "R-USCC-02", _uscc_check),
    Kind("uscc_17_characters", "R-USCC-01", _when(_FULL, V.str.head(17))),
    Kind("uscc_lower_case", None,
         _when(_FULL & V.str.contains("[A-Z]"), V.str.to_lowercase()), True),
    Kind("uscc_full_width", None, _when(_FULL, V.str.replace_many(_ASCII, _WIDE)), True),
)  # fmt: skip
USCC_PLACEHOLDER = Kind(
    "uscc_placeholder", "R-USCC-06", _when(pl.lit(True), pl.lit("0" * 17 + "X"))
)
USCC_PREFIX = Kind("uscc_other_prefix", "R-USCC-04", _with_other_prefix)
REGISTRATION = (
    Kind("registration_check", "R-REG-01",
         _when(V.str.len_chars() == 15,
               V.str.head(14) + V.str.tail(1).replace_strict(_OTHER_DIGIT, default="5"))),
    Kind("registration_13_digits", "R-REG-02", _when(V.str.len_chars() == 15, V.str.head(13))),
)  # fmt: skip
TAXPAYER = Kind(
    "taxpayer_id_cut", "R-TAX-01",
    _when(V.str.len_chars().is_in([15, 18]), V.str.head(V.str.len_chars() - 2)),
)  # fmt: skip
CERTIFICATE_NO = Kind("certificate_no_cut", "R-VAL-11", _when(V != "", V.str.head(9)))
MOBILE = Kind("mobile_short", "R-VAL-18", _when(V.str.len_chars() == 11, V.str.head(9)))
