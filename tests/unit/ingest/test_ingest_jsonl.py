"""JSON lines: nothing of a line is lost, nothing is guessed, and every line is accounted for."""

from __future__ import annotations

import json
from typing import Any

import hypothesis.strategies as st
import polars as pl
import pytest
from hypothesis import given, settings

from catalog import catalog
from ingest import jsonl as reader
from ingest.jsonl import read_jsonl
from ingest.refusal import Refusal
from ingest.table import Table
from tests.unit.ingest.e_licence_world import LICENCE, MAN, WOMAN, as_line, jsonl, licence
from tests.unit.ingest.ingest_world import City, xlsx_bytes

CONTRACT = catalog().extracts[LICENCE]


def read(content: bytes) -> Table:
    return read_jsonl(content, CONTRACT)


def rows_of(table: Table) -> list[dict[str, str]]:
    """Records as dictionaries of what is not empty."""
    return [
        {h: v for h, v in zip(table.headers, row, strict=True) if v}
        for row in table.cells.iter_rows()
    ]


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        ("610203198001010012345", "610203198001010012345"), ("1e5", "1e5"), ("-0.10", "-0.10"),
        ("1.5E+3", "1.5E+3"), ("true", "true"), ("0", "0"), ('"\\u4e2d\\"\\\\"', '中"\\'),
        ('"\\ud83d\\ude00"', "😀"), ('"a\\":1,\\"b"', 'a":1,"b'), ('":1,"', ":1,"),
        ('"{}[],:"', "{}[],:"), ('"\u2028"', "\u2028"),
    ],
)  # fmt: skip
def test_a_value_keeps_its_text(literal: str, text: str) -> None:
    good = as_line(licence())
    line = good[:-1] + f', "备注": {literal}}}'
    table = read(f"{good}\n{line}\n".encode())
    assert table.cells[str(table.headers.index("备注"))].to_list() == [None, text]
    assert table.read == 2
    assert not table.broken


@pytest.mark.parametrize("odd", [":1,", '":null', ",", '\\":2', "", ": true"])
def test_literals_beside_texts_that_look_like_them(odd: str) -> None:
    some = licence(licence_no=12, holder_name=odd, previous_identifier=None, 备注=True)
    told = rows_of(read(jsonl(licence(2, 备注="x"), some)))[1]
    assert (told["证照编号"], told["备注"]) == ("12", "true")
    assert told.get("持证主体", "") == odd
    assert "关联证照标识" not in told


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("[1, 2]", "R-JSON-02"), ('"x"', "R-JSON-02"), ("nul", "R-JSON-02"),
        ('{"证照名称": "a"', "R-JSON-02"), ('{"证照名称": "a"},', "R-JSON-02"),
        ('{"证照名称": 01}', "R-JSON-02"), ('{"证照名称": NaN}', "R-JSON-02"),
        ('{"证照名称": "a\x00b"}', "R-JSON-02"), ('{"证照名称": "\\ud83d"}', "R-JSON-02"),
        ("{'证照名称': 1}", "R-JSON-02"), ("[" * 5000, "R-JSON-02"),
        ('{"证照名称": "a"} {"证照名称": "b"}', "R-JSON-02"),
        ('{"证照名称": "a", "证照名称": "b"}', "R-JSON-03"),
        ('{"证照名称": null, "证照名称": "b"}', "R-JSON-03"),
        ('{"证照名称": ["a"]}', "R-JSON-04"), ('{"证照名称": {"a": 1}}', "R-JSON-04"),
        ('{"持证主体": ["a", 1]}', "R-JSON-04"), ('{"持证主体": [["a"]]}', "R-JSON-04"),
        ('{"持证主体": {"a": "b"}}', "R-JSON-04"),
        ('{"证照名称": "' + "a" * (1 << 20) + '"}', "R-ROW-06"),
    ],
)  # fmt: skip
def test_a_bad_line_is_alone_in_being_broken(line: str, rule: str) -> None:
    good = as_line(licence())
    table = read(f"{good}\n\n{line}\n{good}\n".encode())
    assert [(b.line, b.rule_id) for b in table.broken] == [(3, rule)]
    assert table.lines.to_list() == [1, 4]
    assert table.read == 3
    assert table.broken[0].text == (line[:1000] if rule == "R-ROW-06" else line)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "R-FILE-01"), (b" \r\n\n", "R-FILE-01"),
        (b"[" + jsonl(licence())[:-1] + b"]", "R-JSON-01"),
        (json.dumps(licence(), indent=1).encode(), "R-JSON-01"),
        (b'{"a": 1, "b": 2, "c": 3}\n{"a": 1}\n', "R-COL-01"), (b"{}\n{}\n", "R-COL-01"),
        (jsonl(licence(), licence()).replace(b"\n", b"\r"), "R-FILE-12"),
        (jsonl(licence()) + "中".encode("gb18030") + "中国中国".encode(), "R-ENC-02"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_json_lines_is_refused(content: bytes, rule: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(content)
    assert refused.value.rule_id == rule


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_and_line_ends(encoding: str) -> None:
    text = jsonl(licence(1), licence(2)).decode().replace("\n", "\r\n") + "\x1a"
    table = read(text.encode(encoding))
    assert table.encoding == encoding
    assert table.read == table.cells.height == 2
    assert rows_of(table)[1]["证照编号"] == "JZ2"


def test_keys_differ_from_line_to_line() -> None:
    some = [licence(1), {k: v for k, v in licence(2).items() if k != "valid_to"}, {}]
    some.append(licence(4, 附件={"页": [1, 2.5]}))
    table = read(jsonl(*some))
    told = rows_of(table)
    assert [len(r) for r in told] == [15, 14, 0, 16]
    assert told[3]["附件"] == '{"页": ["1", "2.5"]}'


def test_lists_of_texts_are_several_holders() -> None:
    some = licence(holder_name=["王小明", "李梅"], holder_code=[MAN, WOMAN])
    told = rows_of(read(jsonl(licence(2), some)))[1]
    assert told["持证主体"] == "王小明^李梅"
    assert told["持证主体代码"] == f"{MAN}^{WOMAN}"


_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**30), 10**30), st.text(max_size=8),
    st.floats(allow_nan=False, allow_infinity=False),
)  # fmt: skip
_KEYS = st.sampled_from(["证照名称", "证照编号", "备注", "a", 'b":', ""])
_OBJECTS = st.dictionaries(_KEYS, st.one_of(_SCALARS, st.lists(_SCALARS, max_size=2)), max_size=5)


