"""Pairs of records and profiles that may be one person; only what is new is scored again."""


def model(dbt, session):  # type: ignore[no-untyped-def]  # dbt's own objects
    """Pairs as linkage.score leaves them."""
    from orchestration.linking import score_pairs

    dbt.config(materialized="table")
    units = dbt.ref("int_population__list_units")
    profiles = dbt.ref("int_population__list_profiles")
    return score_pairs(session, "person", units, profiles, str(dbt.this))
