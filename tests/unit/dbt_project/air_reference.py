"""Air quality the slow, obvious way: fractions, one hour and one pollutant at a time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

# IAQI and break points as printed in HJ 633-2012; the edition of 2026 changed two of them.
IAQI = (0, 50, 100, 150, 200, 300, 400, 500)
TABLE_2012: dict[tuple[str, str], tuple[int, ...]] = {
    ("SO2", "24h"): (0, 50, 150, 475, 800, 1600, 2100, 2620),
    ("SO2", "1h"): (0, 150, 500, 650, 800),
    ("NO2", "24h"): (0, 40, 80, 180, 280, 565, 750, 940),
    ("NO2", "1h"): (0, 100, 200, 700, 1200, 2340, 3090, 3840),
    ("PM10", "24h"): (0, 50, 150, 250, 350, 420, 500, 600),
    ("PM2.5", "24h"): (0, 35, 75, 115, 150, 250, 350, 500),
    ("CO", "24h"): (0, 2, 4, 14, 24, 36, 48, 60),
    ("CO", "1h"): (0, 5, 10, 35, 60, 90, 120, 150),
    ("O3", "1h"): (0, 160, 200, 300, 400, 800, 1000, 1200),
    ("O3", "8h"): (0, 100, 160, 215, 265, 800),
}
TABLE_2026 = TABLE_2012 | {
    ("PM10", "24h"): (0, 50, 120, 250, 350, 420, 500, 600),
    ("PM2.5", "24h"): (0, 35, 60, 115, 150, 250, 350, 500),
}
POLLUTANTS = ("SO2", "NO2", "PM10", "PM2.5", "CO", "O3")
HOURLY = {"SO2": "1h", "NO2": "1h", "PM10": "24h", "PM2.5": "24h", "CO": "1h", "O3": "1h"}
Values = Mapping[str, Fraction]
HOUR = timedelta(hours=1)


def day_of(moment: datetime) -> date:
    """01:00 to 24:00 are one day."""
    return (moment - HOUR).date()


def half_even(value: Fraction, places: int = 0) -> Fraction:
    """Rounded by GB/T 8170."""
    scaled = value * 10**places
    low = math.floor(scaled)
    rest = scaled - low
    up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and low % 2 == 1)
    return Fraction(low + up, 10**places)


def iaqi(pollutant: str, averaging: str, value: Fraction, day: date) -> int | None:
    """One index; None where the table ends (2012: SO2 of an hour, O3 of eight)."""
    is_new = day >= date(2026, 3, 1)
    points = (TABLE_2026 if is_new else TABLE_2012)[pollutant, averaging]
    if is_new:
        value = half_even(value, 1 if pollutant == "CO" else 0)
    for low, high, at, until in zip(IAQI, IAQI[1:], points, points[1:], strict=False):
        if value <= until:
            return math.ceil(Fraction(high - low) * (value - at) / (until - at) + low)
    if len(points) == len(IAQI):
        return 500
    return IAQI[len(points) - 1] if is_new else None


def index(known: Mapping[str, int], day: date) -> tuple[int | None, str | None]:
    """AQI and primary pollutants of the indices that are known."""
    if not known:
        return None, None
    worst = max(known.values())
    if day >= date(2026, 3, 1) and len(known) < len(POLLUTANTS) and worst <= 100:
        return None, None
    leading = ",".join(p for p in POLLUTANTS if known.get(p) == worst)
    return worst, leading if worst > 50 else None


def mean(hours: Mapping[datetime, Values], ends: Sequence[datetime], pollutant: str, least: int
         ) -> Fraction | None:  # fmt: skip
    """Of the values there are, if they are enough."""
    found = [hours[end][pollutant] for end in ends if pollutant in hours.get(end, {})]
    return sum(found, Fraction(0)) / len(found) if len(found) >= least else None


def sliding(hours: Mapping[datetime, Values], end: datetime, pollutant: str, width: int, least: int
            ) -> Fraction | None:  # fmt: skip
    """The mean of the hours until `end`."""
    return mean(hours, [end - n * HOUR for n in range(width)], pollutant, least)


def hour(hours: Mapping[datetime, Values], end: datetime) -> dict[str, int]:
    """The hourly indices."""
    known = {}
    for pollutant, value in hours[end].items():
        found = iaqi(pollutant, HOURLY[pollutant], value, day_of(end))
        if found is None:  # only SO2 has no table of an hour above 800
            mean_24 = sliding(hours, end, pollutant, 24, 20)
            found = None if mean_24 is None else iaqi(pollutant, "24h", mean_24, day_of(end))
        if found is not None:
            known[pollutant] = found
    return known


def ozone(hours: Mapping[datetime, Values], day: date) -> tuple[Fraction | None, int]:
    """The valid maximum of the 8 h means that end from 08:00 to 24:00, and how many there are."""
    start = datetime(day.year, day.month, day.day)
    means = [sliding(hours, start + n * HOUR, "O3", 8, 6) for n in range(8, 25)]
    there = [m for m in means if m is not None]
    if not there or (len(there) < 14 and max(there) <= 160):
        return None, len(there)
    return max(there), len(there)


def averages(hours: Mapping[datetime, Values], day: date) -> dict[tuple[str, str], Fraction]:
    """What a day's index is made of, by pollutant and averaging."""
    start = datetime(day.year, day.month, day.day)
    ends = [start + n * HOUR for n in range(1, 25)]
    found = {}
    for pollutant in POLLUTANTS[:5]:
        if (value := mean(hours, ends, pollutant, 20)) is not None:
            found[pollutant, "24h"] = value
    best, _ = ozone(hours, day)
    if best is not None:
        found["O3", "8h"] = best
        found["O3", "1h"] = max(hours[e]["O3"] for e in ends if "O3" in hours.get(e, {}))
    return found


def daily(told: Mapping[tuple[str, str], Fraction], day: date) -> dict[str, int]:
    """The daily indices of a station's or the city's averages."""
    known = {}
    for (pollutant, averaging), value in told.items():
        found = iaqi(pollutant, averaging, value, day) if averaging != "1h" else None
        if averaging == "8h" and found is None:
            found = iaqi("O3", "1h", told["O3", "1h"], day)
        if found is not None:
            known[pollutant] = found
    return known


def percentile(values: Sequence[Fraction], rank: int) -> Fraction:
    """HJ 663, appendix A."""
    ordered = sorted(values)
    place = 1 + (len(ordered) - 1) * Fraction(rank, 100)
    low = math.floor(place)
    if low == len(ordered):
        return ordered[-1]
    return ordered[low - 1] + (ordered[low] - ordered[low - 1]) * (place - low)
