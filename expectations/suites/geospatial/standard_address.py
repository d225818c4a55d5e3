"""geospatial.standard_address."""

from __future__ import annotations

from expectations.expected import GEOMETRY, REQUIRED, county_of, no_rows
from expectations.thresholds import MISPLACED_MIN_ROWS, MISPLACED_SHARE

_ADDRESS = "geospatial.standard_address"

SUITE = (
    county_of(_ADDRESS, "county_code", "division_code"),
    no_rows(
        "is_division_consistent.when_located",
        REQUIRED,
        f"FROM {_ADDRESS} WHERE located_division_code IS NOT NULL "
        "AND is_division_consistent IS NULL",
    ),
    # Single ones are objections; so many mean another coordinate system than the one told.
    no_rows(
        "is_division_consistent.share",
        GEOMETRY,
        "FROM (SELECT count(*) FILTER (WHERE NOT is_division_consistent) AS odd, "
        f"count(is_division_consistent) AS judged FROM {_ADDRESS}) "
        f"WHERE judged >= {MISPLACED_MIN_ROWS} AND odd > {MISPLACED_SHARE} * judged",
    ),
)
