"""environment.air_quality_annual."""

from __future__ import annotations

from expectations.expected import RANGE, REQUIRED, no_rows

_ANNUAL = "environment.air_quality_annual"

SUITE = (
    no_rows(
        "is_valid.of_counts",
        RANGE,
        f"FROM {_ANNUAL} WHERE is_valid <> (days >= 324 AND valid_months = 12)",
    ),
    no_rows(
        "is_compliant.of_limits",
        RANGE,
        f"FROM {_ANNUAL} WHERE is_compliant AND (mean_value > mean_limit "
        "OR percentile_value > percentile_limit)",
    ),
    no_rows(
        "is_compliant.only_when_valid",
        REQUIRED,
        f"FROM {_ANNUAL} WHERE is_compliant IS NOT NULL AND NOT is_valid",
    ),
)
