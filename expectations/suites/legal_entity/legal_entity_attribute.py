"""legal_entity.legal_entity_attribute."""

from __future__ import annotations

from catalog import catalog
from expectations.chosen import one_source_per_value
from expectations.expected import known_extract

_ATTRIBUTE = "legal_entity.legal_entity_attribute"

SUITE = (
    *one_source_per_value(catalog(), "legal_entity", _ATTRIBUTE),
    known_extract(_ATTRIBUTE),
)
