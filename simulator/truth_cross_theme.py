"""What the themes say against each other at the end of a night."""

from __future__ import annotations

import polars as pl

from simulator.employers import EMPLOYER
from simulator.environment import EMISSION
from simulator.social_security import CONTRIBUTION
from simulator.town import Town

_CLOSED = ["3", "5"]


def cross_theme_at(town: Town, night: int, known: pl.DataFrame) -> pl.DataFrame:
    """`rule_id`, `record_key` and `_eid` of every contradiction (-1: nobody is meant).

    Polluters of the register stand under R-XT-03 with `is_possible`: found only where the
    register's own row about them did not come. `known`: the entities that are known then.
    """
    entities = known.select(
        _eid="entity", uscc="uscc", status="registration_status_code", closed_date="closed_date"
    )
    closed = entities.filter(pl.col("status").is_in(_CLOSED), pl.col("closed_date").is_not_null())
    return pl.concat([_employers(town, night, closed), *_polluters(town, night, entities, closed)])


def _employers(town: Town, night: int, closed: pl.DataFrame) -> pl.DataFrame:
    """Employers of closed firms that stand as insured and pay for later months."""
    book = town.books.table(EMPLOYER).filter(pl.col("_night") <= night)
    newest = book.sort("_night", maintain_order=True).unique("employer_no", keep="last")
    paid = town.books.table(CONTRIBUTION).filter(pl.col("_night") <= night)
    months = paid.group_by("employer_no").agg(pl.col("covered_month").max())
    found = (
        newest.filter(pl.col("employer_status") == "参保")
        .join(closed, on="_eid")
        .join(months, on="employer_no")
        .filter(pl.col("covered_month") > pl.col("closed_date").dt.strftime("%Y%m"))
    )
    return _told(found, "R-XT-01", "employer_no")


def _polluters(
    town: Town, night: int, entities: pl.DataFrame, closed: pl.DataFrame
) -> list[pl.DataFrame]:
    book = town.books.table(EMISSION).filter(pl.col("_night") <= night)
    last = book.group_by("uscc").agg(pl.col("observed_date").max())
    known = last.join(entities.select("uscc", "_eid"), on="uscc")
    ended = last.join(closed, on="uscc").filter(pl.col("observed_date") > pl.col("closed_date"))
    strange = last.join(entities, on="uscc", how="anti").with_columns(
        _eid=pl.lit(-1, dtype=pl.Int64)
    )
    return [
        _told(ended, "R-XT-02", "uscc"),
        _told(strange, "R-XT-03", "uscc"),
        _told(known, "R-XT-03", "uscc", is_possible=True),
    ]


def _told(rows: pl.DataFrame, rule: str, key: str, *, is_possible: bool = False) -> pl.DataFrame:
    return rows.select(
        rule_id=pl.lit(rule), record_key=key, _eid=pl.col("_eid"),
        is_possible=pl.lit(is_possible),
    ).sort("record_key")  # fmt: skip
