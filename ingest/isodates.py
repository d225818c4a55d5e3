"""Dates and times in the one form that most have, read from their bytes: no text is cleaned first.

Forms of other kinds, and texts with blanks and wrappers around them, are `dates`' business.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import polars as pl

from ingest.clean import Bools, as_bools, replace_at
from ingest.digits import ZERO, byte_matrix, days_since_1970, is_day, number, planes_of

_FIRST_YEAR = 1000  # "0018-01-01" is a two-digit year
_DAY_SECONDS = 86_400
_BLOCK = 1 << 17


def _fixed(raw: pl.Series, form: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """The rows whose text has the form (0 for a digit, else the character), and their planes."""
    width = len(form)
    spots = np.flatnonzero(as_bools(raw.str.len_bytes() == width))
    some = raw if len(spots) == len(raw) else raw.gather(spots)
    planes = planes_of(byte_matrix(some, width))
    fits = np.ones(len(spots), dtype=bool)
    for place, sign in enumerate(form):
        fits &= planes[place] <= 9 if sign == "0" else planes[place] == (ord(sign) - ZERO) % 256
    return (spots, planes) if fits.all() else (spots[fits], planes[:, fits])


def _spread(size: int, spots: npt.NDArray[np.int64], real: Bools, values: pl.Series) -> pl.Series:
    if len(spots) == size and real.all():
        return values
    empty = pl.Series([None], dtype=values.dtype).new_from_index(0, size)
    return replace_at(empty, spots[real], values.filter(pl.Series(real)))


def _in_blocks(read: Callable[[pl.Series], pl.Series], raw: pl.Series) -> pl.Series:
    """Read so many texts at a time that their planes stay in a core's cache."""
    if len(raw) <= _BLOCK:
        return read(raw)
    starts = range(0, len(raw), _BLOCK)
    return pl.concat([read(raw.slice(at, _BLOCK)) for at in starts], rechunk=True)


def exact_dates(raw: pl.Series) -> pl.Series:
    """The dates of texts that are ISO dates (`2018-03-15`), NULL for all others."""
    return _in_blocks(_dates, raw)


def exact_times(raw: pl.Series) -> pl.Series:
    """The times of texts such as `2018-03-15 08:00:31`, NULL for all others."""
    return _in_blocks(_times, raw)


def _dates(raw: pl.Series) -> pl.Series:
    spots, planes = _fixed(raw, "0000-00-00")
    year, month_day = number(planes[:4]), number(planes[[5, 6, 8, 9]])
    real = is_day(year, month_day) & (year >= _FIRST_YEAR)
    days = pl.Series(days_since_1970(year, month_day)).cast(pl.Date)
    return _spread(len(raw), spots, real, days)


def _times(raw: pl.Series) -> pl.Series:
    spots, planes = _fixed(raw, "0000-00-00 00:00:00")
    year, month_day = number(planes[:4]), number(planes[[5, 6, 8, 9]])
    hour, minute, second = (number(planes[at : at + 2]) for at in (11, 14, 17))
    real = is_day(year, month_day) & (year >= _FIRST_YEAR)
    real &= (hour < 24) & (minute < 60) & (second < 60)
    seconds = (hour * 60 + minute) * 60 + second
    since = days_since_1970(year, month_day).astype(np.int64) * _DAY_SECONDS + seconds
    return _spread(len(raw), spots, real, pl.Series(since * 1_000_000).cast(pl.Datetime("us")))


EXACT: dict[str, Callable[[pl.Series], pl.Series]] = {
    "date": exact_dates,
    "datetime": exact_times,
}
