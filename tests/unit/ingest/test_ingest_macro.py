"""Long statistical forms: what rows of one file say about each other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from ingest.clean import Evaluated
from ingest.cumulative import check_does_not_fall

Row = tuple[str, int, int, int]
_PARAMS = {"series": ["item"], "period": "period", "released": "released"}


def fallen(*rows: Row) -> list[int]:
    """Rows (item, month, day of release, total) that are struck."""
    columns = {
        "item": Evaluated(pl.Series([r[0] for r in rows], dtype=pl.String)),
        "period": Evaluated(
            pl.Series([date(2017 + r[1] // 100, r[1] % 100, 1) for r in rows], dtype=pl.Date)
        ),
        "released": Evaluated(pl.Series([date(2018, 5, r[2]) for r in rows], dtype=pl.Date)),
    }
    total = Evaluated(pl.Series([Decimal(r[3]) for r in rows], dtype=pl.Decimal(20, 2)))
    check_does_not_fall(total, _PARAMS, columns)
    struck = total.problems.get("R-MAC-20")
    return [] if struck is None else [int(n) for n in struck.nonzero()[0]]


@pytest.mark.parametrize(
    ("rows", "struck"),
    [
        ([("a", 2, 1, 10), ("a", 3, 1, 10), ("a", 4, 1, 11)], []),
        ([("a", 2, 1, 10), ("a", 3, 1, 9), ("a", 4, 1, 11)], [1]),
        ([("a", 3, 1, 9), ("a", 2, 1, 10)], [0]),  # whatever stands first
        ([("a", 2, 1, 10), ("a", 4, 1, 9)], [1]),  # a month between is missing
        ([("a", 2, 1, 10), ("b", 3, 1, 9)], []),  # another series
        ([("a", 12, 1, 10), ("a", 101, 1, 1)], []),  # another year
        ([("a", 2, 1, 10), ("a", 3, 2, 9)], [1]),  # released later
        ([("a", 2, 2, 10), ("a", 3, 1, 9)], []),  # nobody knew that when March was told
        ([("a", 2, 1, 10), ("a", 2, 2, 8), ("a", 3, 2, 9)], []),  # February was revised
        ([("a", 2, 1, 10), ("a", 2, 2, 8), ("a", 3, 1, 9)], [2]),  # but only later
        ([], []),
    ],
)
def test_totals_of_a_year_do_not_fall(rows: list[Row], struck: list[int]) -> None:
    assert fallen(*rows) == struck
