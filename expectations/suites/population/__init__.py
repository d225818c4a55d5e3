"""Suites of the population products."""
