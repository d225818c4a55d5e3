"""The town as it changes: its people, who is still free for an event, and the books.

Every person has at most one event of the police's book after the first day, so that what is true
of them never depends on the order of two events.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl

from simulator import people
from simulator.arrays import Days, Ints, ints, moments
from simulator.books import Books
from simulator.randomness import sample, stream

HOUSEHOLD = "population/household_registration"
PERMIT = "population/residence_permit"
BIRTH = "population/birth_certificate"
DEATH = "population/death_certificate"
CREMATION = "population/cremation"
MARRIAGE = "population/marriage_registration"


class Town:
    """People and books while they are being made."""

    def __init__(self, count: int, seed: int, start: date, nights: int) -> None:
        """Make the people of the first day; the books are still empty.

        Args:
            count: registered and floating people together.
            seed: of every stream.
            start: the business date of the first night.
            nights: how many nights of books are kept.
        """
        self.seed, self.start, self.count = seed, start, count
        self.books = Books(start, nights)
        floating = round(count * people.FLOATING_SHARE)
        first, self.kin = people.residents(seed, count - floating, start)
        self.residents = len(first)
        self.people = first
        self.keys = ints(first["key"].to_numpy())
        self.sex = ints(first["sex"].to_numpy())
        self.birth: Days = first["birth_date"].to_numpy()
        self.age = people.age_in_years(self.birth, start)
        self.marital = first["marital_status_code"].to_numpy()
        self.free = np.ones(self.residents, dtype=np.bool_)
        self.has_wedding = np.zeros(self.residents, dtype=np.bool_)
        self.is_elsewhere = np.zeros(self.residents, dtype=np.bool_)
        self.renamed: list[pl.DataFrame] = []
        self.organisation_codes: list[pl.DataFrame] = []
        self.permits = pl.DataFrame()
        self.open_permits = np.zeros(0, dtype=np.bool_)
        self.counters: dict[str, int] = {}
        self.statements: list[Any] = []
        self.exceedances = pl.DataFrame()
        self.disclosures = pl.DataFrame()
        self.debtors = pl.DataFrame()
        rng = stream(seed, "floating")
        age = (np.clip(rng.gamma(6, 5.6, floating), 1, 80) * 365.25).astype(np.int64)
        sex = np.where(rng.random(floating) < 0.56, 1, 2)
        self.floating = self.add_strangers(rng, people.FLOATING, start, sex, age)

    def append(self, newcomers: pl.DataFrame) -> Ints:
        """Add people (their `pid` follows everybody's) and return their pids."""
        self.people = pl.concat([self.people, newcomers], how="diagonal")
        self.keys = np.concatenate([self.keys, ints(newcomers["key"].to_numpy())])
        return ints(newcomers["pid"].to_numpy())

    def add_strangers(
        self, rng: np.random.Generator, kind: int, day: date, sex: Ints, age: Ints
    ) -> Ints:
        """Add people from elsewhere (see `people.strangers`)."""
        first = self.people.height
        return self.append(
            people.strangers(
                rng, kind=kind, first=first, day=day, taken=self.keys, sex=sex, age=age
            )
        )

    def take(self, rng: np.random.Generator, pool: Ints, size: int) -> Ints:
        """Pick free residents of a pool and mark them as no longer free."""
        chosen = sample(rng, pool[self.free[pool]], size)
        self.free[chosen] = False
        return chosen

    def rate(self, share: float, least: int) -> int:
        """How many events a night has: a share of the people, but at least a few."""
        return max(least, round(self.count * share))

    def next_numbers(self, what: str, size: int) -> Ints:
        """Running numbers of a register; nights come in order, so they do too."""
        first = self.counters.get(what, 0)
        self.counters[what] = first + size
        return np.arange(first + 1, first + size + 1)

    def household_rows(self, pids: Ints, **changes: pl.Series | str | None) -> pl.DataFrame:
        """Rows of the police's book for residents, with some columns told anew."""
        rows = self.people[pids].with_columns(
            sex_code=pl.col("sex").cast(pl.String),
            registration_status=pl.lit("正常"),
            operation=pl.lit("U"),
            _pid=pl.col("pid"),
        )
        told = {
            name: value if isinstance(value, pl.Series) else pl.lit(value, dtype=pl.String)
            for name, value in changes.items()
        }
        return rows.with_columns(**told)

    def update_household(
        self, night: int, pids: Ints, lag: Ints | None = None, **changes: pl.Series | str | None
    ) -> None:
        """Add `U` rows of the police's book, each on its own later night if there is a lag."""
        nights: Ints = np.full(len(pids), night, dtype=np.int64)
        nights = nights if lag is None else nights + lag
        rng = stream(self.seed, "household-times", night, len(pids), self.tick())
        rows = self.household_rows(pids, **changes)
        rows = rows.with_columns(updated_at=self.times(rng, nights))
        self.books.add(HOUSEHOLD, rows, night=nights)

    def tick(self) -> int:
        """A number that differs at every call (and is the same in every run)."""
        return int(self.next_numbers("tick", 1)[0])

    def times(self, rng: np.random.Generator, nights: Ints) -> pl.Series:
        """A moment in office hours on the business day of each night."""
        day = np.datetime64(self.start) + (nights - 1).astype("timedelta64[D]")
        return moments(day, rng.integers(8 * 3600, 18 * 3600, len(nights)))

    def day_before(self, night: int, back: Ints) -> Days:
        """Days before the business date of a night."""
        return np.datetime64(self.books.day(night)) - back.astype("timedelta64[D]")

    def text_of(self, pids: Ints, column: str) -> pl.Series:
        """A column of the people, empty where the pid is -1."""
        found = self.people[column].gather(np.maximum(pids, 0))
        return found.set(pl.Series(pids < 0), None)
