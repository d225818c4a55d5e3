"""What contradicts what among clean records: a reading of its own, by who is meant."""

from __future__ import annotations

from datetime import date

import polars as pl

from catalog import catalog
from simulator.firms import ENTERPRISE
from simulator.town import CREMATION, DEATH, HOUSEHOLD, MARRIAGE, PERMIT, Town
from simulator.truth_people import newest

CERTIFICATE_DAYS = 30
_SHUT = ["2", "3", "5"]
_COLUMNS = ["rule_id", "extract", "record_key"]
# `R-POP-02`, -06 and -07 come of damage alone, and so do the other rules of entities.
RULES = (
    "R-POP-01", "R-POP-03", "R-POP-09", "R-POP-10", "R-POP-11", "R-POP-12", "R-POP-13", "R-POP-14",
    "R-POP-15", "R-POP-16", "R-LE-05",
)  # fmt: skip


def objections_at(town: Town, night: int) -> pl.DataFrame:
    """`rule_id`, `extract` and `record_key` of every contradiction at the end of a night."""
    day = town.books.day(night)
    households = newest(_book(town, HOUSEHOLD, night), "person_no")
    permits = newest(_book(town, PERMIT, night), "registration_no")
    normal = households.filter(pl.col("registration_status") == "正常")
    dead = _dead(town, night, households)
    active = permits.filter(pl.col("status") == "有效")
    outlived = active.join(dead, on="_pid").filter(
        (pl.col("valid_to") > pl.coalesce("died", pl.lit(day))) | pl.col("valid_to").is_null()
    )
    second = normal.sort("person_no").filter(~pl.col("_pid").is_first_distinct())
    found = [
        _told("R-POP-01", HOUSEHOLD, normal.join(dead, on="_pid", how="semi"), "person_no"),
        _told("R-POP-01", PERMIT, outlived, "registration_no"),
        _told("R-POP-03", HOUSEHOLD, second, "person_no"),
        _told("R-POP-16", PERMIT, _at_home(active, normal, day), "registration_no"),
        *_deaths(town, night, day),
        *_marriages(town, night, dead),
        _told("R-LE-05", ENTERPRISE, _firms(town, night, dead), "entity_no"),
    ]
    return pl.concat(found).unique(maintain_order=True).sort(_COLUMNS)


def _book(town: Town, extract: str, night: int) -> pl.DataFrame:
    return town.books.table(extract).filter(pl.col("_night") <= night)


def _told(rule: str, extract: str, rows: pl.DataFrame, key: str) -> pl.DataFrame:
    return rows.select(
        pl.lit(rule).alias("rule_id"), pl.lit(extract).alias("extract"), record_key=key
    )


def _certificates(town: Town, night: int) -> pl.DataFrame:
    return _book(town, DEATH, night).filter(pl.col("certificate_status") != "作废")


def _dead(town: Town, night: int, households: pl.DataFrame) -> pl.DataFrame:
    """`_pid` and `died`: the earliest stated date, the police's where there is no other."""
    stated = pl.concat(
        [_certificates(town, night).select("_pid", "death_date"),
         _book(town, CREMATION, night).select("_pid", "death_date")]
    ).group_by("_pid").agg(stated=pl.col("death_date").min())  # fmt: skip
    cancelled = households.filter(pl.col("registration_status") == "死亡注销")
    told = cancelled.group_by("_pid").agg(police=pl.col("status_date").min())
    both = stated.join(told, on="_pid", how="full", coalesce=True)
    return both.select("_pid", died=pl.coalesce("stated", "police"))


def _at_home(active: pl.DataFrame, normal: pl.DataFrame, day: date) -> pl.DataFrame:
    home = normal.sort("updated_at", "person_no", descending=[True, False]).unique(
        "_pid", keep="first", maintain_order=True
    )
    both = active.join(home.select("_pid", "registered_division_code"), on="_pid")
    return both.filter(
        (pl.col("valid_to") >= day) | pl.col("valid_to").is_null(),
        pl.col("registered_division_code").str.starts_with(pl.col("residence_division_code")),
    )


