"""credit.public_penalty: no natural person is in it."""

from __future__ import annotations

from expectations.credit import without_persons
from expectations.expected import RANGE, no_rows

_PUBLIC = "credit.public_penalty"

SUITE = (
    *without_persons(_PUBLIC, "credit.administrative_penalty", ("content", "violation_fact")),
    no_rows(
        "publicity_until_date.not_over",
        RANGE,
        f"FROM {_PUBLIC} WHERE publicity_until_date < (SELECT business_date FROM gate.night)",
    ),
)
