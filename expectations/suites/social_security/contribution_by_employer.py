"""social_security.contribution_by_employer."""

from __future__ import annotations

from expectations.expected import RANGE, RECONCILED, REQUIRED, no_rows

_BY_EMPLOYER = "social_security.contribution_by_employer"

SUITE = (
    no_rows(
        "table.none_lost",
        RECONCILED,
        "FROM gate.reconciliation WHERE extract = 'social_security/contribution' "
        f"AND (current_records > 0) <> (SELECT count(*) > 0 FROM {_BY_EMPLOYER})",
    ),
    no_rows(
        "arrears_cny.of_due_and_received",
        RANGE,
        f"FROM {_BY_EMPLOYER} WHERE arrears_cny < 0 OR arrears_cny <> due_cny - received_cny",
    ),
    no_rows(
        "link_status.of_entity",
        REQUIRED,
        f"FROM {_BY_EMPLOYER} WHERE (entity_id IS NOT NULL) <> (link_status = '已关联')",
    ),
)
