"""The employers of the social-security office: what its register of accounts holds of them."""

from __future__ import annotations

import numpy as np
import polars as pl

from simulator import numbers
from simulator.arrays import ints, numbered
from simulator.firms import ENTERPRISE
from simulator.randomness import sample, stream
from simulator.town import Town

EMPLOYER = "social_security/employer"
OF_EMPLOYER = ["employer_no", "employer_name", "employer_uscc"]
_EMPLOYERS, _CLOSED, _STRANGERS = 25, 2, 3


def list_employers(town: Town) -> pl.DataFrame:
    """Firms of the register that stand and have a code, and some that no register knows."""
    rng = stream(town.seed, "employers")
    firms = town.books.table(ENTERPRISE).filter(
        pl.col("_night") == 1, pl.col("registration_status_code") == "1",
        pl.col("uscc").str.starts_with("91"),
    )  # fmt: skip
    chosen = firms[sample(rng, ints(np.arange(firms.height)), _EMPLOYERS)]
    closed = town.books.table(ENTERPRISE).filter(
        pl.col("_night") == 1, pl.col("registration_status_code") == "3",
        pl.col("uscc").str.starts_with("91"), pl.col("closed_date") < pl.date(2017, 11, 30),
    )  # fmt: skip
    chosen = pl.concat([chosen, closed.head(_CLOSED)])
    index = ints(np.arange(_STRANGERS)) + 21_000_000
    bodies = numbers.organisation_bodies(index, np.ones(_STRANGERS, dtype=np.bool_))
    usccs = numbers.usccs(
        pl.Series(["91"] * _STRANGERS), ints([610400] * _STRANGERS),
        numbers.organisation_codes(bodies),
    )  # fmt: skip
    strangers = pl.DataFrame(
        {
            "uscc": usccs,
            "name": [f"咸阳劳务派遣{n}部有限公司" for n in range(1, _STRANGERS + 1)],
            "division_code": "610202",
            "_eid": -1,
        },
        schema_overrides={"_eid": pl.Int64},
    )
    columns = ["uscc", "name", "division_code", "_eid"]
    rows = pl.concat([chosen.select(columns), strangers.select(columns)])
    return rows.select(
        "uscc", "division_code", "_eid",
        employer_no=numbered("DW6102", ints(np.arange(rows.height)) + 1, 6),
        employer_name="name", organisation_code=pl.col("uscc").str.slice(8, 9),
        employer_kind=pl.lit("企业"), employer_status=pl.lit("参保"), employer_uscc="uscc",
    )  # fmt: skip


def in_arrears(employers: pl.DataFrame) -> pl.Series:
    """Two employers who have not paid for the last month of the first delivery."""
    return employers["employer_no"].head(2)
