"""Births and deaths: certificates, cremations, and what the police learn some nights later."""

from __future__ import annotations

import numpy as np
import polars as pl

from simulator import names, people, places
from simulator.arrays import Days, Ints, dates, ints, moments, numbered
from simulator.randomness import choose, stream
from simulator.town import BIRTH, CREMATION, DEATH, HOUSEHOLD, Town

_HOSPITALS = ["铜川市人民医院", "铜川市妇幼保健院", "铜川矿务局中心医院", "耀州区人民医院",
              "宜君县人民医院", "铜川市中医医院"]  # fmt: skip
_PARLOURS = ["铜川市殡仪馆", "耀州区殡仪馆"]
_CAUSES = ["I21.9", "I63.9", "I61.9", "C34.9", "C16.9", "C22.0", "J44.1", "E14.9", "J18.9", "R54"]


def birth_rows(town: Town, rng: np.random.Generator, night: int, children: Ints) -> None:
    """Certificates of children whose parents are known, written on one night."""
    size = len(children)
    rows = town.people[children]
    mother, father = _parents(town, children)
    born = rows["birth_date"].to_numpy()
    issued = np.minimum(
        born + rng.integers(0, 5, size).astype("timedelta64[D]"), town.day_before(night, ints([0]))
    )
    abroad = rng.random(size) < 0.01
    frame = pl.DataFrame(
        {
            "certificate_no": numbered("S", 610_000_000 + town.next_numbers(BIRTH, size), 9),
            "name": rows["name"].set(pl.Series(rng.random(size) < 0.2), None),
            "sex_code": rows["sex"].cast(pl.String),
            "born_at": moments(born, rng.integers(0, 86_400, size)),
            "mother_name": town.text_of(mother, "name"),
            "mother_id_type": _id_type(rng, size),
            "mother_resident_id": town.text_of(mother, "resident_id"),
            "father_name": town.text_of(father, "name"),
            "father_id_type": _id_type(rng, size).set(pl.Series(abroad), "护照"),
            "father_resident_id": town.text_of(father, "resident_id").set(
                pl.Series(abroad), "E20481357"
            ),
            "institution_name": choose(rng, _HOSPITALS, size),
            "issued_date": dates(issued),
            "certificate_status": choose(rng, ["有效", "有效", ""], size),
            "_pid": mother,
            "_pid2": np.where(abroad, -1, father),
        }
    )
    town.books.add(BIRTH, frame, night=night)


def _parents(town: Town, children: Ints) -> tuple[Ints, Ints]:
    told = town.people[children]
    if "mother" in told.columns:
        mother = told["mother"].fill_null(-1).to_numpy()
        father = told["father"].fill_null(-1).to_numpy()
    else:
        mother = father = np.full(len(children), -1)
    early = children < town.residents
    safe = np.where(early, children, 0)
    return (
        ints(np.where(early, town.kin.mother[safe], mother)),
        ints(np.where(early, town.kin.father[safe], father)),
    )


def _id_type(rng: np.random.Generator, size: int) -> pl.Series:
    return choose(rng, ["居民身份证", "居民身份证", "居民身份证", ""], size)


def newborns(town: Town, night: int) -> None:
    """Children born on one of the last two days; the police learn of them later."""
    rng = stream(town.seed, "newborns", night)
    spouse = town.kin.spouse
    rows = np.arange(town.residents)
    fertile = rows[(town.sex == 2) & (town.age >= 21) & (town.age <= 39) & (spouse >= 0)]
    fertile = fertile[town.free[fertile] & town.free[np.maximum(spouse[fertile], 0)]]
    mother = np.sort(rng.choice(fertile, min(len(fertile), town.rate(0.00006, 3)), replace=False))
    father, size = spouse[mother], len(mother)
    sex = np.where(rng.random(size) < 0.525, 1, 2)
    birth = town.day_before(night, rng.integers(0, 2, size))
    home = town.people[father]
    county = ints(home["registered_division_code"].str.head(6).cast(pl.Int64).to_numpy())
    keys, resident_id = people.new_numbers(
        places.home_prefixes(rng, county, birth), birth, sex, town.keys
    )
    surname = town.text_of(father, "name").str.head(1)
    first = town.people.height
    children = town.append(
        pl.DataFrame(
            {
                "pid": np.arange(first, first + size),
                "kind": np.full(size, people.REGISTERED),
                "key": keys,
                "resident_id": resident_id,
                "name": names.full_names(rng, surname, sex),
                "sex": sex,
                "birth_date": dates(birth),
                "ethnic_code": home["ethnic_code"],
                "birthplace_division_code": pl.Series(county).cast(pl.String),
                "household_no": home["household_no"],
                "household_relation_code": pl.Series(np.where(sex == 1, 20, 30)).cast(pl.String),
                "household_type": home["household_type"],
                "registered_address": home["registered_address"],
                "registered_division_code": home["registered_division_code"],
                "marital_status_code": pl.Series(["10"] * size, dtype=pl.String),
                "person_no": numbered("P", np.arange(first, first + size) + 1, 10),
                "mother": mother,
                "father": father,
            }
        )
    )
    birth_rows(town, rng, night, children)
    register_newborns(town, rng, night, children)


