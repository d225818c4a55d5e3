"""Suites of the geospatial products."""
