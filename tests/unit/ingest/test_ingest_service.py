"""Corrections, duplicates, returns, envelopes, overrides: what counts in the end."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from foundation.errors import ConfigurationError
from ingest.accepted import expose
from ingest.findings import Found, first_lines
from ingest.service import accept_delivery, check_file, reingest, withdraw_delivery
from ingest.table import SHEET_STEP, shown_lines
from ledger import DeliveryRecord, Ledger
from tests.unit.ingest.ingest_world import (
    BIRTH,
    DIVISION,
    HOUSEHOLD,
    INSTITUTION,
    PERMIT,
    City,
    csv_bytes,
    header_only,
    resident_number,
    row,
    rows,
    xlsx_of,
)


def raw(city: City, extract: str = HOUSEHOLD, columns: str = "*") -> list[tuple[object, ...]]:
    """The rows of an extract as the warehouse sees them."""
    expose(city.root, city.ledger, city.catalog)
    table = extract.replace("/", "__")
    with duckdb.connect(str(city.root.warehouse), read_only=True) as connection:
        return connection.execute(f"SELECT {columns} FROM raw.{table} ORDER BY ALL").fetchall()


def keys(city: City, extract: str = HOUSEHOLD, key: str = "person_no") -> list[object]:
    return [r[0] for r in raw(city, extract, key)]


def bad(n: int, **changed: str) -> dict[str, str]:
    return row(HOUSEHOLD, n, ethnic_code="99", **changed)


def corrected(record: DeliveryRecord, *told: tuple[int, dict[str, str]]) -> bytes:
    some = [{**one, "回执号": record.receipt_id, "行号": str(line)} for line, one in told]
    return csv_bytes(HOUSEHOLD, some)


def test_the_same_bytes_are_a_duplicate_that_changes_nothing(city: City) -> None:
    content = csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 2))
    first = city.deliver(HOUSEHOLD, content)
    city.drop(HOUSEHOLD, content, "other_20180331.csv")
    (second,) = city.take().deliveries
    assert second.receipt_id == f"{first.delivery_id}.dup1"
    assert city.receipt(second)["status"] == "duplicate"
    assert city.deliver(HOUSEHOLD, content).receipt_id == f"{first.delivery_id}.dup2"
    assert keys(city) == ["P0001", "P0002"]


def test_twice_in_one_night(city: City) -> None:
    content = csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 2))
    for name in ("a_20180331.csv", "b_20180331.csv"):
        city.drop(HOUSEHOLD, content, name)
    statuses = sorted(d.status for d in city.take().deliveries)
    assert statuses == ["accepted", "duplicate"]
    assert len(keys(city)) == 2


def test_a_correction_replaces_the_delivery_whole(city: City) -> None:
    city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 3)))
    second = city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 1)))
    assert keys(city) == ["P0001"]
    refused = city.deliver(HOUSEHOLD, b"no table")
    assert refused.status == "refused"
    assert keys(city) == ["P0001"]
    withdraw_delivery(city.ledger, city.root, second.receipt_id, "wrong file", "tester")
    assert keys(city) == ["P0001", "P0002", "P0003"]
    with pytest.raises(ConfigurationError, match="before"):
        withdraw_delivery(city.ledger, city.root, second.receipt_id, "again", "tester")


def test_without_a_date_the_same_name_is_a_new_delivery(city: City) -> None:
    city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 1)), "export.csv")
    city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 1, 2)), "export.csv")
    assert keys(city) == ["P0001", "P0002"]


def test_a_return_takes_the_place_of_its_row(city: City) -> None:
    first = city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, [row(HOUSEHOLD, 1), bad(2), bad(3)]))
    told = city.returned(first)
    assert [(r["回执号"], r["行号"], r["人员编号"]) for r in told] == [
        (first.receipt_id, "3", "P0002"), (first.receipt_id, "4", "P0003"),
    ]  # fmt: skip
    again = [{**r, "民族": "汉族"} for r in told]
    names = list(again[0])
    lines = [",".join(names), *[",".join(r[n].replace(",", "，") for n in names) for r in again]]
    second = city.deliver(HOUSEHOLD, "\n".join(lines).encode(), "退回.csv")
    assert (second.status, second.return_of, second.accepted) == ("accepted", first.receipt_id, 2)
    assert second.business_date == first.business_date
    assert raw(city, columns="person_no, line, list_id = delivery_id AS own, list_id") == [
        ("P0001", 2, True, first.receipt_id), ("P0002", 3, False, first.receipt_id),
        ("P0003", 4, False, first.receipt_id),
    ]  # fmt: skip


def test_a_return_of_a_return_and_two_of_one_row(city: City) -> None:
    first = city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, [row(HOUSEHOLD, 1), bad(2)]))
    second = city.deliver(HOUSEHOLD, corrected(first, (3, bad(2, name="李梅"))), "r1.csv")
    assert (second.rejected, [r["行号"] for r in city.returned(second)]) == (1, ["2"])
    third = city.deliver(
        HOUSEHOLD, corrected(second, (2, row(HOUSEHOLD, 2, name="李梅"))), "r2.csv"
    )
    assert (third.status, third.return_of) == ("accepted", first.receipt_id)
    city.deliver(HOUSEHOLD, corrected(first, (3, row(HOUSEHOLD, 2, name="李兰"))), "r3.csv")
    assert raw(city, columns="person_no, name, line, list_id") == [
        ("P0001", "王小明", 2, first.receipt_id), ("P0002", "李兰", 3, first.receipt_id),
    ]  # fmt: skip


def test_returns_follow_their_original(city: City) -> None:
    first = city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, [row(HOUSEHOLD, 1), bad(2)]))
    city.deliver(HOUSEHOLD, corrected(first, (3, row(HOUSEHOLD, 2))), "r1.csv")
    assert keys(city) == ["P0001", "P0002"]
    withdraw_delivery(city.ledger, city.root, first.receipt_id, "wrong", "tester")
    assert keys(city) == []


def test_a_return_that_comes_with_its_original(city: City) -> None:
    """In one night, and the return is looked at first: it waits for what it corrects."""
    content = csv_bytes(HOUSEHOLD, [row(HOUSEHOLD, 1), bad(2)])
    expected = city.deliver(HOUSEHOLD, content)
    other = City.at(city.root.root.parent / "other")
    other.drop(HOUSEHOLD, corrected(expected, (3, row(HOUSEHOLD, 2))), "a_20180101.csv")
    other.drop(HOUSEHOLD, content)
    assert [d.status for d in other.take().deliveries] == ["partly_accepted", "accepted"]
    assert keys(other) == ["P0001", "P0002"]


def test_a_return_that_comes_before_its_original_was_ever_delivered(city: City) -> None:
    """It is refused with a reason; the original, when it comes, is taken as it is."""
    content = csv_bytes(HOUSEHOLD, [row(HOUSEHOLD, 1), bad(2)])
    expected = city.deliver(HOUSEHOLD, content)
    other = City.at(city.root.root.parent / "other")
    early = other.deliver(HOUSEHOLD, corrected(expected, (3, row(HOUSEHOLD, 2))), "r1.csv")
    assert (early.status, early.refused_rule, early.rejected) == ("refused", "R-RET-01", 1)
    first = other.deliver(HOUSEHOLD, content)
    assert (first.receipt_id, first.status) == (expected.receipt_id, "partly_accepted")
    assert keys(other) == ["P0001"]
    late = other.deliver(HOUSEHOLD, corrected(expected, (3, row(HOUSEHOLD, 2, name="李梅"))))
    assert (late.status, late.return_of) == ("accepted", expected.receipt_id)
    assert keys(other) == ["P0001", "P0002"]


def test_returns_of_receipts_that_have_no_returned_rows(city: City) -> None:
    """Unknown, refused as a whole, a duplicate: each is answered, and no row is let in."""
    some = [row(HOUSEHOLD, 1), *[bad(n) for n in range(2, 25)]]
    whole = city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, some))
    assert whole.refused_rule == "R-ENV-01"
    content = csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 2))
    city.deliver(HOUSEHOLD, content, "good_20180331.csv")
    twice = city.deliver(HOUSEHOLD, content, "good_20180331.csv")
    assert twice.status == "duplicate"
    for record, message in ((whole, "整份未被接收"), (twice, "没有退回的行")):
        city.drop(HOUSEHOLD, corrected(record, (3, row(HOUSEHOLD, 2))), "r1.csv")
        (answer,) = city.take().deliveries
        assert (answer.status, answer.refused_rule) == ("refused", "R-RET-01")
        assert message in (answer.refused_message_cn or "")
    assert keys(city) == ["P0001", "P0002"]
    assert not list(city.root.taking.iterdir())


def test_a_broken_line_of_a_return_replaces_no_other_row(city: City) -> None:
    """The numbers of its lines are not those of the original: they must not be mixed up."""
    first = city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, [row(HOUSEHOLD, 1), bad(2), bad(3)]))
    told = corrected(first, (4, row(HOUSEHOLD, 3)), (3, row(HOUSEHOLD, 2))).splitlines()
    broken = b"\n".join([told[0], told[1] + b",too,many", told[2]])
    second = city.deliver(HOUSEHOLD, broken, "r1.csv")
    assert (second.accepted, second.rejected) == (1, 1)
    city.deliver(HOUSEHOLD, corrected(second, (2, row(HOUSEHOLD, 9))), "r2.csv")
    assert raw(city, columns="person_no, line") == [("P0001", 2), ("P0002", 3)]


def test_a_delivery_without_a_usable_row(city: City) -> None:
    """A full list of nothing is no list, unless a person lets it in; an increment may be one."""
    none = [{**row(INSTITUTION, n), "address": ""} for n in (1, 2)]
    listed = city.deliver(INSTITUTION, csv_bytes(INSTITUTION, none), "a_20180131.csv")
    assert (listed.status, listed.refused_rule, listed.rejected) == ("refused", "R-ENV-01", 2)
    let_in = accept_delivery(
        city.root, city.ledger, city.catalog, listed.receipt_id, "as it is", "tester"
    )
    assert (let_in.status, let_in.accepted, let_in.rejected) == ("partly_accepted", 0, 2)
    single = city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, [bad(1)]), "b_20180131.csv")
    assert (single.status, single.accepted, single.rejected) == ("partly_accepted", 0, 1)
    folder = city.root.receipts / single.provider / single.extract / single.receipt_id
    html = (folder / "回执.html").read_text(encoding="utf-8")
    assert "没有一行被接收" in html
    assert "部分接收" not in html


def test_the_shrink_guard_and_its_override(city: City) -> None:
    city.deliver(INSTITUTION, csv_bytes(INSTITUTION, rows(INSTITUTION, 10)), "a_20180131.csv")
    fine = city.deliver(INSTITUTION, csv_bytes(INSTITUTION, rows(INSTITUTION, 8)), "a_20180228.csv")
    assert fine.status == "accepted"
    refused = city.deliver(
        INSTITUTION, csv_bytes(INSTITUTION, rows(INSTITUTION, 6)), "a_20180331.csv"
    )
    assert refused.refused_rule == "R-ENV-02"
    assert len(raw(city, INSTITUTION)) == 18
    let_in = accept_delivery(
        city.root, city.ledger, city.catalog, refused.receipt_id, "closed", "tester"
    )
    assert (let_in.status, let_in.accepted) == ("accepted", 6)
    assert city.receipt(let_in)["status"] == "accepted"
    assert len(raw(city, INSTITUTION)) == 24
    assert [(o.kind, o.target) for o in city.ledger.overrides()] == [("accept", refused.receipt_id)]


def test_only_envelopes_can_be_overridden(city: City) -> None:
    refused = city.deliver(HOUSEHOLD, b"no table")
    with pytest.raises(ConfigurationError, match="R-COL-01"):
        accept_delivery(city.root, city.ledger, city.catalog, refused.receipt_id, "x", "y")
    good = city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 1)), "b.csv")
    with pytest.raises(ConfigurationError, match="not a refused"):
        accept_delivery(city.root, city.ledger, city.catalog, good.receipt_id, "x", "y")
    with pytest.raises(ConfigurationError, match="not an accepted"):
        withdraw_delivery(city.ledger, city.root, refused.receipt_id, "x", "y")
    assert city.ledger.overrides() == []


@pytest.mark.parametrize("extract", [HOUSEHOLD, BIRTH])
def test_a_header_alone_says_no_change(city: City, extract: str) -> None:
    city.deliver(extract, csv_bytes(extract, rows(extract, 2)), "a_20180330.csv")
    record = city.deliver(extract, header_only(extract))
    assert (record.status, record.read, record.accepted) == ("accepted", 0, 0)
    assert len(raw(city, extract)) == 2
    assert city.ledger.active_deliveries()[-1].receipt_id == record.receipt_id


def test_a_header_alone_is_no_full_list_unless_the_library_is_empty(city: City) -> None:
    empty = city.deliver(INSTITUTION, header_only(INSTITUTION), "a_20180101.csv")
    assert empty.status == "accepted"
    city.deliver(INSTITUTION, csv_bytes(INSTITUTION, rows(INSTITUTION, 2)), "a_20180331.csv")
    for name in ("b_20180331.csv", "a_20180430.csv", "a_20180228.csv"):
        record = city.deliver(INSTITUTION, header_only(INSTITUTION), name)
        assert (name, record.refused_rule) == (name, "R-ENV-02")


def test_deletions_need_only_key_time_and_operation(city: City) -> None:
    gone = dict.fromkeys(row(HOUSEHOLD), "") | {
        "person_no": "P0002", "updated_at": "2018-03-31 01:00:00", "operation": "D",
    }  # fmt: skip
    no_time = {**gone, "person_no": "P0003", "updated_at": ""}
    record = city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, [row(HOUSEHOLD, 1), gone, no_time]))
    assert (record.accepted, record.rejected) == (2, 1)
    assert raw(city, columns="person_no, name, operation")[1] == ("P0002", None, "D")
    assert [(r["行号"], r["问题列"]) for r in city.returned(record)] == [("4", "更新时间")]


def test_duplicates_after_normalisation(city: City) -> None:
    number = resident_number()
    base = row(BIRTH, 1, mother_resident_id=number)
    same = [
        {**base, "sex_code": "男", "issued_date": "2018年3月2日"},
        {**base, "mother_resident_id": number[:6] + number[8:17]},
        {**base, "mother_name": " 李 梅 ", "institution_name": "市妇幼　"},
    ]
    record = city.deliver(BIRTH, csv_bytes(BIRTH, [base, *same, row(BIRTH, 2)]))
    assert (record.read, record.accepted, record.duplicate, record.rejected) == (5, 2, 3, 0)


def test_unusable_cells_are_compared_as_they_were_given(city: City) -> None:
    first, second = (row(BIRTH, 1, mother_resident_id=text) for text in ("x1", "x2"))
    again = {**first, "mother_resident_id": " x1 "}
    record = city.deliver(BIRTH, csv_bytes(BIRTH, [first, second, again]))
    assert (record.rejected, record.duplicate) == (2, 1)


def test_long_term_and_no_date_are_not_the_same(city: City) -> None:
    some = [row(PERMIT, 1, valid_to="长期"), row(PERMIT, 1, valid_to="")]
    record = city.deliver(PERMIT, csv_bytes(PERMIT, some))
    assert (record.accepted, record.duplicate) == (2, 0)
    assert raw(city, PERMIT, "line, valid_to, valid_to_is_long_term") == [
        (2, None, True), (3, None, False),
    ]  # fmt: skip


def test_as_given_keeps_what_was_blanked_warned_or_upgraded(city: City) -> None:
    number = resident_number()
    old = number[:6] + number[8:17]
    some = [row(PERMIT, 1), row(PERMIT, 2, resident_id=old, mobile='0919"1\\')]
    city.deliver(PERMIT, csv_bytes(PERMIT, some))
    told = raw(city, PERMIT, "registration_no, resident_id, mobile, as_given")
    assert told[0] == ("J0001", number, None, None)
    assert told[1][:3] == ("J0002", number, None)
    assert json.loads(str(told[1][3])) == {"resident_id": old, "mobile": '0919"1\\'}


def test_views_exist_before_anything_came(city: City) -> None:
    assert expose(city.root, city.ledger, city.catalog)
    with duckdb.connect(str(city.root.warehouse), read_only=True) as connection:
        for contract in city.catalog.extracts.values():
            told = connection.execute(f"DESCRIBE raw.{contract.table}").fetchall()
            types = {name: kind for name, kind, *_ in told}
            assert types.keys() >= {c.name for c in contract.columns} | {
                "delivery_id", "list_id", "line", "business_date", "delivery_order", "provider",
                "as_given",
            }  # fmt: skip
            assert types["line"] == "BIGINT"
            assert types["business_date"] == "DATE"
            assert connection.execute(f"SELECT count(*) FROM raw.{contract.table}").fetchone() == (
                0,
            )


def test_a_key_column_may_be_empty_but_not_unusable(city: City) -> None:
    some = [
        row(DIVISION, 1, name="一"), row(DIVISION, 1, name="二"),
        row(DIVISION, 2), row(DIVISION, 2, valid_from="2018-01-01"),
        row(DIVISION, 3, name=""), row(DIVISION, 4, valid_from="x"),
    ]  # fmt: skip
    some[0]["valid_from"] = ""
    record = city.deliver(DIVISION, csv_bytes(DIVISION, some))
    assert city.accepted(record)["line"].to_list() == [4, 5]
    assert [(r["行号"], r["规则"]) for r in city.returned(record)] == [
        ("2", "R-ROW-05"), ("3", "R-ROW-05"), ("6", "R-VAL-01"), ("7", "R-VAL-04"),
    ]  # fmt: skip
    expose(city.root, city.ledger, city.catalog)
    query = (
        "SELECT division_code, valid_from FROM raw.rejected_key__geospatial__division ORDER BY 1"
    )
    with duckdb.connect(str(city.root.warehouse)) as connection:
        assert connection.execute(query).fetchall() == [("610202001", None), ("610202003", None)]


def test_rejected_keys_of_full_lists(city: City) -> None:
    some = [row(INSTITUTION, 1), row(INSTITUTION, 2, status="?")]
    first = city.deliver(INSTITUTION, csv_bytes(INSTITUTION, some))
    expose(city.root, city.ledger, city.catalog)
    query = "SELECT uscc, list_id FROM raw.rejected_key__legal_entity__institution".replace(
        "__institution", "__public_institution"
    )
    with duckdb.connect(str(city.root.warehouse), read_only=True) as connection:
        assert connection.execute(query).fetchall() == [(some[1]["uscc"], first.receipt_id)]
    again = {**some[1], "status": "正常", "回执号": first.receipt_id, "行号": "3"}
    city.deliver(INSTITUTION, csv_bytes(INSTITUTION, [again]), "r.csv")
    assert len(raw(city, INSTITUTION)) == 2
    with duckdb.connect(str(city.root.warehouse), read_only=True) as connection:
        assert connection.execute(query).fetchall() == []


def test_missing_rows_of_an_active_delivery_are_an_error(city: City) -> None:
    record = city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 1)))
    (city.root.raw / HOUSEHOLD / f"{record.receipt_id}.parquet").unlink()
    with pytest.raises(ConfigurationError, match="rebuild"):
        expose(city.root, city.ledger, city.catalog)


RECEIPT_KEYS = {
    "delivery_id", "provider", "extract", "file_name", "file_sha256", "business_date",
    "received_at", "status", "encoding", "counts", "skipped", "rules",
}  # fmt: skip
SECRET = row(
    HOUSEHOLD,
    2,
    name="欧阳秘密",
    resident_id="61020319800101001A",
    household_no="H-SECRET",
    registered_address="秘密路77号",
)


@pytest.mark.parametrize("name", ["a_20180131.xls", "a_20180131.xlsx"])
def test_a_web_page_called_a_workbook_is_told_so(city: City, name: str) -> None:
    record = city.deliver(HOUSEHOLD, "<html><table><tr><td>姓名</td></tr></table>".encode(), name)
    assert record.refused_rule == "R-FILE-05"
    assert record.refused_message_cn == "文件不是有效的 Excel 工作簿（可能是网页或文本改了扩展名）"


def test_hints_are_named_with_their_lines(city: City) -> None:
    """Ten lines of each rule and column, in receipt.json and 回执.html, and no value."""
    some = [row(HOUSEHOLD, n, household_type="船民") for n in range(1, 13)]
    some.append(row(HOUSEHOLD, 13, household_type=""))
    record = city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, some))
    (rule,) = [r for r in city.receipt(record)["rules"] if r["column"] == "household_type"]
    assert (rule["severity"], rule["rows"]) == ("blank", 12)
    assert rule["lines"] == [str(n) for n in range(2, 12)]
    others = [r for r in city.receipt(record)["rules"] if r["rule_id"] == "R-COL-03"]
    assert others
    assert not any("lines" in r for r in others)
    folder = city.root.receipts / record.provider / record.extract / record.receipt_id
    html = (folder / "回执.html").read_text(encoding="utf-8")
    assert "、".join(rule["lines"]) + " 等" in html
    assert f"其中 <b>{1 + len(others)}</b> 项有提示，请核对下表" in html
    assert "无需处理" not in html
    assert "船民" not in html


def test_hints_on_a_further_sheet_are_named_with_it() -> None:
    struck = np.array([True, False, True])
    found = [Found("mobile", "R-VAL-17", "blank", struck), Found("x", "R-VAL-01", "reject", struck)]
    lines = pl.Series([2, 3, SHEET_STEP + 2])
    told = first_lines(found, np.array([False, False, False]), lines)
    assert {k: shown_lines(v, is_workbook=True).to_list() for k, v in told.items()} == {
        ("R-VAL-17", "blank", "mobile"): ["2", "工作表2!2"]
    }
    assert first_lines(found, struck, lines) == {}


def test_the_receipt_has_every_key_and_no_value(city: City) -> None:
    record = city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, [row(HOUSEHOLD, 1), SECRET]))
    receipt = city.receipt(record)
    assert receipt.keys() >= RECEIPT_KEYS | {"returned_file"}
    assert receipt["returned_file"] == "退回明细.xlsx"
    for rule in receipt["rules"]:
        assert rule.keys() >= {"rule_id", "severity", "title_cn", "rows"}
    html = (city.receipt_folder(record) / "回执.html").read_text(encoding="utf-8")
    assert "部分接收" in html
    assert record.receipt_id in html
    for text in (html, json.dumps(receipt, ensure_ascii=False)):
        for value in (*SECRET.values(), *row(HOUSEHOLD, 1).values()):
            assert len(value) < 4 or value in ("2018-03-30 10:00:00", "610203") or value not in text
    refused = city.receipt(city.deliver(HOUSEHOLD, b"no table", "x.csv"))
    assert refused.keys() >= RECEIPT_KEYS | {"refused_because"}
    assert refused["refused_because"].keys() == {"rule_id", "message_cn", "remedy_cn"}


def test_every_cell_of_the_returned_sheet_is_text(city: City) -> None:
    number = resident_number()[:-1] + "?"
    some = [row(HOUSEHOLD, 1), bad(2, resident_id=number, household_no="=1+1", name="https://x.cn")]
    record = city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, some))
    path = city.receipt_folder(record) / "退回明细.xlsx"
    with zipfile.ZipFile(path) as book:
        xml = book.read("xl/worksheets/sheet1.xml").decode()
    cells = re.findall(r"<c [^>]*>(?!</c>)", xml)
    assert cells
    assert all('t="s"' in c or 't="inlineStr"' in c for c in cells)
    assert "<f>" not in xml
    assert "hyperlink" not in xml
    assert city.returned(record)[0]["户号"] == "=1+1"


def test_many_returned_rows_become_a_csv(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.returns.MAX_SHEET_ROWS", 2)
    some = [*rows(HOUSEHOLD, 9), *[bad(n) for n in range(10, 13)]]
    record = city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, some))
    receipt = city.receipt(record)
    assert receipt["returned_file"] == "退回明细.csv"
    told = pl.read_csv(city.receipt_folder(record) / "退回明细.csv", infer_schema=False)
    assert told["行号"].to_list() == ["11", "12", "13"]


def test_check_of_what_any_department_delivers(city: City, tmp_path: Path) -> None:
    """With the department's name it tells the very number of the receipt."""
    permit = "credit/administrative_permit"
    content = csv_bytes(permit, [row(permit)])
    path = tmp_path / "data_20180331.csv"
    path.write_bytes(content)
    told = (path, permit, city.root, city.ledger, city.catalog)
    seen = check_file(*told, provider="tax").record
    assert seen.receipt_id == city.deliver(permit, content, provider="tax").receipt_id
    with pytest.raises(ConfigurationError):
        check_file(*told, provider="nobody")
    with pytest.raises(ConfigurationError):
        check_file(path, HOUSEHOLD, city.root, city.ledger, city.catalog, provider="tax")


