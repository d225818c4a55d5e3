"""Running totals of a year: what the months of one file say about each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from ingest.clean import Evaluated, as_bools


def check_does_not_fall(
    done: Evaluated, params: Mapping[str, Any], columns: Mapping[str, Evaluated]
) -> None:
    """A total since January is not less than that of an earlier month of the year (R-MAC-20).

    Each row is compared with the earlier months of its series as they were known at its release:
    a later release of an earlier month says nothing against it, a former one is superseded.

    Args:
        params: `series`, the columns that tell one series from another; `period`, the month;
            `released`, the date of release.
    """
    series = [columns[name].values.alias(f"s{n}") for n, name in enumerate(params["series"])]
    period = columns[params["period"]].values
    told = pl.DataFrame(
        [*series, period.dt.year().alias("year"), period.dt.month().alias("month"),
         columns[params["released"]].values.alias("released"), done.values.alias("total")]
    ).with_row_index("row").drop_nulls()  # fmt: skip
    by = [*(s.name for s in series), "year", "month"]
    # of two totals of one month and release the smaller counts: they go back as a contradiction
    known = told.drop("row").sort("released", "total", descending=[False, True])
    rows = told.sort("released", "row")
    fallen = np.zeros(len(period), dtype=bool)
    for months in range(1, 12):
        before = known.with_columns(pl.col("month") + months).rename({"total": "before"})
        both = rows.join_asof(before, on="released", by=by, check_sortedness=False)
        fallen[both.filter(as_bools(both["before"] > both["total"]))["row"].to_numpy()] = True
    done.add("R-MAC-20", fallen)
