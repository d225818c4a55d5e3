"""Counterexamples of the credit theme and the calendar: a product that is wrong in one place."""

from __future__ import annotations

import pytest
from gate_city import City, failures

from expectations import Gate

_PERMIT, _PENALTY = "credit.administrative_permit", "credit.administrative_penalty"
_DEBTOR, _PROFILE = "credit.dishonest_judgment_debtor", "credit.entity_credit_profile"
_TIMELY, _LATE = "credit.disclosure_timeliness", "credit.late_disclosure"
_DAY, _ONE = "calendar.day", "document_no LIKE '%〕8号'"


@pytest.mark.parametrize(
    ("product", "column", "value", "where", "expected"),
    [
        (_DAY, "is_working_day", "true", "day = DATE '2018-03-31'",
         {("is_working_day.of_kind", "R-GATE-05"), ("working_day_no.counts", "R-GATE-05")}),
        (_DAY, "working_day_no", "working_day_no + 1", "day = DATE '2018-12-31'",
         {("working_day_no.counts", "R-GATE-05")}),
        (_PERMIT, "link_status", "'库中没有'", _ONE, {("link_status.of_ids", "R-GATE-02")}),
        (_PENALTY, "publicity_until_date", "NULL", _ONE,
         {("publicity_until_date.of_basis", "R-GATE-02")}),
        (_DEBTOR, "withdrawn_date", "DATE '2018-03-30'", "case_no = '案8'",
         {("is_listed.until_withdrawn", "R-GATE-05")}),
        (_PROFILE, "penalties", "7", "name = '公司1'", {("penalties.of_items", "R-GATE-08")}),
        (_PROFILE, "fines_cny", "801", "name = '公司1'", {("fines_cny.of_items", "R-GATE-08")}),
        (_TIMELY, "within_7_working_days", "within_7_working_days - 1",
         "record_kind = '行政许可'", {("records.late_ones", "R-GATE-08")}),
        (_LATE, "working_days", "7", "true", {("working_days.above_limit", "R-GATE-05")}),
    ],
)  # fmt: skip
def test_credit(
    gate: Gate, city: City, product: str, column: str, value: str, where: str,
    expected: set[tuple[str, str]],
) -> None:  # fmt: skip
    city.set(product, column, value, where)
    assert failures(gate.check(city.request(product))) == {(product, *e) for e in expected}


@pytest.mark.parametrize(
    ("source", "column", "value"),
    [
        (_PENALTY, "has_person_number", "true"),
        (_PENALTY, "person_paper", "'居民身份证'"),
        (_PENALTY, "is_withdrawn", "true"),
        (_PENALTY, "counterparty_kind", "'自然人'"),
        (_PERMIT, "counterparty_kind", "NULL"),
    ],
)
def test_a_person_in_a_public_product_holds_it(
    gate: Gate, city: City, source: str, column: str, value: str
) -> None:
    public = "credit.public_penalty" if source == _PENALTY else "credit.public_permit"
    city.set(source, column, value, _ONE)
    found = failures(gate.check(city.request(public)))
    assert found == {(public, "table.without_persons", "R-GATE-03")}


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("content", "罚款，610203199001010011"),
        ("violation_fact", "身份证６１０２０３１９９００１０１００１１"),
        ("legal_basis", "610203 19900101 001X"),
        ("penalty_kind", "610203-19900101-0011"),
        ("document_no", "号 610203900101001"),
    ],
)
def test_a_number_in_a_public_text_holds_it(gate: Gate, city: City, column: str, text: str) -> None:
    public = "credit.public_penalty"
    city.set(public, column, f"'{text}'", _ONE)
    found = failures(gate.check(city.request(public)))
    assert found == {(public, "table.without_person_numbers", "R-GATE-03")}


def test_a_representative_in_a_public_text_holds_it(gate: Gate, city: City) -> None:
    public = "credit.public_penalty"
    city.set(_PENALTY, "legal_representative_name", "'钱一'", _ONE)
    city.set(public, "content", "'责令钱一改正'", _ONE)
    found = failures(gate.check(city.request(public)))
    assert found == {(public, "table.without_representatives", "R-GATE-03")}


def test_a_night_outside_the_calendar_holds_it(gate: Gate, city: City) -> None:
    city.set(_DAY, "day", "day + INTERVAL 10 YEAR", "true")
    found = failures(gate.check(city.request(_DAY)))
    assert (_DAY, "table.covers_night", "R-CAL-01") in found
