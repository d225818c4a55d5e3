"""social_security.benefit_by_division."""

from __future__ import annotations

from expectations.expected import RANGE, RECONCILED, no_rows

_BY_DIVISION = "social_security.benefit_by_division"

SUITE = (
    no_rows(
        "table.all_payments",
        RECONCILED,
        "FROM gate.reconciliation WHERE extract = 'social_security/benefit_payment' "
        f"AND current_records <> (SELECT coalesce(sum(payments), 0) FROM {_BY_DIVISION})",
    ),
    no_rows(
        "paid_cny.of_gross_and_recovered",
        RANGE,
        f"FROM {_BY_DIVISION} WHERE paid_cny <> gross_cny - recovered_cny",
    ),
)