def _deaths(town: Town, night: int, day: date) -> list[pl.DataFrame]:
    certificates, burnt = _certificates(town, night), _book(town, CREMATION, night)
    born = town.people.select(_pid="pid", born="birth_date")
    first = burnt.sort("cremated_date", "cremation_no").unique(
        "_pid", keep="first", maintain_order=True
    )
    after = certificates.join(first.select("_pid", "cremated_date"), on="_pid")
    believed = certificates.sort("death_date", "certificate_no").unique(
        "_pid", keep="first", maintain_order=True
    )
    dates = believed.select("_pid", believed="death_date")
    alone = first.join(certificates, on="_pid", how="anti")
    late = pl.col("cremated_date") + pl.duration(days=CERTIFICATE_DAYS) < day
    parts = []
    for extract, rows, key in ((DEATH, certificates, "certificate_no"),
                               (CREMATION, burnt, "cremation_no")):  # fmt: skip
        other = rows.join(dates, on="_pid").filter(pl.col("death_date") != pl.col("believed"))
        unborn = rows.join(born, on="_pid").filter(pl.col("death_date") < pl.col("born"))
        parts += [_told("R-POP-09", extract, other, key), _told("R-POP-13", extract, unborn, key)]
    wrong = after.filter(pl.col("death_date") > pl.col("cremated_date"))
    return [
        *parts,
        _told("R-POP-14", DEATH, wrong, "certificate_no"),
        _told("R-POP-15", CREMATION, alone.filter(late), "cremation_no"),
    ]


def _marriages(town: Town, night: int, dead: pl.DataFrame) -> list[pl.DataFrame]:
    book = _book(town, MARRIAGE, night)
    sides = pl.concat(
        [
            book.select("registration_no", "registration_type", "registered_date", "_pid",
                        partner="_pid2", age=pl.lit(22)),
            book.select("registration_no", "registration_type", "registered_date", "_pid2",
                        partner="_pid", age=pl.lit(20)).rename({"_pid2": "_pid"}),
        ]
    )  # fmt: skip
    wed = pl.col("registration_type") == "结婚"
    events = sides.filter(pl.col("registration_type").is_in(["结婚", "离婚"])).sort(
        "_pid", "registered_date", wed, "registration_no"
    )
    before = events.with_columns(
        earlier=pl.col("registration_type").shift(1).over("_pid"),
        earlier_partner=pl.col("partner").shift(1).over("_pid"),
    ).join(dead.rename({"_pid": "earlier_partner"}), on="earlier_partner", how="left")
    both = before.filter(
        wed,
        pl.col("earlier") == "结婚",
        pl.col("partner") != pl.col("earlier_partner"),
        pl.col("died").is_null() | (pl.col("died") > pl.col("registered_date")),
    )
    after = sides.join(dead, on="_pid").filter(pl.col("registered_date") > pl.col("died"))
    born = town.people.select(_pid="pid", born="birth_date")
    grown = pl.col("born").dt.offset_by(pl.format("{}y", "age"))
    young = sides.filter(wed).join(born, on="_pid").filter(pl.col("registered_date") < grown)
    return [
        _told("R-POP-10", MARRIAGE, both, "registration_no"),
        _told("R-POP-11", MARRIAGE, after, "registration_no"),
        _told("R-POP-12", MARRIAGE, young, "registration_no"),
    ]


def _firms(town: Town, night: int, dead: pl.DataFrame) -> pl.DataFrame:
    rows = newest(_book(town, ENTERPRISE, night), "entity_no")
    who = town.people.select(_pid="pid", legal_representative_id="resident_id")
    gone = who.join(dead, on="_pid", how="semi").select("legal_representative_id")
    return rows.filter(~pl.col("registration_status_code").is_in(_SHUT)).join(
        gone, on="legal_representative_id", how="semi"
    )


def doubtful_records(town: Town, night: int, pids: set[int], eids: set[int]) -> pl.DataFrame:
    """`extract` and `record_key` of the records about anybody whom the warehouse cannot know fully.

    A marriage also when a partner of another marriage of one of the two is such a person, a firm
    also when its representative is.
    """
    book = _book(town, MARRIAGE, night)
    lost = pl.Series(sorted(pids - {-1}), dtype=pl.Int64).implode()
    touched = book.filter(pl.col("_pid").is_in(lost) | pl.col("_pid2").is_in(lost))
    partners = pl.concat([touched["_pid"], touched["_pid2"]]).implode()
    numbers = town.people.filter(pl.col("pid").is_in(lost))["resident_id"].drop_nulls().implode()
    entities = pl.Series(sorted(eids - {-1}), dtype=pl.Int64).implode()
    found = []
    for extract in (HOUSEHOLD, PERMIT, DEATH, CREMATION, MARRIAGE, ENTERPRISE):
        rows = _book(town, extract, night)
        wanted = pl.col("_pid").is_in(lost) | pl.col("_pid2").is_in(lost)
        if extract == MARRIAGE:
            wanted |= pl.col("_pid").is_in(partners) | pl.col("_pid2").is_in(partners)
        if extract == ENTERPRISE:
            wanted |= pl.col("_eid").is_in(entities)
            wanted |= pl.col("legal_representative_id").is_in(numbers)
        key = catalog().extracts[extract].key[0].name
        found.append(
            rows.filter(wanted.fill_null(False)).select(
                pl.lit(extract).alias("extract"), record_key=key
            )
        )
    return pl.concat(found).drop_nulls().unique().sort("extract", "record_key")
