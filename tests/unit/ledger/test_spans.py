"""From when until when a delivery counted."""

from __future__ import annotations

from datetime import datetime

import pytest

from ledger import DeliveryRecord
from ledger.spans import known_spans
from tests.unit.ledger.test_ledger import delivery

_Expected = dict[str, list[tuple[int, int | None]]]


def _minute(count: int) -> datetime:
    return datetime(2018, 4, 1, 20, count)


def _came(number: int, **told: object) -> DeliveryRecord:
    return delivery(number, received_at=_minute(number), **told)


def _return(number: int) -> DeliveryRecord:
    return _came(number, date_source="return", return_of="d1")


# name: (records in order of arrival, minute of withdrawal, spans in minutes)
SPANS: dict[str, tuple[list[DeliveryRecord], dict[str, int], _Expected]] = {
    "one": ([_came(1)], {}, {"d1": [(1, None)]}),
    "withdrawn": ([_came(1)], {"d1": 5}, {"d1": [(1, 5)]}),
    "corrected": ([_came(1), _came(2)], {}, {"d1": [(1, 2)], "d2": [(2, None)]}),
    "correction of a correction": (
        [_came(1), _came(2), _came(3)], {}, {"d1": [(1, 2)], "d2": [(2, 3)], "d3": [(3, None)]}),
    "correction withdrawn": (
        [_came(1), _came(2)], {"d2": 5}, {"d1": [(1, 2), (5, None)], "d2": [(2, 5)]}),
    "a replaced correction withdrawn after": (
        [_came(1), _came(2), _came(3)], {"d2": 5},
        {"d1": [(1, 2)], "d2": [(2, 3)], "d3": [(3, None)]}),
    "both corrections withdrawn, the last one first": (
        [_came(1), _came(2), _came(3)], {"d3": 5, "d2": 6},
        {"d1": [(1, 2), (6, None)], "d2": [(2, 3), (5, 6)], "d3": [(3, 5)]}),
    "original withdrawn after its correction": (
        [_came(1), _came(2)], {"d1": 5}, {"d1": [(1, 2)], "d2": [(2, None)]}),
    "everything withdrawn": (
        [_came(1), _came(2)], {"d2": 5, "d1": 6}, {"d1": [(1, 2), (5, 6)], "d2": [(2, 5)]}),
    "return": ([_came(1), _return(2)], {}, {"d1": [(1, None)], "d2": [(2, None)]}),
    "return withdrawn": ([_came(1), _return(2)], {"d2": 5}, {"d1": [(1, None)], "d2": [(2, 5)]}),
    "return of one that was corrected": (
        [_came(1), _return(2), _came(3)], {},
        {"d1": [(1, 3)], "d2": [(2, 3)], "d3": [(3, None)]}),
    "return of one that stands again": (
        [_came(1), _return(2), _came(3)], {"d3": 5},
        {"d1": [(1, 3), (5, None)], "d2": [(2, 3), (5, None)], "d3": [(3, 5)]}),
    "no explicit date": (
        [_came(1, date_source="arrival"), _came(2, date_source="arrival")], {},
        {"d1": [(1, None)], "d2": [(2, None)]}),
    "withdrawn by a clock that went back": ([_came(3)], {"d3": 1}, {"d3": [(3, 3)]}),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(SPANS))
def test_when_a_delivery_counted(name: str) -> None:
    records, withdrawn, expected = SPANS[name]
    found: _Expected = {}
    for span in known_spans(records, {of: _minute(at) for of, at in withdrawn.items()}):
        until = None if span.known_until is None else span.known_until.minute
        found.setdefault(span.delivery.receipt_id, []).append((span.known_at.minute, until))
    assert found == expected
