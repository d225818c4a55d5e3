"""Reading the truth of a simulation, for tests that compare it with what the pipeline made."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from foundation.paths import DataRoot


def load_nights(root: DataRoot) -> dict[str, Any]:
    """`arguments`, `nights` and `files` (one entry for each file, in order of arrival)."""
    loaded: dict[str, Any] = json.loads((root.truth / "nights.json").read_text(encoding="utf-8"))
    return loaded


def load_damage(root: DataRoot, *, all_at_once: bool = False) -> pl.DataFrame:
    """One row for each damaged line.

    Columns: `night` (of arrival), `business_night`, `kind` (of the delivery), `provider`,
    `extract`, `file_name`, `line` (physical line of the CSV or row of the sheet, from 1),
    `column`, `damage`, `rule_id` (null when a good reader repairs it without a word), `outcome`
    (reject, blank, warn, silent, duplicate), `is_harmless`, `columns` (in how many the rule
    strikes), `record_key` and `written` (the key before and the text after the damage).

    Args:
        root: of the simulation.
        all_at_once: leave out files that a later correction overwrites when every night's files
            lie in the inbox together.
    """
    table = pl.read_parquet(root.truth / "damage.parquet")
    if not all_at_once:
        return table
    replaced = table.filter(pl.col("kind") == "incomplete")
    files = pl.DataFrame(load_nights(root)["files"])
    later = files.filter(pl.col("kind") == "correction").select("extract", "file_name")
    gone = replaced.join(later, on=["extract", "file_name"], how="semi")
    keys = ["night", "extract", "file_name"]
    return table.join(gone.select(keys).unique(), on=keys, how="anti")


def load_persons(root: DataRoot, night: int) -> pl.DataFrame:
    """People as `population.person` should tell them at the end of a night.

    `pid` is the simulator's own key; `resident_id` is the real number. Compare only rows with
    `is_fully_delivered`.
    """
    return pl.read_parquet(root.truth / "person.parquet").filter(pl.col("night") == night)


def load_entities(root: DataRoot, night: int) -> pl.DataFrame:
    """Entities as `legal_entity.legal_entity` should tell them at the end of a night.

    `entity` is the simulator's own key; compare by `uscc`, where there is none by
    `registration_no`, and only rows with `is_fully_delivered`.
    """
    return pl.read_parquet(root.truth / "legal_entity.parquet").filter(pl.col("night") == night)


def load_licences(root: DataRoot, night: int) -> pl.DataFrame:
    """Licences as `e_licence.licence` should tell them at the end of a night.

    Compare by `licence_identifier` and only rows with `is_fully_delivered`.
    """
    return _at(root, "licence", night)


def load_licence_holders(root: DataRoot, night: int) -> pl.DataFrame:
    """Holders as `e_licence.licence_holder` should tell them at the end of a night.

    `pid` and `entity` are the keys of `load_persons` and `load_entities`, -1 for nobody who is
    known there.
    """
    return _at(root, "licence_holder", night)


def load_licence_objections(root: DataRoot, night: int) -> pl.DataFrame:
    """What `e_licence.objection` should find: `rule_id`, `record_key`, `pid`, `entity`.

    Of a rule between two licences the pair may be told by the other one when rows are lost.
    """
    return _at(root, "licence_objection", night)


def load_objections(root: DataRoot, night: int) -> pl.DataFrame:
    """What the objections of people and entities should find: `rule_id`, `extract`, `record_key`.

    Of the rules `truth_objections.RULES`, and only records that are not in `load_doubts`.
    """
    return _at(root, "objection", night)


def load_doubts(root: DataRoot, night: int) -> pl.DataFrame:
    """Records (`extract`, `record_key`) about whom the warehouse cannot know everything."""
    return _at(root, "objection_doubt", night)


def load_addresses(root: DataRoot, night: int) -> pl.DataFrame:
    """Standard addresses as `geospatial.standard_address` should tell them at the end of a night.

    Compare only rows with `is_fully_delivered`; coordinates are CGCS2000 degrees.
    """
    return pl.read_parquet(root.truth / "standard_address.parquet").filter(pl.col("night") <= night)


def load_address_matches(root: DataRoot, night: int) -> pl.DataFrame:
    """Which house each address of a person or firm means (see `truth_places.address_matches`)."""
    return pl.read_parquet(root.truth / "address_match.parquet").filter(pl.col("night") <= night)


def load_observations(root: DataRoot, night: int) -> pl.DataFrame:
    """Every release of every value as `macro_economy.observation` should tell it after a night.

    `hundredths` of `unit`. Compare only rows with `is_fully_delivered`.
    """
    return pl.read_parquet(root.truth / "observation.parquet").filter(pl.col("night") == night)


def load_exceedances(root: DataRoot, night: int) -> pl.DataFrame:
    """What `environment.emission_exceedance` should hold at the end of a night, and nothing else.

    `is_known` says whether the polluter stands in the register; rows that are not
    `is_fully_delivered` were damaged and may be missing.
    """
    return pl.read_parquet(root.truth / "exceedance.parquet").filter(pl.col("night") <= night)


def load_payments_after_death(root: DataRoot, night: int) -> pl.DataFrame:
    """What `social_security.payment_after_death` should hold at the end of a night."""
    return _at(root, "payment_after_death", night)


def load_enrolments_after_death(root: DataRoot, night: int) -> pl.DataFrame:
    """Enrolments that `social_security.objection` should hold against a death (R-POP-01)."""
    return _at(root, "enrolment_after_death", night)


def load_conflicting_enrolments(root: DataRoot, night: int) -> pl.DataFrame:
    """What `social_security.conflicting_enrolment` should hold at the end of a night."""
    return _at(root, "conflicting_enrolment", night)


def load_cross_theme(root: DataRoot, night: int) -> pl.DataFrame:
    """What `cross_theme.objection` should find: `rule_id`, `record_key`.

    Rows that are not `is_fully_delivered` may be missing.
    """
    return _at(root, "cross_theme", night)


def load_disclosures(root: DataRoot, night: int) -> pl.DataFrame:
    """Every permit and penalty that was to come by a night, and whether it came late.

    `working_days` from the decision to the delivery by the holiday notices, `is_late` where they
    are more than seven, `is_person` where the counterparty is one, `is_withdrawn` at that night.
    Compare by `record_key`; rows that are not `is_fully_delivered` were damaged.
    """
    told = pl.read_parquet(root.truth / "disclosure.parquet").filter(pl.col("night") <= night)
    return told.with_columns(is_withdrawn=pl.col("withdrawn_night").fill_null(night + 1) <= night)


def load_debtor_listings(root: DataRoot, night: int) -> pl.DataFrame:
    """Every listing of a debtor that began by a night: `first_night`, `end_night` (or none)."""
    told = pl.read_parquet(root.truth / "debtor_listing.parquet")
    return told.filter(pl.col("first_night") <= night)


def load_credit_objections(root: DataRoot, night: int) -> pl.DataFrame:
    """What `credit.objection` should find: `rule_id`, `extract`, `record_key`.

    Rows that are not `is_fully_delivered` may be missing.
    """
    return _at(root, "credit_objection", night)


def _at(root: DataRoot, name: str, night: int) -> pl.DataFrame:
    return pl.read_parquet(root.truth / f"{name}.parquet").filter(pl.col("night") == night)
