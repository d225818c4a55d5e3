"""One good city, and one counterexample per rule and kind with exactly what must fail."""

from __future__ import annotations

import pytest
import shapely
from gate_city import ENTITY, PERSON, City, failures

from catalog import catalog
from expectations import Gate

ID_A = f"'{'a' * 26}'"


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


# Per round: product, column, new value, in which rows, what fails (expectation to rule number).
# Cases of one round touch different rows or columns, and no two of them break the same expectation.
_IDENTIFIER, _SUCCESSION = "population.person_identifier", "population.person_succession"
_TWO = "name IN ('张1', '张2')"  # more than a thousandth of the rows
ROUNDS = {
    "values": [
        (PERSON, "sex_code", "'7'", "name = '张5'", {"sex_code.in_code_list": 3}),
        (PERSON, "ethnic_code", "'77'", "name = '张5'", {"ethnic_code.in_code_list": 3}),
        (PERSON, "registration_status", "'不在'", "name = '张5'",
         {"registration_status.in_values": 3}),
        (PERSON, "birth_date", "DATE '1879-12-31'", _TWO, {"birth_date.range": 5}),
        (PERSON, "death_date", "DATE '1900-01-01'", "name IN ('张3', '张4')",
         {"death_date.not_before_birth_date": 5, "is_deceased.when_death_date": 5}),
        (PERSON, "is_administrative_resident", "false", "name = '张6'",
         {"is_administrative_resident.when_registered": 5}),
        (PERSON, "registered_county_code", "'610204'", "name = '张6'",
         {"registered_county_code.of_registered_division_code": 3,
          "registered_reporting_unit_code.of_county": 3}),
        (_IDENTIFIER, "extract", "'population/census'", "identifier_value = min_",
         {"extract.known": 3}),
        (_IDENTIFIER, "last_seen_date", "DATE '2018-03-28'", "identifier_value = min_",
         {"last_seen_date.not_before_first_seen_date": 5}),
        ("population.household", "member_count", "2", "household_no = 'H1'",
         {"member_count.of_members": 8}),
        ("population.household", "head_person_id", "max(head_person_id) OVER ()",
         "household_no = 'H2'", {"head_person_id.is_member": 8}),
        ("population.household_member", "household_relation_code", "'XX'", "household_no = 'H1'",
         {"household_relation_code.in_code_list": 3}),
        ("population.marriage", "registered_date", "DATE '2081-05-01'", "registration_no = 'M0'",
         {"registered_date.not_in_future": 5}),
        ("population.objection", "provider", "'tax'", "record_key = 'K2'", {"extract.known": 3}),
        (ENTITY, "industry_code", "'ZZZZ'", "name = '公司1'", {"industry_code.in_code_list": 3}),
        (ENTITY, "registered_capital_cny", "-1", "name = '公司1'",
         {"registered_capital_cny.range": 5}),
        (ENTITY, "closed_date", "DATE '2009-01-01'", "name = '公司1'",
         {"closed_date.not_before_established_date": 5}),
        ("legal_entity.objection", "rule_id", "'R-POP-02'", "true", {"rule_id.in_values": 3}),
    ],
    "licences": [
        ("e_licence.licence", "is_long_term", "true", "licence_identifier = 'L1'",
         {"is_long_term.without_end": 5}),
        ("e_licence.licence", "status_code", "'04'", "licence_identifier = 'L2'",
         {"is_in_force.by_status_and_date": 5}),
        ("e_licence.licence", "issued_date", "DATE '2018-04-01'", "licence_identifier = 'L3'",
         {"issued_date.not_in_future": 5}),
        ("e_licence.licence", "licence_type_code", "'T9'", "licence_identifier = 'L4'",
         {"licence_type_code.references.e_licence.licence_type.licence_type_code": 4}),
        ("e_licence.licence_holder", "licence_identifier", "'LX'", "licence_identifier = 'L5'",
         {"table.covers_licences": 8,
          "licence_identifier.references.e_licence.licence.licence_identifier": 4}),
        ("e_licence.licence_holder", "person_id", ID_A, "licence_identifier = 'L6'",
         {"table.one_kind": 3}),
        ("e_licence.licence_holder", "link_status", "'库中没有'", "licence_identifier = 'L7'",
         {"link_status.of_ids": 3}),
        ("e_licence.licence_type", "name", "NULL", "licence_type_code = 'T1'",
         {"table.rules_when_listed": 2}),
        ("e_licence.objection", "provider", "'tax'", "record_key = 'L12'", {"extract.known": 3}),
        ("e_licence.objection", "counterpart_extract", "'population/census'",
         "record_key = 'L2'", {"counterpart_extract.known": 3}),
    ],
    "keys and forms": [
        (PERSON, "person_id", "NULL", "name = '张1'", {"person_id.not_null": 1}),
        (PERSON, "person_id", "upper(person_id)", "name = '张2'", {"person_id.pattern": 3}),
        (PERSON, "is_deceased", "NULL", "name = '张1'", {"is_deceased.not_null": 2}),
        (PERSON, "resident_id", "'61020319800101'", "name = '张3'", {"resident_id.pattern": 3}),
        (PERSON, "resident_id", "min_", "name IN ('张1', '张2')", {"resident_id.unique": 1}),
        (PERSON, "birth_date", "DATE '2018-04-01'", _TWO, {"birth_date.range": 5}),
        (ENTITY, "uscc", "min_", "name = '公司1'",
         {"uscc.unique": 1, "organisation_code.in_uscc": 3}),
        (ENTITY, "uscc", "'I1610200' || organisation_code || 'X'", "name = '公司2'",
         {"uscc.pattern": 3}),
    ],
    "relations": [
        (_IDENTIFIER, "person_id", ID_A, "identifier_value = min_",
         {"person_id.references.population.person.person_id": 4, "table.covers_resident_ids": 8}),
        (_IDENTIFIER, "identifier_value", "min_", "right(identifier_value, 2) = '02'",
         {"identifier_value.one_person": 1, "identifier_kind+identifier_value+extract.unique": 1}),
        (_SUCCESSION, "old_id", "new_id", "old_id = min_",
         {"old_id.retired": 1, "new_id.final": 1}),
        ("population.household_member", "household_no", "'H0'", "household_no = 'H1'",
         {"table.covers_households": 8}),
        ("population.marriage", "wife_person_id", ID_A, "registration_no = 'M0'",
         {"wife_person_id.references.population.person.person_id": 4}),
        ("legal_entity.legal_entity_identifier", "entity_id", ID_A, "identifier_value = min_",
         {"entity_id.references.legal_entity.legal_entity.entity_id": 4, "table.covers_uscc": 8,
          "table.covers_entities": 2}),
    ],
}  # fmt: skip
_HISTORY, _STATEMENT = "population.person_history", "population.person_statement"
_TODAY = f"table.current_rows_of.{PERSON}"
ROUNDS |= {
    "histories": [
        (_HISTORY, "is_current", "false", "name = '张1'", {_TODAY: 8}),
        (_HISTORY, "valid_from", "DATE '2018-04-01'", "name = '张2'",
         {"valid_from.not_in_future": 5}),
        (_HISTORY, "valid_to", "valid_from", "name = '张3'",
         {"valid_to.after_valid_from": 5, "is_current.when_open": 5}),
        ("legal_entity.legal_entity_history", "name", "'乙'", "name = '公司1'",
         {f"table.current_rows_of.{ENTITY}": 8}),
        (_STATEMENT, "provider", "'tax'", "record_key = '1'", {"extract.known": 3}),
        (_STATEMENT, "known_until", "TIMESTAMP '2018-03-01 00:00:00'", "record_key = '2'",
         {"known_until.not_before_known_at": 5}),
        (_STATEMENT, "is_stated", "false", "record_key = '3'", {"attribute_value.when_stated": 5}),
    ],
    "a period that begins before the last one ends": [
        (_HISTORY, "person_id", "(SELECT min(person_id) FROM this)",
         "person_id IN (SELECT DISTINCT person_id FROM this ORDER BY 1 LIMIT 2)",
         {"person_id+valid_from.unique": 1, "valid_from.no_overlap": 1, _TODAY: 8}),
    ],
}  # fmt: skip
_DIVISION, _BOUNDARY = "geospatial.division", "geospatial.division_boundary"
_ADDRESS, _PARCEL = "geospatial.standard_address", "geospatial.land_parcel"
_HOLDER = "geospatial.land_parcel_holder"
_BOWTIE = shapely.Polygon([(109, 35), (109.5, 36), (109.5, 35), (109, 36)])
_INVALID = f"from_hex('{shapely.to_wkb(_BOWTIE, hex=True)}')"
_OF = "(SELECT any_value(geometry) FILTER (WHERE division_code = '{}') FROM this)"
ROUNDS |= {
    "places": [
        (_DIVISION, "valid_to", "NULL", "name = '郊区'", {"valid_from.one_in_force": 1}),
        (_DIVISION, "county_code", "'610203'", "name = '咸丰路街道'",
         {"county_code.of_division_code": 3}),
        (_DIVISION, "reporting_unit_code", "'610202'", "name = '印台区'",
         {"reporting_unit_code.of_county": 3}),
        (_ADDRESS, "is_division_consistent", "false", "right(address_code, 1) IN ('1', '2')",
         {"is_division_consistent.share": 21}),
        (_ADDRESS, "is_division_consistent", "NULL", "address_code = 'A5'",
         {"is_division_consistent.when_located": 2}),
        (_ADDRESS, "county_code", "'610204'", "address_code = 'A5'",
         {"county_code.of_division_code": 3}),
        (_PARCEL, "division_code", "'610204'", "right(parcel_code, 1) = '1'",
         {"parcel_code.of_number": 3}),
        (_PARCEL, "geometry", _INVALID, "right(parcel_code, 1) = '2'", {"geometry.valid": 21}),
        (_HOLDER, "holder_position", "3", "holder_position = 2", {"holder_position.gapless": 8}),
        (_HOLDER, "link_state", "'已关联'", "holder_position > 1", {"link_state.when_linked": 3}),
        (_HOLDER, "person_id", ID_A, "holder_name = '公司3'",
         {"entity_id.or_person_id": 1, "person_id.references.population.person.person_id": 4}),
        (PERSON, "longitude", "CAST(109 AS DECIMAL(9,6))", "name = '张1'",
         {"longitude.when_matched": 2}),
        (PERSON, "registered_reporting_unit_code", "'610204'", "name = '张2'",
         {"registered_reporting_unit_code.of_county": 3}),
        (ENTITY, "address_match_level", "'house_number'", "name = '公司4'",
         {"longitude.when_matched": 2}),
        ("geospatial.objection", "provider", "'tax'", "record_key = 'A1'", {"extract.known": 3}),
    ],
    "a period that ends before it begins": [
        (_DIVISION, "valid_to", "DATE '1970-01-01'", "name = '郊区'",
         {"valid_to.not_before_valid_from": 5}),
    ],
    "an invalid boundary": [
        (_BOUNDARY, "geometry", _INVALID, "division_code = '610222'", {"geometry.valid": 21,
         "area_km2.of_city": 21, "geometry.counties_fill_city": 21}),
    ],
    "one county twice and one not at all": [
        (_BOUNDARY, "geometry", _OF.format("610202"), "division_code = '610203'",
         {"geometry.no_overlap": 21, "area_km2.of_city": 21, "geometry.counties_fill_city": 21}),
    ],
    "a city that is not the union of its counties": [
        (_BOUNDARY, "geometry", _OF.format("610202"), "division_code = '610200'",
         {"geometry.counties_fill_city": 21}),
    ],
}  # fmt: skip
LEAST = {
    PERSON: "resident_id",
    ENTITY: "uscc",
    _SUCCESSION: "old_id",
    "population.person_attribute": "record_key",
}


