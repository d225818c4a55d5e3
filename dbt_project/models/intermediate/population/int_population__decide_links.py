"""What becomes of each record without a number: linked, grouped, new, for review, insufficient."""

from typing import Any

from duckdb import DuckDBPyConnection, DuckDBPyRelation


def model(dbt: Any, session: DuckDBPyConnection) -> DuckDBPyRelation:
    """One row per unit, with the candidates that a person compares."""
    from orchestration.linking import decide_links

    dbt.config(materialized="table")
    return decide_links(
        session,
        "person",
        dbt.ref("int_population__list_units"),
        dbt.ref("int_population__list_profiles"),
        dbt.ref("int_population__score_pairs"),
        dbt.ref("int_population__list_decisions"),
    )
