"""social_security.enrolment."""

from __future__ import annotations

from expectations.expected import RANGE, RECONCILED, REQUIRED, no_rows

_ENROLMENT = "social_security.enrolment"

SUITE = (
    no_rows(
        "table.all_records",
        RECONCILED,
        "FROM gate.reconciliation WHERE extract = 'social_security/insured_person' "
        f"AND current_records <> (SELECT count(*) FROM {_ENROLMENT})",
    ),
    no_rows(
        "person_link_status.of_person",
        REQUIRED,
        f"FROM {_ENROLMENT} WHERE (person_id IS NOT NULL) "
        "<> (person_link_status IN ('已关联', '经个人编号关联'))",
    ),
    no_rows(
        "employer_link_status.of_entity",
        REQUIRED,
        f"FROM {_ENROLMENT} WHERE (entity_id IS NOT NULL) <> (employer_link_status = '已关联')",
    ),
    no_rows(
        "end_month.not_before_start", RANGE, f"FROM {_ENROLMENT} WHERE end_month < start_month"
    ),
)
