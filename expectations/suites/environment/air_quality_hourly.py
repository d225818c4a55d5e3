"""environment.air_quality_hourly."""

from __future__ import annotations

from expectations.environment import all_records, index
from expectations.expected import LISTED, no_rows

_HOURLY = "environment.air_quality_hourly"

SUITE = (
    *index(_HOURLY, "primary_pollutant"),
    all_records(_HOURLY, "air_quality_hourly"),
    no_rows(
        "observed_at.whole_hour",
        LISTED,
        f"FROM {_HOURLY} WHERE observed_at <> date_trunc('hour', observed_at) "
        "OR observed_date <> CAST(observed_at - INTERVAL 1 HOUR AS DATE)",
    ),
)
