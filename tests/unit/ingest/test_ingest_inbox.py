"""What is taken from the inbox, what is left, and how a delivery is named and dated."""

from __future__ import annotations

import json
import os
import time
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import catalog
from foundation.paths import DataRoot
from ingest.headers import is_header, map_headers
from ingest.inbox import Waiting, scan
from ingest.naming import BusinessDate, business_date, delivery_id, delivery_order, read_control
from ingest.refusal import Refusal
from ingest.taking import Taken, take
from ledger import Ledger
from tests.unit.ingest.ingest_world import HOUSEHOLD, City, csv_bytes, rows

GOOD = csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 1))
CONTRACT = catalog().extracts[HOUSEHOLD]
ARRIVED = date(2018, 4, 1)


def waiting(city: City, settle: float = 0) -> list[str]:
    return [w.path.name for w in scan(city.root, settle).waiting]


def test_a_file_waits_until_it_has_not_changed(city: City) -> None:
    path = city.drop(HOUSEHOLD, GOOD, "a.csv")
    assert waiting(city, 60) == []
    assert scan(city.root, 60).left_alone[0].is_still_being_written
    old = time.time() - 61
    os.utime(path, (old, old))
    assert waiting(city, 60) == ["a.csv"]


def test_a_control_file_makes_it_ready_at_once(city: City) -> None:
    city.drop(HOUSEHOLD, GOOD, "a.csv", control=b"{}")
    city.drop(HOUSEHOLD, GOOD, "b.csv.part", control=b"{}")
    assert sorted(waiting(city, 60)) == ["a.csv", "b.csv.part"]


@pytest.mark.parametrize("name", ["a.csv.tmp", "a.PART", "a.csv.filepart", ".a.csv.swp", ".hidden"])
def test_unfinished_names_are_left(city: City, name: str) -> None:
    city.drop(HOUSEHOLD, GOOD, name)
    look = scan(city.root, 0)
    assert look.waiting == ()
    assert look.left_alone[0].is_still_being_written


def test_what_is_no_file_is_left_and_named(city: City, tmp_path: Path) -> None:
    folder = city.folder(HOUSEHOLD)
    outside = tmp_path / "secret.csv"
    outside.write_bytes(GOOD)
    (folder / "link.csv").symlink_to(outside)
    (folder / "folder.csv").mkdir()
    (folder / "folder.csv" / "inner.csv").write_bytes(GOOD)
    (folder / "orphan.csv.ok.json").write_text("{}")
    os.mkfifo(folder / "pipe.csv")
    look = scan(city.root, 0)
    assert look.waiting == ()
    assert sorted(left.path.name for left in look.left_alone) == [
        "folder.csv", "link.csv", "orphan.csv.ok.json", "pipe.csv",
    ]  # fmt: skip
    city.take()
    assert outside.exists()
    assert (folder / "folder.csv" / "inner.csv").exists()


def test_a_folder_called_like_a_control_file_is_none(city: City) -> None:
    path = city.drop(HOUSEHOLD, GOOD, "a.csv")
    path.with_name("a.csv.ok.json").mkdir()
    (record,) = city.take().deliveries
    assert record.status == "accepted"


def test_files_in_unknown_places_are_refused_with_a_receipt(city: City) -> None:
    for place in ("a.csv", "public_security/b.csv", "nobody/population/nothing/c.csv"):
        path = city.root.inbox / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(GOOD + place.encode())
    records = city.take().deliveries
    assert sorted((r.provider, r.extract, r.refused_rule) for r in records) == [
        ("_", "_", "R-FILE-02"), ("nobody", "population/nothing", "R-FILE-02"),
        ("public_security", "_", "R-FILE-02"),
    ]  # fmt: skip
    for record in records:
        assert city.receipt(record)["refused_because"]["rule_id"] == "R-FILE-02"


def test_an_empty_data_root_has_nothing_to_take(city: City) -> None:
    assert city.take().deliveries == ()