def test_check_says_what_the_receipt_would_say_and_changes_nothing(
    city: City, tmp_path: Path
) -> None:
    path = tmp_path / "data_20180331.csv"
    path.write_bytes(csv_bytes(HOUSEHOLD, [row(HOUSEHOLD, 1), bad(2)]))
    before = sorted(p for p in city.root.root.rglob("*"))
    seen = check_file(path, HOUSEHOLD, city.root, city.ledger, city.catalog).record
    assert sorted(p for p in city.root.root.rglob("*") if "sqlite-" not in p.name) == before
    record = city.deliver(HOUSEHOLD, path.read_bytes())
    assert (seen.status, seen.receipt_id, seen.rules) == (
        record.status, record.receipt_id, record.rules
    )  # fmt: skip
    assert check_file(path, HOUSEHOLD, city.root, city.ledger, city.catalog).record.status == (
        "duplicate"
    )
    path.write_bytes(path.read_bytes() + b"\n")
    path.with_name(path.name + ".ok.json").write_text("no json")
    refused = check_file(path, HOUSEHOLD, city.root, city.ledger, city.catalog).record
    assert refused.refused_rule == "R-CTL-01"


def test_reingest_into_an_empty_ledger_makes_the_same_again(city: City) -> None:
    content = csv_bytes(HOUSEHOLD, [row(HOUSEHOLD, 1), bad(2)])
    first = city.deliver(HOUSEHOLD, content)
    city.deliver(HOUSEHOLD, corrected(first, (3, row(HOUSEHOLD, 2))), "r1.csv")
    city.deliver(HOUSEHOLD, content)
    city.deliver(INSTITUTION, xlsx_of(INSTITUTION, rows(INSTITUTION, 3)), "a_20180131.xlsx")
    city.deliver(INSTITUTION, b"no table", "b_20180131.csv")

    def state() -> tuple[object, object, object]:
        receipts = {
            str(p.relative_to(city.root.receipts)): p.read_bytes()
            for p in city.root.receipts.rglob("receipt.json")
        }
        return raw(city), raw(city, INSTITUTION), receipts

    before, records = state(), city.ledger.deliveries(with_rules=True)
    for path in city.root.raw.rglob("*.parquet"):
        path.unlink()
    for path in city.root.root.glob("ledger.sqlite*"):
        path.unlink()
    city.ledger = Ledger.open(city.root)
    assert reingest(city.root, city.ledger, city.catalog) == []
    assert city.ledger.deliveries(with_rules=True) == records
    assert state() == before
    assert reingest(city.root, city.ledger, city.catalog) == []
    assert city.deliver(HOUSEHOLD, content).receipt_id == f"{first.delivery_id}.dup2"
