"""credit.objection."""

from __future__ import annotations

from expectations.expected import known_counterpart, known_extract

_OBJECTION = "credit.objection"

SUITE = (known_extract(_OBJECTION, provider="provider"), known_counterpart(_OBJECTION))
