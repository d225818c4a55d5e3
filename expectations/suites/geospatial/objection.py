"""geospatial.objection."""

from __future__ import annotations

from expectations.expected import known_extract

_OBJECTION = "geospatial.objection"

SUITE = (
    known_extract(_OBJECTION, provider="provider"),
    known_extract(_OBJECTION, "counterpart_extract"),
)
