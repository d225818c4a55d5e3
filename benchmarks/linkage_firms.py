"""Simulated firms as a linker meets them: profiles of all, records without a usable code."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from simulator.arrays import Ints
from simulator.firms import Firms
from simulator.places import SPOT_MARK
from simulator.randomness import stream
from simulator.town import Town

_START = date(2018, 3, 1)
_NAME = pl.col("name")
DAMAGES: dict[str, dict[str, pl.Expr]] = {
    "codes missing": {},
    "code with a wrong digit": {"uscc_text": pl.col("_slip")},
    "organisation code alone, with hyphen": {"organisation_code": pl.col("_organisation")},
    "old registration number": {"registration_no": pl.col("_registration")},
    "registration number with a wrong digit": {
        "registration_no": pl.col("_registration").str.replace(r"\d$", "")
        + (9 - pl.col("_registration").str.slice(-1).cast(pl.Int64)).cast(pl.String)
    },
    "brackets and spaces in full width": {
        "name": _NAME.str.replace("铜川市", "铜川市　（", literal=True) + "）"
    },
    "有限公司 and 有限责任公司 exchanged": {
        "name": pl.when(_NAME.str.contains("有限责任公司"))
        .then(_NAME.str.replace("有限责任公司", "有限公司"))
        .otherwise(_NAME.str.replace("有限公司", "有限责任公司"))
    },
    "without the city": {"name": _NAME.str.replace("铜川市", "")},
    "with the province": {"name": "陕西省" + _NAME},
    "former name": {"name": pl.coalesce("former_name", "name")},
    "one character of the name wrong": {"name": _NAME.str.replace(r"市..", "市新秦")},
    "another representative": {"legal_representative_name": pl.col("_representative")},
    "old address": {"address": pl.col("_address")},
    "address abbreviated": {"address": pl.col("address").str.replace(r"^.*?[区县]", "")},
    "founding date wrong": {"established_date": pl.col("established_date").dt.offset_by("10d")},
}  # fmt: skip
COLUMNS = (
    "name", "former_name", "uscc_text", "organisation_code", "registration_no",
    "legal_representative_name", "address", "division_code", "established_date",
)  # fmt: skip


def profiles(seed: int, people: int) -> pl.DataFrame:
    """The market register of a city of so many people; `pid` says which firm it is."""
    table = Firms(Town(people, seed, _START, 1)).table
    rng = stream(seed, "linkage-firms")
    elsewhere = table["name"].gather(rng.permutation(table.height)) + "(旧)"
    return table.select(
        pid=pl.col("_eid"),
        name="name",
        former_name=elsewhere.set(pl.Series(rng.random(table.height) > 0.1), None),
        uscc_text="uscc",
        organisation_code=pl.col("uscc").str.slice(8, 9),
        registration_no="registration_no",
        legal_representative_name="legal_representative_name",
        address=pl.col("address").str.replace(SPOT_MARK + r"[0-9]+$", ""),
        division_code="division_code",
        established_date="established_date",
    )


def records(seed: int, known: pl.DataFrame, per_damage: int) -> pl.DataFrame:
    """So many records of each damage about firms drawn at random; `damage` says which."""
    rng = stream(seed, "linkage-firm-records")
    needed = {"code with a wrong digit": "uscc_text", "former name": "former_name",
              "organisation code alone, with hyphen": "uscc_text",
              "old registration number": "registration_no",
              "registration number with a wrong digit": "registration_no"}  # fmt: skip
    made = []
    for damage, change in DAMAGES.items():
        pool = known.drop_nulls(needed.get(damage, "name"))
        size = min(per_damage, pool.height)
        drawn = pool[np.sort(rng.choice(pool.height, size, replace=False))]
        told = _as_departments_say(rng, drawn, known).with_columns(**change)
        made.append(told.select("pid", pl.lit(damage).alias("damage"), *COLUMNS))
    return pl.concat(made)


def _as_departments_say(
    rng: np.random.Generator, drawn: pl.DataFrame, known: pl.DataFrame
) -> pl.DataFrame:
    size = drawn.height
    other: Ints = rng.integers(0, known.height, size)
    code = drawn["uscc_text"]
    digit = code.str.slice(9, 1).replace(list("0123456789"), list("1234567890"))
    kept = {"address": 0.85, "established_date": 0.6, "legal_representative_name": 0.85}
    nothing = pl.lit(None, pl.String)
    return drawn.with_columns(
        _slip=code.str.head(9) + digit + code.str.slice(10),
        _organisation=code.str.slice(8, 8) + "-" + code.str.slice(16, 1),
        _registration=pl.col("registration_no"),
        _representative=known["legal_representative_name"].gather(other),
        _address=known["address"].gather(other),
        **{n: drawn[n].set(pl.Series(rng.random(size) > p), None) for n, p in kept.items()},
    ).with_columns(uscc_text=nothing, organisation_code=nothing, registration_no=nothing)
