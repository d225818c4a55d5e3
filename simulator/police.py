"""The police's book of registered people: the first load and what changes every night."""

from __future__ import annotations

import numpy as np
import polars as pl

from simulator import names, people, places
from simulator.arrays import Days, Ints, dates, ints, numbered
from simulator.randomness import sample, stream
from simulator.town import HOUSEHOLD, Town
from simulator.vital import birth_rows, cancel, death_rows, register_newborns

_LEFT = ["迁出", "迁出", "迁出", "参军", "出国(境)定居", "其他注销"]


def first_load(town: Town) -> None:
    """Everybody's first row; recent births and deaths with their certificates."""
    rng = stream(town.seed, "police-first")
    rows = np.arange(town.residents)
    babies = _recent_births(town, rng)
    status = np.full(town.residents, "正常", dtype=object)
    since = np.full(town.residents, np.datetime64("NaT"), dtype="datetime64[D]")
    for pids, died in _gone(town, rng):
        status[pids], since[pids] = "死亡注销", died
    grown = rows[town.free & (town.age >= 18) & (town.age < 60)]
    left = town.take(rng, grown, town.rate(0.008, 6))
    status[left] = np.asarray(_LEFT, dtype=object)[rng.integers(0, len(_LEFT), len(left))]
    since[left] = town.day_before(1, rng.integers(30, 700, len(left)))
    first = rows[~np.isin(rows, babies)]
    table = town.household_rows(
        first,
        operation="I",
        registration_status=pl.Series(status[first].tolist(), dtype=pl.String),
        status_date=dates(since[first]),
    )
    # A row is never older than the last thing it says.
    known = pl.max_horizontal("birth_date", "status_date").cast(pl.Datetime("us"))
    known = known + pl.duration(hours=9)
    table = table.with_columns(updated_at=pl.max_horizontal("updated_at", known))
    town.books.add(HOUSEHOLD, table.sort("updated_at", "pid"), night=1)
    _double_entries(town)


def _recent_births(town: Town, rng: np.random.Generator) -> Ints:
    rows = np.arange(town.residents)
    days = (np.datetime64(town.start) - town.birth).astype(np.int64)
    born = rows[(days < 360) & (town.kin.mother >= 0)]
    babies = born[days[born] < 12]
    birth_rows(town, rng, 1, born)
    register_newborns(town, rng, 1, babies)
    town.free[babies] = False
    return babies


def _gone(town: Town, rng: np.random.Generator) -> list[tuple[Ints, Days]]:
    rows = np.arange(town.residents)
    long_ago = town.take(rng, rows[town.age >= 66], town.rate(0.004, 4))
    recent = town.take(rng, rows[town.age >= 55], town.rate(0.0035, 12))
    old = town.day_before(1, rng.integers(200, 1000, len(long_ago)))
    back = rng.integers(0, 180, len(recent))
    died = town.day_before(1, back)
    death_rows(town, rng, 1, recent, died, is_first=True)
    known = (back > 15) & (rng.random(len(recent)) < 0.9)
    cancel(town, rng, 1, recent[~known], died[~known])
    return [(long_ago, old), (recent[known], died[known])]


def _double_entries(town: Town) -> None:
    """Two registrations of one person: later the wrong one is struck off or deleted."""
    rng = stream(town.seed, "double-entries")
    rows = np.arange(town.residents)
    pids = town.take(rng, rows[(town.age > 20) & (town.age < 60)], town.rate(0.0003, 3))
    size = len(pids)
    place = places.addresses(rng, places.villages().draw(rng, size))
    told = town.household_rows(
        pids,
        operation="I",
        person_no=numbered("P9", np.arange(size) + 1, 9),
        household_no=numbered("6109", np.arange(size) + 1, 9),
        household_relation_code="02",
        registered_address=place["address"],
        registered_division_code=place["division_code"],
    )
    # Older than the right one, so that it is plain which of the two is newer.
    older = pl.max_horizontal("birth_date", pl.date(1999, 1, 1)).cast(pl.Datetime("us"))
    told = told.with_columns(updated_at=older + pl.duration(hours=10))
    town.books.add(HOUSEHOLD, told, night=1)
    half = np.arange(size) % 2 == 0
    deleted = (
        told.filter(pl.Series(half))
        .select("person_no", "_pid")
        .with_columns(
            operation=pl.lit("D"), updated_at=town.times(rng, np.full(int(half.sum()), 2))
        )
    )
    town.books.add(HOUSEHOLD, deleted, night=2)
    struck = told.filter(pl.Series(~half)).with_columns(
        operation=pl.lit("U"),
        registration_status=pl.lit("重户注销"),
        status_date=pl.lit(town.books.day(3)),
        updated_at=town.times(rng, np.full(int((~half).sum()), 3)),
    )
    town.books.add(HOUSEHOLD, struck, night=3)