_ATTRIBUTE = "population.person_attribute"
_OF_ONE = "record_key = min_ AND attribute"
ROUNDS |= {
    "one source per value": [
        # the published name is another one
        (_ATTRIBUTE, "attribute_value", "'别名'", f"{_OF_ONE} = 'name'",
         {"attribute_value.published": 8, "table.covers_values": 8}),
        (_ATTRIBUTE, "chosen_because", "NULL", f"{_OF_ONE} = 'sex_code'",
         {"chosen_because.when_chosen": 8}),
        # the value of birth date has no chosen candidate, that of ethnic code two
        (_ATTRIBUTE, "attribute", "'ethnic_code'", f"{_OF_ONE} = 'birth_date'",
         {"is_chosen.once": 1, "person_id+attribute+extract+record_key+role+method.unique": 1}),
        (_ATTRIBUTE, "extract", "'population/census'", f"{_OF_ONE} = 'name'",
         {"extract.known": 3}),
    ],
}  # fmt: skip

_PERSON_LINK, _ENTITY_LINK = "population.person_link", "legal_entity.legal_entity_link"
ROUNDS |= {
    "whose a record is": [
        (_PERSON_LINK, "link_kind", "'likelihood'", "record_key = 'P1'",
         {"match_probability.of_likelihood": 1}),
        (_PERSON_LINK, "person_id", "(SELECT person_id FROM this WHERE record_key = 'P2')",
         "record_key = 'P3'", {"person_id.each_has_a_record": 8}),
        (_PERSON_LINK, "extract", "'population/census'", "record_key = 'P4'",
         {"extract.known": 3}),
        (_ENTITY_LINK, "model_version", "'m'", "record_key = 'E1'",
         {"match_probability.of_likelihood": 1}),
        (_ENTITY_LINK, "entity_id", "(SELECT entity_id FROM this WHERE record_key = 'E2')",
         "record_key = 'E3'", {"entity_id.each_has_a_record": 8}),
        (_ENTITY_LINK, "extract", "'legal_entity/census'", "record_key = 'E4'",
         {"extract.known": 3}),
        # two ways from one old id
        (_SUCCESSION, "old_id", "min_", "old_id = (SELECT max(old_id) FROM this)",
         {"old_id.one_successor": 1}),
    ],
}  # fmt: skip
LEAST |= {_PERSON_LINK: "record_key", _ENTITY_LINK: "record_key"}


