"""Rows of social security that nearly break a rule, and the forms in which codes come."""

from __future__ import annotations

from datetime import date

import pytest

from catalog import catalog
from ingest.clean import Context
from ingest.csvfile import read_csv
from ingest.headers import map_headers
from ingest.rows import Judged, judge
from tests.unit.ingest.ingest_world import csv_bytes, row

EMPLOYER, INSURED = "social_security/employer", "social_security/insured_person"
CONTRIBUTION, BENEFIT = "social_security/contribution", "social_security/benefit_payment"


def _judged(extract: str, **changed: str) -> Judged:
    contract = catalog().extracts[extract]
    table = read_csv(csv_bytes(extract, [row(extract, 1, **changed)]), contract)
    context = Context(catalog(), date(2018, 3, 31))
    return judge(table, map_headers(contract, table.headers), contract, context)


@pytest.mark.parametrize(
    ("extract", "changed", "column", "value"),
    [
        (EMPLOYER, {"organisation_code": "d2143569x"}, "organisation_code", "D2143569X"),
        (INSURED, {"end_month": "201501"}, "end_month", date(2015, 1, 1)),
        (INSURED, {"insurance_type_code": "11"}, "insurance_type_code", "110"),
        (INSURED, {"insurance_type_code": "51"}, "insurance_type_code", "510"),
        (INSURED, {"insurance_type_code": "城乡居民基本养老保险"}, "insurance_type_code", "150"),
        (CONTRIBUTION, {"covered_month": "201711"}, "covered_month", date(2017, 11, 1)),
        (CONTRIBUTION, {"received": "0", "received_month": ""}, "received", False),
        (BENEFIT, {"amount": "-1", "transaction_kind": "追回"}, "transaction_kind", "追回"),
        (BENEFIT, {"transaction_kind": ""}, "transaction_kind", "正常发放"),
    ],
)
def test_rows_that_nearly_break_a_rule(extract, changed, column, value):
    judged = _judged(extract, **changed)
    assert (len(judged.rejected), judged.rules) == (0, ())
    assert judged.accepted[column].to_list() == [value]


def test_every_two_digit_code_is_one_three_digit_code():
    names = catalog().code_list("insurance_type").by_name
    two = {name: code for name, code in names.items() if len(name) == 2 and name.isdigit()}
    assert two == {"11": "110", "12": "120", "21": "210", "31": "310", "41": "410", "51": "510"}
