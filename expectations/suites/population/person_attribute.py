"""population.person_attribute."""

from __future__ import annotations

from catalog import catalog
from expectations.chosen import one_source_per_value
from expectations.expected import known_extract

_ATTRIBUTE = "population.person_attribute"

SUITE = (
    *one_source_per_value(catalog(), "population", _ATTRIBUTE),
    known_extract(_ATTRIBUTE),
)
