"""What counted once: rows that a correction, a return or a withdrawal took out, and until when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from ingest.accepted import expose
from ingest.service import accept_delivery, withdraw_delivery
from ledger import DeliveryRecord
from tests.unit.ingest.ingest_world import HOUSEHOLD, City, csv_bytes, row

_FILE = "a_20180331.csv"
_TABLE = "population__household_registration"
Clock = Callable[[int], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Set the hour of 1 April."""

    def at(hour: int) -> None:
        monkeypatch.setenv("TONGCHUAN_NOW", f"2018-04-01T{hour:02}:00:00")

    return at


def _deliver(city: City, *names: str, file: str = _FILE) -> DeliveryRecord:
    """A person for each name; a name that is empty goes back."""
    some = [row(HOUSEHOLD, n, name=name) for n, name in enumerate(names, start=1)]
    return city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, some), file)


def _return(
    city: City, original: DeliveryRecord, line: int, name: str, file: str
) -> DeliveryRecord:
    again = row(HOUSEHOLD, line - 1, name=name) | {"回执号": original.receipt_id, "行号": str(line)}
    return city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, [again]), file)


def _withdraw(city: City, record: DeliveryRecord) -> None:
    withdraw_delivery(city.ledger, city.root, record.receipt_id, "wrong", "tester")


def _known(city: City) -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
    """(name, hour from) that count, and (name, hour from, hour until) that counted once."""
    expose(city.root, city.ledger, city.catalog)
    with duckdb.connect(str(city.root.warehouse), read_only=True) as connection:
        now = connection.execute(f"SELECT name, hour(known_at) FROM raw.{_TABLE}").fetchall()
        past = connection.execute(
            f"SELECT name, hour(known_at), hour(known_until) FROM raw.past__{_TABLE}"
        ).fetchall()
    assert len(set(now)) == len(now)
    assert len(set(past)) == len(past)
    return set(now), set(past)


def test_nothing_is_past_at_first(city: City, clock: Clock) -> None:
    clock(1)
    _deliver(city, "甲", "乙")
    assert _known(city) == ({("甲", 1), ("乙", 1)}, set())


def test_a_correction_and_the_correction_of_it(city: City, clock: Clock) -> None:
    for hour, names in enumerate((("甲", "乙"), ("丙",), ("丁",)), start=1):
        clock(hour)
        _deliver(city, *names)
    assert _known(city) == ({("丁", 3)}, {("甲", 1, 2), ("乙", 1, 2), ("丙", 2, 3)})


def test_a_withdrawal_and_taking_it_back(city: City, clock: Clock) -> None:
    clock(1)
    record = _deliver(city, "甲")
    clock(4)
    _withdraw(city, record)
    assert _known(city) == (set(), {("甲", 1, 4)})
    clock(6)
    accept_delivery(city.root, city.ledger, city.catalog, record.receipt_id, "right", "tester")
    assert _known(city) == ({("甲", 1)}, set())


def test_what_a_withdrawn_correction_had_replaced_counts_again(city: City, clock: Clock) -> None:
    clock(1)
    _deliver(city, "甲")
    clock(2)
    correction = _deliver(city, "乙")
    clock(5)
    _withdraw(city, correction)
    # nobody knew 甲 between the second hour and the fifth
    assert _known(city) == ({("甲", 5)}, {("甲", 1, 2), ("乙", 2, 5)})


def test_a_return_is_known_from_its_own_arrival(city: City, clock: Clock) -> None:
    clock(1)
    original = _deliver(city, "甲", "")
    assert (original.accepted, original.rejected) == (1, 1)
    clock(2)
    _return(city, original, 3, "乙", "r.csv")
    assert _known(city) == ({("甲", 1), ("乙", 2)}, set())
    clock(3)
    _return(city, original, 3, "丙", "s.csv")
    assert _known(city) == ({("甲", 1), ("丙", 3)}, {("乙", 2, 3)})


def test_a_return_goes_and_comes_with_its_original(city: City, clock: Clock) -> None:
    clock(1)
    original = _deliver(city, "甲", "")
    clock(2)
    _return(city, original, 3, "乙", "r.csv")
    clock(3)
    correction = _deliver(city, "丁")
    assert _known(city) == ({("丁", 3)}, {("甲", 1, 3), ("乙", 2, 3)})
    clock(5)
    _withdraw(city, correction)
    assert _known(city) == (
        {("甲", 5), ("乙", 5)},
        {("甲", 1, 3), ("乙", 2, 3), ("丁", 3, 5)},
    )


def test_a_line_returned_twice_in_an_original_that_was_withdrawn(city: City, clock: Clock) -> None:
    clock(1)
    original = _deliver(city, "甲", "")
    for hour, name in ((2, "乙"), (3, "丙")):
        clock(hour)
        _return(city, original, 3, name, f"r{hour}.csv")
    clock(6)
    _withdraw(city, original)
    assert _known(city) == (set(), {("甲", 1, 6), ("乙", 2, 3), ("丙", 3, 6)})
