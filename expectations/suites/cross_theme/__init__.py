"""Suites of what the themes say of each other."""
