"""Array types and the few conversions between numpy and Polars that several modules need."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Days = npt.NDArray[np.datetime64]


def ints(values: Any) -> Ints:
    """Any sequence of whole numbers as int64."""
    return np.asarray(values, dtype=np.int64)


def text(matrix: Bytes) -> pl.Series:
    """A matrix of ASCII bytes, one row for each text, as texts."""
    rows, width = matrix.shape
    flat = np.ascontiguousarray(matrix).view(f"S{width}").reshape(rows)
    return pl.Series(flat).cast(pl.String) if rows else pl.Series([], dtype=pl.String)


def matrix(values: pl.Series, width: int) -> Bytes:
    """ASCII texts of one width as a matrix of bytes."""
    joined = "".join(values.to_list()).encode("ascii")
    return np.frombuffer(joined, dtype=np.uint8).reshape(len(values), width).copy()


def digits(numbers: Ints, width: int) -> Ints:
    """The decimal digits of each number, most significant first."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (numbers[:, None] // powers) % 10


def dates(days: Days) -> pl.Series:
    """Days as a Polars Date column."""
    return pl.Series(days.astype("datetime64[D]"), dtype=pl.Date)


def moments(days: Days, seconds: Ints) -> pl.Series:
    """Days and seconds of the day as a Polars Datetime column (microseconds, naive)."""
    whole = days.astype("datetime64[D]").astype("datetime64[us]")
    return pl.Series(whole + seconds.astype("timedelta64[s]"), dtype=pl.Datetime("us"))


def years_months_days(days: Days) -> tuple[Ints, Ints, Ints]:
    """Year, month and day of each date."""
    months = days.astype("datetime64[M]")
    year = months.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (days.astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64) + 1
    return year, month, day


def numbered(prefix: str, numbers: Ints, width: int) -> pl.Series:
    """Texts of a prefix and a zero-padded number."""
    return prefix + pl.Series(numbers).cast(pl.String).str.zfill(width)
