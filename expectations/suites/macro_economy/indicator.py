"""macro_economy.indicator."""

from __future__ import annotations

from expectations.expected import KEY, Unique

SUITE = (Unique("name.unique", KEY, ("name",)),)
