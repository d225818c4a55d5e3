"""Old workbooks (.xls) are read as their .xlsx twins are, and crafted ones end nothing."""

from __future__ import annotations

import struct
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import biff, ole
from ingest.containers import MAX_UNPACKED_BYTES
from ingest.refusal import Refusal
from ingest.sheet import load_sheets
from tests.unit.ingest.ingest_world import INSTITUTION, City, rows, sheet_of, xlsx_bytes
from tests.unit.ingest.xls_world import contained, older, with_record, xls_book, xls_bytes

CELLS = [
    ["铜川市", None, None],
    [],
    ["名称", "数", "日期"],
    ["甲", 12.5, date(2018, 3, 31)],
    ["乙", 0.1 + 0.2, None],
    ["丙", -7, None],
]


def _rule(raw: bytes) -> str:
    with pytest.raises(Refusal) as refused:
        load_sheets(raw, MAX_UNPACKED_BYTES)
    return refused.value.rule_id


def test_cells_are_those_of_the_xlsx_twin() -> None:
    (old,) = load_sheets(xls_bytes(CELLS), MAX_UNPACKED_BYTES)
    (new,) = load_sheets(xlsx_bytes(CELLS), MAX_UNPACKED_BYTES)
    assert old.frame.equals(new.frame)
    assert old.filled.to_list() == new.filled.to_list() == [True, False, True, True, True, True]
    assert old.frame[4, 1] == "0.3"


def test_a_delivery_is_accepted_as_the_xlsx_twin(city: City) -> None:
    cells = sheet_of(INSTITUTION, rows(INSTITUTION, 5))
    old = city.deliver(INSTITUTION, xls_bytes(cells), "list_20180331.xls")
    new = city.deliver(INSTITUTION, xlsx_bytes(cells), "list_20180330.xlsx")
    assert (old.status, old.accepted, old.encoding) == ("accepted", 5, "xls")
    assert new.encoding == "xlsx"
    taken = [city.accepted(r).drop("delivery_id", "list_id") for r in (old, new)]
    assert taken[0].equals(taken[1])


def test_a_workbook_is_read_by_its_content_not_its_name(city: City) -> None:
    cells = sheet_of(INSTITUTION, rows(INSTITUTION, 2))
    assert city.deliver(INSTITUTION, xls_bytes(cells), "a_20180331.xlsx").accepted == 2
    assert city.deliver(INSTITUTION, xlsx_bytes(cells), "b_20180330.xls").accepted == 2


def test_long_numbers_show_that_they_are_ruined() -> None:
    (sheet,) = load_sheets(xls_bytes([[610203199001010011, 5, "x"]]), MAX_UNPACKED_BYTES)
    assert sheet.frame.row(0) == ("6.10203E+17", "5", "x")


def test_hidden_sheets_and_empty_texts_balance() -> None:
    first, second = load_sheets(
        xls_bytes([["a", ""], ["", ""], [None, "b"]], [["c"]], hidden=(1,)), MAX_UNPACKED_BYTES
    )
    assert (first.is_visible, second.is_visible) == (True, False)
    assert first.filled.to_list() == [True, False, True]


def test_texts_go_on_over_the_border_of_records() -> None:
    long = [[f"{n}" + "字" * 400, "" if n % 7 else "y"] for n in range(60)]
    (sheet,) = load_sheets(xls_bytes(long), MAX_UNPACKED_BYTES)
    assert int(sheet.filled.sum()) == 60


def test_formula_errors_are_told() -> None:
    error = struct.pack("<HHHBB", 1, 0, 0, 7, 1)
    stream = xls_book([["x"]]).get_biff_data()
    at = stream.rindex(b"\xfd\x00\x0a\x00")
    changed = stream[:at] + struct.pack("<HH", 0x205, 8) + error + stream[at:]
    (sheet,) = load_sheets(contained(changed), MAX_UNPACKED_BYTES)
    assert sheet.frame.to_series(0).to_list() == ["x", "#DIV/0!"]


def test_protected_old_and_foreign_files_are_refused() -> None:
    stream = xls_book(CELLS).get_biff_data()
    assert _rule(contained(with_record(stream, 0x2F, b"\0" * 6))) == "R-FILE-06"
    assert _rule(older(xls_bytes(CELLS))) == "R-FILE-11"
    raw = xls_bytes(CELLS)
    renamed = raw.replace("Workbook".encode("utf-16-le"), "Document".encode("utf-16-le"))
    assert _rule(renamed) == "R-FILE-05"
    assert _rule(raw[:700]) == "R-FILE-05"


def test_what_would_take_all_memory_is_refused() -> None:
    stream = xls_book(CELLS).get_biff_data()
    at = stream.rindex(struct.pack("<HH", 0x200, 14)) + 4
    vast = stream[:at] + struct.pack("<IIHH", 0, 1 << 30, 0, 256) + stream[at + 12 :]
    assert _rule(contained(vast)) == "R-FILE-05"
    sst = stream.index(b"\xfc\x00", 200)
    many = stream[: sst + 8] + struct.pack("<I", 0x7FFFFFFF) + stream[sst + 12 :]
    assert _rule(contained(many)) == "R-FILE-05"


def test_chains_in_circles_end() -> None:
    raw = bytearray(xls_bytes(CELLS))
    fat = 512 * (1 + struct.unpack_from("<I", raw, 76)[0])
    struct.pack_into("<I", raw, fat, 0)  # the first sector is followed by itself
    with pytest.raises(ole.UnreadableError):
        ole.streams(bytes(raw))
    assert _rule(bytes(raw)) == "R-FILE-05"


@settings(max_examples=150)
@given(st.data())
def test_damaged_bytes_give_a_refusal_or_a_table(data: st.DataObject) -> None:
    raw = bytearray(xls_bytes(CELLS, [["另一张", 3]]))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        sheets = load_sheets(bytes(raw), MAX_UNPACKED_BYTES)
    except Refusal:
        return
    assert sum(h.filled_rows for h in biff.look_inside(bytes(raw))) == sum(
        int(s.filled.sum() or 0) for s in sheets
    )
