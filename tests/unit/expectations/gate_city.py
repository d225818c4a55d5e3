"""A small good city as product Parquet files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import shapely

from catalog import catalog
from expectations import GateRequest
from ledger import GateRecord
from tests.unit.expectations.gate_social_security import SOCIAL_SECURITY

FAULTS = ("garbage", "die", "hang")
NIGHT = date(2018, 3, 31)
PERSON, ENTITY = "population.person", "legal_entity.legal_entity"

# Every product as one query over n persons `p` and n/10 entities `e`; columns that are not named
# are NULL. Ids have the alphabet of real ones.
_ID = "lpad(translate({}, '0189', 'abcd'), 26, '{}')"
_P = _ID.format("p.i::VARCHAR", "p")
_E = _ID.format("e.i::VARCHAR", "e")
_RESIDENT = "'61020319' || lpad((p.i % 10000000000)::VARCHAR, 10, '0')"
_USCC = "'91610200' || lpad(e.i::VARCHAR, 9, '0') || 'X'"
# GDP of two quarters in the city (100, 200) and its four counties (25, 50 each); a price index.
_OBSERVATIONS = """SELECT indicator_code, division_code, period, value_kind, 'level' AS measure,
    released_date, indicator_name, make_date(2018, 3 * q - 2, 1) AS period_start,
    last_day(make_date(2018, 3 * q, 1)) AS period_end, value, unit, false AS is_derived,
    true AS is_latest, 1 AS revision_no, false AS is_contradicted, 'statistics' AS provider,
    'macro_economy/monthly_bulletin' AS extract, 'd3' AS delivery_id, q AS line
    FROM (SELECT q, 'GDP' AS indicator_code, '地区生产总值' AS indicator_name,
        division_code, '2018Q' || q AS period, 'cumulative' AS value_kind,
        make_date(2018, 3 * q + 1, 20) AS released_date,
        q * CASE division_code WHEN '610200' THEN 100 ELSE 25 END AS value, '亿元' AS unit
        FROM range(1, 3) AS t(q), (VALUES ('610200'), ('610202'), ('610203'), ('610204'),
        ('610222')) AS d(division_code)
    UNION ALL SELECT 1, 'CPI_YOY', '居民消费价格指数', '610200', '2018-03', 'current',
        DATE '2018-04-12', 102.1, '上年同月=100')"""
_AIR = """'甲' AS station_name, '铜川市' AS area_name, DATE '2018-03-30' AS observed_date,
    60 AS pm25_ug_m3, 10 AS iaqi_so2, 82 AS iaqi_pm25, 82 AS aqi, 2 AS aqi_level,
    '良' AS aqi_category, 'PM2.5' AS primary_pollutant, 'HJ633-2012' AS aqi_standard,
    false AS is_complete, false AS is_corrected, 'environment' AS provider, 'd5' AS delivery_id,
    e.i AS line"""
_EMISSION = f"""{_USCC} AS uscc, 'w01018' AS factor_code, DATE '2018-03-29' AS observed_date,
    {_E} AS entity_id, '已关联' AS link_status, '公司' AS entity_name, '化学需氧量' AS factor_name,
    50 AS limit_value, 'mg/L' AS unit, 'd5' AS delivery_id, e.i * 8 + n AS line"""
GOOD = {
    "population.person": f"""SELECT {_P} AS person_id, {_RESIDENT} AS resident_id,
        '张' || p.i AS name, (1 + p.i % 2)::VARCHAR AS sex_code, '01' AS ethnic_code,
        DATE '1950-01-01' + (p.i % 20000)::INTEGER AS birth_date,
        '610203' AS birthplace_division_code, '610203001' AS registered_division_code,
        '610203' AS registered_county_code, '610203' AS registered_reporting_unit_code,
        '正阳路' || p.i || '号' AS registered_address,
        '正常' AS registration_status, true AS is_registered,
        true AS is_administrative_resident, CASE WHEN p.i % 3 > 0 THEN '20' END
        AS marital_status_code, p.i = 0 AS is_deceased,
        CASE WHEN p.i = 0 THEN DATE '2018-01-01' END AS death_date,
        DATE '2018-03-29' AS first_seen_date,
        TIMESTAMP '2018-03-28 10:00:00' AS updated_at FROM p""",
    "population.person_identifier": f"""SELECT 'resident_id' AS identifier_kind,
        {_RESIDENT} AS identifier_value, 'population/household_registration' AS extract,
        {_P} AS person_id, DATE '2018-03-29' AS first_seen_date,
        DATE '2018-03-30' AS last_seen_date FROM p""",
    "population.person_succession": f"""SELECT {_ID.format("p.i::VARCHAR", "o")} AS old_id,
        {_P} AS new_id, '新的关联' AS reason, DATE '2018-03-29' AS since FROM p
        WHERE p.i % 100 = 0""",
    "population.person_link": f"""SELECT 'population/household_registration' AS extract,
        'P' || p.i AS record_key, '本人' AS role, {_P} AS person_id, 'number' AS link_kind,
        'public_security' AS provider, DATE '2018-03-29' AS business_date, 'd0' AS delivery_id,
        p.i AS line FROM p""",
    "population.unresolved_record": """SELECT 'population/cremation' AS extract,
        'C' || p.i AS record_key, '本人' AS role, '信息不足' AS reason,
        'civil_affairs' AS provider, DATE '2018-03-29' AS business_date, 'd1' AS delivery_id,
        p.i AS line FROM p WHERE p.i % 100 = 1""",
    "population.household": f"""SELECT 'H' || p.i AS household_no, '家庭户' AS household_type,
        '610203001' AS registered_division_code, '610203' AS registered_county_code,
        {_P} AS head_person_id, 1 AS member_count,
        TIMESTAMP '2018-03-28 10:00:00' AS updated_at FROM p""",
    "population.household_member": f"""SELECT 'H' || p.i AS household_no, {_P} AS person_id,
        '01' AS household_relation_code, TIMESTAMP '2018-03-28 10:00:00' AS updated_at FROM p""",
    "population.marriage": f"""SELECT 'M' || p.i AS registration_no, '结婚' AS registration_type,
        {_P} AS husband_person_id, DATE '2001-05-01' AS registered_date, false AS is_corrected
        FROM p WHERE p.i % 5 = 0""",
    "population.objection": f"""SELECT {_ID.format("p.i::VARCHAR", "x")} AS objection_id,
        'R-POP-02' AS rule_id, 'health' AS provider, 'population/death_certificate' AS extract,
        'K' || p.i AS record_key, 'name' AS attribute, DATE '2018-03-29' AS opened_date,
        'population/household_registration' AS counterpart_extract, {_P} AS person_id
        FROM p WHERE p.i % 100 = 2""",
    "legal_entity.legal_entity": f"""SELECT {_E} AS entity_id, {_USCC} AS uscc,
        substr({_USCC}, 9, 9) AS organisation_code, '公司' || e.i AS name, '企业' AS entity_kind,
        '1100' AS entity_type_code, 1000000 AS registered_capital_cny, '0111' AS industry_code,
        'A' AS industry_section, '610203' AS division_code, '610203' AS county_code,
        '1' AS registration_status_code, DATE '2010-01-01' AS established_date,
        'legal_entity/enterprise_registration' AS authority_extract,
        DATE '2018-03-29' AS first_seen_date, TIMESTAMP '2018-03-28 10:00:00' AS updated_at
        FROM e""",
    "legal_entity.legal_entity_identifier": f"""SELECT 'uscc' AS identifier_kind,
        {_USCC} AS identifier_value, 'legal_entity/enterprise_registration' AS extract,
        {_E} AS entity_id, DATE '2018-03-29' AS first_seen_date,
        DATE '2018-03-30' AS last_seen_date FROM e""",
    "legal_entity.legal_entity_succession": f"""SELECT {_ID.format("e.i::VARCHAR", "o")} AS old_id,
        {_E} AS new_id, '新的关联' AS reason, DATE '2018-03-29' AS since FROM e
        WHERE e.i % 100 = 0""",
    "legal_entity.legal_entity_link": f"""SELECT 'legal_entity/enterprise_registration' AS extract,
        'E' || e.i AS record_key, {_E} AS entity_id, 'code' AS link_kind,
        'market_regulation' AS provider, DATE '2018-03-29' AS business_date, 'd2' AS delivery_id,
        e.i AS line FROM e""",
    "legal_entity.unresolved_record": """SELECT 'legal_entity/tax_registration' AS extract,
        'T' || e.i AS record_key, '没有可用的主体代码' AS reason, 'tax' AS provider,
        DATE '2018-03-29' AS business_date, 'd2' AS delivery_id, e.i AS line FROM e
        WHERE e.i % 10 = 0""",
    "legal_entity.objection": f"""SELECT {_ID.format("e.i::VARCHAR", "x")} AS objection_id,
        'R-LE-01' AS rule_id, 'tax' AS provider, 'legal_entity/tax_registration' AS extract,
        'K' || e.i AS record_key, 'name' AS attribute, DATE '2018-03-29' AS opened_date,
        'legal_entity/enterprise_registration' AS counterpart_extract, {_E} AS entity_id
        FROM e WHERE e.i % 10 = 1""",
    "e_licence.licence_type": """SELECT 'T' || e.i AS licence_type_code, '许可证' || e.i AS name,
        '法人' AS holder_kind, 5 AS validity_years, false AS allows_several_in_force,
        true AS ends_with_holder, true AS is_listed FROM e WHERE e.i < 3""",
    "e_licence.licence": f"""SELECT 'L' || e.i AS licence_identifier, '许可证' AS licence_name,
        'T' || (e.i % 3) AS licence_type_code, 'N' || e.i AS licence_no, {_USCC} AS issuer_uscc,
        '行政审批局' AS issuer_name, 1 AS holder_count, DATE '2018-01-01' AS issued_date,
        DATE '2018-01-01' AS valid_from, false AS is_long_term, DATE '2023-01-01' AS valid_to,
        '01' AS status_code, true AS is_in_force, true AS is_identifier_valid,
        true AS is_current_version, TIMESTAMP '2018-03-28 10:00:00' AS updated_at FROM e""",
    "e_licence.licence_holder": f"""SELECT 'L' || e.i AS licence_identifier, 1 AS holder_position,
        '公司' || e.i AS holder_name, '001' AS holder_code_type, {_USCC} AS holder_code,
        {_E} AS entity_id, '已关联' AS link_status FROM e""",
    "e_licence.objection": f"""SELECT {_ID.format("e.i::VARCHAR", "y")} AS objection_id,
        'R-LIC-05' AS rule_id, 'e_government' AS provider, 'e_licence/licence' AS extract,
        'L' || e.i AS record_key, 'status_code' AS attribute, DATE '2018-03-29' AS opened_date,
        'legal_entity/enterprise_registration' AS counterpart_extract, {_E} AS entity_id
        FROM e WHERE e.i % 10 = 2""",
}


def _attributes(domain: str) -> str:
    """A chosen candidate for each value of the domain's main product."""
    matrix = catalog().survivorship[domain]
    product = catalog().products[matrix.product]
    told = GOOD[matrix.product]
    casts = {
        a.attribute: f"CAST(nullif({a.attribute}, {a.otherwise or 'NULL'})"
        f" AS {product.by_name[a.attribute].sql_type})::VARCHAR AS {a.attribute}"
        for a in matrix.attributes
        if f" AS {a.attribute}" in " ".join(told.split())
    }
    key, extract = product.key[0].name, matrix.records[0].extract
    provider = catalog().extracts[extract].provider
    return f"""SELECT {key}, attribute, '{extract}' AS extract, 'K' || {key} AS record_key,
        '本人' AS role, 'stated' AS method, attribute_value, attribute AS source_column,
        '{provider}' AS provider, 'd1' AS delivery_id, 2 AS line, DATE '2018-03-29' AS
        business_date, 1 AS source_level, true AS is_preferred, 1 AS candidate_rank,
        true AS is_chosen, '以登记机关为准' AS chosen_because FROM (UNPIVOT (SELECT {key},
        {", ".join(casts.values())} FROM ({told})) ON {", ".join(casts)}
        INTO NAME attribute VALUE attribute_value)"""


