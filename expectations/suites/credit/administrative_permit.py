"""credit.administrative_permit."""

from __future__ import annotations

from expectations.credit import linked
from expectations.expected import RANGE, RECONCILED, no_rows

_RECORD = "credit.administrative_permit"

SUITE = (
    *linked(_RECORD),
    # several departments may tell of one decision: never more rows than current records
    no_rows(
        "table.all_records",
        RECONCILED,
        "FROM gate.reconciliation WHERE extract = 'credit/administrative_permit' AND "
        f"((SELECT count(*) FROM {_RECORD}) > current_records "
        f"OR current_records > 0 AND (SELECT count(*) FROM {_RECORD}) = 0)",
    ),
    no_rows(
        "is_long_term.without_end",
        RANGE,
        f"FROM {_RECORD} WHERE is_long_term AND valid_to IS NOT NULL",
    ),
    no_rows(
        "valid_to.not_before_valid_from",
        RANGE,
        f"FROM {_RECORD} WHERE valid_to < valid_from",
    ),
)
