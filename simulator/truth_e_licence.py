"""The licences as the warehouse should tell them, from clean books: a reading of its own.

Who holds a licence is known here (`_pid`, `_eid`) and not worked out from codes.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from simulator.e_licence import ESTATE, LICENCE, NEWBORN, WEDDING
from simulator.town import Town
from simulator.truth_people import newest

_ENDLESS = [pl.date(2099, 12, 31), pl.date(9999, 12, 31)]
_OF_FACTS = [WEDDING, NEWBORN]
_SEVERAL = ["食品经营许可证", ESTATE]
_TELL = ["licence_identifier", "licence_name", "licence_type_code", "licence_no", "issuer_uscc",
         "issuer_name", "issued_date", "valid_from", "valid_to", "is_long_term", "status_code",
         "is_in_force", "replaces_identifier", "is_current_version", "updated_at"]  # fmt: skip


@dataclass(frozen=True)
class LicenceTruth:
    """Licences, their holders and what contradicts something, as they stand on a night.

    Attributes:
        licences: with `licence_identifier`.
        holders: `pid` and `entity` are the town's own keys, -1 for nobody the libraries know.
        objections: `rule_id`, `record_key`, and `pid` and `entity` of the holder it is about.
    """

    licences: pl.DataFrame
    holders: pl.DataFrame
    objections: pl.DataFrame


def licences_at(
    town: Town, night: int, people: pl.DataFrame, entities: pl.DataFrame
) -> LicenceTruth:
    """Everything about licences at the end of a night, when these people and entities are known."""
    book = town.books.table(LICENCE).filter(pl.col("_night") <= night)
    day = pl.lit(town.books.day(night))
    rows = newest(book, "licence_identifier")
    endless = pl.col("valid_to").is_null() | pl.any_horizontal(
        pl.col("valid_to") == d for d in _ENDLESS
    )
    rows = rows.with_columns(is_long_term=endless).with_columns(
        valid_to=pl.when("is_long_term").then(None).otherwise("valid_to")
    )
    started = pl.coalesce("valid_from", "issued_date") <= day
    rows = rows.with_columns(
        is_in_force=(pl.col("status_code") == "01")
        & started
        & (pl.col("is_long_term") | (pl.col("valid_to") >= day)),
        replaces_identifier=pl.col("previous_identifier"),
    )
    rows = _current(rows)
    holders = _holders(people, rows)
    return LicenceTruth(
        rows.select(_TELL).sort("licence_identifier"), holders,
        _objections(day, rows, holders, people, entities),
    )  # fmt: skip


def _current(rows: pl.DataFrame) -> pl.DataFrame:
    """Not replaced by any other; of two that replace each other the one issued last."""
    links = rows.select("licence_identifier", "previous_identifier", "issued_date").filter(
        pl.col("previous_identifier").is_not_null()
    )
    both = links.join(
        links, left_on=["licence_identifier", "previous_identifier"],
        right_on=["previous_identifier", "licence_identifier"], suffix="_of_other",
    )  # fmt: skip
    turned = both.filter(pl.col("issued_date") < pl.col("issued_date_of_other"))
    told = links.join(turned.select("licence_identifier"), on="licence_identifier", how="anti")
    replaced = told["previous_identifier"].implode()
    return rows.with_columns(
        is_current_version=~pl.col("licence_identifier").is_in(replaced),
        is_turned=pl.col("licence_identifier").is_in(turned["licence_identifier"].implode()),
    )


def _holders(people: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each holder, in order."""
    known = people["pid"].implode()
    parts = []
    for place, who in ((1, "_pid"), (2, "_pid2")):
        part = rows.with_columns(names=pl.col("holder_name").str.split("^"))
        part = part.filter(pl.col("names").list.len() >= place)
        entity = pl.col("_eid") if place == 1 else pl.lit(-1, dtype=pl.Int64)
        parts.append(
            part.select(
                "licence_identifier",
                "holder_code_type",
                holder_position=pl.lit(place, dtype=pl.Int32),
                holder_name=pl.col("names").list.get(place - 1),
                pid=pl.when(pl.col(who).is_in(known)).then(who).otherwise(-1),
                entity=entity,
            )
        )
    return pl.concat(parts).sort("licence_identifier", "holder_position")


def _objections(
    day: pl.Expr, rows: pl.DataFrame, holders: pl.DataFrame, people: pl.DataFrame,
    entities: pl.DataFrame,
) -> pl.DataFrame:  # fmt: skip
    active = rows.filter("is_in_force", "is_current_version")
    held = active.join(
        holders.select("licence_identifier", "pid", "entity"), on="licence_identifier"
    )
    dead = people.filter("is_deceased")["pid"].implode()
    closed = entities.filter(
        pl.col("registration_status_code").is_in(["2", "3", "5"])
    )["entity"].implode()  # fmt: skip
    bound = held.filter(~pl.col("licence_name").is_in(_OF_FACTS))
    single = held.filter(~pl.col("licence_name").is_in(_SEVERAL))
    single = single.filter((pl.col("pid") >= 0) | (pl.col("entity") >= 0)).sort(
        "issued_date", "updated_at", "licence_identifier", descending=True
    )
    who = ["licence_type_code", "pid", "entity"]
    nobody = {"pid": pl.lit(-1, dtype=pl.Int64), "entity": pl.lit(-1, dtype=pl.Int64)}
    over = rows.filter(pl.col("status_code") == "01", pl.col("valid_to") < day)
    found = [
        ("R-LIC-04", bound.filter((pl.col("pid") >= 0) & pl.col("pid").is_in(dead))),
        ("R-LIC-05", bound.filter((pl.col("entity") >= 0) & pl.col("entity").is_in(closed))),
        ("R-LIC-06", single.filter(~pl.struct(who).is_first_distinct())),
        ("R-LIC-07", over.with_columns(**nobody)),
        ("R-LIC-08", rows.filter("is_turned").with_columns(**nobody)),
    ]
    told = [
        table.select(pl.lit(rule).alias("rule_id"), record_key="licence_identifier", pid="pid",
                     entity="entity")
        for rule, table in found
    ]  # fmt: skip
    return pl.concat(told).unique(maintain_order=True).sort("rule_id", "record_key", "pid")
