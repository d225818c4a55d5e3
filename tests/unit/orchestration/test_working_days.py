"""Working days against the published notices, typed in here from the notices themselves.

国务院办公厅关于2018–2026年部分节假日安排的通知: days off (month-day ranges) and make-up days.
2020 as changed by 国办发明电〔2020〕1号 (Spring Festival to 2 February).
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from foundation.errors import ConfigurationError
from orchestration.working_days import describe, known_years

# year: days off, worked Saturdays and Sundays
NOTICES = {
    2018: ("0101 0215-0221 0405-0407 0429-0501 0618 0922-0924 1001-1007 1230-1231",
           "0211 0224 0408 0428 0929 0930 1229"),
    2019: ("0101 0204-0210 0405-0407 0501-0504 0607-0609 0913-0915 1001-1007",
           "0202 0203 0428 0505 0929 1012"),
    2020: ("0101 0124-0202 0404-0406 0501-0505 0625-0627 1001-1008",
           "0119 0426 0509 0628 0927 1010"),
    2021: ("0101-0103 0211-0217 0403-0405 0501-0505 0612-0614 0919-0921 1001-1007",
           "0207 0220 0425 0508 0918 0926 1009"),
    2022: ("0101-0103 0131-0206 0403-0405 0430-0504 0603-0605 0910-0912 1001-1007 1231",
           "0129 0130 0402 0424 0507 1008 1009"),
    2023: ("0101-0102 0121-0127 0405 0429-0503 0622-0624 0929-1006 1230-1231",
           "0128 0129 0423 0506 0625 1007 1008"),
    2024: ("0101 0210-0217 0404-0406 0501-0505 0608-0610 0915-0917 1001-1007",
           "0204 0218 0407 0428 0511 0914 0929 1012"),
    2025: ("0101 0128-0204 0404-0406 0501-0505 0531-0602 1001-1008",
           "0126 0208 0427 0928 1011"),
    2026: ("0101-0103 0215-0223 0404-0406 0501-0505 0619-0621 0925-0927 1001-1007",
           "0104 0214 0228 0509 0920 1010"),
}  # fmt: skip


def _days(year: int, told: str) -> set[date]:
    found = set()
    for part in told.split():
        first, _, last = part.partition("-")
        day = date(year, int(first[:2]), int(first[2:]))
        end = date(year, int((last or first)[:2]), int((last or first)[2:]))
        while day <= end:
            found.add(day)
            day += timedelta(days=1)
    return found


@pytest.mark.parametrize("year", NOTICES)
def test_working_days_are_those_of_the_notice(year: int) -> None:
    off, worked = (_days(year, told) for told in NOTICES[year])
    day, different = date(year, 1, 1), []
    while day.year == year:
        _, is_working, is_holiday, name, is_make_up = describe(day)
        wanted = day in worked or (day.weekday() < 5 and day not in off)
        if (is_working, is_make_up) != (wanted, day in worked):
            different.append(day)
        assert is_holiday == (name is not None)
        assert not (is_holiday and is_working)
        day += timedelta(days=1)
    assert different == []


def test_tomb_sweeping_2018() -> None:
    days = [describe(date(2018, 4, n)) for n in range(4, 9)]
    assert [d[1] for d in days] == [True, False, False, False, True]
    assert [d[3] for d in days] == [None, "清明节", "清明节", "清明节", None]
    assert days[-1][4]


def test_a_year_without_a_notice_is_an_error() -> None:
    years = known_years()
    assert years[0] <= 2015
    assert years[-1] >= 2026
    for year in (years[0] - 1, years[-1] + 1):
        with pytest.raises(ConfigurationError):
            describe(date(year, 6, 1))