@pytest.mark.parametrize("name", ROUNDS)
def test_counterexamples(gate: Gate, city: City, name: str) -> None:
    wanted: set[tuple[str, str, str]] = set()
    for product, column, value, where, expected in ROUNDS[name]:
        least = f"(SELECT min({LEAST.get(product, 'identifier_value')}) FROM this)"
        city.set(product, column, value.replace("min_", least), where.replace("min_", least))
        fails = {(product, id_, f"R-GATE-{rule:02}") for id_, rule in expected.items()}
        assert not fails & wanted
        wanted |= fails
    records = gate.check(city.request(*sorted({case[0] for case in ROUNDS[name]})))
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
    judged = ("population.household", "population.person_identifier")
    assert failures(gate.check(city.request(*judged))) == set()


OBSERVATION, LATEST = "macro_economy.observation", "macro_economy.latest"
FISCAL = "macro_economy.fiscal"
_FIRST = "indicator_code = 'GDP' AND period = '2018Q1' AND division_code = "


@pytest.mark.parametrize(
    ("product", "column", "value", "where", "expected"),
    [
        (OBSERVATION, "value", "121", "indicator_code = 'CPI_YOY'",
         {("value.index_near_100", "R-MAC-06")}),
        (OBSERVATION, "value", "201", _FIRST + "'610200'",
         {("value.cumulative_does_not_fall", "R-MAC-08"),
          ("value.counties_add_up", "R-MAC-09")}),
        (OBSERVATION, "value", "76", _FIRST + "'610222'",
         {("value.cumulative_does_not_fall", "R-MAC-08"),
          ("value.counties_add_up", "R-MAC-09")}),
        (OBSERVATION, "is_latest", "false", "indicator_code = 'CPI_YOY'",
         {("is_latest.once", "R-GATE-01")}),
        (OBSERVATION, "revision_no", "2", "indicator_code = 'CPI_YOY'",
         {("revision_no.counts_releases", "R-GATE-01")}),
        (OBSERVATION, "is_derived", "true", "indicator_code = 'CPI_YOY'",
         {("is_derived.of_current_levels", "R-GATE-03")}),
        (OBSERVATION, "period", "'2018M3'", "indicator_code = 'CPI_YOY'",
         {("period.pattern", "R-GATE-03")}),
        (OBSERVATION, "period_end", "period_start", "indicator_code = 'CPI_YOY'",
         {("period_end.after_period_start", "R-GATE-05")}),
        (LATEST, "value", "103", "indicator_code = 'CPI_YOY'",
         {("table.covers_observations", "R-GATE-08"),
          ("revision.of_first_value", "R-GATE-05")}),
        (FISCAL, "cumulative_amount_cny", "9", "period = '2018-03'",
         {("cumulative_amount_cny.does_not_fall", "R-MAC-08")}),
        ("macro_economy.indicator", "name", "'地区生产总值'", "true",
         {("name.unique", "R-GATE-01")}),
    ],
)  # fmt: skip
def test_macro_economy(
    gate: Gate, city: City, product: str, column: str, value: str, where: str,
    expected: set[tuple[str, str]],
) -> None:  # fmt: skip
    city.set(product, column, value, where)
    assert failures(gate.check(city.request(product))) == {(product, *e) for e in expected}


