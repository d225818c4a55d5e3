"""Decoding and the reader of delimited text: everything comes back, cell by cell, or is refused."""

from __future__ import annotations

import csv
import io

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from catalog import catalog
from ingest import decode
from ingest.csvfile import read_csv, without_totals
from ingest.decode import to_utf8
from ingest.refusal import Refusal
from ingest.table import Table
from tests.unit.ingest.ingest_world import HOUSEHOLD, csv_bytes, row, rows, titles

CONTRACT = catalog().extracts[HOUSEHOLD]
HEADERS = titles(HOUSEHOLD, ["person_no", "resident_id", "name", "household_no"])
# What the reader keeps as it is: no characters that another step may drop (BOM, NUL, surrogates).
_PLAIN = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters='\ufeff"', codec="utf-8")
_CELL = st.text(
    st.one_of(st.sampled_from('",\n\t;，王 #='), _PLAIN), max_size=8
)  # fmt: skip
_FIRST = st.text(st.sampled_from("ABC019"), min_size=1, max_size=4)
_RECORD = st.tuples(_FIRST, _CELL, _CELL, st.text(st.sampled_from('xy,"\n'), max_size=5))


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=200),
       st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be-bom"]))  # fmt: skip
def test_marked_text_comes_back(text: str, encoding: str) -> None:
    raw = b"\xfe\xff" + text.encode("utf-16-be") if "be" in encoding else text.encode(encoding)
    assume(encoding != "utf-8" or not raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")))
    data, name = to_utf8(raw)
    assert data.decode() == text
    assert name == encoding.replace("-be-bom", "")


@pytest.mark.parametrize(
    "text", ["铜川市王益区", "㛃㼆䶮𬭎", "ABC", "一丁丂七丄丅丆万丈三上下丌不与丏丐丑丒专且丕", ""]
)
def test_gb18030_comes_back(text: str) -> None:
    data, name = to_utf8(text.encode("gb18030"))
    assert data.decode() == text
    assert name == ("utf-8" if text.isascii() else "gb18030")


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=40))
def test_no_text_in_gb18030_comes_back_as_another(text: str) -> None:
    try:
        data, _ = to_utf8((text + "\n").encode("gb18030"))
    except Refusal as refusal:
        struck = refusal.rule_id
    else:
        struck = ""
    if struck:
        assert struck == "R-ENC-02"  # rare: bytes that are Chinese in both
        return
    if data.decode() != text + "\n":
        assert (text + "\n").encode("gb18030").decode("utf-8") == data.decode()


def test_mixed_encodings_are_refused_with_the_line() -> None:
    raw = "编号,姓名\n1,王小明\n".encode() + "2,李梅\n".encode("gb18030")
    with pytest.raises(Refusal) as caught:
        to_utf8(raw)
    assert caught.value.rule_id == "R-ENC-02"
    assert "3" in caught.value.message_cn


def written(records: list[tuple[str, ...]], delimiter: str, end: str, quoting: int) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows(records)
    return out.getvalue()


def cells_of(table: Table) -> list[tuple[str, ...]]:
    return [tuple(v or "" for v in line) for line in table.cells.iter_rows()]


def begins(records: list[tuple[str, ...]], title_lines: int) -> list[int]:
    at, found = title_lines + 2, []
    for record in records:
        found.append(at)
        at += 1 + sum(cell.count("\n") for cell in record)
    return found


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(_RECORD, max_size=12),
    st.sampled_from([",", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["", "\x1a", "\n\n", "\n\x1a"]),
    st.booleans(),
)
@example([("A", '"', "王", ""), ("B", "", "", "x")], ",", "\n", csv.QUOTE_MINIMAL, "", False)
@example([("A", "a\nb", "", ""), ("B", '"\n"', "", "")], ",", "\r\n", csv.QUOTE_ALL, "\x1a", True)
def test_what_python_wrote_comes_back(
    records: list[tuple[str, ...]], delimiter: str, end: str, quoting: int, tail: str, title: bool
) -> None:
    # a field with as many delimiters as a record, over several lines, is R-ROW-04 on purpose, and
    # so is a line between the first and the last of a record that has as many
    assume(not any("\n" in c and c.count(delimiter) >= 3 for r in records for c in r))
    apart = [written([r], delimiter, end, quoting).removesuffix(end).split("\n") for r in records]
    assume(not any(p.count(delimiter) >= 3 for lines in apart for p in lines[1:-1]))
    start = f"户籍人口表{end}" if title else ""
    text = start + written([tuple(HEADERS), *records], delimiter, end, quoting) + tail
    table = read_csv(text.encode(), CONTRACT)
    told = cells_of(table)
    assert table.broken == ()
    assert told == records
    assert table.lines.to_list() == begins(records, int(title))
    assert table.read == len(records)
    assert table.skipped == int(title)
    assert table.headers == tuple(HEADERS)