def test_a_name_that_grows_too_long_in_utf8_is_cut(city: City) -> None:
    name = "户" * 110 + "_20180331.csv"
    (city.folder(HOUSEHOLD) / os.fsdecode(name.encode("gb18030"))).write_bytes(GOOD)
    (record,) = city.take().deliveries
    assert (record.status, record.business_date) == ("accepted", date(2018, 3, 31))
    assert record.file_name.startswith("户" * 80)
    assert record.file_name.endswith("户.csv")


@pytest.mark.parametrize("name", [b"\xbb\xa7\xbc\xae_20180331.csv", "户籍".encode() * 14 + b".csv"])
def test_names_of_other_encodings_and_great_length(city: City, name: bytes) -> None:
    """A name in GB18030, and one that leaves no room for a suffix; also as a duplicate."""
    folder = city.folder(HOUSEHOLD)
    for _ in range(2):
        (folder / os.fsdecode(name)).write_bytes(GOOD)
        (record,) = city.take().deliveries
        assert city.receipt(record)["file_name"] in (
            "户籍_20180331.csv",
            name.decode("utf-8", "replace"),
        )
    assert record.status == "duplicate"


def test_a_file_called_as_our_own_record_is_refused_and_kept(city: City) -> None:
    record = city.deliver(HOUSEHOLD, b"{}", "delivery.json")
    assert record.refused_rule == "R-FILE-04"
    kept = city.root.archive / record.provider / record.extract / record.receipt_id
    assert (kept / record.file_name).read_bytes() == b"{}"
    assert json.loads((kept / "delivery.json").read_text())["receipt_id"] == record.receipt_id


@pytest.mark.parametrize(
    "control", [b"[" * 100_000, b'{"rows": ' + b"9" * 5000 + b"}", b'{"note": "\\ud800"}', b"\xff",
                b"[]", b'{"rows": true}', b'{"rows": -1}', b'{"rows": 1.5}'],
)  # fmt: skip
def test_no_control_file_stops_the_night(city: City, control: bytes) -> None:
    city.drop(HOUSEHOLD, GOOD, "bad.csv", control=control)
    city.drop(HOUSEHOLD, csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 2)), "good.csv")
    found = {d.file_name: (d.status, d.refused_rule) for d in city.take().deliveries}
    assert found == {"bad.csv": ("refused", "R-CTL-01"), "good.csv": ("accepted", None)}


def test_a_file_that_cannot_be_taken_does_not_stop_the_others(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = city.drop(HOUSEHOLD, GOOD, "closed.csv")

    def denied(root: DataRoot, ledger: Ledger, item: Waiting) -> Taken | None:
        if item.path == closed:
            raise PermissionError(13, "Permission denied", str(item.path))
        return take(root, ledger, item)

    monkeypatch.setattr("ingest.service.take", denied)
    city.drop(HOUSEHOLD, csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 2)), "open.csv")
    for expected in (["open.csv"], []):
        taking = city.take()
        assert [d.file_name for d in taking.deliveries] == expected
        assert [left.path for left in taking.left_alone] == [closed]
    assert closed.read_bytes() == GOOD


def test_control_files_may_state_everything(city: City) -> None:
    import hashlib

    told = {"rows": 1, "sha256": hashlib.sha256(GOOD).hexdigest().upper(),
            "business_date": "2018-03-15", "more": ["x"]}  # fmt: skip
    record = city.deliver(HOUSEHOLD, GOOD, "a_20180331.csv", control=json.dumps(told).encode())
    assert (record.status, record.business_date) == ("accepted", date(2018, 3, 15))
    assert record.date_source == "control"
    assert list(city.folder(HOUSEHOLD).iterdir()) == []


@pytest.mark.parametrize(
    ("name", "day", "source", "ambiguous"),
    [
        ("a_20180331.csv", date(2018, 3, 31), "file_name", False),
        ("20180331-20180331.csv", date(2018, 3, 31), "file_name", False),
        ("a20180301b20180331.csv", date(2018, 3, 1), "file_name", True),
        ("a_20181331_20180331.csv", date(2018, 3, 31), "file_name", False),
        ("a_201803311.csv", ARRIVED, "arrival", False),
        ("a_20180230.csv", ARRIVED, "arrival", False),
        ("export.csv", ARRIVED, "arrival", False),
        ("2018-03-31.csv", ARRIVED, "arrival", False),
    ],
)
def test_business_dates(name: str, day: date, source: str, ambiguous: bool) -> None:
    assert business_date(name, None, ARRIVED) == BusinessDate(day, source, ambiguous)  # type: ignore[arg-type]