_AIR_HOURLY, _AIR_DAILY = "environment.air_quality_hourly", "environment.air_quality_daily"
_ANNUAL, _SAMPLE = "environment.air_quality_annual", "environment.surface_water_sample"
_WATER, _EXCEEDED = "environment.surface_water", "environment.emission_exceedance"
_MONITORED = "environment.emission_monitoring"


@pytest.mark.parametrize(
    ("product", "column", "value", "where", "expected"),
    [
        (_AIR_HOURLY, "aqi", "81", "station_code = 'A1'", {("aqi.highest_part", "R-GATE-05")}),
        (_AIR_HOURLY, "aqi", "50", "station_code = 'A1'",
         {("aqi.highest_part", "R-GATE-05"), ("primary_pollutant.above_50", "R-GATE-02")}),
        (_AIR_HOURLY, "aqi_category", "NULL", "station_code = 'A1'",
         {("aqi_category.of_aqi", "R-GATE-02")}),
        (_AIR_HOURLY, "observed_date", "DATE '2018-03-29'", "station_code = 'A1'",
         {("observed_at.whole_hour", "R-GATE-03")}),
        (_AIR_DAILY, "station_code", "'B1'", "station_code = 'A1'",
         {("table.covers_hours", "R-GATE-08")}),
        (_AIR_DAILY, "is_city", "true", "station_code = 'A1'", {("is_city.of_code", "R-GATE-01")}),
        (_AIR_DAILY, "pm25_hours", "19", "station_code = 'A1'",
         {("pm25_ug_m3.of_twenty_hours", "R-GATE-05")}),
        (_ANNUAL, "days", "323", "station_code = 'A1'", {("is_valid.of_counts", "R-GATE-05")}),
        (_ANNUAL, "percentile_value", "76", "station_code = 'A1'",
         {("is_compliant.of_limits", "R-GATE-05")}),
        (_SAMPLE, "value", "0.04", "section_code = 'S1' AND is_below_detection",
         {("value.half_of_detection_limit", "R-GATE-05")}),
        (_SAMPLE, "value", "14.1", "section_code = 'S1' AND item_name = 'pH值'",
         {("value.ph_range", "R-GATE-05")}),
        (_WATER, "section_code", "'T1'", "section_code = 'S1'",
         {("table.covers_samples", "R-GATE-08")}),
        (_WATER, "water_class", "NULL", "section_code = 'S1'",
         {("water_class.of_items", "R-GATE-02")}),
        (_MONITORED, "entity_id", "NULL", "outlet_code = 'O3'",
         {("link_status.of_entity", "R-GATE-02")}),
        (_EXCEEDED, "concentration", "50", "true", {("concentration.above_limit", "R-GATE-05")}),
        (_EXCEEDED, "observed_date", "DATE '2018-03-28'", "true",
         {("table.covers_monitoring", "R-GATE-08")}),
    ],
)  # fmt: skip
def test_environment(
    gate: Gate, city: City, product: str, column: str, value: str, where: str,
    expected: set[tuple[str, str]],
) -> None:  # fmt: skip
    city.set(product, column, value, where)
    assert failures(gate.check(city.request(product))) == {(product, *e) for e in expected}


