"""Which records without a usable identifier speak of whom: Splink on DuckDB.

Belongs here: specifications, normal forms for comparing, scoring, decisions, training; functions
on a DuckDB connection.
Does not belong here: dbt, Dagster, deliveries; where tables come from, what becomes of a link.
"""
