"""credit.public_permit: no natural person is in it."""

from __future__ import annotations

from expectations.credit import without_persons

_PUBLIC = "credit.public_permit"

SUITE = (*without_persons(_PUBLIC, "credit.administrative_permit", ("content",)),)
