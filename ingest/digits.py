"""Texts of one width as planes of digits: numbers and days read from their bytes, by numpy.

A plane holds one place of every text, less the byte of "0": digits are 0 to 9, whatever else is
more. What is computed where a place is no digit means nothing; callers mask it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from ingest.clean import Bools

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int32]

ZERO = 48
LAST_YEAR = 9999
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_NO_DAY = -1
_AFTER_LEAP_DAY = 301


def _days_of_year() -> Ints:
    """By month * 100 + day: days since the first of January of a year without a leap day."""
    table = np.full(10_000, _NO_DAY, dtype=np.int32)
    before = 0
    for month, days in enumerate(_MONTH_DAYS, start=1):
        first = month * 100 + 1
        table[first : first + days] = np.arange(before, before + days)
        before += 28 if month == 2 else days
    return table


_DAY_OF_YEAR = _days_of_year()
_YEARS = np.arange(LAST_YEAR + 1)
_IS_LEAP: Bools = (_YEARS % 4 == 0) & ((_YEARS % 100 != 0) | (_YEARS % 400 == 0))
_YEAR_START: Ints = (_YEARS - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int32)


def byte_matrix(values: pl.Series, width: int) -> Bytes:
    """The bytes of texts that all have `width` bytes, as a matrix (rows × width)."""
    arrow = values.to_arrow()
    data = np.frombuffer(arrow.buffers()[2] or b"", dtype=np.uint8)
    begin = arrow.offset * width
    return data[begin : begin + len(values) * width].reshape(len(values), width)


def planes_of(matrix: Bytes) -> Bytes:
    """A plane for each place (places × rows)."""
    return np.ascontiguousarray(matrix.T) - np.uint8(ZERO)


def number(places: Bytes) -> Ints:
    """The decimal number that the planes spell."""
    result: Ints = places[0].astype(np.int32)
    for place in places[1:]:
        result *= 10
        result += place
    return result


def is_day(year: Ints, month_day: Ints) -> Bools:
    """Whether a year (up to 9999) and month * 100 + day are a day of the calendar."""
    real: Bools = _DAY_OF_YEAR[np.clip(month_day, 0, 9999)] != _NO_DAY
    leap_days = np.flatnonzero(month_day == 229)
    real[leap_days] &= _IS_LEAP[np.clip(year[leap_days], 0, LAST_YEAR)]
    return real


def days_since_1970(year: Ints, month_day: Ints) -> Ints:
    """The day as Polars and Arrow count it; only where `is_day`."""
    year, month_day = np.clip(year, 0, LAST_YEAR), np.clip(month_day, 0, 9999)
    after = (month_day >= _AFTER_LEAP_DAY) & _IS_LEAP[year]
    days: Ints = _YEAR_START[year] + _DAY_OF_YEAR[month_day]
    days += after
    return days
