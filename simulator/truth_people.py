"""The people as the warehouse should tell them, from clean books: a survivorship of its own.

Written from the town's side: who is meant by a row is known here (`_pid`) and not worked out
from numbers, so it can contradict the warehouse.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from simulator.town import BIRTH, CREMATION, DEATH, HOUSEHOLD, MARRIAGE, PERMIT, Town


def newest(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """The newest row of each key; keys whose newest row deletes them are gone."""
    last = rows.sort("_night", "updated_at", maintain_order=True).unique(
        key, keep="last", maintain_order=True
    )
    return last.filter(pl.col("operation") != "D")


def _book(town: Town, extract: str, night: int) -> pl.DataFrame:
    return town.books.table(extract).filter(pl.col("_night") <= night)


def _registered(town: Town, night: int) -> pl.DataFrame:
    rows = newest(_book(town, HOUSEHOLD, night), "person_no")
    rank = (pl.col("registration_status") != "正常").cast(pl.Int8)
    best = rows.sort(rank, -pl.col("updated_at").cast(pl.Int64), "person_no").unique(
        "_pid", keep="first", maintain_order=True
    )
    return best.select(
        pid="_pid",
        told_name="name",
        told_ethnic="ethnic_code",
        birthplace_division_code="birthplace_division_code",
        registered_division_code="registered_division_code",
        registered_address="registered_address",
        registration_status="registration_status",
        household_no="household_no",
        told_marital="marital_status_code",
        education_code="education_code",
        police_date=pl.when(pl.col("registration_status") == "死亡注销").then("status_date"),
        is_cancelled=pl.col("registration_status") == "死亡注销",
    )


def _residing(town: Town, night: int, day: date) -> pl.DataFrame:
    rows = newest(_book(town, PERMIT, night), "registration_no")
    in_force = (pl.col("status") == "有效") & (
        pl.col("valid_to").is_null() | (pl.col("valid_to") >= day)
    )
    last = rows.sort(in_force, "registered_date", "registration_no").unique(
        "_pid", keep="last", maintain_order=True
    )
    return last.select(
        pid="_pid",
        permit_ethnic="ethnic_code",
        origin_division_code="origin_division_code",
        mobile="mobile",
        has_permit=in_force,
        residence_division_code=pl.when(in_force).then("residence_division_code"),
        residence_address=pl.when(in_force).then("residence_address"),
    )


def _dead(town: Town, night: int) -> pl.DataFrame:
    valid = _book(town, DEATH, night).filter(pl.col("certificate_status") != "作废")
    burnt = _book(town, CREMATION, night)
    both = pl.concat([valid.select("_pid", "death_date"), burnt.select("_pid", "death_date")])
    return (
        both.group_by("_pid").agg(certified_date=pl.col("death_date").min()).rename({"_pid": "pid"})
    )


def _wed(town: Town, night: int) -> pl.DataFrame:
    rows = _book(town, MARRIAGE, night)
    code = pl.col("registration_type").replace_strict(
        {"结婚": "20", "补领结婚证": "20", "离婚": "40", "补领离婚证": "40"}
    )
    sides = [rows.select(pid=side, day="registered_date", civil_marital=code)
             for side in ("_pid", "_pid2")]  # fmt: skip
    return pl.concat(sides).sort("day").unique("pid", keep="last", maintain_order=True).drop("day")


def _mentioned(town: Town, night: int) -> pl.DataFrame:
    """Everybody whom a current record names."""
    current = [
        newest(_book(town, HOUSEHOLD, night), "person_no").select("_pid"),
        newest(_book(town, PERMIT, night), "registration_no").select("_pid"),
        _book(town, DEATH, night).select("_pid"),
        _book(town, CREMATION, night).select("_pid"),
    ]
    for extract in (MARRIAGE, BIRTH):
        rows = _book(town, extract, night)
        current += [rows.select("_pid"), rows.select(_pid="_pid2")]
    who = pl.concat(current).unique().filter(pl.col("_pid") >= 0)
    return who.rename({"_pid": "pid"}).sort("pid")


def _first_seen(town: Town, night: int) -> pl.DataFrame:
    frames = []
    for extract in (HOUSEHOLD, PERMIT, DEATH, CREMATION, MARRIAGE, BIRTH):
        rows = _book(town, extract, night)
        if "operation" in rows.columns:
            rows = rows.filter(pl.col("operation") != "D")
        frames += [rows.select(pid="_pid", seen="_night"), rows.select(pid="_pid2", seen="_night")]
    first = pl.concat(frames).group_by("pid").agg(pl.col("seen").min())
    start = pl.lit(town.start)
    return first.select("pid", first_seen_date=start + pl.duration(days=pl.col("seen") - 1))


def people_at(town: Town, night: int) -> pl.DataFrame:
    """Everybody known at the end of a night, with `pid` as the town's own key."""
    day = town.books.day(night)
    base = town.people.select(
        "pid", "resident_id", world_name="name", sex_code=pl.col("sex").cast(pl.String),
        birth_date="birth_date",
    )  # fmt: skip
    table = _mentioned(town, night).join(base, on="pid", how="left")
    for part in (_registered(town, night), _residing(town, night, day), _dead(town, night),
                 _wed(town, night), _first_seen(town, night)):  # fmt: skip
        table = table.join(part, on="pid", how="left")
    registered = (pl.col("registration_status") == "正常").fill_null(False)
    widowed = pl.col("told_marital") == "30"
    return table.select(
        "pid",
        "resident_id",
        name=pl.coalesce("told_name", "world_name"),
        sex_code="sex_code",
        ethnic_code=pl.coalesce("told_ethnic", "permit_ethnic"),
        birth_date="birth_date",
        birthplace_division_code="birthplace_division_code",
        registered_division_code=pl.coalesce("registered_division_code", "origin_division_code"),
        registered_address="registered_address",
        registration_status="registration_status",
        household_no="household_no",
        residence_division_code="residence_division_code",
        residence_address="residence_address",
        mobile="mobile",
        is_registered=registered,
        is_administrative_resident=registered | pl.col("has_permit").fill_null(False),
        marital_status_code=pl.when(widowed)
        .then(pl.lit("30"))
        .otherwise(pl.coalesce("civil_marital", "told_marital")),
        education_code="education_code",
        is_deceased=pl.col("certified_date").is_not_null()
        | pl.col("is_cancelled").fill_null(False),
        death_date=pl.coalesce("certified_date", "police_date"),
        first_seen_date="first_seen_date",
    ).sort("pid")
