"""The State Council's holiday notices as days: what `calendar.day` is made from.

PyPI `chinesecalendar` keeps the notices. A year it does not know is unknown here too: no day of it
is guessed from weekdays, and the gate asks that the night lies within (R-CAL-01).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import pyarrow as pa
from chinese_calendar import constants  # type: ignore[import-untyped]  # carries no types

from foundation.errors import ConfigurationError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

# The library says `Mid-autumn Festival`; the notices call them so.
_HOLIDAYS_CN = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日",
}
_SATURDAY = 5
Day = tuple[date, bool, bool, str | None, bool]


@lru_cache(maxsize=1)
def known_years() -> range:
    """The years whose notices are known, without a gap."""
    years = {day.year for day in constants.holidays}
    return range(min(years), max(years) + 1)


def describe(day: date) -> Day:
    """`day`, `is_working_day`, `is_holiday`, `holiday_name` (Chinese), `is_make_up_day`.

    `is_holiday` means a day off by notice; a plain weekend is neither a holiday nor a working day.
    A make-up day is a Saturday or Sunday that is worked.

    Raises:
        ConfigurationError: the calendar of its year is not known.
    """
    if day.year not in known_years():
        raise ConfigurationError(
            f"the holidays of {day.year} are not known",
            "update the package chinesecalendar; an unpublished year is not guessed",
        )
    is_make_up = day in constants.workdays
    name = None if is_make_up else constants.holidays.get(day)
    is_working = is_make_up or (day.weekday() < _SATURDAY and name is None)
    return day, is_working, name is not None, name and _HOLIDAYS_CN[name], is_make_up


def list_days(session: DuckDBPyConnection) -> DuckDBPyRelation:
    """Every day of the known years, in order."""
    years = known_years()
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    days = [describe(first + timedelta(days=n)) for n in range((last - first).days + 1)]
    names = ("day", "is_working_day", "is_holiday", "holiday_name", "is_make_up_day")
    types = (pa.date32(), pa.bool_(), pa.bool_(), pa.string(), pa.bool_())
    columns = {
        name: pa.array([row[at] for row in days], type=kind)
        for at, (name, kind) in enumerate(zip(names, types, strict=True))
    }
    table = pa.table(columns)
    return session.from_arrow(table)
