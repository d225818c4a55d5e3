"""legal_entity.objection."""

from __future__ import annotations

from expectations.expected import known_extract

_OBJECTION = "legal_entity.objection"

SUITE = (
    known_extract(_OBJECTION, provider="provider"),
    known_extract(_OBJECTION, "counterpart_extract"),
)
