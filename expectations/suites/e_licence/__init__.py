"""Suites of the electronic licences."""
