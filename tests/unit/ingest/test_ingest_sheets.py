"""Workbooks and zips: what a clerk's Excel makes of a table, and what is refused."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import catalog
from ingest.containers import MAX_UNPACKED_BYTES, read_table
from ingest.refusal import Refusal
from ingest.sheet import read_workbook
from ingest.stored import rejected_path
from ingest.table import SHEET_STEP, Table, line_numbers, shown_lines
from tests.unit.ingest.ingest_world import (
    HOUSEHOLD,
    City,
    csv_bytes,
    row,
    rows,
    sheet_of,
    xlsx_bytes,
    xlsx_of,
)

CONTRACT = catalog().extracts[HOUSEHOLD]


def read(content: bytes) -> Table:
    return read_workbook(content, CONTRACT, MAX_UNPACKED_BYTES)


def sheet(count: int = 2, first: int = 1) -> list[list[Any]]:
    return sheet_of(HOUSEHOLD, rows(HOUSEHOLD, count, first))


def changed(content: bytes, name: str, edit: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with one part edited."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            found = old.read(part)
            new.writestr(part, edit(found) if part.endswith(name) else found)
    return out.getvalue()


def test_texts_come_back_cell_by_cell() -> None:
    table = read(xlsx_bytes(sheet()))
    told = [[v or "" for v in line] for line in table.cells.iter_rows()]
    assert told == sheet()[1:]
    assert (table.read, table.skipped, table.encoding) == (2, 0, "xlsx")
    assert table.lines.to_list() == [2, 3]


def test_title_note_total_and_empty_rows() -> None:
    cells = [["铜川市户籍人口表"], [], *sheet(), [None] * 12, ["合计", "2"], ["填表人：王某"]]
    table = read(xlsx_bytes(cells))
    assert (table.read, table.skipped) == (2, 3)
    assert table.lines.to_list() == [4, 5]


def test_a_row_of_spaces_is_skipped() -> None:
    table = read(xlsx_bytes([*sheet(), [" ", "  "]]))
    assert (table.read, table.skipped) == (2, 1)


def test_several_sheets_have_line_numbers_of_their_own() -> None:
    table = read(xlsx_bytes(sheet(2), sheet(3, first=3)))
    assert table.read == 5
    assert table.lines.to_list() == [2, 3, SHEET_STEP + 2, SHEET_STEP + 3, SHEET_STEP + 4]
    assert table.lines[-1] == SHEET_STEP + 4


def test_rows_of_a_further_sheet_are_told_as_such_and_find_their_way_back(city: City) -> None:
    first, second = [row(HOUSEHOLD, 1)], [row(HOUSEHOLD, 2), row(HOUSEHOLD, 3, ethnic_code="99")]
    book = xlsx_bytes(sheet_of(HOUSEHOLD, first), sheet_of(HOUSEHOLD, second))
    record = city.deliver(HOUSEHOLD, book, "book_20180331.xlsx")
    assert (record.accepted, record.rejected) == (2, 1)
    (returned,) = city.returned(record)
    assert returned["行号"] == "工作表2!3"
    rejected = pl.read_parquet(rejected_path(city.root, HOUSEHOLD, record.receipt_id))
    assert rejected["line"].to_list() == [SHEET_STEP + 3]
    for shown, name in ((returned["行号"], "王一"), (str(SHEET_STEP + 3), "王二")):
        told = {**row(HOUSEHOLD, 3, name=name), "回执号": record.receipt_id, "行号": shown}
        back = city.deliver(HOUSEHOLD, xlsx_of(HOUSEHOLD, [told]), f"{name}.xlsx")
        assert (back.status, back.return_of) == ("accepted", record.receipt_id)
        assert city.accepted(back)["line"].to_list() == [SHEET_STEP + 3]
    told = {**row(HOUSEHOLD, 3), "回执号": record.receipt_id, "行号": "工作表1!3"}
    wrong = city.deliver(HOUSEHOLD, xlsx_of(HOUSEHOLD, [told]), "wrong.xlsx")
    assert [r.rule_id for r in wrong.rules if r.severity == "reject"] == ["R-RET-02"]


@given(st.lists(st.integers(1, 40).map(lambda s: s * SHEET_STEP - 1) | st.integers(1, 5 * 10**8)))
def test_shown_lines_are_read_back_exactly(numbers: list[int]) -> None:
    lines = pl.Series([n for n in numbers if n % SHEET_STEP], dtype=pl.Int64)
    for is_workbook in (True, False):
        shown = shown_lines(lines, is_workbook=is_workbook)
        assert line_numbers(shown).to_list() == lines.to_list()
    plain = shown_lines(lines, is_workbook=False).to_list()
    assert plain == [str(n) for n in lines.to_list()]  # a text file may have that many lines


def test_texts_that_are_no_line_are_no_line() -> None:
    texts = [
        "工作表0!3",
        "工作表2!0",
        "工作表2!10000000",
        "工作表!3",
        "第3行",
        "",
        None,
        "工作表99999999999999999999!1",
    ]
    assert line_numbers(pl.Series(texts, dtype=pl.String)).to_list() == [None] * len(texts)


def test_hidden_and_foreign_sheets_are_left_aside() -> None:
    table = read(xlsx_bytes(sheet(2), sheet(3, first=3), [["说明"], ["请勿修改"]], hidden=(1,)))
    assert (table.read, table.skipped) == (2, 2)
    with pytest.raises(Refusal, match="R-COL-01"):
        read(xlsx_bytes([["说明"]]))


def test_sheets_with_different_headers_are_refused() -> None:
    other = [line[:-1] for line in sheet(1, first=9)]
    with pytest.raises(Refusal, match="R-COL-01"):
        read(xlsx_bytes(sheet(), other))


def test_the_order_of_columns_is_free_on_every_sheet() -> None:
    turned = [line[::-1] for line in sheet(1, first=2)]
    once, other = read(xlsx_bytes(sheet(2))), read(xlsx_bytes(sheet(1), turned))
    assert other.headers == once.headers
    assert other.cells.rows() == once.cells.rows()


def test_a_table_that_does_not_begin_in_the_corner() -> None:
    """Two empty rows above, two empty columns to the left: lines and long numbers stay in place."""
    body = sheet(1)
    place = body[0].index("公民身份号码")
    body[1][place] = 610203198001010019
    shifted = [[], [], *[[None, None, *line] for line in body]]
    table = read(xlsx_bytes(shifted))
    assert table.lines.to_list() == [4]
    at = list(table.headers).index("公民身份号码")
    assert table.cells[str(at)].to_list() == ["6.10203E+17"]


def test_dates_numbers_and_formula_errors(city: City) -> None:
    body = sheet(5)
    columns = body[0]
    born, number = columns.index("出生日期"), columns.index("公民身份号码")
    body[1][born] = date(1980, 1, 1)
    body[2][born] = 29221
    body[3][born] = "1980年1月1日"
    body[4][number] = 610203198001010019
    body[5][columns.index("户号")] = "=1/0"
    record = city.deliver(HOUSEHOLD, xlsx_bytes(body), "data_20180331.xlsx")
    assert city.accepted(record)["birth_date"].to_list() == [date(1980, 1, 1)] * 3
    assert [(r["行号"], r["规则"]) for r in city.returned(record)] == [
        ("5", "R-ID-03"), ("6", "R-VAL-13"),
    ]  # fmt: skip


def test_empty_shared_texts_are_empty_cells() -> None:
    """Java exports write cells that hold the empty text; a row of them is no row."""
    content = xlsx_bytes([*sheet(), ["leer", "leer"]])
    content = changed(content, "sharedStrings.xml", lambda x: x.replace(b"<t>leer</t>", b"<t></t>"))
    table = read(content)
    assert (table.read, table.skipped) == (2, 0)


@pytest.mark.parametrize("place", [b"XFD1048576", b"ZZZZZZ9", b"A99999999999"])
def test_a_stray_cell_far_away_does_not_end_the_process(place: bytes) -> None:
    content = changed(
        xlsx_bytes([*sheet(1), ["x"]]), "sheet1.xml", lambda x: x.replace(b'"A3"', b'"%s"' % place)
    )
    with pytest.raises(Refusal, match="R-FILE-05"):
        read(content)


def test_an_absurd_number_of_texts_does_not_end_the_process() -> None:
    content = changed(
        _XLSX, "sharedStrings.xml", lambda x: x.replace(b'Count="', b'Count="299999999999')
    )
    with pytest.raises(Refusal, match="R-FILE-05"):
        read(content)


def test_rows_that_the_file_leaves_out_keep_their_numbers() -> None:
    def move(xml: bytes) -> bytes:
        return xml.replace(b'<row r="3"', b'<row r="4"').replace(b'r="A3"', b'r="A4"')

    table = read(changed(xlsx_bytes([*sheet(1), ["P9"]]), "sheet1.xml", move))
    assert table.lines.to_list() == [2, 4]


def zipped(*entries: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


def test_a_zip_of_either_kind_is_read(tmp_path: Path) -> None:
    some = rows(HOUSEHOLD, 2)
    for name, content in (
        ("名单.csv", csv_bytes(HOUSEHOLD, some)),
        ("文件夹/名单.TXT", csv_bytes(HOUSEHOLD, some, delimiter="\t")),
        ("a.xlsx", xlsx_bytes(sheet())),
    ):
        path = tmp_path / "d.zip"
        path.write_bytes(zipped((name, content)))
        assert read_table(path, CONTRACT).read == 2


@pytest.mark.parametrize("name", ["a\\..\\..\\b.csv", "C:\\b.csv", "/b.csv", "x/../b.csv"])
def test_paths_out_of_the_zip(tmp_path: Path, name: str) -> None:
    path = tmp_path / "d.zip"
    path.write_bytes(zipped((name, csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 1)))))
    with pytest.raises(Refusal, match="R-FILE-09"):
        read_table(path, CONTRACT)


_XLSX = xlsx_bytes(sheet(4))
_ZIP = zipped(("a.csv", csv_bytes(HOUSEHOLD, [*rows(HOUSEHOLD, 20), row(HOUSEHOLD, 99)])))


@settings(max_examples=150)
@given(st.integers(0, 10**9), st.sampled_from(["xlsx", "zip"]), st.booleans())
def test_damaged_containers_are_refused_or_balance(
    tmp_path_factory: pytest.TempPathFactory, seed: int, kind: str, cut: bool
) -> None:
    chance = random.Random(seed)
    damaged = bytearray(_XLSX if kind == "xlsx" else _ZIP)
    for _ in range(chance.randint(1, 4)):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    if cut:
        del damaged[chance.randrange(1, len(damaged)) :]
    path = tmp_path_factory.getbasetemp() / f"damaged.{kind}"
    path.write_bytes(bytes(damaged))
    try:
        table = read_table(path, CONTRACT)
    except Refusal as refusal:
        struck, read_rows = refusal.rule_id, None
    else:
        struck, read_rows = "", table.cells.height + len(table.broken)
    assert struck in catalog().rules if read_rows is None else table.read == read_rows


@settings(max_examples=200)
@given(st.integers(0, 10**9), st.sampled_from(["sheet1.xml", "sharedStrings.xml", "workbook.xml",
                                               "workbook.xml.rels", "styles.xml"]))  # fmt: skip
def test_damaged_parts_of_a_workbook_are_refused_or_balance(seed: int, part: str) -> None:
    """Inside the zip, where its checksums do not help."""
    chance = random.Random(seed)

    def damage(content: bytes) -> bytes:
        wrong = bytearray(content)
        for _ in range(chance.randint(1, 3)):
            wrong[chance.randrange(len(wrong))] = chance.choice(b'<>"/ 0z\xff\x00&')
        return bytes(wrong)

    try:
        table = read(changed(_XLSX, part, damage))
    except Refusal as refusal:
        struck, balanced = refusal.rule_id, True
    else:
        struck, balanced = "", table.read == table.cells.height
    assert balanced
    assert not struck or struck in catalog().rules
