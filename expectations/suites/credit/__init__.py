"""Suites of the credit theme."""
