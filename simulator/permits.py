"""Residence permits of the floating population, some of whom are registered in another county."""

from __future__ import annotations

import numpy as np
import polars as pl

from simulator import people, places
from simulator.arrays import Days, Ints, dates, numbered
from simulator.randomness import choose, sample, stream
from simulator.town import PERMIT, Town


def permit_rows(
    town: Town, rng: np.random.Generator, pids: Ints, registered: Days, night: int
) -> pl.DataFrame:
    """New permits of people, valid for a year from the day of registration."""
    size, who = len(pids), town.people[pids]
    place = places.addresses(rng, places.villages().draw(rng, size))
    origin = pl.col("registered_division_code").str.head(6)
    origin = pl.coalesce(origin, "birthplace_division_code")
    number = town.next_numbers(PERMIT, size)
    days = pl.Series(rng.integers(300_000_000, 1_000_000_000, size)).cast(pl.String)
    return who.select(
        "resident_id",
        "name",
        "ethnic_code",
        sex_code=pl.col("sex").cast(pl.String),
        origin_division_code=origin,
        registration_no=numbered("LD6102", number, 8),
        permit_no=numbered("JZ61020", number, 9).set(pl.Series(rng.random(size) < 0.3), None),
        residence_address=place["address"],
        residence_division_code=place["division_code"].str.head(9),
        mobile=(choose(rng, ["13", "15", "17", "18"], size) + days).set(
            pl.Series(rng.random(size) < 0.1), None
        ),
        registered_date=dates(registered),
        valid_to=dates(registered + np.timedelta64(365, "D")),
        status=pl.lit("有效"),
        updated_at=town.times(rng, np.full(size, night)),
        operation=pl.lit("I"),
        _pid=pl.col("pid"),
    )


def first_permits(town: Town) -> None:
    """Permits known on the first day: most in force, some past or given back, a few open-ended."""
    rng = stream(town.seed, "first-permits")
    rows = np.arange(town.residents)
    workers = rows[town.free & (town.age >= 18) & (town.age < 50)]
    own = sample(rng, workers, town.rate(0.006, 5))
    town.is_elsewhere[own] = True
    pids = np.concatenate([own, town.floating])
    size = len(pids)
    back = rng.integers(5, 350, size)
    state = rng.random(size)
    back = np.where(state > 0.92, back + 380, back)
    table = permit_rows(town, rng, pids, town.day_before(1, back), 1)
    status = np.select([state > 0.94, state > 0.92, state > 0.86], ["过期", "有效", "注销"], "有效")
    table = table.with_columns(
        status=pl.Series(status),
        valid_to=pl.when(pl.Series(state < 0.02)).then(None).otherwise(pl.col("valid_to")),
        updated_at=pl.col("registered_date").cast(pl.Datetime("us")) + pl.duration(hours=11),
    )
    town.books.add(PERMIT, table.sort("updated_at", "registration_no"), night=1)
    renewable = (state > 0.02) & (state < 0.86)
    town.permits = table.filter(pl.Series(renewable))
    town.open_permits = np.ones(town.permits.height, dtype=np.bool_)


def _pick(town: Town, rng: np.random.Generator, size: int) -> pl.DataFrame:
    chosen = sample(rng, np.flatnonzero(town.open_permits), size)
    town.open_permits[chosen] = False
    return town.permits[chosen]


def permits(town: Town, night: int) -> None:
    """New permits, renewals, permits given back, and rows entered by mistake and deleted."""
    rng = stream(town.seed, "permits", night)
    size = town.rate(0.0004, 6)
    age = (np.clip(rng.gamma(6, 5.6, size), 16, 80) * 365.25).astype(np.int64)
    sex = np.where(rng.random(size) < 0.56, 1, 2)
    day = town.books.day(night)
    pids = town.add_strangers(rng, people.FLOATING, day, sex, age)
    rows = permit_rows(town, rng, pids, town.day_before(night, rng.integers(0, 4, size)), night)
    town.books.add(PERMIT, rows, night=night)
    for share, least, change in (
        (0.0004, 4, {"valid_to": pl.lit(town.books.day(night + 365))}),
        (0.0001, 2, {"status": pl.lit("注销")}),
    ):
        told = _pick(town, rng, town.rate(share, least))
        told = told.with_columns(
            operation=pl.lit("U"), updated_at=town.times(rng, np.full(told.height, night)), **change
        )
        town.books.add(PERMIT, told, night=night)
    gone = (
        _pick(town, rng, town.rate(0.00002, 1))
        .select("registration_no", "_pid")
        .with_columns(operation=pl.lit("D"))
    )
    gone = gone.with_columns(updated_at=town.times(rng, np.full(gone.height, night)))
    town.books.add(PERMIT, gone, night=night)