def register_newborns(town: Town, rng: np.random.Generator, night: int, children: Ints) -> None:
    """Enter children into the police's book one to five nights later."""
    nights = night + rng.integers(1, 6, len(children))
    rows = town.household_rows(children, operation="I", former_name=None)
    rows = rows.with_columns(updated_at=town.times(rng, nights))
    town.books.add(HOUSEHOLD, rows, night=nights)


def death_rows(
    town: Town, rng: np.random.Generator, night: int, pids: Ints, died: Days, *, is_first: bool
) -> None:
    """Certificates, cremations and police cancellations of people who died on the days given."""
    size = len(pids)
    certified, burnt = rng.random(size) < 0.88, rng.random(size) < 0.7
    certified |= ~burnt
    lag = np.zeros(size, dtype=np.int64) if is_first else rng.integers(0, 2, size)
    _certificates(town, rng, pids[certified], died[certified], (night + lag)[certified])
    later = lag if is_first else 1 + rng.integers(0, 2, size)
    _cremations(town, rng, pids[burnt], died[burnt], (night + later)[burnt])
    if not is_first:
        cancel(town, rng, night, pids, died)


def cancel(town: Town, rng: np.random.Generator, night: int, pids: Ints, died: Days) -> None:
    """Police cancellations one to twelve nights later; their status date is the day of death."""
    town.update_household(
        night,
        pids,
        lag=rng.integers(1, 13, len(pids)),
        registration_status="死亡注销",
        status_date=dates(died),
    )


def _certificates(
    town: Town, rng: np.random.Generator, pids: Ints, died: Days, nights: Ints
) -> None:
    size, rows = len(pids), town.people[pids]
    # A spoilt form is declared void and written again under a new number.
    spoilt = np.flatnonzero(rng.random(size) < 0.03)
    numbers = numbered("D6102", town.next_numbers(DEATH, size + len(spoilt)), 8)
    latest = np.datetime64(town.start) + (nights - 1).astype("timedelta64[D]")
    issued = np.minimum(died + rng.integers(0, 3, size).astype("timedelta64[D]"), latest)
    frame = pl.DataFrame(
        {
            "certificate_no": numbers[:size],
            "resident_id": rows["resident_id"],
            "name": rows["name"],
            "sex_code": rows["sex"].cast(pl.String),
            "birth_date": rows["birth_date"],
            "death_date": dates(died),
            "residence_division_code": town.text_of(pids, "registered_division_code").str.head(6),
            "underlying_cause_code": choose(rng, _CAUSES, size),
            "institution_name": choose(rng, _HOSPITALS, size),
            "issued_date": dates(issued),
            "certificate_status": choose(rng, ["有效", "有效", "有效", ""], size),
            "_pid": pids,
        }
    )
    void = frame[spoilt].with_columns(
        certificate_no=numbers[size:], certificate_status=pl.lit("作废")
    )
    town.books.add(DEATH, frame, night=nights)
    town.books.add(DEATH, void, night=nights[spoilt])


def _cremations(town: Town, rng: np.random.Generator, pids: Ints, died: Days, nights: Ints) -> None:
    size, rows = len(pids), town.people[pids]
    latest = np.datetime64(town.start) + (nights - 1).astype("timedelta64[D]")
    burnt = np.minimum(died + rng.integers(1, 5, size).astype("timedelta64[D]"), latest)
    frame = pl.DataFrame(
        {
            "cremation_no": numbered("HH2018", town.next_numbers(CREMATION, size), 7),
            "name": rows["name"],
            "id_type": choose(rng, ["居民身份证", "居民身份证", ""], size),
            "resident_id": rows["resident_id"],
            "sex_code": rows["sex"].cast(pl.String),
            "death_date": dates(died),
            "cremated_date": dates(burnt),
            "institution_name": choose(rng, _PARLOURS, size),
            "_pid": pids,
        }
    )
    town.books.add(CREMATION, frame, night=nights)


def deaths(town: Town, night: int) -> None:
    """People who died on one of the last two days; widowed spouses follow in the police's book."""
    rng = stream(town.seed, "deaths", night)
    rows = np.arange(town.residents)
    pids = town.take(rng, rows[town.age >= 58], town.rate(0.00005, 3))
    if not len(pids):
        return
    died = town.day_before(night, rng.integers(0, 2, len(pids)))
    death_rows(town, rng, night, pids, died, is_first=False)
    left = town.kin.spouse[pids]
    left = left[left >= 0]
    left = left[town.free[left] & ~town.has_wedding[left]]
    town.free[left] = False
    town.update_household(night, left, lag=rng.integers(1, 6, len(left)), marital_status_code="30")