def moves(town: Town, night: int) -> None:
    """Households' members move within the city, leave it, or come from elsewhere."""
    rng = stream(town.seed, "moves", night)
    rows = np.arange(town.residents)
    pids = town.take(rng, rows[(town.age >= 18)], town.rate(0.0004, 5))
    place = places.addresses(rng, places.villages().draw(rng, len(pids)))
    town.update_household(
        night,
        pids,
        registered_address=place["address"],
        registered_division_code=place["division_code"],
        household_no=numbered(f"61{night:04d}", np.arange(len(pids)) + 1, 7),
        household_relation_code="02",
    )
    _typed_twice(town, night, pids[::5])
    gone = town.take(rng, rows[(town.age >= 18) & (town.age < 55)], town.rate(0.0001, 2))
    today = pl.Series([town.books.day(night)] * len(gone), dtype=pl.Date)
    town.update_household(night, gone, registration_status="迁出", status_date=today)
    _arrivals(town, rng, night)


def _typed_twice(town: Town, night: int, pids: Ints) -> None:
    """An earlier version of the same row in the same file, corrected the same day."""
    early = np.full(len(pids), night)
    rows = town.household_rows(pids, registered_address="陕西省铜川市(地址待补)")
    moment = pl.Series([town.books.day(night)] * len(pids), dtype=pl.Date).cast(pl.Datetime("us"))
    rows = rows.with_columns(updated_at=moment + pl.duration(hours=7))
    town.books.add(HOUSEHOLD, rows, night=early)


def _arrivals(town: Town, rng: np.random.Generator, night: int) -> None:
    size = town.rate(0.0001, 3)
    sex = np.where(rng.random(size) < 0.5, 1, 2)
    age = ints(rng.integers(20, 60, size) * 366)
    first = town.people.height
    place = places.addresses(rng, places.villages().draw(rng, size))
    arrivals = people.strangers(
        rng,
        kind=people.REGISTERED,
        first=first,
        day=town.books.day(night),
        taken=town.keys,
        sex=sex,
        age=age,
    ).with_columns(
        household_no=numbered(f"62{night:04d}", np.arange(size) + 1, 7),
        household_relation_code=pl.lit("02"),
        household_type=pl.lit("家庭户"),
        registered_address=place["address"],
        registered_division_code=place["division_code"],
        marital_status_code=pl.lit("90"),
        education_code=people.education(rng, age // 366),
        person_no=numbered("P", np.arange(first, first + size) + 1, 10),
    )
    pids = town.append(arrivals)
    rows = town.household_rows(pids, operation="I", former_name=None)
    rows = rows.with_columns(updated_at=town.times(rng, np.full(size, night)))
    town.books.add(HOUSEHOLD, rows, night=night)


def changes(town: Town, night: int) -> None:
    """Small changes: education, employer, a new name."""
    rng = stream(town.seed, "changes", night)
    rows = np.arange(town.residents)
    pids = town.take(rng, rows[(town.age >= 18) & (town.age < 60)], town.rate(0.0003, 4))
    town.update_household(
        night, pids, education_code=people.education(rng, town.age[pids]), employer_name="个体"
    )
    renamed = sample(rng, rows[town.free & (town.age < 30)], town.rate(0.00001, 1))
    # Somebody known to civil affairs or the permits office keeps the name: other departments
    # would go on writing the old one, which is a disagreement and not a damage.
    renamed = renamed[~town.is_elsewhere[renamed] & ~town.has_wedding[renamed]]
    town.free[renamed] = False
    old = town.text_of(renamed, "name")
    new = names.full_names(rng, old.str.head(1), town.sex[renamed])
    town.update_household(night, renamed, name=new, former_name=old)
    town.renamed.append(pl.DataFrame({"_night": np.full(len(renamed), night), "_pid": renamed,
                                      "new_name": new}))  # fmt: skip
