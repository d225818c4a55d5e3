"""e_licence.licence."""

from __future__ import annotations

from expectations.expected import RANGE, no_rows, not_in_future

_LICENCE = "e_licence.licence"

SUITE = (
    not_in_future(_LICENCE, "issued_date", tolerated=True),
    no_rows(
        "is_long_term.without_end",
        RANGE,
        f"FROM {_LICENCE} WHERE is_long_term AND valid_to IS NOT NULL",
    ),
    no_rows(
        "is_in_force.by_status_and_date",
        RANGE,
        f"FROM {_LICENCE} WHERE is_in_force AND (status_code <> '01' "
        "OR valid_to < (SELECT business_date FROM gate.night) "
        "OR valid_from > (SELECT business_date FROM gate.night))",
    ),
)
