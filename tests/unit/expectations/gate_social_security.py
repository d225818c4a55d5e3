"""The products of social security in the small good city of `gate_city`."""

from __future__ import annotations

_ID = "lpad(translate({}, '0189', 'abcd'), 26, '{}')"
_P = _ID.format("p.i::VARCHAR", "p")
_E = _ID.format("e.i::VARCHAR", "e")
_FROM = """'human_resources' AS provider, DATE '2018-03-29' AS business_date"""
_AT = """'d6' AS delivery_id, {} AS line"""
_MONEY = """1000 AS due_cny, 900 AS received_cny, 100 AS arrears_cny, 0 AS unknown_amounts"""
# 800 employers (8 accounts for each of the first 100 entities), 800 enrolments, 800 payments.
SOCIAL_SECURITY = {
    "social_security.employer": f"""SELECT 'D' || (e.i * 8 + n) AS employer_no, {_E} AS entity_id,
        '已关联' AS link_status, '公司' AS employer_name, '610203' AS division_code,
        '610203' AS county_code, '参保' AS employer_status,
        TIMESTAMP '2018-03-28 10:00:00' AS updated_at, {_FROM}, {_AT.format("e.i * 8 + n")}
        FROM e CROSS JOIN range(8) AS t(n)""",
    "social_security.enrolment": f"""SELECT 'C' || p.i AS enrolment_no, {_P} AS person_id,
        '已关联' AS person_link_status, '无单位编号' AS employer_link_status,
        '110' AS insurance_type_code, '企业职工基本养老保险' AS insurance_type_name,
        '养老' AS insurance_family, '职工' AS insurance_scheme, '1' AS enrolment_status_code,
        DATE '2015-01-01' AS start_month, '610203' AS division_code, '610203' AS county_code,
        TIMESTAMP '2018-03-28 10:00:00' AS updated_at, {_FROM}, {_AT.format("p.i")}
        FROM p WHERE p.i < 800""",
    "social_security.contribution_by_employer": f"""SELECT 'D' || (e.i * 8) AS employer_no,
        DATE '2018-02-01' AS month, '110' AS insurance_type_code, {_E} AS entity_id,
        '已关联' AS link_status, 5 AS persons, {_MONEY},
        DATE '2018-03-29' AS first_told_date FROM e""",
    "social_security.contribution_by_entity": f"""SELECT {_E} AS entity_id,
        DATE '2018-02-01' AS month, '110' AS insurance_type_code, 1 AS accounts, 5 AS persons,
        {_MONEY} FROM e""",
    "social_security.benefit_by_division": """SELECT '610203' AS division_code,
        DATE '2018-02-01' AS month, '110' AS insurance_type_code, 700 AS persons,
        800 AS payments, 1000 AS gross_cny, 100 AS recovered_cny, 900 AS paid_cny""",
    "social_security.payment_after_death": f"""SELECT 'F' || p.i AS payment_no,
        {_P} AS person_id, DATE '2018-01-01' AS death_date, DATE '2018-02-01' AS paid_month,
        '110' AS insurance_type_code, '养老金' AS benefit_item, '610203' AS division_code,
        100 AS amount_cny, 31 AS days_after_death, 0 AS recovered_cny, false AS is_recovered,
        {_FROM}, {_AT.format("p.i")} FROM p WHERE p.i = 0""",
    "social_security.conflicting_enrolment": f"""SELECT 'C' || p.i AS enrolment_no,
        'D' || p.i AS other_enrolment_no, {_P} AS person_id,
        '养老保险重复参保' AS conflict_kind, '110' AS insurance_type_code,
        '120' AS other_insurance_type_code, '610203' AS county_code,
        DATE '2016-01-01' AS overlap_from, DATE '2017-01-01' AS overlap_to, {_FROM},
        DATE '2018-03-29' AS other_business_date FROM p WHERE p.i % 100 = 3""",
    "social_security.coverage_by_group": """SELECT '610203' AS division_code,
        DATE '2018-03-01' AS month, '110' AS insurance_type_code, sex_code, '25-34' AS age_band,
        100 AS residents_of_age, 50 AS enrolled, 0.5 AS coverage_rate
        FROM (VALUES ('1'), ('2')) AS t(sex_code)""",
    "social_security.coverage_by_division": """SELECT '610203' AS division_code,
        DATE '2018-03-01' AS month, '110' AS insurance_type_code, 200 AS residents_of_age,
        100 AS enrolled, 0.5 AS coverage_rate""",
    "social_security.objection": f"""SELECT {_ID.format("p.i::VARCHAR", "s")} AS objection_id,
        'R-SOC-03' AS rule_id, 'human_resources' AS provider,
        'social_security/insured_person' AS extract, 'C' || p.i AS record_key,
        'insurance_type_code' AS attribute, DATE '2018-03-29' AS opened_date,
        'social_security/insured_person' AS counterpart_extract,
        'D' || p.i AS counterpart_record_key, {_P} AS person_id FROM p WHERE p.i % 100 = 3""",
    "cross_theme.objection": f"""SELECT {_ID.format("e.i::VARCHAR", "x")} AS objection_id,
        'R-XT-03' AS rule_id, 'environment' AS provider,
        'environment/emission_monitoring' AS extract, 'U' || e.i AS record_key,
        'uscc' AS attribute, DATE '2018-03-29' AS opened_date,
        'environment/emission_monitoring' AS counterpart_extract FROM e WHERE e.i % 10 = 1""",
    "cross_theme.finding": f"""SELECT 'cross_theme' AS domain,
        {_ID.format("e.i::VARCHAR", "x")} AS objection_id,
        'R-XT-03' AS rule_id, 'environment' AS provider,
        'environment/emission_monitoring' AS extract, 'U' || e.i AS record_key,
        'uscc' AS attribute, DATE '2018-03-29' AS opened_date,
        'environment/emission_monitoring' AS counterpart_extract FROM e WHERE e.i % 10 = 1""",
}