_EMPLOYER, _ENROLMENT = "social_security.employer", "social_security.enrolment"
_BY_EMPLOYER = "social_security.contribution_by_employer"
_BY_ENTITY = "social_security.contribution_by_entity"
_BENEFIT, _CONFLICT = (
    "social_security.benefit_by_division", "social_security.conflicting_enrolment",
)  # fmt: skip
_BY_GROUP = "social_security.coverage_by_group"
_BY_DIVISION = "social_security.coverage_by_division"


@pytest.mark.parametrize(
    ("product", "column", "value", "where", "expected"),
    [
        (_EMPLOYER, "entity_id", "NULL", "employer_no = 'D8'",
         {("link_status.of_entity", "R-GATE-02")}),
        (_ENROLMENT, "person_id", "NULL", "enrolment_no = 'C1'",
         {("person_link_status.of_person", "R-GATE-02")}),
        (_ENROLMENT, "employer_link_status", "'已关联'", "enrolment_no = 'C1'",
         {("employer_link_status.of_entity", "R-GATE-02")}),
        (_ENROLMENT, "end_month", "DATE '2014-12-01'", "enrolment_no = 'C1'",
         {("end_month.not_before_start", "R-GATE-05")}),
        (_BY_EMPLOYER, "arrears_cny", "99", "employer_no = 'D8'",
         {("arrears_cny.of_due_and_received", "R-GATE-05")}),
        (_BY_EMPLOYER, "entity_id", "NULL", "employer_no = 'D8'",
         {("link_status.of_entity", "R-GATE-02")}),
        (_BY_ENTITY, "due_cny", "999", "true", {("table.equals_accounts", "R-GATE-08")}),
        (_BENEFIT, "paid_cny", "901", "true",
         {("paid_cny.of_gross_and_recovered", "R-GATE-05")}),
        (_BENEFIT, "payments", "799", "true", {("table.all_payments", "R-GATE-08")}),
        (_CONFLICT, "other_enrolment_no", "'A'", "enrolment_no = 'C3'",
         {("enrolment_no.one_order", "R-GATE-01")}),
        (_CONFLICT, "overlap_to", "DATE '2015-12-01'", "enrolment_no = 'C3'",
         {("overlap_to.not_before_from", "R-GATE-05")}),
        (_BY_GROUP, "enrolled", "101", "sex_code = '1'",
         {("enrolled.of_residents", "R-GATE-05")}),
        (_BY_DIVISION, "enrolled", "99", "true", {("table.equals_groups", "R-GATE-08")}),
        ("credit.entity_credit_profile", "arrears_cny", "5", "name = '公司1'",
         {("arrears_cny.of_items", "R-GATE-08")}),
    ],
)  # fmt: skip
def test_social_security(
    gate: Gate, city: City, product: str, column: str, value: str, where: str,
    expected: set[tuple[str, str]],
) -> None:  # fmt: skip
    city.set(product, column, value, where)
    assert failures(gate.check(city.request(product))) == {(product, *e) for e in expected}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("DATE '2018-01-01' AS death_date, 31::BIGINT AS days_after_death", set()),
        ("DATE '2018-02-01' AS death_date, 1::BIGINT AS days_after_death",
         {("paid_month.after_death", "R-GATE-05"), ("days_after_death.of_dates", "R-GATE-05"),
          ("death_date.of_person", "R-GATE-08")}),
        ("DATE '2018-01-01' AS death_date, 30::BIGINT AS days_after_death",
         {("days_after_death.of_dates", "R-GATE-05")}),
        ("DATE '2018-01-01' AS death_date, 31::BIGINT AS days_after_death, true AS is_recovered",
         {("is_recovered.of_amounts", "R-GATE-05")}),
        ("DATE '2018-01-02' AS death_date, 30::BIGINT AS days_after_death",
         {("death_date.of_person", "R-GATE-08")}),
    ],
)  # fmt: skip
def test_payments_after_death(
    gate: Gate, city: City, change: str, expected: set[tuple[str, str]]
) -> None:
    product = "social_security.payment_after_death"
    city.rewrite(product, f"SELECT * REPLACE ({change}) FROM this")
    assert failures(gate.check(city.request(product))) == {(product, *e) for e in expected}


