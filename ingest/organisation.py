"""Codes of organisations, checked over byte matrices.

USCC (GB 32100-2015), organisation code (GB 11714-1997), business registration number (GS 15-2006),
taxpayer number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from ingest.clean import Bools, Context, Evaluated, as_bools, half_width
from ingest.digits import byte_matrix
from ingest.identity import Parts

PLACEHOLDER = "0" * 17 + "X"
_USCC_ALPHABET = b"0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])
_ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])


def _table(alphabet: bytes) -> npt.NDArray[np.int32]:
    table = np.full(256, -1, dtype=np.int32)
    table[np.frombuffer(alphabet, dtype=np.uint8)] = np.arange(len(alphabet))
    return table


_USCC_VALUE = _table(_USCC_ALPHABET)
_ORGANISATION_VALUE = _table(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def organisation_code_fits(matrix: npt.NDArray[np.uint8]) -> Bools:
    """Whether 9-character organisation codes have their right check character."""
    values = _ORGANISATION_VALUE[matrix[:, :8]]
    check = (11 - (values @ _ORGANISATION_WEIGHTS) % 11) % 11
    wanted = np.where(check == 10, ord("X"), check + 48)
    return np.asarray((values >= 0).all(axis=1) & (matrix[:, 8] == wanted))


def _uscc_masks(matrix: npt.NDArray[np.uint8]) -> tuple[Bools, Bools]:
    values = _USCC_VALUE[matrix]
    form = (values >= 0).all(axis=1)
    check = (31 - (values[:, :17] @ _USCC_WEIGHTS) % 31) % 31
    return np.asarray(form), np.asarray(form & (check == values[:, 17]))


def to_uscc(cleaned: Evaluated, context: Context, prefixes: Sequence[str] = ()) -> Evaluated:
    """Text → USCC. Position 18 wrong is an error, position 17 a warning; 17 zeros + X is NULL."""
    text = cleaned.values
    frame = pl.DataFrame({"v": half_width(text).str.to_uppercase().str.replace_all("[-—]", "")})
    plain = frame["v"]
    done = Evaluated(plain, dict(cleaned.problems))
    empty = as_bools(plain == PLACEHOLDER)
    done.add("R-USCC-06", empty)
    is_long = as_bools(plain.str.contains(r"^[\x20-\x7e]{18}$")) & ~empty
    spots = np.flatnonzero(is_long)
    form = np.zeros(len(text), dtype=bool)
    fits, inner_fits = form.copy(), form.copy()
    if len(spots):
        matrix = byte_matrix(plain.gather(spots), 18)
        form[spots], fits[spots] = _uscc_masks(matrix)
        inner_fits[spots] = organisation_code_fits(matrix[:, 8:17])
    given = as_bools(text.is_not_null()) & ~empty
    done.add("R-USCC-01", given & ~form)
    done.add("R-USCC-02", given & form & ~fits)
    good = given & fits
    if prefixes:
        kind = as_bools(plain.str.slice(0, 2).is_in(list(prefixes)))
        done.add("R-USCC-04", good & ~kind)
        good &= kind
    done.add("R-USCC-03", good & ~inner_fits)
    known = list(context.catalog.code_list("uscc_prefix").codes)
    done.add("R-USCC-05", good & ~as_bools(plain.str.slice(0, 2).is_in(known)))
    done.values = pl.select(pl.when(pl.Series(good)).then(plain).otherwise(None)).to_series()
    return done


def to_organisation_code(cleaned: Evaluated) -> Evaluated:
    """Text → organisation code of 9 characters, without hyphen, under R-ORG-01."""
    plain = half_width(cleaned.values).str.to_uppercase().str.replace_all("[-—]", "")
    done = Evaluated(plain, dict(cleaned.problems))
    good = np.zeros(len(plain), dtype=bool)
    spots = np.flatnonzero(as_bools(plain.str.contains(r"^[0-9A-Z]{8}[0-9X]$")))
    if len(spots):
        good[spots] = organisation_code_fits(byte_matrix(plain.gather(spots), 9))
    done.add("R-ORG-01", as_bools(plain.is_not_null()) & ~good)
    done.values = pl.select(pl.when(pl.Series(good)).then(plain).otherwise(None)).to_series()
    return done


def registration_number_fits(matrix: npt.NDArray[np.uint8]) -> Bools:
    """ISO 7064 MOD 11,10 over 15 digits (GS 15-2006)."""
    digits = matrix.astype(np.int32) - 48
    state = np.full(len(matrix), 10, dtype=np.int32)
    for position in range(14):
        total = (state + digits[:, position]) % 10
        state = (np.where(total == 0, 10, total) * 2) % 11
    return np.asarray((11 - state) % 10 == digits[:, 14])


def to_registration_no(cleaned: Evaluated) -> Evaluated:
    """Text → business registration number: 15 digits with check, or 13 of before 2007."""
    plain = half_width(cleaned.values).str.replace_all("[-—]", "")
    done = Evaluated(plain, dict(cleaned.problems))
    given = as_bools(plain.is_not_null())
    old = as_bools(plain.str.contains(r"^[0-9]{13}$"))
    new = as_bools(plain.str.contains(r"^[0-9]{15}$"))
    spots = np.flatnonzero(new)
    if len(spots):
        new[spots] = registration_number_fits(byte_matrix(plain.gather(spots), 15))
    done.add("R-REG-01", given & ~old & ~new)
    done.add("R-REG-02", old)
    done.values = pl.select(pl.when(pl.Series(old | new)).then(plain).otherwise(None)).to_series()
    return done


def to_taxpayer_id(cleaned: Evaluated, context: Context) -> Evaluated:
    """Text → taxpayer number: USCC; division + organisation code (15); resident number + 2."""
    plain = half_width(cleaned.values).str.to_uppercase().str.replace_all("[-—]", "")
    done = Evaluated(plain, dict(cleaned.problems))
    given = as_bools(plain.is_not_null())
    good = np.zeros(len(plain), dtype=bool)
    forms: list[tuple[str, int, Callable[[npt.NDArray[np.uint8]], Bools]]] = [
        (r"^[0-9A-Z]{18}$", 18, lambda m: _uscc_masks(m)[1]),
        (r"^[0-9]{6}[0-9A-Z]{9}$", 15, lambda m: organisation_code_fits(m[:, 6:])),
        (r"^[0-9]{17}[0-9X][0-9A-Z]{2}$", 20, lambda m: _resident(m, context)),
    ]
    for pattern, width, fits in forms:
        spots = np.flatnonzero(as_bools(plain.str.contains(pattern)))
        if len(spots):
            good[spots] = fits(byte_matrix(plain.gather(spots), width))
    done.add("R-TAX-01", given & ~good)
    done.values = pl.select(pl.when(pl.Series(good)).then(plain).otherwise(None)).to_series()
    return done


def _resident(matrix: npt.NDArray[np.uint8], context: Context) -> Bools:
    parts = Parts(np.ascontiguousarray(matrix[:, :18]), context.business_date)
    return parts.is_form & parts.is_checked & parts.is_date
