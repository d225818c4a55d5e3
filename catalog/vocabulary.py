"""Closed lists that contracts draw on."""

from __future__ import annotations

# Metadata of the national guide (发改高技术〔2017〕1272号 §1.1) that every contract carries.
CATALOGUE_METADATA = (
    "resourceCode",
    "resourceFormat",
    "shareType",
    "shareCondition",
    "shareMethod",
    "openToPublic",
    "openCondition",
    "updateCycle",
    "publishedDate",
    "grade",
)

# 更新周期: days of one period and days of grace (domain reference §1.4; design default).
CYCLES: dict[str, tuple[int, int] | None] = {
    "hourly": (1, 1),  # a night is the finest step in which lateness is told
    "daily": (1, 1),
    "weekly": (7, 2),
    "monthly": (31, 5),
    "quarterly": (92, 10),
    "yearly": (366, 30),
    "irregular": None,
}

# Texts that mean "no value" unless a column names its own list.
NULL_WORDS = (
    "空", "无", "暂无", "不详", "未知", "-", "--", "—", "/", "\\", "\\N", "NULL", "null", "Null",
    "N/A", "n/a", "#N/A", "nan", "NaN", "None",
)  # fmt: skip

# Check kinds: the parameters each needs, and those it may have.
CHECK_PARAMETERS: dict[str, tuple[set[str], set[str]]] = {
    "above_zero": (set(), set()),
    "agrees_with_geometry": ({"geometry", "tolerance"}, set()),
    "agrees_with_resident_id": ({"number", "part"}, set()),
    "coordinate_system": (set(), set()),
    "debtor_number": (set(), set()),
    "degrees": (set(), set()),
    "division": ({"scope"}, {"digits"}),
    "document_no": (set(), set()),
    "does_not_fall": ({"series", "period", "released"}, set()),
    "fits_level": ({"level", "digits"}, set()),
    "geometry": ({"kinds"}, set()),
    "holder_codes": ({"names", "when", "uscc", "resident_id"}, set()),
    "holder_ids": (set(), set()),
    "holder_names": (set(), set()),
    "in_code_list": ({"list"}, set()),
    "in_values": ({"values"}, set()),
    "indicator": (
        {"unit", "parent", "period", "current", "cumulative", "growth", "band"},
        set(),
    ),
    "item_range": ({"item", "named", "max", "rule"}, set()),
    "licence_identifier": (set(), set()),
    "listed_names": ({"list", "rule"}, {"several", "free", "in_force_on"}),
    "max_length": ({"max"}, set()),
    "measured_value": (set(), set()),
    "mobile": (set(), set()),
    "negative_when": ({"column", "values", "rule"}, set()),
    "not_after": ({"column", "rule"}, set()),
    "not_after_business_date": (set(), set()),
    "not_before": ({"column"}, {"rule"}),
    "not_less_than": ({"column", "rule"}, set()),
    "organisation_code": (set(), set()),
    "parent_in_delivery": ({"column", "level", "top"}, set()),
    "only_with": ({"column", "listed", "rule"}, set()),
    "pattern": ({"pattern", "rule"}, set()),
    "period_of_indicator": ({"indicator", "value"}, set()),
    "person_name": (set(), set()),
    "point": ({"longitude", "system"}, set()),
    "range": (set(), {"min", "max"}),
    "real_estate_unit_no": (set(), set()),
    "registration_no": (set(), set()),
    "required_when": ({"column", "values"}, {"rule"}),
    "required_with": ({"column", "listed", "rule"}, {"above"}),
    "resident_id": (set(), {"when", "equals"}),
    "same_count": ({"column"}, set()),
    "several": (set(), set()),
    "sex_of_resident_id": ({"sex"}, set()),
    "statistical_period": (set(), set()),
    "taxpayer_id": (set(), set()),
    "unit_of_indicator": ({"indicator", "measure"}, set()),
    "unit_of_water_item": ({"item"}, set()),
    "uscc": (set(), {"prefixes"}),
    "whole_hour": (set(), set()),
}

# Checks whose rules only warn, whatever the column's on_fail says; their contracts say so too.
WARNING_CHECKS = frozenset(
    {
        "agrees_with_resident_id",
        "fits_level",
        "licence_identifier",
        "not_less_than",
        "same_count",
        "sex_of_resident_id",
    }
)
