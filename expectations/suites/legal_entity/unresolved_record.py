"""legal_entity.unresolved_record."""

from __future__ import annotations

from expectations.expected import known_extract

_UNRESOLVED = "legal_entity.unresolved_record"

SUITE = (known_extract(_UNRESOLVED, provider="provider"),)
