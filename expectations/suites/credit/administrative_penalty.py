"""credit.administrative_penalty."""

from __future__ import annotations

from expectations.credit import linked
from expectations.expected import RANGE, RECONCILED, REQUIRED, no_rows

_RECORD = "credit.administrative_penalty"

SUITE = (
    *linked(_RECORD),
    # several departments may tell of one decision: never more rows than current records
    no_rows(
        "table.all_records",
        RECONCILED,
        "FROM gate.reconciliation WHERE extract = 'credit/administrative_penalty' AND "
        f"((SELECT count(*) FROM {_RECORD}) > current_records "
        f"OR current_records > 0 AND (SELECT count(*) FROM {_RECORD}) = 0)",
    ),
    no_rows(
        "is_long_term.without_end",
        RANGE,
        f"FROM {_RECORD} WHERE is_long_term AND valid_to IS NOT NULL",
    ),
    no_rows(
        "publicity_until_date.of_basis",
        REQUIRED,
        f"FROM {_RECORD} WHERE publicity_basis = '按期限推算' AND publicity_until_date IS NULL",
    ),
)
