"""Making the truth: damage, people and entities as they stand at the end of each night.

A person or an entity is told as the warehouse should tell it when the departments' rows about it
are whole. `is_fully_delivered` is false where they are not: a row was damaged beyond repair, came
late, or had not come yet.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from foundation.files import atomic_path
from foundation.paths import DataRoot
from simulator.deliveries import Delivery
from simulator.e_licence import LICENCE
from simulator.environment import EMISSION
from simulator.social_security import BENEFIT
from simulator.town import Town
from simulator.truth_credit import credit_objections_at, whole
from simulator.truth_cross_theme import cross_theme_at
from simulator.truth_e_licence import licences_at
from simulator.truth_economy import observations_at
from simulator.truth_entities import entities_at
from simulator.truth_objections import doubtful_records, objections_at
from simulator.truth_people import people_at
from simulator.truth_places import address_matches, standard_addresses
from simulator.truth_social_security import (
    conflicting_enrolments_at,
    enrolments_after_death_at,
    payments_after_death_at,
)

_SILENT = ("e_licence", "social_security")
_WHO = ["_pid", "_pid2", "_eid"]


@dataclass(frozen=True)
class Told:
    """What the departments delivered.

    Attributes:
        hits: damage of every delivery.
        deliveries: in order of arrival.
        kept: rows in each incomplete delivery, by extract and business night.
    """

    hits: pl.DataFrame
    deliveries: list[Delivery]
    kept: dict[tuple[str, int], int]


@dataclass(frozen=True)
class Doubtful:
    """Whom the warehouse cannot know fully.

    Attributes:
        pids: people with a row that is damaged beyond repair or has not come.
        eids: entities likewise.
    """

    pids: set[int]
    eids: set[int]


@dataclass(frozen=True)
class Known:
    """People and entities as they stand at the end of a night."""

    people: pl.DataFrame
    entities: pl.DataFrame


def _active_of(night: int, deliveries: list[Delivery]) -> list[Delivery]:
    """The delivery that counts for each extract and business night at the end of a night."""
    newest: dict[tuple[str, int], Delivery] = {}
    for delivery in deliveries:
        if delivery.arrival_night <= night and delivery.kind != "repeated":
            newest[delivery.extract, delivery.business_night] = delivery
    return list(newest.values())


def doubtful(town: Town, told: Told, night: int) -> Doubtful:
    """Whom the warehouse cannot know fully at the end of a night."""
    active = _active_of(night, told.deliveries)
    keys = pl.DataFrame(
        {
            "extract": [d.extract for d in active],
            "business_night": [d.business_night for d in active],
            "kind": [str(d.kind) for d in active],
        },
        schema={"extract": pl.String, "business_night": pl.Int64, "kind": pl.String},
    )
    # these tell nothing of a person or an entity; their own truth knows their own damage
    own = ~pl.any_horizontal(pl.col("extract").str.starts_with(f"{d}/") for d in _SILENT)
    bad = told.hits.filter(~pl.col("is_harmless") & own).join(keys, on=keys.columns, how="semi")
    frames = [bad.select(_WHO)]
    for extract in town.books.extracts():
        if extract.split("/")[0] in _SILENT:
            continue
        rows = town.books.table(extract).filter(pl.col("_night") <= night)
        here = {d.business_night: d for d in active if d.extract == extract}
        for due_night in sorted(set(rows["_night"].to_list())):
            delivery = here.get(due_night)
            if delivery is not None and delivery.kind != "incomplete":
                continue
            due = rows.filter(pl.col("_night") == due_night)
            came = told.kept[extract, due_night] if delivery is not None else 0
            frames.append(due.slice(came).select(_WHO))
    who = pl.concat(frames)
    return Doubtful(
        set(who["_pid"].to_list()) | set(who["_pid2"].to_list()), set(who["_eid"].to_list())
    )


def write_truth(root: DataRoot, town: Town, told: Told, last: int) -> int:
    """Write damage, people, entities, licences, objections, places and statistics.

    Returns:
        How many entities any register holds at the end.
    """
    people, entities, statistics = [], [], []
    others: dict[str, list[pl.DataFrame]] = {}
    for night in range(1, last + 1):
        lost = doubtful(town, told, night)
        known = Known(people_at(town, night), entities_at(town, night))
        people.append(_at(night, known.people, "pid", lost.pids))
        entities.append(_at(night, known.entities, "entity", lost.eids))
        tonight = (
            _licences(town, told, night, lost, known)
            | _social_security(town, told, night, lost, known)
            | _objections(town, told, night, lost)
        )
        for name, table in tonight.items():
            others.setdefault(name, []).append(table)
        told_by_then = observations_at(town.statements, night, lost.eids)
        statistics.append(told_by_then.with_columns(night=pl.lit(night, dtype=pl.Int64)))
    order = ["night", "extract", "file_name", "line", "damage"]
    columns = ["night", "business_night", "kind", "provider", "extract", "file_name"]
    damage = told.hits.select(*columns, pl.exclude(*columns, *_WHO)).sort(order)
    _write(root, "damage", damage)
    _write(root, "standard_address", standard_addresses(town, told.hits))
    _write(root, "address_match", address_matches(town))
    _write(root, "person", pl.concat(people))
    _write(root, "legal_entity", pl.concat(entities))
    for name, tables in others.items():
        _write(root, name, pl.concat(tables))
    _write(root, "observation", pl.concat(statistics))
    _write(root, "exceedance", _exceedances(town, told.hits))
    _write(root, "disclosure", whole(town.disclosures.drop("rule_id", "eid"), told.hits))
    _write(root, "debtor_listing", whole(town.debtors.drop("is_misnamed", "eid"), told.hits))
    return entities[-1].height


def _at(night: int, table: pl.DataFrame, key: str, lost: set[int]) -> pl.DataFrame:
    known = ~pl.col(key).is_in(pl.Series(sorted(lost), dtype=pl.Int64).implode())
    return table.with_columns(is_fully_delivered=known).select(
        pl.lit(night, dtype=pl.Int64).alias("night"), pl.all()
    )


def _licences(
    town: Town, told: Told, night: int, lost: Doubtful, known: Known
) -> dict[str, pl.DataFrame]:
    """Licences, holders and objections; whole where all rows about licence and holder are."""
    truth = licences_at(town, night, known.people, known.entities)
    struck = told.hits.filter(
        pl.col("extract") == LICENCE, ~pl.col("is_harmless"), pl.col("night") <= night
    )["record_key"].unique()
    book = town.books.table(LICENCE)
    # whether a licence was replaced is told by the rows of others
    of_others = book.filter(pl.col("licence_identifier").is_in(struck.implode()))
    keys = pl.concat([struck, of_others["previous_identifier"].drop_nulls()]).implode()

    def marked(table: pl.DataFrame, key: str) -> pl.DataFrame:
        known = ~pl.col(key).is_in(keys)
        for column, ids in (("pid", lost.pids), ("entity", lost.eids)):
            if column in table.columns:
                some = pl.Series(sorted(ids - {-1}), dtype=pl.Int64)  # -1 is nobody
                known &= ~pl.col(column).is_in(some.implode())
        return table.select(
            pl.lit(night, dtype=pl.Int64).alias("night"), pl.all(), is_fully_delivered=known
        )

    return {
        "licence": marked(truth.licences, "licence_identifier"),
        "licence_holder": marked(truth.holders, "licence_identifier"),
        "licence_objection": marked(truth.objections, "record_key"),
    }


def _social_security(
    town: Town, told: Told, night: int, lost: Doubtful, known: Known
) -> dict[str, pl.DataFrame]:
    """What was planted in the office's books; whole where no row of it was damaged."""
    struck = told.hits.filter(
        pl.col("extract").str.starts_with("social_security/"), ~pl.col("is_harmless"),
        pl.col("night") <= night,
    )["record_key"].unique().implode()  # fmt: skip
    gone = pl.Series(sorted(lost.pids - {-1}), dtype=pl.Int64).implode()
    keys = {"payment_after_death": ["payment_no"], "enrolment_after_death": ["enrolment_no"],
            "conflicting_enrolment": ["enrolment_no", "other_enrolment_no"]}  # fmt: skip
    lost_entities = pl.Series(sorted(lost.eids - {-1}), dtype=pl.Int64).implode()
    across = cross_theme_at(town, night, known.entities).select(
        pl.lit(night, dtype=pl.Int64).alias("night"), pl.exclude("is_possible"),
        is_fully_delivered=~pl.col("is_possible") & ~pl.col("record_key").is_in(struck)
        & ~pl.col("_eid").is_in(lost_entities),
    )  # fmt: skip
    found = {
        "payment_after_death": payments_after_death_at(town, night, known.people),
        "enrolment_after_death": enrolments_after_death_at(town, night, known.people),
        "conflicting_enrolment": conflicting_enrolments_at(town, night),
    }
    # of a person whose other payments were struck it is not known what was recovered
    dark = town.books.table(BENEFIT).filter(pl.col("payment_no").is_in(struck))["_pid"].implode()
    return {"cross_theme": across} | {
        name: table.select(
            pl.lit(night, dtype=pl.Int64).alias("night"), pl.all(),
            is_fully_delivered=~pl.any_horizontal(pl.col(k).is_in(struck) for k in keys[name])
            & ~pl.col("_pid").is_in(gone)
            & ~(pl.col("_pid").is_in(dark) & pl.lit(name == "payment_after_death")),
        )
        for name, table in found.items()
    }  # fmt: skip


def _exceedances(town: Town, hits: pl.DataFrame) -> pl.DataFrame:
    """What was planted above a limit, by the night that tells it."""
    struck = hits.filter(pl.col("extract") == EMISSION, ~pl.col("is_harmless"))["record_key"]
    key = pl.concat_str("uscc", "outlet_code", "factor_code", "observed_date", separator="|")
    return town.exceedances.with_columns(is_fully_delivered=~key.is_in(struck.implode()))


def _objections(town: Town, told: Told, night: int, lost: Doubtful) -> dict[str, pl.DataFrame]:
    """What contradicts what, and the records of which the warehouse cannot know it."""
    tables = {
        "objection": objections_at(town, night),
        "objection_doubt": doubtful_records(town, night, lost.pids, lost.eids),
        "credit_objection": credit_objections_at(town, told.hits, night, lost.eids),
    }
    at = pl.lit(night, dtype=pl.Int64).alias("night")
    return {name: table.select(at, pl.all()) for name, table in tables.items()}


def _write(root: DataRoot, name: str, table: pl.DataFrame) -> None:
    with atomic_path(root.truth / f"{name}.parquet") as path:
        table.write_parquet(path, compression="zstd", statistics=False)
