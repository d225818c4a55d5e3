"""Dates, times and months in the forms departments write, each form named; nothing is guessed.

ISO first; only what is left over is tried in other forms (domain reference §6.2). Two-digit years
and day/month orders that could be read two ways are refused.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from ingest.clean import (
    SPACES,
    Evaluated,
    as_bools,
    half_width,
    null_where,
    replace_at,
    scatter_bools,
)
from ingest.isodates import exact_dates, exact_times

SENTINELS = ("1899-12-30", "1899-12-31", "1900-01-01")
_SENTINEL_TEXTS = ["0000-00-00", "0000/00/00", "00000000", "0000-00-00 00:00:00", "0"]
_LONG_TERM_WORDS = ["长期", "永久", "无固定期限", "长期有效", "永久有效", "无期限"]
_LONG_TERM_DATES = ("2099-12-31", "9999-12-31", "9999-09-09")
_MIDNIGHT = r"[T ]0{1,2}:00(:00(\.0+)?)?$"
_EXCEL_EPOCH = pl.date(1899, 12, 30)
_NUMERALS = {"〇": "0", "○": "0", "零": "0", "一": "1", "二": "2", "三": "3", "四": "4", "五": "5",
             "六": "6", "七": "7", "八": "8", "九": "9"}  # fmt: skip


def _numerals() -> dict[str, str]:
    """Chinese numerals of days and months, 一 to 三十一, as two digits."""
    units = "〇一二三四五六七八九"
    words = {units[i]: f"{i:02d}" for i in range(1, 10)}
    for number in range(10, 32):
        tens, ones = divmod(number, 10)
        words[("" if tens == 1 else units[tens]) + "十" + (units[ones] if ones else "")] = str(
            number
        )
    return words


def _first_some(size: int, candidates: list[pl.Series]) -> pl.Series:
    result = candidates[0]
    for other in candidates[1:]:
        result = result.fill_null(other) if size else result
    return result


def _chinese(text: pl.Series) -> pl.Series:
    """二〇一八年三月十五日 → 2018-03-15 (text)."""
    parts = text.str.extract_groups(
        r"^([〇○零一二三四五六七八九]{4})年(\p{Han}{1,2})月(\p{Han}{1,3})[日号]$"
    )
    frame = pl.DataFrame({"p": parts}).unnest("p")
    names = frame.columns
    words = _numerals()
    year = frame[names[0]].str.replace_many(_NUMERALS)
    month = frame[names[1]].replace_strict(words, default=None, return_dtype=pl.String)
    day = frame[names[2]].replace_strict(words, default=None, return_dtype=pl.String)
    return year + "-" + month + "-" + day


def _days_after_epoch(days: pl.Series) -> pl.Series:
    """Excel's serial days (1900 system) as dates."""
    return pl.DataFrame({"d": days}).select(_EXCEL_EPOCH + pl.duration(days="d")).to_series()


