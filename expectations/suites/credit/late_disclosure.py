"""credit.late_disclosure."""

from __future__ import annotations

from expectations.expected import RANGE, no_rows

_LATE = "credit.late_disclosure"

SUITE = (
    no_rows(
        "working_days.above_limit",
        RANGE,
        f"FROM {_LATE} WHERE working_days <= limit_working_days "
        "OR decision_date >= first_reached_date",
    ),
)