GOOD |= {
    "population.person_attribute": _attributes("population"),
    "legal_entity.legal_entity_attribute": _attributes("legal_entity"),
}
# Four strips that together are the city's 3 882 km², and a city that is their union.
_STRIP = 0.27735
_COUNTIES = ("610202", "610203", "610204", "610222")


def _wkb(west: float, south: float, east: float, north: float) -> str:
    return f"from_hex('{shapely.to_wkb(shapely.box(west, south, east, north), hex=True)}')"


def _boundary(code: str, name: str, shape: str) -> str:
    return (
        f"SELECT '{code}' AS division_code, '{name}' AS name, {shape} AS geometry, 970 AS "
        "area_km2, 109 AS centroid_longitude, 35 AS centroid_latitude, DATE '2018-03-29' AS "
        "surveyed_date, true AS is_listed, false AS is_stale"
    )


_SHAPES = [("610200", "铜川市", _wkb(108.5, 35, 108.5 + 4 * _STRIP, 35.345))] + [
    (code, f"县{n}", _wkb(108.5 + n * _STRIP, 35, 108.5 + (n + 1) * _STRIP, 35.345))
    for n, code in enumerate(_COUNTIES)
]
_UNIT = "'610203001001GB' || lpad(e.i::VARCHAR, 5, '0') || 'F00010001'"
GOOD |= {
    "geospatial.division": """SELECT '610203' AS division_code, DATE '1980-12-31' AS valid_from,
        DATE '2000-01-01' AS valid_to, '郊区' AS name, '县区' AS level, '610203' AS county_code,
        '610203' AS reporting_unit_code, '郊区' AS reporting_unit_name, false AS is_listed,
        false AS is_stale UNION ALL SELECT '610203', DATE '2000-01-01', NULL, '印台区', '县区',
        '610203', '610203', '印台区', true, false UNION ALL SELECT '610204003',
        DATE '2018-01-01', NULL, '咸丰路街道', '乡镇街道', '610204', 'LOCAL-XQ', '铜川市新区',
        true, false""",
    "geospatial.division_boundary": " UNION ALL ".join(_boundary(*told) for told in _SHAPES),
    "geospatial.standard_address": """SELECT 'A' || p.i AS address_code,
        '正阳路' || p.i || '号' AS full_address, '610203001001' AS division_code,
        '610203' AS county_code, 109.1 AS longitude, 35.1 AS latitude,
        'WGS84' AS source_coordinate_system, '610203' AS located_division_code,
        p.i % 10 > 0 AS is_division_consistent, '在用' AS status,
        TIMESTAMP '2018-03-28 10:00:00' AS updated_at FROM p""",
    "geospatial.land_parcel": f"""SELECT {_UNIT} AS real_estate_unit_no,
        substr({_UNIT}, 1, 19) AS parcel_code, '0701' AS land_use_code, 10000 AS area_m2,
        10000 AS geometry_area_m2, {_wkb(109.07, 35.07, 109.071, 35.071)} AS geometry,
        '610203' AS division_code, true AS is_listed, false AS is_stale FROM e""",
    "geospatial.land_parcel_holder": f"""SELECT {_UNIT} AS real_estate_unit_no,
        1 AS holder_position, '公司' || e.i AS holder_name, {_E} AS entity_id,
        '已关联' AS link_state FROM e UNION ALL SELECT {_UNIT}, 2, '某人', NULL,
        '没有证件号码' FROM e WHERE e.i % 2 = 0""",
    "geospatial.objection": f"""SELECT {_ID.format("e.i::VARCHAR", "x")} AS objection_id,
        'R-GEO-51' AS rule_id, 'surveying' AS provider,
        'geospatial/standard_address' AS extract, 'A' || e.i AS record_key,
        'division_code' AS attribute, DATE '2018-03-29' AS opened_date,
        'geospatial/division_boundary' AS counterpart_extract FROM e WHERE e.i % 10 = 1""",
    "macro_economy.indicator": """SELECT * FROM (VALUES
        ('GDP', '地区生产总值', '亿元', 'Q', 'cumulative', '市统计局', true),
        ('CPI_YOY', '居民消费价格指数', '上年同月=100', 'M', 'current', '调查队', false))
        AS t(indicator_code, name, unit, frequency, value_kind, provider, sums_over_divisions)""",
    "macro_economy.observation": _OBSERVATIONS,
    "macro_economy.latest": f"""SELECT *, released_date AS first_released_date,
        value AS first_value, released_date AS last_released_date, 0 AS revision
        FROM ({_OBSERVATIONS})""",
    "macro_economy.fiscal": """SELECT '101' AS budget_item_code, '610200' AS division_code,
        '2018-0' || m AS period, make_date(2018, m + 1, 10) AS released_date,
        '税收收入' AS budget_item_name, '收入' AS flow, make_date(2018, m, 1) AS period_start,
        last_day(make_date(2018, m, 1)) AS period_end, 10 AS current_amount_cny,
        10 * m AS cumulative_amount_cny, true AS is_latest, 1 AS revision_no,
        false AS is_corrected, 'finance' AS provider, 'd4' AS delivery_id, m AS line
        FROM range(1, 5) AS t(m)""",
    "environment.air_quality_hourly": f"""SELECT 'A' || e.i AS station_code,
        TIMESTAMP '2018-03-30 08:00:00' + to_hours(n::INTEGER) AS observed_at, {_AIR}
        FROM e CROSS JOIN range(8) AS t(n)""",
    "environment.air_quality_daily": f"""SELECT 'A' || e.i AS station_code, {_AIR},
        false AS is_city, 1 AS stations, true AS is_valid, 'PM2.5' AS primary_pollutants,
        24 AS so2_hours, 24 AS no2_hours, 24 AS pm10_hours, 24 AS pm25_hours, 24 AS co_hours,
        17 AS o3_8h_means FROM e""",
    "environment.air_quality_annual": """SELECT 'A' || e.i AS station_code, 2017 AS observed_year,
        'PM2.5' AS pollutant, '甲' AS station_name, false AS is_city, 'μg/m3' AS unit, 350 AS days,
        12 AS valid_months, true AS is_valid, 30 AS mean_value, 35 AS mean_limit,
        95 AS percentile_rank, 70 AS percentile_value, 75 AS percentile_limit,
        true AS is_compliant FROM e""",
    "environment.surface_water_sample": """SELECT 'S' || (m // 2) AS section_code,
        DATE '2018-02-01' AS month, CASE m % 2 WHEN 0 THEN 'pH值' ELSE '氨氮' END AS item_name,
        '断面' AS section_name, '漆水河' AS river_name, '河流' AS water_body,
        CASE m % 2 WHEN 0 THEN '7' ELSE '<0.04' END AS value_text,
        CASE m % 2 WHEN 0 THEN 7 ELSE 0.02 END AS value, 'mg/L' AS unit,
        m % 2 = 1 AS is_below_detection, CASE m % 2 WHEN 1 THEN 0.04 END AS detection_limit,
        false AS is_corrected, 'environment' AS provider, 'd5' AS delivery_id, m AS line
        FROM range(800) AS t(m)""",
    "environment.surface_water": """SELECT 'S' || m AS section_code, DATE '2018-02-01' AS month,
        '断面' AS section_name, '漆水河' AS river_name, '河流' AS water_body, 'Ⅰ' AS water_class,
        '优' AS water_quality, 'pH值、氨氮' AS worst_items, 2 AS items_assessed,
        false AS is_complete, 'Ⅲ' AS target_class, true AS is_on_target FROM range(400) AS t(m)""",
    "environment.emission_monitoring": f"""SELECT {_EMISSION}, 'O' || n AS outlet_code,
        CASE n WHEN 0 THEN 60 ELSE 40 END AS concentration, '正常' AS device_status,
        true AS is_valid, false AS is_corrected, 'environment' AS provider,
        DATE '2018-03-29' AS business_date
        FROM e CROSS JOIN range(8) AS t(n)""",
    "environment.emission_exceedance": f"""SELECT {_EMISSION}, 'O0' AS outlet_code,
        60 AS concentration, 0.2 AS times_over FROM e CROSS JOIN range(1) AS t(n)""",
} | SOCIAL_SECURITY
_PARTY = f"""'法人及非法人组织' AS counterparty_kind, '所报' AS counterparty_kind_basis,
    {_E} AS entity_id, '已关联' AS link_status, '公司' || e.i AS counterparty_name,
    {_USCC} AS uscc, false AS has_person_number, DATE '2018-03-20' AS decision_date,
    false AS is_long_term, '某局' AS deciding_body_name, '2018' AS data_standard,
    DATE '2018-03-28' AS first_reached_date, 'environment' AS first_provider,
    false AS is_corrected, 'environment' AS provider, 'd6' AS delivery_id, e.i * 8 + n AS line,
    false AS is_withdrawn"""
