"""social_security.coverage_by_group."""

from __future__ import annotations

from expectations.expected import RANGE, no_rows

_BY_GROUP = "social_security.coverage_by_group"

SUITE = (
    no_rows(
        "enrolled.of_residents",
        RANGE,
        f"FROM {_BY_GROUP} WHERE enrolled > residents_of_age OR residents_of_age = 0",
    ),
)
