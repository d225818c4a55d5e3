"""A simulated city as a linker meets it: profiles of everybody, and records with one damage each.

Names are as frequent as the simulator's, households share addresses, telephones and surnames, a
part of the siblings are twins whose names share a character, dormitories share one address.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from simulator import names, numbers, people
from simulator.arrays import Ints, dates, ints
from simulator.places import SPOT_MARK
from simulator.randomness import stream, weighted

_START = date(2018, 3, 1)
_N = pl.col("number_text")
_D = pl.col("birth_date")
_NAME = pl.col("name")
# What cannot be told: a name and a birth date alone may be two people's.
DAMAGES: dict[str, dict[str, pl.Expr]] = {
    "number missing": {},
    "number ruined by Excel": {"number_text": _N.str.head(15) + "000"},
    "number masked, no telephone": {"mobile": pl.lit(None, pl.String)},
    "number with a wrong digit": {"number_text": pl.col("_one_digit")},
    "number with two digits exchanged": {"number_text": pl.col("_exchanged")},
    "number of 15 digits, one wrong": {"number_text": pl.col("_fifteen")},
    "rare character replaced": {"name": _NAME.str.head(-1) + "?"},
    "characters of the name exchanged": {"name": pl.col("_turned")},
    "former name": {"name": pl.coalesce("former_name", "name")},
    "space, dot, full width in the name": {
        "name": _NAME.str.head(1) + "　" + _NAME.str.slice(1) + "（女）"
    },
    "one character of the name wrong": {"name": pl.col("_misspelt")},
    "day and month exchanged": {"birth_date": pl.col("_swapped")},
    "digit of the birth date wrong": {"birth_date": pl.col("_slipped")},
    "year of birth off by one": {"birth_date": _D.dt.offset_by("-1y")},
    "sex wrong": {"sex_code": pl.col("sex_code").replace({"1": "2", "2": "1"})},
    "sex missing": {"sex_code": pl.lit(None, pl.String)},
    "old address": {"address": pl.col("_old_address"), "division_code": pl.col("_old_division")},
    "address abbreviated": {"address": pl.col("address").str.replace(r"^.*?[区县]", "")},
    "division at county level": {
        "division_code": pl.col("division_code").str.head(6), "address": pl.lit(None, pl.String)
    },
    "telephone changed": {"mobile": pl.col("_old_mobile")},
    "name, birth date and county alone": {
        **{name: pl.lit(None, pl.String) for name in
           ("sex_code", "ethnic_code", "origin_division_code", "address", "mobile",
            "mother_number", "mother_name", "father_name", "employer_name")},
        "division_code": pl.col("division_code").str.head(6),
    },
}  # fmt: skip
# Damage of the number itself; all other records lack it.
_BROKEN = {name for name, change in DAMAGES.items() if "number_text" in change}
COLUMNS = (
    "name", "former_name", "birth_date", "sex_code", "ethnic_code", "division_code",
    "origin_division_code", "address", "mobile", "number_text", "mother_number", "mother_name",
    "father_name", "employer_name",
)  # fmt: skip


def profiles(seed: int, count: int) -> pl.DataFrame:
    """Everybody as the police and others know them; `pid` and `number` say who it is."""
    table, kin = people.residents(seed, count, _START)
    rng = stream(seed, "linkage-city")
    table, is_twin = _with_twins(rng, table)
    size = table.height
    mother, father = kin.mother[:size], kin.father[:size]
    household = table["household_no"].cast(pl.Categorical).to_physical().to_numpy()
    shared = rng.random(size) < 0.3
    phone = np.where(shared, household, size + np.arange(size))
    dormitory = rng.random(size) < 0.01
    building = rng.integers(0, max(size // 4000, 2), size)
    address = table["registered_address"].str.replace(SPOT_MARK + r"[0-9]+$", "")
    dorm = pl.Series(building).cast(pl.String) + "号楼集体户"
    return pl.DataFrame(
        {
            "pid": np.arange(size),
            "is_twin": is_twin,
            "name": table["name"],
            "former_name": table["former_name"],
            "birth_date": table["birth_date"],
            "sex_code": table["sex"].cast(pl.String),
            "ethnic_code": table["ethnic_code"],
            "division_code": table["registered_division_code"],
            "origin_division_code": table["birthplace_division_code"],
            "address": address.set(pl.Series(dormitory), None).fill_null(
                "陕西省铜川市王益区七一路" + dorm
            ),
            "mobile": _mobile(phone).set(pl.Series(rng.random(size) < 0.4), None),
            "number_text": table["resident_id"],
            "mother_number": _of(table["resident_id"], mother),
            "mother_name": _of(table["name"], mother),
            "father_name": _of(table["name"], father),
            "employer_name": table["employer_name"],
        }
    )


def _mobile(number: Ints) -> pl.Series:
    return pl.Series(13_000_000_000 + number * 7919 % 999_999_937).cast(pl.String)


def _of(values: pl.Series, pids: Ints) -> pl.Series:
    return values.gather(np.maximum(pids, 0)).set(pl.Series(pids < 0), None)


def _with_twins(rng: np.random.Generator, table: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """One second child in six is the first's twin, and most twins' names share a character."""
    relation = table["household_relation_code"]
    order = relation.str.slice(1).cast(pl.Int64).to_numpy()
    is_child = (relation.str.head(1).is_in(["2", "3"]) & (relation != "02")).to_numpy()
    second = np.flatnonzero(is_child[1:] & is_child[:-1] & (order[1:] > order[:-1])) + 1
    second = second[
        (
            table["household_no"].gather(second) == table["household_no"].gather(second - 1)
        ).to_numpy()
    ]
    twin = second[rng.random(len(second)) < 1 / 6]
    birth = table["birth_date"].to_numpy().copy()
    birth[twin] = birth[twin - 1]
    prefix = table["resident_id"].str.head(6).cast(pl.Int64).to_numpy()
    keys = numbers.resident_keys(prefix, birth, ints(table["sex"].to_numpy()))
    own, sibling = table["name"].gather(twin), table["name"].gather(twin - 1)
    alike = (sibling.str.len_chars() == 3) & pl.Series(rng.random(len(twin)) < 0.6)
    shared = sibling.str.head(2) + own.str.slice(-1)
    name = table["name"].scatter(twin, own.zip_with(~alike, shared))
    is_twin = np.zeros(table.height, dtype=np.bool_)
    is_twin[twin], is_twin[twin - 1] = True, True
    changed = table.with_columns(
        name=name,
        birth_date=dates(birth),
        resident_id=numbers.resident_numbers(keys, numbers.ranks(keys, ints([]))),
    )
    return changed, pl.Series(is_twin)


def records(seed: int, known: pl.DataFrame, per_damage: int) -> pl.DataFrame:
    """So many records of each damage, about people drawn at random; `damage` says which."""
    rng = stream(seed, "linkage-records")
    made = []
    for damage, change in DAMAGES.items():
        pool = known
        if damage == "former name":
            pool = known.filter(pl.col("former_name").is_not_null())
        size = min(per_damage, pool.height)
        drawn = pool[np.sort(rng.choice(pool.height, size, replace=False))]
        plain = _as_departments_say(rng, drawn, known)
        if damage not in _BROKEN:
            plain = plain.with_columns(number_text=pl.lit(None, pl.String))
        told = plain.with_columns(**change).with_columns(damage=pl.lit(damage))
        if damage in _BROKEN:
            told = told.filter(~_is_valid(told["number_text"]))
        made.append(told.select("pid", "is_twin", "damage", *COLUMNS))
    return pl.concat(made)


def _is_valid(number: pl.Series) -> pl.Series:
    """Whether a broken number is a good one by chance, as one in eleven ruined by Excel is.

    No one can see that it is broken, so it is no record without a usable identifier.
    """
    whole = number.str.contains(r"^[0-9]{17}[0-9X]$")
    return whole & (numbers.rechecked(number.zip_with(whole, pl.Series(["0" * 18]))) == number)


def _as_departments_say(
    rng: np.random.Generator, drawn: pl.DataFrame, known: pl.DataFrame
) -> pl.DataFrame:
    """What a record of a person says: less than the police know. And material for damage."""
    size = drawn.height
    kept = {"address": 0.85, "mobile": 0.8, "ethnic_code": 0.5, "employer_name": 0.5,
            "origin_division_code": 0.3, "mother_number": 0.3, "mother_name": 0.5,
            "father_name": 0.5}  # fmt: skip
    said = drawn.with_columns(
        **{n: drawn[n].set(pl.Series(rng.random(size) > p), None) for n, p in kept.items()},
    )
    elsewhere = known[rng.integers(0, known.height, size)]
    number = drawn["number_text"]
    place, other = rng.integers(6, 16, size), rng.integers(1, 10, size)
    matrix = numbers.matrix(number, 18)
    rows = np.arange(size)
    slip, exchanged = matrix.copy(), matrix.copy()
    slip[rows, place] = (slip[rows, place] - 48 + other) % 10 + 48
    exchanged[rows, place], exchanged[rows, place + 1] = (
        matrix[rows, place + 1].copy(), matrix[rows, place].copy(),
    )  # fmt: skip
    fifteen = np.delete(slip, [6, 7, 17], axis=1)
    given = names.full_names(rng, pl.Series(["王"] * size), ints(drawn["sex_code"].cast(pl.Int64)))
    texts = numbers.text
    return said.with_columns(
        _one_digit=texts(slip), _exchanged=texts(exchanged), _fifteen=texts(fifteen),
        _turned=_turned(drawn["name"]),
        _misspelt=drawn["name"].str.head(-1) + given.str.slice(-1),
        _swapped=_swapped(drawn["birth_date"]), _slipped=_slipped(rng, drawn["birth_date"]),
        _old_address=elsewhere["address"], _old_division=elsewhere["division_code"],
        _old_mobile=_mobile(rng.integers(10**7, 10**8, size)),
    )  # fmt: skip


def _turned(name: pl.Series) -> pl.Series:
    """The last two characters exchanged (of two: both)."""
    frame = pl.DataFrame({"n": name})
    turned = pl.col("n").str.head(-2) + pl.col("n").str.slice(-1) + pl.col("n").str.slice(-2, 1)
    return frame.select(turned).to_series()


def _swapped(days: pl.Series) -> pl.Series:
    """Day and month exchanged where that is a date; else a day later."""
    text = days.dt.strftime("%Y-%d-%m").str.to_date("%Y-%m-%d", strict=False)
    return text.fill_null(days.dt.offset_by("1d"))


def _slipped(rng: np.random.Generator, days: pl.Series) -> pl.Series:
    """Off by ten days, by a month, or by ten years."""
    which = weighted(rng, [1, 1, 1], len(days))
    frame = pl.DataFrame({"d": days, "w": which})
    d, w = pl.col("d"), pl.col("w")
    slip = (
        pl.when((w == 0) & (d.dt.day() <= 18)).then(d.dt.offset_by("10d"))
        .when((w <= 1) & (d.dt.month() <= 8) & (d.dt.day() <= 28)).then(d.dt.offset_by("1mo"))
        .otherwise(d.dt.offset_by("-10y"))
    )  # fmt: skip
    return frame.select(slip).to_series()


def with_units(table: pl.DataFrame, prefix: str) -> pl.DataFrame:
    """The columns of a linker's input."""
    number = pl.Series(np.arange(table.height)).cast(pl.String).str.zfill(8)
    return table.with_columns(unit_id=prefix + number, record_id=prefix + number)
