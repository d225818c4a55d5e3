"""social_security.conflicting_enrolment."""

from __future__ import annotations

from expectations.expected import KEY, RANGE, no_rows

_CONFLICT = "social_security.conflicting_enrolment"

SUITE = (
    no_rows(
        "enrolment_no.one_order", KEY, f"FROM {_CONFLICT} WHERE enrolment_no >= other_enrolment_no"
    ),
    no_rows(
        "overlap_to.not_before_from", RANGE, f"FROM {_CONFLICT} WHERE overlap_to < overlap_from"
    ),
)