def test_a_lost_finding_holds(gate: Gate, city: City) -> None:
    finding = "cross_theme.finding"
    lost = "(SELECT min(objection_id) FROM this)"
    city.rewrite(finding, f"FROM this WHERE objection_id <> {lost}")
    assert failures(gate.check(city.request(finding))) == {
        (finding, "table.all_of_the_themes_own", "R-GATE-08")
    }


def test_a_lost_employer_or_enrolment_or_all_contributions_hold(gate: Gate, city: City) -> None:
    city.rewrite(_EMPLOYER, "FROM this WHERE employer_no <> 'D8'")
    city.rewrite(_ENROLMENT, "FROM this WHERE enrolment_no <> 'C1'")
    city.rewrite(_BY_EMPLOYER, "FROM this WHERE false")
    found = failures(gate.check(city.request(_EMPLOYER, _ENROLMENT, _BY_EMPLOYER)))
    assert {(_EMPLOYER, "table.all_records", "R-GATE-08"),
            (_ENROLMENT, "table.all_records", "R-GATE-08"),
            (_BY_EMPLOYER, "table.none_lost", "R-GATE-08")} == found  # fmt: skip


def test_a_year_that_is_not_valid_is_not_judged(gate: Gate, city: City) -> None:
    city.set(_ANNUAL, "days", "323", "true")
    city.set(_ANNUAL, "is_valid", "false", "true")
    assert failures(gate.check(city.request(_ANNUAL))) == {
        (_ANNUAL, "is_compliant.only_when_valid", "R-GATE-02")
    }