def test_the_control_file_goes_before_the_name() -> None:
    control = read_control(b'\xef\xbb\xbf{"business_date": "2017-12-31"}')
    assert business_date("a_20180331.csv", control, ARRIVED).day == date(2017, 12, 31)


def test_identity_is_of_provider_extract_explicit_date_and_bytes() -> None:
    first = delivery_id("p", "d/e", None, "s")
    others = [
        delivery_id("q", "d/e", None, "s"),
        delivery_id("p", "d/f", None, "s"),
        delivery_id("p", "d/e", ARRIVED, "s"),
        delivery_id("p", "d/e", None, "t"),
    ]
    assert len({first, *others}) == 5
    assert first == delivery_id("p", "d/e", None, "s")
    assert len(first) == 24


def test_order_on_one_date() -> None:
    early, late = datetime(2018, 4, 1, 1), datetime(2018, 4, 1, 2)
    stated = BusinessDate(ARRIVED, "file_name")
    arrived = BusinessDate(ARRIVED, "arrival")
    assert delivery_order(stated, late, "a") == delivery_order(stated, early, "a")
    assert delivery_order(arrived, early, "z") < delivery_order(arrived, late, "a")
    assert delivery_order(stated, late, "z") < delivery_order(arrived, early, "a")


def test_headers_in_any_order_and_dress() -> None:
    wanted = {c.name: i for i, c in enumerate(CONTRACT.columns)}
    told = [f" {c.title_cn}　" for c in CONTRACT.columns]
    told[wanted["resident_id"]] = "身份证号"
    mapping = map_headers(CONTRACT, told)
    assert mapping.positions == wanted
    assert (mapping.missing_optional, mapping.unknown, mapping.is_return) == ((), (), False)
    assert map_headers(CONTRACT, told[::-1]).positions["person_no"] == len(told) - 1
    assert map_headers(CONTRACT, [*told, "", "回执号", "行号"]).is_return


def test_columns_of_a_return_in_another_file_and_a_return_without_its_lines() -> None:
    told = [c.title_cn for c in CONTRACT.columns]
    mapping = map_headers(CONTRACT, [*told, "行号", "原因"])
    assert (mapping.unknown, mapping.is_return) == (("行号", "原因"), False)
    with pytest.raises(Refusal, match="行号"):
        map_headers(CONTRACT, [*told, "回执号", "原因"])


@given(st.lists(st.text(max_size=6), max_size=12))
def test_no_line_of_other_words_is_a_header(cells: list[str]) -> None:
    known = {h for c in CONTRACT.columns for h in (*c.headers, c.name)}
    if not known & {c.strip() for c in cells}:
        assert not is_header(CONTRACT, cells)


def test_a_header_needs_half_of_its_cells() -> None:
    titles = [c.title_cn for c in CONTRACT.columns]
    assert is_header(CONTRACT, [*titles[:3], "x", "y", "z"])
    assert not is_header(CONTRACT, [*titles[:3], "x", "y", "z", "w"])
    assert not is_header(CONTRACT, titles[:2])


def test_long_unknown_headers_that_begin_alike(city: City) -> None:
    text = GOOD.decode().splitlines()
    long = "长" * 100
    text[0] += f",{long}一,{long}二"
    record = city.deliver(HOUSEHOLD, "\n".join([text[0], text[1] + ",1,2"]).encode())
    assert record.status == "accepted"
    assert [r.rows for r in record.rules if r.rule_id == "R-COL-04"] == [1]


def test_control_dates_are_dates() -> None:
    with pytest.raises(Refusal, match="R-CTL-04"):
        read_control(b'{"business_date": 20180331}')
