"""Append deliveries that tell a known key with other content: the receipt says so (R-ROW-07)."""

from __future__ import annotations

import pytest

from foundation.errors import ConfigurationError
from ingest.service import check_file, reingest, withdraw_delivery
from ledger import DeliveryRecord, Ledger
from tests.unit.ingest.ingest_world import DEATH, HOUSEHOLD, City, csv_bytes, row, rows


def told(n: int, place: str) -> dict[str, str]:
    return row(DEATH, n, institution_name=place)


def deliver(city: City, file: str, *some: dict[str, str]) -> DeliveryRecord:
    return city.deliver(DEATH, csv_bytes(DEATH, list(some)), file)


def corrected(record: DeliveryRecord) -> int:
    return sum(r.rows for r in record.rules if r.rule_id == "R-ROW-07")


def test_compared_with_the_row_that_stands(city: City) -> None:
    deliver(city, "a_20180301.csv", told(1, "甲"), told(2, "甲"), told(3, "甲"))
    second = deliver(city, "b_20180302.csv", told(1, "乙"), told(2, "甲"))
    assert corrected(second) == 1
    # 1 stands as 乙 now: the same again is no news, and back to 甲 is
    assert corrected(deliver(city, "c_20180303.csv", told(1, "乙"), told(4, "乙"))) == 0
    assert corrected(deliver(city, "d_20180304.csv", told(1, "甲"), told(3, "丙"))) == 2


def test_one_with_an_earlier_date_that_comes_later_is_told_too(city: City) -> None:
    deliver(city, "a_20180305.csv", told(1, "甲"))
    assert corrected(deliver(city, "b_20180301.csv", told(1, "乙"), told(2, "乙"))) == 1
    # what stands is the later date's, not what came last
    assert corrected(deliver(city, "c_20180306.csv", told(1, "甲"))) == 0


def test_a_whole_correction_and_a_withdrawn_one_are_no_record_before(city: City) -> None:
    deliver(city, "a_20180301.csv", told(1, "甲"))
    again = deliver(city, "a_20180301.csv", told(1, "乙"))
    assert corrected(again) == 0
    withdraw_delivery(city.ledger, city.root, again.receipt_id, "wrong", "tester")
    assert corrected(deliver(city, "b_20180302.csv", told(1, "乙"))) == 1  # 甲 stands again


def test_returned_rows_are_no_correction_but_can_be_corrected(city: City) -> None:
    first = deliver(city, "a_20180301.csv", told(1, "甲"), row(DEATH, 2, sex_code=""))
    assert first.rejected == 1
    again = {**told(2, "甲"), "回执号": first.receipt_id, "行号": "3"}
    back = deliver(city, "r.csv", again)
    assert (back.accepted, back.return_of, corrected(back)) == (1, first.receipt_id, 0)
    assert corrected(deliver(city, "b_20180302.csv", told(2, "乙"))) == 1


def test_nothing_is_told_of_full_and_incremental_extracts(city: City) -> None:
    city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 2)), "a_20180301.csv")
    other = [row(HOUSEHOLD, 1, name="李梅")]
    record = city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, other), "b_20180331.csv")
    assert (record.accepted, corrected(record)) == (1, 0)


def test_check_says_it_before_it_is_delivered(city: City) -> None:
    deliver(city, "a_20180301.csv", told(1, "甲"))
    path = city.root.root / "b_20180302.csv"
    path.write_bytes(csv_bytes(DEATH, [told(1, "乙")]))
    assert corrected(check_file(path, DEATH, city.root, city.ledger, city.catalog).record) == 1


def test_rebuilding_leaves_receipts_as_they_were(city: City) -> None:
    deliver(city, "a_20180305.csv", told(1, "甲"))
    deliver(city, "b_20180301.csv", told(1, "乙"))  # before it, and comes after it
    deliver(city, "c_20180306.csv", told(1, "丙"))

    def receipts() -> dict[str, bytes]:
        return {str(p): p.read_bytes() for p in city.root.receipts.rglob("receipt.json")}

    before, records = receipts(), city.ledger.deliveries(with_rules=True)
    for path in city.root.raw.rglob("*.parquet"):
        path.unlink()
    assert reingest(city.root, city.ledger, city.catalog) == []
    assert (receipts(), city.ledger.deliveries(with_rules=True)) == (before, records)


def test_a_lost_ledger_gives_the_same_receipts(city: City) -> None:
    for day, place in (("01", "甲"), ("02", "乙"), ("03", "丙")):
        deliver(city, f"a_201803{day}.csv", told(1, place))
    records = city.ledger.deliveries(with_rules=True)
    assert [corrected(r) for r in records] == [0, 1, 1]
    for path in [*city.root.raw.rglob("*.parquet"), *city.root.root.glob("ledger.sqlite*")]:
        path.unlink()
    city.ledger = Ledger.open(city.root)
    assert reingest(city.root, city.ledger, city.catalog) == []
    assert city.ledger.deliveries(with_rules=True) == records


def test_missing_rows_are_an_error_not_a_silence(city: City) -> None:
    deliver(city, "a_20180301.csv", told(1, "甲"))
    for path in city.root.raw.rglob("*.parquet"):
        path.unlink()
    with pytest.raises(ConfigurationError, match="missing from raw"):
        deliver(city, "b_20180302.csv", told(1, "乙"))