def test_a_lost_measurement_holds(gate: Gate, city: City) -> None:
    city.rewrite(_SAMPLE, "FROM this WHERE section_code <> 'S1'")
    assert failures(gate.check(city.request(_SAMPLE))) == {
        (_SAMPLE, "table.all_records", "R-GATE-08")
    }


def test_a_derived_value_beside_a_published_one_holds(gate: Gate, city: City) -> None:
    city.rewrite(
        OBSERVATION,
        "FROM this UNION ALL (SELECT this.* REPLACE ('current' AS value_kind, s AS is_derived, "
        "s AS is_latest, 1 + s::INTEGER AS revision_no, released_date + s::INTEGER AS "
        "released_date) FROM this, (VALUES (true), (false)) AS t(s) "
        "WHERE indicator_code = 'GDP' AND division_code = '610200' AND period = '2018Q1')",
    )
    assert failures(gate.check(city.request(OBSERVATION))) == {
        (OBSERVATION, "is_derived.only_where_none_is_published", "R-GATE-01")
    }


def test_revised_falls_and_small_differences_of_counties_pass(gate: Gate, city: City) -> None:
    """A revision may lower a cumulative value; 45 % less than the city may be true."""
    where = _FIRST + "'610222'"
    city.set(OBSERVATION, "value", "60", where)
    assert failures(gate.check(city.request(OBSERVATION))) == {
        (OBSERVATION, "value.cumulative_does_not_fall", "R-MAC-08")
    }
    city.rewrite(
        OBSERVATION,
        f"FROM this UNION ALL (SELECT * REPLACE (2 AS revision_no, released_date + 30 AS "
        f"released_date) FROM this WHERE {where})",
    )
    city.set(OBSERVATION, "is_latest", "false", where + " AND revision_no = 1")
    assert failures(gate.check(city.request(OBSERVATION))) == set()
