"""environment.air_quality_daily."""

from __future__ import annotations

from expectations.environment import index
from expectations.expected import KEY, RANGE, RECONCILED, no_rows

_DAILY = "environment.air_quality_daily"

SUITE = (
    *index(_DAILY, "primary_pollutants"),
    no_rows(
        "table.covers_hours",
        RECONCILED,
        "FROM (SELECT DISTINCT station_code, observed_date FROM environment.air_quality_hourly) "
        f"AS that ANTI JOIN {_DAILY} AS this ON that.station_code = this.station_code "
        "AND that.observed_date = this.observed_date",
    ),
    no_rows(
        "is_city.of_code",
        KEY,
        f"FROM {_DAILY} WHERE is_city <> (station_code = '610200')",
    ),
    no_rows(
        "pm25_ug_m3.of_twenty_hours",
        RANGE,
        f"FROM {_DAILY} WHERE NOT is_city AND (pm25_ug_m3 IS NOT NULL) <> (pm25_hours >= 20)",
    ),
)