_PERMITTED = f"""{_ID.format("(e.i * 8 + n)::VARCHAR", "m")} AS record_id,
    '许〔2018〕' || (e.i * 8 + n) || '号' AS document_no, '普通' AS permit_class,
    '内容' AS content, {_PARTY}"""
_PENALISED = f"""{_ID.format("(e.i * 8 + n)::VARCHAR", "n")} AS record_id,
    '罚〔2018〕' || (e.i * 8 + n) || '号' AS document_no, '警告;罚款' AS penalty_kind,
    false AS is_serious, '内容' AS content, '事实' AS violation_fact, '依据' AS legal_basis,
    100 AS fine_cny, DATE '2019-03-20' AS publicity_until_date,
    '按期限推算' AS publicity_basis, {_PARTY}"""
_EACH = "FROM e CROSS JOIN range(8) AS t(n)"
GOOD |= {
    "calendar.day": """SELECT day, is_working_day, false AS is_holiday, false AS is_make_up_day,
        count(*) FILTER (WHERE is_working_day) OVER (ORDER BY day) AS working_day_no
        FROM (SELECT d::DATE AS day, isodow(d) < 6 AS is_working_day
        FROM range(DATE '2018-01-01', DATE '2019-01-01', INTERVAL 1 DAY) AS t(d))""",
    "credit.administrative_permit": f"SELECT {_PERMITTED} {_EACH}",
    "credit.administrative_penalty": f"SELECT {_PENALISED} {_EACH}",
    "credit.public_permit": f"SELECT {_PERMITTED} {_EACH}",
    "credit.public_penalty": f"SELECT {_PENALISED} {_EACH}",
    "credit.dishonest_judgment_debtor": f"""SELECT
        {_ID.format("(e.i * 8 + n)::VARCHAR", "q")} AS record_id, 1 AS listing_no,
        '案' || (e.i * 8 + n) AS case_no, '公司' || e.i AS debtor_name,
        '法人或其他组织' AS debtor_kind, {_E} AS entity_id, '已关联' AS link_status,
        {_USCC} AS uscc, '法院' AS court_name, '据' AS basis_no, DATE '2018-01-01' AS filed_date,
        DATE '2018-02-01' AS published_date, '全部未履行' AS performance, '情形' AS conduct,
        DATE '2018-03-01' AS listed_from, true AS is_listed, false AS is_stale,
        'court' AS provider, 'd7' AS delivery_id, e.i * 8 + n AS line {_EACH}""",
    "credit.objection": f"""SELECT {_ID.format("e.i::VARCHAR", "y")} AS objection_id,
        'R-CRD-10' AS rule_id, 'environment' AS provider,
        'credit/administrative_penalty' AS extract, '罚〔2018〕' || e.i || '号' AS record_key,
        'cf_xdr_mc' AS attribute, DATE '2018-03-29' AS opened_date,
        'legal_entity/enterprise_registration' AS counterpart_extract, {_E} AS entity_id
        FROM e WHERE e.i % 10 = 0""",
    "credit.disclosure_timeliness": """SELECT 'environment' AS provider,
        DATE '2018-03-01' AS month, kind AS record_kind, 8 * count(*) AS records,
        8 * count(*) - (kind = '行政处罚')::INTEGER AS within_7_working_days, 0 AS not_counted,
        0.99 AS rate, 6.0 AS median_working_days, 7 AS limit_working_days
        FROM e CROSS JOIN (VALUES ('行政许可'), ('行政处罚')) AS t(kind) GROUP BY kind""",
    "credit.late_disclosure": f"""SELECT '行政处罚' AS record_kind, {_PENALISED} ,
        8 AS working_days, 7 AS limit_working_days
        FROM e CROSS JOIN range(1) AS t(n) WHERE e.i = 0""",
    "credit.entity_credit_item": f"""SELECT {_E} AS entity_id, '行政处罚' AS item_kind,
        'credit.administrative_penalty' AS source_product, n::VARCHAR AS source_key, 1 AS source_no,
        100 AS amount_cny, true AS is_current {_EACH}""",
    "credit.entity_credit_profile": f"""SELECT {_E} AS entity_id, {_USCC} AS uscc,
        '公司' || e.i AS name, 0 AS permits, 0 AS permits_valid, 8 AS penalties,
        8 AS penalties_public, 800 AS fines_cny, 0 AS confiscated_cny, 0 AS debtor_listings,
        false AS is_dishonest_debtor, 0 AS exceedances, 0 AS licences_in_force FROM e""",
}
_STATED = """'name' AS attribute, '{extract}' AS extract, {key} AS record_key, '本人' AS role,
    1 AS source_position, 1 AS known_version_no, true AS is_stated, {name} AS attribute_value,
    DATE '2018-03-28' AS event_date, DATE '2018-03-28' AS stated_date, false AS is_document,
    1 AS source_level, true AS is_preferred, 0 AS order_key,
    TIMESTAMP '2018-03-28 10:00:00' AS observed_at, '{provider}' AS provider,
    DATE '2018-03-29' AS business_date, 'd1' AS delivery_id, {key} AS line,
    TIMESTAMP '2018-03-29 20:00:00' AS known_at, CASE WHEN {key} % 10 = 0 THEN
    TIMESTAMP '2018-03-30 20:00:00' END AS known_until, {key} % 10 = 0 AS known_only"""
