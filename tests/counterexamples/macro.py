"""Counterexamples of statistics: R-MAC."""

from __future__ import annotations

from tests.counterexamples.case import Case, Rule, refused
from tests.unit.ingest.bulletin_world import BULLETIN, GDP, HEADER, RETAIL, book, one, plain
from tests.unit.ingest.ingest_world import csv_bytes, row

VALUE, FISCAL = "macro_economy/indicator_value", "macro_economy/fiscal_monthly"
_NAME = "data_20180331.xlsx"


def layout(rule: str, name: str, content: bytes) -> Case:
    """A bulletin that is refused whole."""
    return refused(rule, name, content, extract=BULLETIN, file=_NAME)


def returned(
    rule: str, name: str, line: list[object], column: str, action: str = "reject", *also: Rule
) -> Case:
    """A bulletin of GDP and one line (row 5) that goes back."""
    return Case(
        rule, name, lambda _city: one(GDP, line), (2, 1, 1, 0), extract=BULLETIN, file=_NAME,
        rules=((rule, action, column, 1), *also), returned=(("5", column, rule),),
    )  # fmt: skip


def wrong(rule: str, name: str, extract: str, column: str, **changed: str) -> Case:
    """A CSV of a good row and one that goes back."""
    return Case(
        rule, name, lambda _city: csv_bytes(extract, [row(extract, 1), row(extract, 2, **changed)]),
        (2, 1, 1, 0), extract=extract, rules=((rule, "reject", column, 1),),
        returned=(("3", column, rule),),
    )  # fmt: skip


CASES = [
    returned("R-MAC-10", "points-for-per-cent",
             ["规模以上工业增加值增速", "百分点", None, 0.3, None], "unit"),
    wrong("R-MAC-10", "growth-in-points", VALUE, "unit", measure="同比", unit="百分点"),
    layout("R-MAC-11", "number-without-name", one(GDP, [None, "亿元", 1, 2, 3])),
    layout("R-MAC-11", "number-beyond-the-header", one(GDP, [*RETAIL, 4])),
    layout("R-MAC-11", "column-of-the-end-of-last-year", one(
        [*GDP, 80], header=[[*HEADER[0], "上年末"], HEADER[1]])),
    layout("R-MAC-13", "header-of-another-year", one(
        GDP, header=[["指标", "单位", "2017年3月", "2017年1-3月", "同比增长"]])),
    layout("R-MAC-13", "header-of-two-years-ago", one(
        [*GDP, 1], header=[["指标", "单位", "本月", "2018年1-3月", "同比增长", "2016年1-3月"]])),
    layout("R-MAC-11", "level-of-unknown-kind", one(
        ["地区生产总值", "亿元", 85.3, 7.8], title="铜川市2018年3月主要指标",
        header=[["指标", "单位", "绝对量", "同比增长(%)"]])),
    layout("R-MAC-11", "numbers-without-header", book({"全市": plain(), "耀州区": [["GDP", 12]]})),
    layout("R-MAC-11", "one-header-twice", one(
        GDP, header=[["指标", "计量单位", "本月", "当月", "同比"]])),
    layout("R-MAC-12", "no-period", one(title="铜川市国民经济主要指标")),
    layout("R-MAC-13", "two-periods", one(title="2018年3月和2018年4月主要指标")),
    layout("R-MAC-13", "header-of-another-month", one(
        GDP, header=[["指标", "单位", "2月", "1-2月累计", "同比增长"]])),
    layout("R-MAC-14", "no-division", one(sheet="Sheet1", title="2018年1-3月主要指标")),
    layout("R-MAC-14", "two-divisions", one(sheet="耀州区", title="王益区2018年1-3月主要指标")),
    returned("R-MAC-15", "tons-of-gdp", ["社会消费品零售总额", "万吨", 1, 2, 3], "unit"),
    returned("R-MAC-15", "growth-for-an-index", ["居民消费价格指数", "%", 2.1, None, None], "unit"),
    returned("R-MAC-15", "name-and-column-disagree",
             ["社会消费品零售总额（亿元）", "万元", 1, 2, 3], "unit"),
    returned("R-MAC-15", "index-of-another-base",
             ["居民消费价格指数（上月=100）", "%", 100.1, None, None], "unit"),
    wrong("R-MAC-15", "people-of-gdp", VALUE, "unit", unit="万人"),
    wrong("R-MAC-16", "thirteenth-month", VALUE, "period", period="2018-13"),
    wrong("R-MAC-17", "name-in-place-of-code", FISCAL, "budget_item_code",
          budget_item_code="税收收入"),
    Case("R-MAC-18", "quarterly-in-april",
         lambda _c: one(RETAIL, GDP, title="铜川市2018年1-4月主要指标"), (2, 1, 1, 0),
         extract=BULLETIN, file=_NAME, rules=(("R-MAC-18", "reject", "period", 1),),
         returned=(("5", "period", "R-MAC-18"),)),
    wrong("R-MAC-17", "code-with-a-letter", FISCAL, "budget_item_code", budget_item_code="20X"),
    Case("R-MAC-20", "april-below-march",
         lambda _c: csv_bytes(FISCAL, [row(FISCAL, 1), {**row(FISCAL, 1), "period": "2018-04",
                                                        "cumulative_amount": "1"}]),
         (2, 1, 1, 0), extract=FISCAL, rules=(("R-MAC-20", "reject", "cumulative_amount", 1),),
         returned=(("3", "cumulative_amount", "R-MAC-20"),)),
    wrong("R-MAC-18", "quarterly-with-a-month", VALUE, "period", period="2018-03"),
    wrong("R-MAC-18", "yearly-with-a-quarter", VALUE, "period",
          indicator_code="POP_RES", unit="万人"),
    returned("R-MAC-19", "two-balances", ["各项存款余额", "亿元", 500, 612, 9], "cumulative_value"),
]  # fmt: skip
