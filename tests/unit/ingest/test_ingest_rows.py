"""Whatever stands in the cells: every row is accepted, rejected or a duplicate, and none twice."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import catalog
from ingest.clean import Context
from ingest.headers import map_headers
from ingest.returns import returned_rows
from ingest.rows import judge
from ingest.table import Table
from tests.unit.ingest.ingest_world import resident_number, row, titles, uscc

CATALOG = catalog()
CONTEXT = Context(CATALOG, date(2018, 3, 31))
_NASTY = [
    None, "", " ", "0", "-1", "NULL", "长期", "2018-01-01", "2018-02-30", "99990101", "20180101",
    "43101.5", "6.1E+17", "1e400", "１２３", "٣٣٣", "=\"0\"", "#REF!", "王*", "王·某", "\x00",
    "\ue000", "a\nb", "\ud7ff", "😀", "610203", "610203000000", "D", "U", "居民身份证",
    "护照", "999999999999999",
    resident_number(), resident_number()[:6] + "800101001", uscc(), "0" * 17 + "X", "0" * 100,
]  # fmt: skip
_CELL = st.one_of(st.sampled_from(_NASTY), st.text(st.characters(exclude_categories=("Cs",))))


def table_of(extract: str, cells: list[list[str | None]]) -> Table:
    names = list(CATALOG.extracts[extract].by_name)
    schema = {str(i): pl.String for i in range(len(names))}
    return Table(
        headers=tuple(titles(extract, names)),
        cells=pl.DataFrame(cells, schema=schema, orient="row"),
        lines=pl.Series("line", range(2, len(cells) + 2), dtype=pl.Int64),
        broken=(), skipped=0, read=len(cells), encoding="utf-8",
    )  # fmt: skip


# A bulletin is no table of cells under headers; test_ingest_bulletin has its properties.
TABLES = sorted(name for name, told in CATALOG.extracts.items() if told.layout == "table")


@pytest.mark.parametrize("extract", TABLES)
@settings(max_examples=10)
@given(data=st.data())
def test_any_cells_balance(extract: str, data: st.DataObject) -> None:
    contract = CATALOG.extracts[extract]
    names = list(contract.by_name)
    cells: list[list[str | None]] = []
    for n in range(data.draw(st.integers(0, 12))):
        good = row(extract, data.draw(st.integers(1, 3)) + n)
        told: list[str | None] = [good.get(name) for name in names]
        for place in data.draw(st.lists(st.integers(0, len(names) - 1), max_size=6)):
            told[place] = data.draw(_CELL)
        cells.append(told)
    table = table_of(extract, cells)
    judged = judge(table, map_headers(contract, table.headers), contract, CONTEXT)
    rejected = table.lines.gather(judged.rejected).to_list()
    accepted = judged.accepted["line"].to_list()
    assert len(accepted) + len(rejected) + judged.duplicates == len(cells)
    assert set(accepted).isdisjoint(rejected)
    assert judged.rejected_keys["line"].to_list() == rejected
    # (a long term is no date: NULL, and is_long_term beside it)
    required = [
        c.name for c in contract.columns if c.required and c.on_fail == "reject" and not c.long_term
    ]
    if contract.mode == "incremental":
        kept = judged.accepted.filter(pl.col("operation") != "D")
        assert judged.accepted.select("updated_at", "operation").null_count().row(0) == (0, 0)
    else:
        kept = judged.accepted
        assert judged.accepted.select(c.name for c in contract.key).is_duplicated().sum() == 0
    assert sum(kept.select(required).null_count().row(0)) == 0
    returned = returned_rows(table, judged, CATALOG, "receipt")
    assert returned["行号"].to_list() == [str(line) for line in rejected]
    assert returned["规则"].null_count() == 0
    for count in judged.rules:
        assert count.rule_id in CATALOG.rules
        assert 0 < count.rows <= len(cells)
