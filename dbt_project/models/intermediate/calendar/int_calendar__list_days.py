"""Every day that the State Council's published calendars cover, as the library knows them."""

from typing import Any

from duckdb import DuckDBPyConnection, DuckDBPyRelation


def model(dbt: Any, session: DuckDBPyConnection) -> DuckDBPyRelation:
    """One row per day: working day, holiday, make-up day."""
    from orchestration.working_days import list_days

    dbt.config(materialized="table")
    return list_days(session)
