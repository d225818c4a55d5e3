"""credit.dishonest_judgment_debtor."""

from __future__ import annotations

from expectations.credit import linked
from expectations.expected import KEY, RANGE, RECONCILED, no_rows

_DEBTOR = "credit.dishonest_judgment_debtor"

SUITE = (
    *linked(_DEBTOR),
    no_rows(
        "table.all_records",
        RECONCILED,
        "FROM gate.reconciliation WHERE extract = 'credit/dishonest_judgment_debtor' AND "
        f"current_records <> (SELECT count(DISTINCT record_id) FROM {_DEBTOR})",
    ),
    no_rows(
        "is_listed.until_withdrawn",
        RANGE,
        f"FROM {_DEBTOR} WHERE is_listed <> (withdrawn_date IS NULL) "
        "OR withdrawn_date < listed_from",
    ),
    no_rows(
        "listing_no.one_open",
        KEY,
        f"FROM {_DEBTOR} WHERE is_listed GROUP BY record_id HAVING count(*) > 1",
    ),
)
