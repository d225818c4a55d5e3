"""Suites of the shared calendar."""
