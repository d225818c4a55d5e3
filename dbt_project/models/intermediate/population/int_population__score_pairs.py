"""Pairs of records and profiles that may be one person; only what is new is scored again."""

from typing import Any

from duckdb import DuckDBPyConnection, DuckDBPyRelation


def model(dbt: Any, session: DuckDBPyConnection) -> DuckDBPyRelation:
    """Pairs as linkage.score leaves them."""
    from orchestration.linking import score_pairs

    dbt.config(materialized="table")
    units = dbt.ref("int_population__list_units")
    profiles = dbt.ref("int_population__list_profiles")
    return score_pairs(session, "person", units, profiles, str(dbt.this))
