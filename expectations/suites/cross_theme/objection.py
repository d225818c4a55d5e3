"""cross_theme.objection."""

from __future__ import annotations

from expectations.expected import known_counterpart, known_extract

_OBJECTION = "cross_theme.objection"

SUITE = (
    known_extract(_OBJECTION, provider="provider", of_any_domain=True),
    known_counterpart(_OBJECTION),
)