def _parse_days(text: pl.Series) -> pl.Series:
    """Dates of the residue, NULL where no form fits."""
    plain = half_width(text.str.replace(_MIDNIGHT, ""))
    unified = plain.str.replace(r"^(\d{4})年(\d{1,2})月(\d{1,2})[日号]?$", "$1-$2-$3")
    unified = unified.str.replace(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$", "$1-$2-$3")
    unified = unified.fill_null("").str.replace(r"^(\d{4})(\d{2})(\d{2})$", "$1-$2-$3")
    padded = unified.str.replace(r"^(\d{4})-(\d)-", "$1-0$2-").str.replace(r"-(\d)$", "-0$1")
    exact = padded.str.extract(r"^([1-9]\d{3}-\d{2}-\d{2})$").str.to_date("%Y-%m-%d", strict=False)
    serial = plain.str.extract(r"^([1-7]\d{4})(?:\.0+)?$").cast(pl.Int64, strict=False)
    by_serial = _days_after_epoch(serial)
    chinese = _chinese(plain).str.to_date("%Y-%m-%d", strict=False)
    return _first_some(len(text), [exact, by_serial, chinese])


def _where_kept(
    exact: pl.Series | None, text: pl.Series, read: Callable[[pl.Series], pl.Series]
) -> pl.Series:
    """What was read from the raw text, except where the text turned out to be a null word."""
    if exact is None:
        return read(text)
    lost = as_bools(exact.is_not_null() & text.is_null())
    return null_where(exact, lost) if lost.any() else exact


def to_date(cleaned: Evaluated, exact: pl.Series | None = None, *, long_term: bool) -> Evaluated:
    """Text → DATE, under R-VAL-04; placeholders become NULL under R-VAL-05.

    Args:
        exact: `exact_dates` of the text before it was cleaned, if they are known.
    """
    text = cleaned.values
    done = Evaluated(_where_kept(exact, text, exact_dates), dict(cleaned.problems))
    if long_term:
        done.is_long_term = np.zeros(len(text), dtype=bool)
    spots = np.flatnonzero(as_bools(done.values.is_null() & text.is_not_null()))
    if len(spots):
        some = text.gather(spots)
        found = _parse_days(some)
        sentinel = as_bools(some.str.strip_chars(SPACES).is_in(_SENTINEL_TEXTS))
        words = as_bools(some.is_in(_LONG_TERM_WORDS)) if long_term else np.zeros(len(spots), bool)
        bad = as_bools(found.is_null()) & ~sentinel & ~words
        done.values = replace_at(done.values, spots, found)
        done.add("R-VAL-04", scatter_bools(len(text), spots, bad))
        done.add("R-VAL-05", scatter_bools(len(text), spots, sentinel))
        if done.is_long_term is not None:
            done.is_long_term |= scatter_bools(len(text), spots, words)
    _drop_special_days(done)
    return done


def _drop_special_days(done: Evaluated) -> None:
    earliest = pl.Series([*SENTINELS]).str.to_date("%Y-%m-%d")
    sentinel = as_bools(done.values.is_in(earliest.implode()))
    if sentinel.any():
        done.add("R-VAL-05", sentinel)
        done.values = null_where(done.values, sentinel)
    if done.is_long_term is not None:
        ends = pl.Series([*_LONG_TERM_DATES]).str.to_date("%Y-%m-%d")
        endless = as_bools(done.values.is_in(ends.implode()))
        done.is_long_term |= endless
        done.values = null_where(done.values, endless)


def to_datetime(cleaned: Evaluated, exact: pl.Series | None = None) -> Evaluated:
    """Text → TIMESTAMP (naive local time of Asia/Shanghai), under R-VAL-19.

    Args:
        exact: `exact_times` of the text before it was cleaned, if they are known.
    """
    text = cleaned.values
    values = _where_kept(exact, text, exact_times)
    done = Evaluated(values, dict(cleaned.problems))
    spots = np.flatnonzero(as_bools(values.is_null() & text.is_not_null()))
    if len(spots):
        some = text.gather(spots)
        found = _parse_times(some)
        sentinel = as_bools(some.is_in(_SENTINEL_TEXTS))
        done.values = replace_at(values, spots, found)
        bad = as_bools(found.is_null()) & ~sentinel
        done.add("R-VAL-19", scatter_bools(len(text), spots, bad))
        done.add("R-VAL-05", scatter_bools(len(text), spots, sentinel))
    return done


def _parse_times(text: pl.Series) -> pl.Series:
    plain = text.str.normalize("NFKC").str.strip_chars(SPACES)
    split = plain.str.extract_groups(
        r"^(\d{4}[-/.年]?\d{1,2}[-/.月]?\d{1,2}日?)[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?$"
    )
    frame = pl.DataFrame({"p": split}).unnest("p")
    day, hour, minute, second = (frame[name] for name in frame.columns)
    clock_times = pl.DataFrame(
        {
            "day": _parse_days(day).cast(pl.Datetime("us")),
            "h": hour.cast(pl.Int64, strict=False),
            "m": minute.cast(pl.Int64, strict=False),
            "s": second.cast(pl.Int64, strict=False).fill_null(0),
        }
    )
    fits = (pl.col("h") < 24) & (pl.col("m") < 60) & (pl.col("s") < 60)
    since_midnight = pl.duration(hours="h", minutes="m", seconds="s", time_unit="us")
    with_time = clock_times.select(pl.when(fits).then(pl.col("day") + since_midnight)).to_series()
    compact = plain.str.extract(r"^([1-9]\d{11}[0-5]\d)$").str.to_datetime(
        "%Y%m%d%H%M%S", strict=False, time_unit="us"
    )
    number = plain.str.extract(r"^([1-7]\d{4}\.\d+)$").cast(pl.Float64, strict=False)
    # Excel keeps milliseconds
    micros = pl.DataFrame({"us": (number * 86_400_000).round(0).cast(pl.Int64) * 1000})
    serial = micros.select(
        _EXCEL_EPOCH.cast(pl.Datetime("us")) + pl.duration(microseconds="us", time_unit="us")
    ).to_series()
    date_only = _parse_days(plain).cast(pl.Datetime("us"))
    return _first_some(len(text), [with_time, compact, serial, date_only])


def to_month(cleaned: Evaluated) -> Evaluated:
    """Text → first day of the month, under R-VAL-20 (2018-03, 201803, 2018/3, 2018年3月).

    What Excel makes of a typed 2018-03 is the first day of the month, as a date with a time of zero
    or as a serial number; of a typed 201803 it may make 201803.0.
    """
    text = cleaned.values
    plain = half_width(text)
    # without separators only two-digit months: 20181 could be January or a cut-off October
    parts = plain.str.extract_groups(
        r"^(\d{4})(?:[-/.年](\d{1,2})(?:月|月0?1日|[-/.]0?1(?:[ T]?0?0:00(?::00(?:\.0+)?)?)?)?"
        r"|(\d{2})(?:01)?(?:\.0+)?)$"
    )
    frame = pl.DataFrame({"p": parts}).unnest("p")
    year, separated, compact = (frame[name] for name in frame.columns)
    month = separated.fill_null(compact)
    values = (year + "-" + month.str.zfill(2) + "-01").str.to_date("%Y-%m-%d", strict=False)
    # of the years 1990 to 2034: no year and month is written with such five digits
    serial = plain.str.extract(r"^(3[3-9]\d{3}|4\d{4})(?:\.0+)?$").cast(pl.Int64)
    days = pl.DataFrame({"n": serial}).select(_EXCEL_EPOCH + pl.duration(days="n")).to_series()
    days = days.cast(pl.Date)
    values = values.fill_null(null_where(days, as_bools(days.dt.day() != 1)))
    done = Evaluated(values, dict(cleaned.problems))
    done.add("R-VAL-20", as_bools(values.is_null() & text.is_not_null()))
    return done
