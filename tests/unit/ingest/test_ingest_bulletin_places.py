"""Wherever a bulletin stands in its sheet, the same is read; a number too many is never lost."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import catalog
from ingest.bulletin import read_bulletin
from ingest.clean import Context
from ingest.containers import MAX_UNPACKED_BYTES
from ingest.refusal import Refusal
from ingest.table import Table
from tests.unit.ingest.bulletin_world import BULLETIN, GDP, RETAIL, book, plain

NOTE = ["注：初步核算数"]


def read(cells: list[list[Any]], old: bool) -> Table:
    context = Context(catalog(), date(2018, 4, 30))
    contract = catalog().extracts[BULLETIN]
    return read_bulletin(book({"耀州区": cells}, old), contract, MAX_UNPACKED_BYTES, context)


@lru_cache(maxsize=1)
def expected() -> list[tuple[Any, ...]]:
    return read([*plain(GDP, RETAIL), NOTE], old=False).cells.rows()


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 6), st.integers(0, 4), st.lists(st.booleans(), min_size=8, max_size=8),
    st.booleans(),
)  # fmt: skip
def test_place_and_empty_rows_do_not_matter(
    down: int, right: int, gaps: list[bool], old: bool
) -> None:
    rows: list[list[Any]] = [[] for _ in range(down)]
    for number, row in enumerate([*plain(GDP, RETAIL), NOTE]):
        rows.append([None] * right + row)
        if gaps[number] and number not in (1,):  # the two header rows stand together
            rows.append([])
    table = read(rows, old)
    assert table.cells.rows() == expected()
    assert (table.read, table.skipped) == (2, 4)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 9), st.integers(0, 8), st.booleans())
def test_a_number_anywhere_is_placed_or_refused_but_never_lost(
    row: int, column: int, old: bool
) -> None:
    cells = [list(r) + [None] * (9 - len(r)) for r in [*plain(GDP, RETAIL), NOTE]]
    cells += [[None] * 9 for _ in range(10 - len(cells))]
    was = cells[row][column]
    cells[row][column] = 987.5
    try:
        table = read(cells, old)
    except Refusal:
        return
    texts = [text for line in table.cells.iter_rows() for text in line]
    is_title = row < 3  # a number in a title or header is no figure of the month
    assert "987.5" in texts or is_title, (was, row, column)


def test_a_cell_is_named_as_it_stands_in_the_sheet() -> None:
    cells = [[None, None, *row] for row in plain(GDP, [None, None, 5])]
    with pytest.raises(Refusal, match="工作表“耀州区”单元格 E5没有指标名称"):
        read(cells, old=True)