def _expected(text: str) -> dict[str, str] | None:
    """What the standard library makes of a line; None where it must go back."""
    told = json.loads(text, parse_int=str, parse_float=str)
    plain: dict[str, str] = {}
    for key, value in told.items():
        if isinstance(value, list):
            if key in ("证照名称", "证照编号"):
                return None
            continue
        told_text = {True: "true", False: "false", None: ""}.get(value, value)
        if told_text:
            plain[key] = told_text
    return plain


@settings(max_examples=150, deadline=None)
@given(st.lists(_OBJECTS, max_size=12), st.booleans(), st.sampled_from([None, (", ", " : ")]))
def test_whatever_is_written_is_read(
    objects: list[dict[str, Any]], ascii_only: bool, separators: tuple[str, str] | None
) -> None:
    lines = [as_line(licence())]
    lines += [json.dumps(o, ensure_ascii=ascii_only, separators=separators) for o in objects]
    try:
        content = "\n".join(lines).encode()
    except UnicodeEncodeError:
        content = "\n".join(json.dumps(json.loads(line)) for line in lines).encode()
        lines = content.decode().split("\n")
    table = read(content)
    told = dict(zip(table.lines.to_list(), rows_of(table), strict=True))
    for number, line in enumerate(lines, start=1):
        wanted = _expected(line)
        if "\\ud" in line.lower() and number not in told:
            continue  # half of a surrogate pair
        assert (number in told) == (wanted is not None)
        if wanted is not None:
            told[number].pop("备注", None)
            kept = {
                k: v for k, v in told[number].items() if not v.startswith(("[", "{")) or k in wanted
            }
            wanted.pop("备注", None)
            assert kept == wanted
    assert table.read == len(lines)


def test_blocks_and_careful_lines_come_back_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_BLOCK_LINES", 7)
    monkeypatch.setattr(reader, "_SAMPLE", 3)
    some: list[dict[str, Any] | str] = []
    for n in range(60):
        some.append(licence(n, licence_no=n if n % 5 == 0 else f"JZ{n}"))
        if n % 11 == 0:
            some.append("x")
        if n % 13 == 0:
            some.append(licence(n, 备注=str(n)))
    table = read(jsonl(*some))
    wanted = [json.loads(as_line(s)) for s in some if isinstance(s, dict)]
    assert [r["证照编号"] for r in rows_of(table)] == [str(w["证照编号"]) for w in wanted]
    assert [r.get("备注") for r in rows_of(table)] == [w.get("备注") for w in wanted]
    assert [b.line for b in table.broken] == [i for i, s in enumerate(some, 1) if s == "x"]


def test_returns_of_a_json_delivery_come_back_as_a_workbook(city: City) -> None:
    content = jsonl(licence(1), licence(2, status_code="77"), "{broken", licence(4))
    first = city.deliver(LICENCE, content, "dzzz_20180331.jsonl")
    assert (first.read, first.accepted, first.rejected) == (4, 2, 2)
    back = city.returned(first)
    assert [(r["行号"], r["规则"]) for r in back] == [("2", "R-CODE-02"), ("3", "R-JSON-02")]
    assert back[0]["证照状态"] == "77"
    assert back[1]["电子证照标识"] == "{broken"
    mended = dict(back[0], 证照状态="01")
    last = dict(mended) | {"行号": "3", "证照编号": "JZ3"}
    last["电子证照标识"] = str(licence(3)["licence_identifier"])
    titles = list(mended)
    sheet = [titles, *[[r[t] for t in titles] for r in (mended, last)]]
    second = city.deliver(LICENCE, xlsx_bytes(sheet), "退回明细.xlsx")
    assert (second.status, second.accepted, second.return_of) == ("accepted", 2, first.receipt_id)
    assert city.accepted(second)["line"].to_list() == [2, 3]


def test_a_control_file_counts_lines(city: City) -> None:
    content = jsonl(licence(1), licence(2))
    wrong = city.deliver(LICENCE, content, "a_20180331.jsonl", control=b'{"rows": 3}')
    assert wrong.refused_rule == "R-CTL-02"
    right = city.deliver(LICENCE, content + b"\n", "b_20180331.jsonl", control=b'{"rows": 2}')
    assert right.status == "accepted"
    assert city.accepted(right)["licence_no"].to_list() == ["JZ1", "JZ2"]
    assert (
        pl.read_parquet_schema(city.root.raw / LICENCE / f"{right.receipt_id}.parquet")[
            "licence_identifier_is_valid"
        ]
        == pl.Boolean
    )
