"""What credit should tell at the end of a night: disclosures, listings and what contradicts."""

from __future__ import annotations

import polars as pl

from simulator.credit_contradictions import DEBTOR_RULE
from simulator.town import Town


def whole(planted: pl.DataFrame, hits: pl.DataFrame) -> pl.DataFrame:
    """What was planted, `is_fully_delivered` where no row of its key was damaged on any night."""
    struck = hits.filter(~pl.col("is_harmless")).select("extract", "record_key").unique()
    return (
        planted.join(
            struck.with_columns(is_struck=pl.lit(True)), on=["extract", "record_key"], how="left"
        )
        .with_columns(is_fully_delivered=pl.col("is_struck").is_null())
        .drop("is_struck")
    )


def credit_objections_at(
    town: Town, hits: pl.DataFrame, night: int, lost: set[int]
) -> pl.DataFrame:
    """What `credit.objection` should hold.

    Args:
        town: with what it planted.
        hits: damage of every delivery.
        night: the end of it.
        lost: entities with a row that is damaged beyond repair or has not come.

    Returns:
        `rule_id`, `extract`, `record_key` (document or case), `is_fully_delivered`.
    """
    decisions = town.disclosures.filter(
        pl.col("rule_id").is_not_null(), pl.col("night") <= night
    ).with_columns(told_key="document_no")
    end = pl.col("end_night")
    debtors = town.debtors.filter(
        pl.col("is_misnamed"), pl.col("first_night") <= night, end.is_null() | (end > night)
    ).with_columns(rule_id=pl.lit(DEBTOR_RULE), told_key="case_no")
    columns = ["rule_id", "extract", "record_key", "told_key", "eid"]
    planted = whole(pl.concat([decisions.select(columns), debtors.select(columns)]), hits)
    known = ~pl.col("eid").is_in(pl.Series(sorted(lost), dtype=pl.Int64).implode())
    return planted.select(
        "rule_id",
        "extract",
        record_key="told_key",
        is_fully_delivered=pl.col("is_fully_delivered") & known,
    )
