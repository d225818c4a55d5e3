"""credit.public_permit: no natural person is in it."""

from __future__ import annotations

from expectations.credit import without_persons

_PUBLIC = "credit.public_permit"
_FREE = ("document_name", "permit_class", "certificate_name", "certificate_no", "content")

SUITE = (
    *without_persons(
        _PUBLIC,
        "credit.administrative_permit",
        texts=("document_no", "counterparty_name", *_FREE),
        free=_FREE,
    ),
)
