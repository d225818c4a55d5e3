"""legal_entity.objection."""

from __future__ import annotations

from expectations.expected import known_counterpart, known_extract

_OBJECTION = "legal_entity.objection"

SUITE = (known_extract(_OBJECTION, provider="provider"), known_counterpart(_OBJECTION))
