"""Marriages and divorces as the civil-affairs offices register them."""

from __future__ import annotations

import numpy as np
import polars as pl

from simulator import people
from simulator.arrays import Days, Ints, dates, ints
from simulator.randomness import choose, sample, stream
from simulator.town import MARRIAGE, Town

_OFFICES = {"王益区民政局婚姻登记处": "610202", "印台区民政局婚姻登记处": "610203",
            "耀州区民政局婚姻登记处": "610204", "宜君县民政局婚姻登记处": "610222"}  # fmt: skip


def marriage_rows(
    town: Town, rng: np.random.Generator, night: int, husband: Ints, wife: Ints, *, day: Days,
    kind: pl.Series,
) -> None:  # fmt: skip
    """Add registrations of couples, each on a day, of a kind such as 结婚."""
    size = len(husband)
    office = choose(rng, list(_OFFICES), size)
    running = pl.Series(town.next_numbers(MARRIAGE, size)).cast(pl.String).str.zfill(7)
    frame = pl.DataFrame(
        {
            "code": office.replace_strict(_OFFICES),
            "year": dates(day).dt.year().cast(pl.String),
            "running": running,
            "registration_type": kind,
            "husband_name": town.text_of(husband, "name"),
            "husband_id_type": choose(rng, ["居民身份证", "居民身份证", ""], size),
            "husband_resident_id": town.text_of(husband, "resident_id"),
            "wife_name": town.text_of(wife, "name"),
            "wife_id_type": choose(rng, ["居民身份证", "居民身份证", ""], size),
            "wife_resident_id": town.text_of(wife, "resident_id"),
            "registered_date": dates(day),
            "registry_name": office,
            "_pid": husband,
            "_pid2": wife,
        }
    ).with_columns(
        registration_no=pl.concat_str(
            pl.lit("J"), "code", pl.lit("-"), "year", pl.lit("-"), "running"
        )
    )
    town.books.add(MARRIAGE, frame, night=night)


def _with_outsiders(town: Town, rng: np.random.Generator, pids: Ints) -> tuple[Ints, Ints]:
    """Husbands and wives when each resident's partner lives elsewhere."""
    age = (town.age[pids] * 365 + rng.integers(-900, 900, len(pids))).clip(20 * 366)
    partner = town.add_strangers(rng, people.OUTSIDE, town.start, 3 - town.sex[pids], age)
    is_man = town.sex[pids] == 1
    return ints(np.where(is_man, pids, partner)), ints(np.where(is_man, partner, pids))


def first_marriages(town: Town) -> None:
    """Registrations of the two years before the first day."""
    rng = stream(town.seed, "first-marriages")
    rows, spouse = np.arange(town.residents), town.kin.spouse
    couples = rows[(town.sex == 1) & (spouse >= 0) & (town.age >= 22) & (town.age <= 45)]
    couples = couples[town.age[np.maximum(spouse[couples], 0)] >= 22]
    couples = couples[town.free[couples] & town.free[spouse[couples]]]
    husband = sample(rng, couples, town.rate(0.011, 8))
    kinds = choose(rng, ["结婚"] * 9 + ["补领结婚证"], len(husband))
    marriage_rows(
        town, rng, 1, husband, spouse[husband],
        day=town.day_before(1, rng.integers(0, 700, len(husband))), kind=kinds,
    )  # fmt: skip
    coded = town.marital == "40"
    divorced = sample(rng, rows[coded & town.free & (town.age < 65)], town.rate(0.004, 4))
    man, woman = _with_outsiders(town, rng, divorced)
    kinds = choose(rng, ["离婚"] * 7 + ["补领离婚证"], len(divorced))
    days = town.day_before(1, rng.integers(0, 700, len(man)))
    marriage_rows(town, rng, 1, man, woman, day=days, kind=kinds)
    for pids in (husband, spouse[husband], divorced):
        town.has_wedding[pids] = True


def marriages(town: Town, night: int) -> None:
    """Weddings of the day, between residents or with somebody from elsewhere."""
    rng = stream(town.seed, "marriages", night)
    rows = np.arange(town.residents)
    single = np.isin(town.marital, ["10", "40"]) & (town.age >= 23) & (town.age <= 45)
    size = town.rate(0.00008, 3)
    men = town.take(rng, rows[single & (town.sex == 1)], size)
    women = town.take(rng, rows[single & (town.sex == 2)], size)
    both = min(len(men), len(women)) * 3 // 4
    left = np.concatenate([men[both:], women[both:]])
    man, woman = _with_outsiders(town, rng, left)
    husband, wife = np.concatenate([men[:both], man]), np.concatenate([women[:both], woman])
    today = town.day_before(night, np.zeros(len(husband), dtype=np.int64))
    kinds = pl.Series(["结婚"] * len(husband), dtype=pl.String)
    marriage_rows(town, rng, night, husband, wife, day=today, kind=kinds)
    pids = np.concatenate([men, women])
    town.update_household(night, pids, lag=rng.integers(1, 8, len(pids)), marital_status_code="20")


def divorces(town: Town, night: int) -> None:
    """Divorces of the day; the police learn of them later."""
    rng = stream(town.seed, "divorces", night)
    rows, spouse = np.arange(town.residents), town.kin.spouse
    partner = np.maximum(spouse, 0)
    couples = rows[
        (town.sex == 1) & (spouse >= 0) & town.free & town.free[partner] & (town.age < 60)
    ]
    husband = town.take(rng, couples, town.rate(0.00002, 1))
    wife = spouse[husband]
    town.free[wife] = False
    today = town.day_before(night, np.zeros(len(husband), dtype=np.int64))
    kinds = pl.Series(["离婚"] * len(husband), dtype=pl.String)
    marriage_rows(town, rng, night, husband, wife, day=today, kind=kinds)
    pids = np.concatenate([husband, wife])
    town.update_household(night, pids, lag=rng.integers(1, 8, len(pids)), marital_status_code="40")
