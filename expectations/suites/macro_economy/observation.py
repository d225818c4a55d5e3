"""macro_economy.observation."""

from __future__ import annotations

from expectations.expected import KEY, LISTED, RANGE, known_extract, no_rows
from expectations.thresholds import COUNTIES_TOLERANCE, INDEX_BAND

_OBSERVATION = "macro_economy.observation"
_POINT = "indicator_code, division_code, period, value_kind, measure"
# Levels that add up: no rates, no index.
_AMOUNT = "measure = 'level' AND unit NOT IN ('%', '‰', '百分点') AND unit NOT LIKE '%=100'"
_COUNTIES = "'610202', '610203', '610204', '610222'"

SUITE = (
    no_rows(
        "is_latest.once",
        KEY,
        f"FROM {_OBSERVATION} GROUP BY {_POINT} HAVING count(*) FILTER (WHERE is_latest) <> 1 "
        "OR max(released_date) FILTER (WHERE is_latest) IS DISTINCT FROM max(released_date)",
    ),
    no_rows(
        "revision_no.counts_releases",
        KEY,
        f"FROM {_OBSERVATION} GROUP BY {_POINT} "
        "HAVING max(revision_no) <> count(*) OR count(DISTINCT revision_no) <> count(*)",
    ),
    no_rows(
        "is_derived.of_current_levels",
        LISTED,
        f"FROM {_OBSERVATION} WHERE is_derived AND NOT (value_kind = 'current' AND {_AMOUNT})",
    ),
    no_rows(
        "is_derived.only_where_none_is_published",
        KEY,
        f"FROM {_OBSERVATION} GROUP BY {_POINT} HAVING count(DISTINCT is_derived) > 1",
    ),
    no_rows(
        "period_end.after_period_start",
        RANGE,
        f"FROM {_OBSERVATION} WHERE period_end <= period_start",
    ),
    no_rows(
        "value.index_near_100",
        "R-MAC-06",
        f"FROM {_OBSERVATION} WHERE unit LIKE '%=100' AND abs(value - 100) > {INDEX_BAND}",
    ),
    # A revised point may lie below the one before it: only first releases are held to it.
    no_rows(
        "value.cumulative_does_not_fall",
        "R-MAC-08",
        "FROM (SELECT value, revision_no, lag(value) OVER year AS before, "
        f"lag(revision_no) OVER year AS revision_before FROM {_OBSERVATION} "
        f"WHERE is_latest AND value_kind = 'cumulative' AND {_AMOUNT} WINDOW year AS ("
        "PARTITION BY indicator_code, division_code, substr(period, 1, 4), length(period) "
        "ORDER BY period)) WHERE value < before AND revision_no = 1 AND revision_before = 1",
    ),
    # The New Area lies in 耀州 and may be counted in it or beside it.
    no_rows(
        "value.counties_add_up",
        "R-MAC-09",
        "FROM (SELECT max(value) FILTER (WHERE division_code = '610200') AS city, "
        f"sum(value) FILTER (WHERE division_code IN ({_COUNTIES})) AS counties, "
        "coalesce(sum(value) FILTER (WHERE division_code = 'LOCAL-XQ'), 0) AS new_area "
        f"FROM {_OBSERVATION} "
        f"WHERE is_latest AND {_AMOUNT} AND indicator_code IN (SELECT indicator_code "
        "FROM macro_economy.indicator WHERE sums_over_divisions) "
        f"GROUP BY {_POINT.replace('division_code, ', '')} "
        f"HAVING count(*) FILTER (WHERE division_code IN ({_COUNTIES})) = 4) "
        "WHERE least(abs(city - counties), abs(city - counties - new_area)) "
        f"> {COUNTIES_TOLERANCE} * abs(city)",
    ),
    known_extract(_OBSERVATION, provider="provider"),
)
