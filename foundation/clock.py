"""The one clock. Everything that needs the time asks here.

`TONGCHUAN_NOW` (an ISO 8601 local time of Asia/Shanghai, such as `2018-03-31T02:00:00`) sets it
for tests and simulations. Times are naive local times of Asia/Shanghai everywhere.
"""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from foundation.errors import ConfigurationError

ZONE = ZoneInfo("Asia/Shanghai")
_ticks: list[datetime] = []


def now() -> datetime:
    """The local time of Asia/Shanghai, naive, with microseconds."""
    told = os.environ.get("TONGCHUAN_NOW")
    if not told:
        return datetime.now(ZONE).replace(tzinfo=None)
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        raise ConfigurationError(
            "TONGCHUAN_NOW is not an ISO 8601 time", "write it as 2018-03-31T02:00:00"
        ) from None
    return moment.astimezone(ZONE).replace(tzinfo=None) if moment.tzinfo else moment


def tick() -> datetime:
    """A time strictly later than every earlier tick of this process: orders events."""
    moment = now()
    # a clock that was set back (by a test, or by hand) is followed; only its grain is made up for
    if _ticks and moment <= _ticks[0] < moment + timedelta(seconds=1):
        moment = _ticks[0] + timedelta(microseconds=1)
    _ticks[:] = [moment]
    return moment


def today() -> date:
    """Today's date in Asia/Shanghai."""
    return now().date()