def test_a_line_within_a_record_that_could_be_a_record_is_not_guessed_about() -> None:
    record = ("0", "", "\n,,", ",\n")
    text = written([tuple(HEADERS), record, ("A", "b", "", "")], ",", "\n", csv.QUOTE_MINIMAL)
    table = read_csv(text.encode(), CONTRACT)
    assert [(b.line, b.rule_id) for b in table.broken] == [
        (2, "R-ROW-03"), (3, "R-ROW-04"), (4, "R-ROW-04"),
    ]  # fmt: skip
    assert cells_of(table) == [("A", "b", "", "")]


_AMONG_MANY = {
    "quoted": ('A9,"a,b",,"x"', ("A9", "a,b", "", "x"), ""),
    "two lines": ('A8,"a\nb",,', ("A8", "a\nb", "", ""), ""),
    "too many": ("A,B,C,D,E", None, "R-ROW-01"),
    "too few": ("A,B,C", None, "R-ROW-02"),
    "stray": ('A,B",C,D', None, "R-ROW-03"),
    "blank": ("", None, ""),
}


@settings(max_examples=80)
@given(
    st.lists(st.tuples(st.sampled_from(sorted(_AMONG_MANY)), st.integers(0, 3)), max_size=8),
    st.sampled_from(["", "\n", "\n\n\x1a"]),
    st.sampled_from(["张三", "张三" * 100]),
)
def test_odd_lines_among_many_are_put_into_their_places(
    odd: list[tuple[str, int]], tail: str, name: str
) -> None:
    """Few lines with quotes or of another width: the rest is read where it lies.

    Long names make the quotes so few that all lines are parsed before these are known.
    """
    out, records, lines, broken = [",".join(HEADERS)], [], [], []
    at, number = 2, 0
    for kind, gap in [*odd, ("blank", 400)]:
        for _ in range(gap):
            number += 1
            out.append(f"A{number},{name},,Y")
            records.append((f"A{number}", name, "", "Y"))
            lines.append(at)
            at += 1
        text, record, rule = _AMONG_MANY[kind]
        out.append(text)
        if record is not None:
            records.append(record)
            lines.append(at)
        if rule:
            broken.append((at, rule))
        at += 1 + text.count("\n")
    table = read_csv(("\n".join(out) + tail).encode("gb18030"), CONTRACT)
    assert cells_of(table) == records
    assert table.lines.to_list() == lines
    assert [(b.line, b.rule_id) for b in table.broken] == broken
    assert table.read == len(records) + len(broken)


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=6), max_size=30),
       st.integers(0, 9))  # fmt: skip
def test_pieces_are_decoded_as_the_whole(texts: list[str], size: int) -> None:
    """Every character of GB18030, those of four bytes too, whatever lines the pieces end with."""
    raw = "\n".join(texts).encode("gb18030")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decode, "_PIECE", size)
        assert decode._from_gb18030(raw) == (raw.decode("gb18030").encode(), None)
        for broken in (raw + b"\n\x81", raw + b"\n\x81\n\xb0\xa1", b"\xff\n" + raw):
            with pytest.raises(UnicodeDecodeError) as whole:
                broken.decode("gb18030")
            assert decode._from_gb18030(broken) == (b"", whole.value.start)


@given(st.lists(st.sampled_from(["", " ", "\t ", "\r"]), max_size=6), st.integers(1, 5))
def test_blank_lines_are_not_read(blanks: list[str], count: int) -> None:
    lines = csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, count)).decode().splitlines()
    spread = [lines[0], *blanks]
    for line in lines[1:]:
        spread += [line, *blanks]
    table = read_csv("\n".join(spread).encode(), CONTRACT)
    assert (table.read, table.skipped, table.broken) == (count, 0, ())
    step = len(blanks) + 1
    assert table.lines.to_list() == [step + 1 + i * step for i in range(count)]


