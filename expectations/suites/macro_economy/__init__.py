"""Suites of the macro-economic products."""