_PERIOD = "DATE '2018-03-28' AS valid_from, NULL::DATE AS valid_to, true AS is_current"
GOOD |= {
    "population.person_history": f"SELECT *, {_PERIOD} FROM ({GOOD['population.person']})",
    "legal_entity.legal_entity_history": f"SELECT *, {_PERIOD} "
    f"FROM ({GOOD['legal_entity.legal_entity']})",
    "population.person_statement": f"SELECT {_P} AS person_id, "
    + _STATED.format(
        extract="population/household_registration", provider="public_security",
        key="p.i", name="'张' || p.i",
    )
    + " FROM p",
    "legal_entity.legal_entity_statement": f"SELECT {_E} AS entity_id, "
    + _STATED.format(
        extract="legal_entity/enterprise_registration", provider="market_regulation",
        key="e.i", name="'公司' || e.i",
    )
    + " FROM e",
}  # fmt: skip
_UNRESOLVED = {
    "population/cremation": "SELECT count(*) FROM p WHERE p.i % 100 = 1",
    "legal_entity/tax_registration": "SELECT count(*) FROM e WHERE e.i % 10 = 0",
}


@dataclass
class City:
    """A composition in a folder, and what to change in it before it is judged."""

    folder: Path
    people: int = 1000
    previous: dict[str, Path] = field(default_factory=dict)
    has_reconciliation: bool = True

    def __post_init__(self) -> None:
        """Take the city that lies in the folder, or write the good one."""
        self.connection = duckdb.connect()
        self.reconciliation = self.folder / "reconciliation.parquet"
        self.composition = {product: self.folder / f"{product}.parquet" for product in GOOD}
        if not self.reconciliation.exists():
            self._found()

    def _found(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        entities = max(self.people // 10, 1)
        self.connection.execute(f"CREATE TABLE p AS SELECT i FROM range({self.people}) AS t(i)")
        self.connection.execute(f"CREATE TABLE e AS SELECT i FROM range({entities}) AS t(i)")
        for product, sql in GOOD.items():
            self._write(product, sql)
        parts = []
        for extract in catalog().extracts.values():
            unresolved = f"({_UNRESOLVED.get(extract.id, 'SELECT 0')})"
            parts.append(
                f"SELECT '{extract.domain}' AS domain, '{extract.id}' AS extract, 900 AS "
                f"ledger_rows, 900 AS raw_rows, 800 AS current_records, 800 + {unresolved} AS "
                f"mentions, 800 AS identified, {unresolved} AS unresolved"
            )
        self._copy(" UNION ALL ".join(parts), self.reconciliation)

    def _copy(self, sql: str, path: Path) -> Path:
        path.unlink(missing_ok=True)
        self.connection.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet)")
        return path

    def _write(self, product: str, sql: str) -> Path:
        """Give the query the contract's columns and types."""
        known = self.connection.execute(f"DESCRIBE {sql}").fetchall()
        names = {row[0] for row in known}
        parts = [
            f"CAST({c.name if c.name in names else 'NULL'} AS {c.sql_type}) AS {c.name}"
            for c in catalog().products[product].columns
        ]
        return self._copy(
            f"SELECT {', '.join(parts)} FROM ({sql})", self.folder / f"{product}.parquet"
        )

    def rewrite(self, product: str, sql: str, into: Path | None = None) -> Path:
        """Replace a product by a query over `this`, its present rows."""
        path = self.composition[product]
        fresh = path.with_suffix(".new")
        self._copy(f"WITH this AS (FROM '{path}') {sql}", fresh)
        return fresh.replace(into or path)

    def set(self, product: str, column: str, value: str, where: str) -> None:
        """Change one column in some rows."""
        self.rewrite(
            product,
            f"SELECT * REPLACE (CASE WHEN {where} THEN {value} ELSE {column} END AS {column}) "
            "FROM this",
        )

    def set_counts(self, column: str, value: str, extract: str) -> None:
        """Change one count of the reconciliation."""
        fresh = self.reconciliation.with_suffix(".new")
        self._copy(
            f"SELECT * REPLACE (CASE WHEN extract = '{extract}' THEN {value} ELSE {column} END "
            f"AS {column}) FROM '{self.reconciliation}'",
            fresh,
        )
        fresh.replace(self.reconciliation)

    def released_before(self, product: str, sql: str = "FROM this") -> None:
        """Make a last release of a product, by a query over its present rows."""
        path = self.folder / f"previous.{product}.parquet"
        self.previous[product] = self.rewrite(product, sql, into=path)

    def request(self, *judge: str) -> GateRequest:
        """The question about these products (default: all)."""
        return GateRequest(
            composition=dict(self.composition),
            judge=judge or tuple(sorted(self.composition)),
            previous=dict(self.previous),
            reconciliation=self.reconciliation if self.has_reconciliation else None,
            business_date=NIGHT,
        )


def failures(records: list[GateRecord]) -> set[tuple[str, str, str]]:
    """Product, expectation and rule of everything that did not pass."""
    return {(r.product, r.expectation, r.rule_id) for r in records if r.status != "passed"}
