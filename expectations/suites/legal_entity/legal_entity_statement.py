"""legal_entity.legal_entity_statement."""

from __future__ import annotations

from expectations.expected import statements

SUITE = statements("legal_entity.legal_entity_statement")
