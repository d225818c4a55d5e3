"""Suites of the legal-entity products."""
