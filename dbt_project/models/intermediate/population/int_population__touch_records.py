"""Mentions that the touched records reach, and the numbers that these ever bore."""

from typing import Any

from duckdb import DuckDBPyConnection, DuckDBPyRelation


def model(dbt: Any, session: DuckDBPyConnection) -> DuckDBPyRelation:
    """`record_id` and `resident_id`; empty where everything is made anew."""
    from orchestration.linking import reach_records

    dbt.config(materialized="table")
    return reach_records(
        session,
        dbt.ref("stg_population__touch_keys"),
        dbt.ref("int_population__list_numbers"),
        dbt.source("raw", "link_decision"),
    )
