"""National identifiers, whole columns at a time.

Resident numbers (GB 11643-1999), organisation codes (GB 11714-1997), unified social credit codes
(GB 32100-2015) and business registration numbers (GS 15-2006), each with its check character.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from simulator.arrays import Bytes, Days, Ints, digits, matrix, text, years_months_days

_RIC_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
_RIC_CHECK = np.frombuffer(b"10X98765432", dtype=np.uint8)
# Sequences that end in 00 look like numbers ruined by Excel and 996-999 were reserved for people
# born before 1900: a real office gave both rarely, the simulated ones never.
_MALE = np.arange(1, 996, 2, dtype=np.int64)
_FEMALE = np.array([n for n in range(2, 995, 2) if n % 100], dtype=np.int64)
_STEP = 37

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_LETTERS = np.frombuffer(USCC_ALPHABET.encode(), dtype=np.uint8)
_USCC_WEIGHTS = np.array([pow(3, i, 31) for i in range(17)], dtype=np.int64)
_ORG_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
_ORG_CHECK = np.frombuffer(b"0123456789X", dtype=np.uint8)


def resident_keys(prefix: Ints, birth: Days, sex: Ints) -> Ints:
    """What numbers must differ within: division, birth date and sex as one number."""
    year, month, day = years_months_days(birth)
    return ((prefix * 10_000 + year) * 10_000 + month * 100 + day) * 10 + sex


def ranks(keys: Ints, taken: Ints) -> Ints:
    """How many equal keys stand before each one, in `taken` and in `keys` itself."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    within = np.empty(len(keys), dtype=np.int64)
    within[order] = np.arange(len(keys)) - np.searchsorted(ordered, ordered, side="left")
    known = np.sort(taken)
    before = np.searchsorted(known, keys, "right") - np.searchsorted(known, keys, "left")
    return within + before


def resident_numbers(keys: Ints, rank: Ints) -> pl.Series:
    """Valid 18-character numbers; the same key with another rank gives another number.

    Raises:
        ValueError: more people share a division, birth date and sex than there are sequences.
    """
    if len(rank) and int(rank.max()) >= len(_FEMALE):
        raise ValueError("too many people of one division, birth date and sex")
    body, sex = keys // 10, keys % 10
    shift = (body * 7919) % 100_003
    male = _MALE[(rank * _STEP + shift) % len(_MALE)]
    female = _FEMALE[(rank * _STEP + shift) % len(_FEMALE)]
    return text(with_resident_check(digits(body * 1000 + np.where(sex == 1, male, female), 17)))


def with_resident_check(values: Ints) -> Bytes:
    """17 digits of each number with the check character behind, as ASCII."""
    check = _RIC_CHECK[(values @ _RIC_WEIGHTS) % 11]
    return np.column_stack([(values + ord("0")).astype(np.uint8), check])


def rechecked(numbers: pl.Series) -> pl.Series:
    """18-character numbers with their check character made right."""
    return text(with_resident_check(matrix(numbers, 18)[:, :17].astype(np.int64) - ord("0")))


def organisation_codes(body: Bytes) -> Bytes:
    """Eight ASCII characters (digits, upper-case letters) with the check character behind."""
    values = np.where(body >= ord("A"), body.astype(np.int64) - 55, body.astype(np.int64) - 48)
    check = _ORG_CHECK[(11 - (values @ _ORG_WEIGHTS) % 11) % 11]
    return np.column_stack([body, check])


def organisation_bodies(index: Ints, is_new: np.ndarray) -> Bytes:
    """Eight characters for each index: digits before October 2015, `MA6…` since."""
    old = digits(10_000_000 + (index * 7_654_321 + 13_579) % 89_999_999, 8) + ord("0")
    letters = np.frombuffer(USCC_ALPHABET.encode(), dtype=np.uint8)
    scrambled = (index * 9_973 + 271) % 31**4
    new = np.empty((len(index), 8), dtype=np.int64)
    new[:, :4] = np.frombuffer(b"MA6T", dtype=np.uint8)
    new[:, 3] = letters[20 + index // 31**4 % 11]
    for place in range(4):
        new[:, 7 - place] = letters[scrambled // 31**place % 31]
    return np.where(np.asarray(is_new)[:, None], new, old).astype(np.uint8)


def usccs(prefix: pl.Series, division: Ints, organisation: Bytes) -> pl.Series:
    """Unified social credit codes of a two-character prefix, a division and organisation codes."""
    head = matrix(prefix, 2)
    middle = (digits(division, 6) + ord("0")).astype(np.uint8)
    return text(with_uscc_check(np.column_stack([head, middle, organisation])))


def with_uscc_check(body: Bytes) -> Bytes:
    """17 ASCII characters of each code with the check character behind."""
    values = np.searchsorted(_USCC_LETTERS, body)
    check = _USCC_LETTERS[(31 - (values @ _USCC_WEIGHTS) % 31) % 31]
    return np.column_stack([body, check])


def registration_numbers(authority: Ints, first: Ints, index: Ints) -> pl.Series:
    """Business registration numbers: authority, first sequence digit, seven digits, check."""
    body = digits((authority * 10 + first) * 10_000_000 + index % 10_000_000, 14)
    product = np.full(len(body), 10, dtype=np.int64)
    for place in range(14):
        total = (product + body[:, place]) % 10
        product = np.where(total == 0, 10, total) * 2 % 11
    check = (11 - product) % 10
    return text((np.column_stack([body, check]) + ord("0")).astype(np.uint8))
