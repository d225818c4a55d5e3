"""What becomes of each record without a code: linked, grouped, new, for review, insufficient."""

from typing import Any

from duckdb import DuckDBPyConnection, DuckDBPyRelation


def model(dbt: Any, session: DuckDBPyConnection) -> DuckDBPyRelation:
    """One row per unit, with the candidates that a person compares."""
    from orchestration.linking import decide_links

    dbt.config(materialized="table")
    return decide_links(
        session,
        "entity",
        dbt.ref("int_legal_entity__list_units"),
        dbt.ref("int_legal_entity__list_profiles"),
        dbt.ref("int_legal_entity__score_pairs"),
        dbt.ref("int_legal_entity__list_decisions"),
        exclusive=("registration_no", "organisation_code"),
    )
