"""Drift against the last release, and reconciliation with the deliveries."""

from __future__ import annotations

import pytest
from gate_city import ENTITY, PERSON, City, failures

from expectations import Gate
from expectations.thresholds import DRIFT

MEMBER = "population.household_member"
HOUSEHOLD = "population/household_registration"


@pytest.mark.parametrize(
    ("before", "fails"),
    [
        ("FROM this WHERE household_no < 'H75'", True),
        ("FROM this UNION ALL (FROM this LIMIT 300)", True),
        ("FROM this UNION ALL (FROM this LIMIT 200)", False),
        ("FROM this LIMIT 499", False),
    ],
    ids=["grew", "shrank", "within", "too few to judge"],
)
def test_rows_change(gate: Gate, city: City, before: str, fails: bool) -> None:
    city.released_before(MEMBER, before)
    wanted = {(MEMBER, "table.row_change", "R-GATE-06")} if fails else set()
    assert failures(gate.check(city.request(MEMBER))) == wanted


@pytest.mark.parametrize(("share", "fails"), [(11, True), (9, False)])
def test_null_share_changes(gate: Gate, city: City, share: int, fails: bool) -> None:
    city.released_before(MEMBER)
    city.set(
        MEMBER,
        "status_date",
        "DATE '2018-01-01'",
        f"right(replace(household_no, 'H', '0'), 2) < '{share:02d}'",
    )
    wanted = {(MEMBER, "status_date.null_change", "R-GATE-07")} if fails else set()
    assert failures(gate.check(city.request(MEMBER))) == wanted


@pytest.mark.parametrize("before", ["FROM this", "FROM this LIMIT 1"])
def test_a_product_that_lost_all_rows(gate: Gate, city: City, before: str) -> None:
    """Held whatever its size; one that was empty before is not."""
    product = "population.marriage"
    city.released_before(product, before)
    city.rewrite(product, "FROM this LIMIT 0")
    wanted = {(product, "table.row_change", "R-GATE-06")}
    assert failures(gate.check(city.request(product))) == wanted
    city.released_before(product)
    assert failures(gate.check(city.request(product))) == set()


@pytest.mark.parametrize("product", sorted(p for p, d in DRIFT.items() if d.may_be_empty))
def test_a_product_that_may_be_empty(gate: Gate, city: City, product: str) -> None:
    city.released_before(product)
    city.rewrite(product, "FROM this LIMIT 0")
    told = {found for found in failures(gate.check(city.request(product))) if "change" in found[1]}
    assert told == set()


def test_columns_that_the_last_release_lacked_do_not_drift(gate: Gate, city: City) -> None:
    city.released_before(PERSON, "SELECT * EXCLUDE (education_code) FROM this")
    assert failures(gate.check(city.request(PERSON))) == set()


def test_columns_that_another_library_fills_may_fill_at_once(gate: Gate, city: City) -> None:
    """The first standard addresses place most people; every other column is still judged."""
    city.released_before(PERSON)
    columns = {"longitude": "109.1", "latitude": "35.1", "address_match_level": "'house_number'"}
    told = ", ".join(f"{value} AS {name}" for name, value in columns.items())
    told = told.replace("109.1", "CAST(109.1 AS DECIMAL(9,6))")
    told = told.replace("35.1", "CAST(35.1 AS DECIMAL(9,6))")
    city.rewrite(PERSON, f"SELECT * REPLACE ({told}, NULL::VARCHAR AS ethnic_code) FROM this")
    wanted = {(PERSON, "ethnic_code.null_change", "R-GATE-07")}
    assert failures(gate.check(city.request(PERSON))) == wanted


def test_thresholds_of_a_product(gate: Gate, city: City) -> None:
    """Objections may change by half; small products are not judged."""
    product = "population.objection"
    city.released_before(product, "FROM this LIMIT 1")
    assert failures(gate.check(city.request(product))) == set()


@pytest.mark.parametrize(
    ("column", "value", "fails"),
    [
        ("raw_rows", "899", {(PERSON, "reconciliation.rows")}),
        ("raw_rows", "NULL", {(PERSON, "reconciliation.rows"),
                              (PERSON, "reconciliation.current_records")}),
        ("ledger_rows", "NULL", {(PERSON, "reconciliation.rows")}),
        ("identified", "799", {(PERSON, "reconciliation.mentions")}),
        ("mentions", "NULL", {(PERSON, "reconciliation.mentions"),
                              (PERSON, "reconciliation.mentions_per_record")}),
        ("current_records", "901", {(PERSON, "reconciliation.current_records"),
                                    (PERSON, "reconciliation.mentions_per_record")}),
    ],
)  # fmt: skip
def test_counts_that_do_not_balance(
    gate: Gate, city: City, column: str, value: str, fails: set[tuple[str, str]]
) -> None:
    city.set_counts(column, value, HOUSEHOLD)
    wanted = {(*one, "R-GATE-08") for one in fails}
    assert failures(gate.check(city.request(PERSON))) == wanted


def test_products_are_reconciled_over_their_own_extracts(gate: Gate, city: City) -> None:
    city.set_counts("raw_rows", "899", HOUSEHOLD)
    judged = ("population.household", "population.marriage", ENTITY)
    wanted = {("population.household", "reconciliation.rows", "R-GATE-08")}
    assert failures(gate.check(city.request(*judged))) == wanted


def test_an_extract_without_deliveries_has_no_count(gate: Gate, city: City) -> None:
    for column in ("raw_rows", "current_records", "mentions", "identified", "unresolved"):
        city.set_counts(column, "0", HOUSEHOLD)
    city.set_counts("ledger_rows", "NULL", HOUSEHOLD)
    assert failures(gate.check(city.request(PERSON))) == set()


def test_unresolved_records_that_were_lost(gate: Gate, city: City) -> None:
    product = "population.unresolved_record"
    city.rewrite(product, "FROM this WHERE record_key <> 'C1'")
    wanted = {(product, "reconciliation.unresolved", "R-GATE-08")}
    assert failures(gate.check(city.request(product))) == wanted


def test_no_reconciliation_is_a_failure(gate: Gate, city: City) -> None:
    city.has_reconciliation = False
    wanted = {(PERSON, "reconciliation.present", "R-GATE-08")}
    assert failures(gate.check(city.request(PERSON))) == wanted
