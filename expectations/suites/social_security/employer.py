"""social_security.employer."""

from __future__ import annotations

from expectations.expected import RECONCILED, REQUIRED, no_rows

_EMPLOYER = "social_security.employer"

SUITE = (
    no_rows(
        "table.all_records",
        RECONCILED,
        "FROM gate.reconciliation WHERE extract = 'social_security/employer' "
        f"AND current_records <> (SELECT count(*) FROM {_EMPLOYER})",
    ),
    no_rows(
        "link_status.of_entity",
        REQUIRED,
        f"FROM {_EMPLOYER} WHERE (entity_id IS NOT NULL) <> (link_status = '已关联')",
    ),
)