def test_blank_lines_before_the_header_are_not_titles() -> None:
    raw = b"\r\n \r\n" + csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 1), lineterminator="\r\n")
    table = read_csv(raw, CONTRACT)
    assert (table.skipped, table.lines.to_list()) == (0, [4])


def test_totals_and_notes_are_skipped_and_not_read() -> None:
    raw = "户籍人口表,,,,,,,,,,,\n".encode() + csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 2))
    raw += "合计,2,,,,,,,,,,\n填表人：王某\n,,,,,,,,,,,\n".encode()
    table = read_csv(raw, CONTRACT)
    assert (table.read, table.skipped, table.broken) == (2, 4, ())


_ODD = row(HOUSEHOLD, 9, registered_address='a"b\nc,d')
_GOOD = csv_bytes(HOUSEHOLD, [*rows(HOUSEHOLD, 6), _ODD])


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, len(_GOOD) - 1), st.sampled_from(
    [b"", b'"', b",", b"\n", b"\r", b"\x00", b"\xff", b"\t", b"\x1a", b'""', b"\xe7", b" "]
), st.booleans()), min_size=1, max_size=6))  # fmt: skip
def test_damaged_bytes_are_refused_or_balance(hits: list[tuple[int, bytes, bool]]) -> None:
    damaged = bytearray(_GOOD)
    for at, new, replaces in sorted(hits, reverse=True):
        damaged[at : at + int(replaces)] = new
    try:
        table = read_csv(bytes(damaged), CONTRACT)
    except Refusal as refusal:
        struck, table = refusal.rule_id, None
    if table is None:
        assert struck in catalog().rules
        return
    assert table.read == table.cells.height + len(table.broken)
    numbers = [*table.lines.to_list(), *(b.line for b in table.broken)]
    assert len(set(numbers)) == len(numbers)
    assert all(1 < n <= damaged.count(b"\n") + 1 for n in numbers)
    assert table.cells.width == len(table.headers)


@pytest.mark.parametrize("quoted_rows", [1, 60])
def test_stray_quotes_take_no_neighbour_along(quoted_rows: int) -> None:
    """With few and with many quoted lines (another reader): only the broken line goes back."""
    some = rows(HOUSEHOLD, 100)
    for one in some[:quoted_rows]:
        one["registered_address"] = "王益区,七一路"
    lines = csv_bytes(HOUSEHOLD, some).decode().splitlines()
    lines[70] = lines[70].replace("王小明", '王"小明')
    lines[80] += ",x"
    table = read_csv("\n".join(lines).encode(), CONTRACT)
    assert [(b.line, b.rule_id) for b in table.broken] == [(71, "R-ROW-03"), (81, "R-ROW-01")]
    assert (table.read, table.cells.height) == (100, 98)


@pytest.mark.parametrize(
    ("text", "is_below"),
    [
        ("合计", True), ("合  计", True), ("总 计", True), ("本页合计", True), ("本页小计", True),
        ("累计", True), ("共 2 条", True), ("合计：4 人", True), ("注", True), ("备 注：x", True),
        ("（注）x", True), ("注1：x", True), ("* 说明", True), ("资料来源：x", True),
        ("以下空白", True), ("第1页", True), ("制表：王", True), ("填报：王", True),
        ("审核：张", True),
        ("联系人：", True), ("经办人：", True), ("负责人：", True), ("打印时间：x", True),
        ("单位（盖章）", True), ("统计截止日期：x", True), ("日期：x", True),
        ("注册地", False), ("共青团路", False), ("第一中学", False), ("日期", False),
        ("审核〔2018〕5号", False), ("P0001", False), ("第1小学", False),
        ("单位", False), ("王合计", False),
    ],
)  # fmt: skip
def test_what_stands_below_a_table(text: str, is_below: bool) -> None:
    """Only where at least half of the line's cells are empty."""
    cells = pl.DataFrame({"0": ["P1", text, text], "1": ["a", None, "b"], "2": ["b", None, "c"]})
    kept, lines, skipped = without_totals(cells, pl.Series([2, 3, 4]))
    assert (kept.height, lines.to_list(), skipped) == (
        (2, [2, 4], 1) if is_below else (3, [2, 3, 4], 0)
    )
