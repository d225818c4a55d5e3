"""population.person_statement."""

from __future__ import annotations

from expectations.expected import statements

SUITE = statements("population.person_statement")
