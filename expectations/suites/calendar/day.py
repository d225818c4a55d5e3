"""calendar.day."""

from __future__ import annotations

from expectations.expected import CALENDAR, RANGE, RECONCILED, no_rows

_DAY = "calendar.day"

SUITE = (
    no_rows(
        "table.covers_night",
        CALENDAR,
        f"FROM gate.night ANTI JOIN {_DAY} AS known ON known.day = gate.night.business_date",
    ),
    no_rows(
        "day.without_gap",
        RECONCILED,
        f"FROM (SELECT count(*) AS days, min(day) AS first, max(day) AS last FROM {_DAY}) "
        "WHERE days <> last - first + 1 OR month(first) <> 1 OR month(last) <> 12",
    ),
    no_rows(
        "is_working_day.of_kind",
        RANGE,
        f"FROM {_DAY} WHERE is_working_day <> (is_make_up_day "
        "OR isodow(day) < 6 AND NOT is_holiday) OR is_make_up_day AND isodow(day) < 6",
    ),
    no_rows(
        "working_day_no.counts",
        RANGE,
        "FROM (SELECT is_working_day, working_day_no, "
        f"coalesce(lag(working_day_no) OVER (ORDER BY day), 0) AS before FROM {_DAY}) "
        "WHERE working_day_no <> before + CASE WHEN is_working_day THEN 1 ELSE 0 END",
    ),
)
