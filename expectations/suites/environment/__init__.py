"""Suites of the environmental products."""
