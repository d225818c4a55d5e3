"""credit.public_penalty: no natural person is in it."""

from __future__ import annotations

from expectations.credit import without_persons
from expectations.expected import RANGE, no_rows

_PUBLIC = "credit.public_penalty"
_FREE = ("violation_kind", "violation_fact", "legal_basis", "penalty_kind", "content")

SUITE = (
    *without_persons(
        _PUBLIC,
        "credit.administrative_penalty",
        texts=("document_no", "counterparty_name", *_FREE),
        free=_FREE,
    ),
    no_rows(
        "publicity_until_date.not_over",
        RANGE,
        f"FROM {_PUBLIC} WHERE publicity_until_date < (SELECT business_date FROM gate.night)",
    ),
)
