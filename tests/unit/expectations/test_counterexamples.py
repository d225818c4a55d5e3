"""One good city, and one counterexample per rule and kind with exactly what must fail."""

from __future__ import annotations

import pytest
from conftest import ENTITY, PERSON, City, failures
from expectations import Gate

from catalog import catalog

ID_A = f"'{'a' * 26}'"
FIRST = "rowid_ = 0"


def test_the_good_city_passes(gate: Gate, city: City) -> None:
    for product in city.composition:
        city.released_before(product)
    records = gate.check(city.request())
    assert failures(records) == set()
    assert {r.product for r in records} == set(catalog().products)
    assert all(r.unexpected == 0 and r.checked is not None for r in records)
    assert gate.problems == ()


def test_empty_products_pass(gate: Gate, city: City) -> None:
    product = "population.person_succession"
    city.rewrite(product, "FROM this LIMIT 0")
    assert failures(gate.check(city.request(product))) == set()


# product, column, new value, in which rows, what fails: expectation ids with the rule's number
CASES = [
    (PERSON, "person_id", "NULL", "resident_id = min_", {"person_id.not_null": 1}),
    (PERSON, "is_deceased", "NULL", "resident_id = min_", {"is_deceased.not_null": 2}),
    (PERSON, "sex_code", "'7'", "resident_id = min_", {"sex_code.in_code_list": 3}),
    (PERSON, "ethnic_code", "'77'", "resident_id = min_", {"ethnic_code.in_code_list": 3}),
    (PERSON, "registration_status", "'不在'", "resident_id = min_", {"registration_status.in_values": 3}),
    (PERSON, "person_id", "upper(person_id)", "resident_id = min_", {"person_id.pattern": 3}),
    (PERSON, "resident_id", "'61020319800101'", "resident_id = min_", {"resident_id.pattern": 3}),
    (PERSON, "resident_id", "min_", "name IN ('张1', '张2')", {"resident_id.unique": 1}),
    (PERSON, "birth_date", "DATE '1879-12-31'", "name IN ('张1', '张2')", {"birth_date.range": 5}),
    (PERSON, "birth_date", "DATE '2018-04-01'", "name IN ('张1', '张2')", {"birth_date.range": 5}),
    (PERSON, "death_date", "DATE '1900-01-01'", "name IN ('张1', '张2')",
     {"death_date.not_before_birth_date": 5, "is_deceased.when_death_date": 5}),
    (PERSON, "is_administrative_resident", "false", "name = '张1'",
     {"is_administrative_resident.when_registered": 5}),
    (PERSON, "first_seen_date", "DATE '2018-04-01'", "name = '张1'",
     {"first_seen_date.not_in_future": 5}),
    (PERSON, "registered_county_code", "'610204'", "name = '张1'",
     {"registered_county_code.of_registered_division_code": 3}),
    ("population.person_identifier", "person_id", ID_A, "identifier_value = min_",
     {"person_id.references.population.person.person_id": 4, "table.covers_resident_ids": 8}),
    ("population.person_identifier", "extract", "'population/census'", "identifier_value = min_",
     {"extract.known": 3}),
    ("population.person_identifier", "last_seen_date", "DATE '2018-03-28'",
     "identifier_value = min_", {"last_seen_date.not_before_first_seen_date": 5}),
    ("population.person_succession", "new_id", "old_id", "true",
     {"new_id.final": 1, "new_id.references.population.person.person_id": 4}),
    ("population.person_succession", "old_id", "new_id", "old_id = min_",
     {"old_id.retired": 1, "new_id.final": 1}),
    ("population.household", "member_count", "2", "household_no = 'H1'",
     {"member_count.of_members": 8}),
    ("population.household", "member_count", "0", "household_no = 'H1'",
     {"member_count.range": 5, "member_count.of_members": 8}),
    ("population.household_member", "household_no", "'H0'", "household_no = 'H1'",
     {"table.covers_households": 8}),
    ("population.marriage", "wife_person_id", ID_A, "registration_no = 'M0'",
     {"wife_person_id.references.population.person.person_id": 4}),
    ("population.marriage", "registered_date", "DATE '2081-05-01'", "registration_no = 'M0'",
     {"registered_date.not_in_future": 5}),
    ("population.objection", "provider", "'tax'", "record_key = 'K2'", {"extract.known": 3}),
    ("population.unresolved_record", "business_date", "DATE '2018-04-01'", "record_key = 'C1'",
     {"business_date.not_in_future": 5}),
    (ENTITY, "uscc", "min_", "name = '公司1'", {"uscc.unique": 1, "organisation_code.in_uscc": 3}),
    (ENTITY, "uscc", "'I1610200000000001X'", "name = '公司1'", {"uscc.pattern": 3}),
    (ENTITY, "industry_code", "'ZZZZ'", "name = '公司1'", {"industry_code.in_code_list": 3}),
    (ENTITY, "registered_capital_cny", "-1", "name = '公司1'", {"registered_capital_cny.range": 5}),
    (ENTITY, "closed_date", "DATE '2009-01-01'", "name = '公司1'",
     {"closed_date.not_before_established_date": 5}),
    (ENTITY, "first_seen_date", "DATE '2018-04-01'", "name = '公司1'",
     {"first_seen_date.not_in_future": 5}),
    ("legal_entity.legal_entity_identifier", "entity_id", ID_A, "identifier_value = min_",
     {"entity_id.references.legal_entity.legal_entity.entity_id": 4, "table.covers_uscc": 8}),
    ("legal_entity.objection", "rule_id", "'R-POP-02'", "true", {"rule_id.in_values": 3}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("product", "column", "value", "where", "expected"),
    CASES,
    ids=[f"{c[0]}-{'-'.join(c[4])}-{n}" for n, c in enumerate(CASES)],
)
def test_counterexample(
    gate: Gate,
    city: City,
    product: str,
    column: str,
    value: str,
    where: str,
    expected: dict[str, int],
) -> None:
    least = {
        PERSON: "resident_id",
        ENTITY: "uscc",
        "population.person_succession": "old_id",
    }.get(product, "identifier_value")
    smallest = f"(SELECT min({least}) FROM this)"
    city.set(product, column, value.replace("min_", smallest), where.replace("min_", smallest))
    wanted = {(product, id_, f"R-GATE-0{rule}") for id_, rule in expected.items()}
    records = gate.check(city.request(product))
    assert failures(records) == wanted
    assert all((r.unexpected or 0) > 0 for r in records if r.status == "failed")


def test_a_key_twice(gate: Gate, city: City) -> None:
    """A compound key; the repeated row has another person, so nothing else is wrong."""
    product = "population.household_member"
    city.rewrite(product, "FROM this UNION ALL (FROM this WHERE household_no = 'H1')")
    key = "household_no+person_id.unique"
    records = gate.check(city.request(product))
    assert failures(records) == {(product, key, "R-GATE-01")}
    assert [r.unexpected for r in records if r.expectation == key] == [2]


def test_dates_of_sources_are_tolerated_in_single_rows(gate: Gate, city: City) -> None:
    city.set(PERSON, "birth_date", "DATE '1779-01-01'", "name = '张1'")
    assert failures(gate.check(city.request(PERSON))) == set()


def test_columns_that_differ_from_the_contract(gate: Gate, city: City) -> None:
    product = "population.marriage"
    city.rewrite(
        product,
        "SELECT * EXCLUDE (wife_name) REPLACE (CAST(registered_date AS TIMESTAMP) AS "
        "registered_date), 1 AS surplus FROM this",
    )
    records = gate.check(city.request(product))
    assert failures(records) == {(product, "table.columns", "R-GATE-11")}
    assert [r.unexpected for r in records if r.status == "failed"] == [3]


def test_a_reference_to_an_absent_product_fails_unless_nothing_refers(
    gate: Gate, city: City
) -> None:
    del city.composition[PERSON]
    product = "population.marriage"
    wanted = {(product, "husband_person_id.references.population.person.person_id", "R-GATE-04")}
    assert failures(gate.check(city.request(product))) == wanted
    city.set(product, "husband_person_id", "NULL", "true")
    assert failures(gate.check(city.request(product))) == set()


def test_cross_checks_see_the_old_version_of_a_held_product(gate: Gate, city: City) -> None:
    """The composition counts: members of a person whom only the held candidate has."""
    city.rewrite(PERSON, "FROM this WHERE name <> '张1'")
    product = "population.household_member"
    wanted = {(product, "person_id.references.population.person.person_id", "R-GATE-04")}
    assert failures(gate.check(city.request(product))) == wanted


def test_an_old_version_with_an_older_contract_does_not_break_others(
    gate: Gate, city: City
) -> None:
    """Columns that came later are NULL in a version that is served but not judged."""
    city.rewrite(PERSON, "SELECT * EXCLUDE (education_code, registered_county_code) FROM this")
    judged = [p for p in city.composition if p != PERSON]
    assert failures(gate.check(city.request(*judged))) == set()
