"""The people of the first day: residents in households, people from elsewhere, outsiders.

A person is one row of a table whose row number is the `pid`; later nights append rows and never
change earlier ones. What a department knows of a person is made from this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from simulator import names, numbers, places
from simulator.arrays import Bools, Days, Ints, dates, ints, moments, numbered, years_months_days
from simulator.households import CHILD, ELDER, HEAD, SPOUSE, Members, draw_members
from simulator.randomness import choose, stream, weighted

REGISTERED, FLOATING, OUTSIDE = 0, 1, 2
FLOATING_SHARE = 0.07
_ETHNIC = {"01": 985.0, "03": 8.0, "11": 2.0, "04": 1.0, "15": 1.0, "06": 1.0, "02": 1.0}
_EDUCATION = ["10", "20", "21", "30", "31", "40", "60", "61", "70", "71", "80", "81", "90"]
_EMPLOYERS = [
    "铜川矿务局", "陕西声威建材集团有限公司", "铜川市第一中学", "铜川市人民医院", "个体", "务农",
    "铜川市耀州区教育局", "国网铜川供电公司", "铜川市公共交通公司", "秦岭水泥有限公司",
]  # fmt: skip


@dataclass(frozen=True)
class Kin:
    """Who is whose spouse, father and mother among the people of the first day (-1: nobody)."""

    spouse: Ints
    father: Ints
    mother: Ints


def _kin(members: Members, size: int) -> Kin:
    nobody = np.full(size, -1, dtype=np.int64)
    spouse, father, mother = nobody.copy(), nobody.copy(), nobody.copy()
    rows = np.arange(len(members.household))
    houses = int(members.household.max()) + 1
    head, partner = np.full(houses, -1), np.full(houses, -1)
    head[members.household[members.role == HEAD]] = rows[members.role == HEAD]
    partner[members.household[members.role == SPOUSE]] = rows[members.role == SPOUSE]
    both = partner >= 0
    spouse[head[both]], spouse[partner[both]] = partner[both], head[both]
    children = rows[(members.role == CHILD)]
    one, two = head[members.household[children]], partner[members.household[children]]
    known = two >= 0
    one, two, children = one[known], two[known], children[known]
    head_is_man = members.sex[one] == 1
    father[children] = np.where(head_is_man, one, two)
    mother[children] = np.where(head_is_man, two, one)
    return Kin(spouse, father, mother)


def _surnames(rng: np.random.Generator, members: Members, kin: Kin) -> pl.Series:
    own = names.surnames(rng, len(members.household))
    rows = np.arange(len(own))
    head = np.zeros(int(members.household.max()) + 1, dtype=np.int64)
    head[members.household[members.role == HEAD]] = rows[members.role == HEAD]
    from_father = kin.father[: len(rows)]
    source = np.where(from_father >= 0, from_father, rows)
    # The head's own father lives here as an elder with the same surname.
    is_grandfather = (members.role == ELDER) & (members.sex == 1)
    source = np.where(is_grandfather, head[members.household], source)
    return own.gather(source)


def education(rng: np.random.Generator, age_years: Ints) -> pl.Series:
    """Codes of GB/T 4658 that suit the age; empty for small children."""
    size = len(age_years)
    old = weighted(rng, [0, 1, 1, 2, 2, 2, 3, 3, 8, 10, 12, 12, 8], size)
    young = weighted(rng, [1, 5, 9, 7, 9, 8, 5, 8, 6, 12, 2, 2, 1], size)
    school = np.where(age_years < 12, 10, 8)
    index = np.where(age_years < 16, school, np.where(age_years < 45, young, old))
    codes = pl.Series(_EDUCATION, dtype=pl.String).gather(index)
    return codes.set(pl.Series((age_years < 6) | (rng.random(size) < 0.02)), None)


def ethnic_codes(rng: np.random.Generator, group: Ints) -> pl.Series:
    """One code for each group number (a household has one, most are 汉)."""
    drawn = weighted(rng, list(_ETHNIC.values()), int(group.max()) + 1 if len(group) else 0)
    return pl.Series(list(_ETHNIC), dtype=pl.String).gather(drawn[group])


def new_numbers(prefix: Ints, birth: Days, sex: Ints, taken: Ints) -> tuple[Ints, pl.Series]:
    """Keys and resident numbers of people who are added after those with the keys `taken`."""
    keys = numbers.resident_keys(prefix, birth, sex)
    return keys, numbers.resident_numbers(keys, numbers.ranks(keys, taken))


def _relation(members: Members) -> pl.Series:
    role, sex, order = members.role, members.sex, members.birth_order
    child = np.where(sex == 1, 22 + order, 32 + order)
    code = np.select(
        [role == HEAD, role == SPOUSE, role == CHILD],
        [np.full(len(role), 2), np.where(sex == 1, 11, 12), child],
        np.where(sex == 1, 51, 52),
    )
    return pl.Series(code).cast(pl.String).str.zfill(2)


def _marital(rng: np.random.Generator, members: Members, kin: Kin, age: Ints) -> pl.Series:
    size, draw = len(age), rng.random(len(age))
    wed = np.select([draw < 0.25, draw < 0.29, draw < 0.3], [21, 22, 23], 20)
    alone = np.select(
        [age < 26, age < 50, age < 68],
        [np.full(size, 10), np.where(draw < 0.45, 10, 40), np.where(draw < 0.5, 30, 40)],
        30,
    )
    code = np.where(kin.spouse[:size] >= 0, wed, alone)
    elder = np.where(draw < 0.6, 30, 20)
    code = np.where(members.role == ELDER, elder, code)
    return pl.Series(np.where(members.role == CHILD, 10, code)).cast(pl.String)


def residents(seed: int, count: int, start: date) -> tuple[pl.DataFrame, Kin]:
    """The registered people of the first day."""
    rng, members = stream(seed, "residents"), draw_members(seed, count)
    size, houses = count, int(members.household.max()) + 1
    kin, birth = _kin(members, count), np.datetime64(start) - members.age.astype("timedelta64[D]")
    place = places.addresses(rng, places.villages().draw(rng, houses))
    home = place[members.household]
    county = ints(home["county"].to_numpy())
    from_home = places.home_prefixes(rng, county, birth)
    elsewhere, _ = places.other_prefixes(rng, birth)
    moved_in = rng.random(size) < np.where(members.role == SPOUSE, 0.12, 0.03)
    prefix = ints(np.where(moved_in, elsewhere, from_home))
    keys, resident_id = new_numbers(prefix, birth, members.sex, ints([]))
    surname = _surnames(rng, members, kin)
    former = names.full_names(rng, surname, members.sex)
    identity = pl.DataFrame(
        {
            "pid": np.arange(size),
            "kind": np.full(size, REGISTERED),
            "key": keys,
            "resident_id": resident_id,
            "name": names.full_names(rng, surname, members.sex),
            "former_name": former.set(pl.Series(rng.random(size) > 0.012), None),
            "sex": members.sex,
            "birth_date": dates(birth),
            "ethnic_code": ethnic_codes(rng, members.household),
            "birthplace_division_code": pl.Series(np.where(moved_in, elsewhere, county)).cast(
                pl.String
            ),
            "registered_address": home["address"],
            "registered_division_code": home["division_code"],
            "person_no": numbered("P", np.arange(size) + 1, 10),
            "updated_at": _long_ago(rng, start, size),
        }
    )
    return identity.hstack(_circumstances(rng, members, kin)), kin


def _circumstances(rng: np.random.Generator, members: Members, kin: Kin) -> pl.DataFrame:
    """Household, marriage, education and work of the residents."""
    age, size = members.age // 365, len(members.age)
    crowd = np.bincount(members.household)[members.household]
    collective = (crowd == 1) & (rng.random(size) < 0.1)
    idle = (age < 20) | (rng.random(size) < 0.55)
    return pl.DataFrame(
        {
            "household_no": numbered("6102", members.household + 1, 9),
            "household_relation_code": _relation(members),
            "household_type": pl.Series(np.where(collective, "集体户", "家庭户")),
            "marital_status_code": _marital(rng, members, kin, age),
            "education_code": education(rng, age),
            "employer_name": choose(rng, _EMPLOYERS, size).set(pl.Series(idle), None),
        }
    )


def _long_ago(rng: np.random.Generator, start: date, size: int) -> pl.Series:
    days = np.datetime64(start) - rng.integers(1, 1100, size).astype("timedelta64[D]")
    return moments(days, rng.integers(8 * 3600, 18 * 3600, size))


def strangers(
    rng: np.random.Generator, *, kind: int, first: int, day: date, taken: Ints, sex: Ints, age: Ints
) -> pl.DataFrame:
    """People whose numbers come from elsewhere: floating population, spouses of other places.

    Args:
        rng: the topic's generator.
        kind: FLOATING or OUTSIDE.
        first: pid of the first of them.
        day: the day on which they have that age.
        taken: keys of everybody known so far.
        sex: 1 or 2.
        age: in days.
    """
    birth = np.datetime64(day) - age.astype("timedelta64[D]")
    prefix, division = places.other_prefixes(rng, birth)
    keys, resident_id = new_numbers(prefix, birth, sex, taken)
    given = names.full_names(rng, names.surnames(rng, len(sex)), sex)
    foreign: Bools = (prefix // 10_000) == 65
    unusual = names.minority_names(rng, len(sex))
    frame = pl.DataFrame({"given": given, "unusual": unusual, "far": foreign})
    picked = frame.select(pl.when("far").then("unusual").otherwise("given").alias("name"))
    ethnic = ethnic_codes(rng, np.arange(len(sex)))
    return pl.DataFrame(
        {
            "pid": np.arange(first, first + len(sex)),
            "kind": np.full(len(sex), kind),
            "key": keys,
            "resident_id": resident_id,
            "name": picked["name"],
            "sex": sex,
            "birth_date": dates(birth),
            "ethnic_code": ethnic.set(pl.Series(foreign), "05"),
            "birthplace_division_code": division,
        }
    )


def age_in_years(birth: Days, day: date) -> Ints:
    """Completed years on a day."""
    year, month, dom = years_months_days(birth)
    before = (month * 100 + dom) > (day.month * 100 + day.day)
    return day.year - year - before
