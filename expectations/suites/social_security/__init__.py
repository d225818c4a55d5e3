"""Suites of social security."""
