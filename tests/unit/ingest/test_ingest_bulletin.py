"""Layouts of bulletins as departments make them: found, or refused with the cell named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ingest.bulletin_header import find_header, role_of, squeezed
from ingest.periods import canonical_period, released_date, title_periods
from tests.unit.ingest.bulletin_world import BULLETIN, GDP, HEADER, RETAIL, TITLE, book, one, plain
from tests.unit.ingest.ingest_world import City, xlsx_bytes

D = Decimal


def taken(city: City, content: bytes, name: str = "bulletin_20180331.xlsx") -> list[dict[str, Any]]:
    """The accepted rows; nothing may go back."""
    record = city.deliver(BULLETIN, content, name)
    assert (record.status, record.refused_message_cn) == ("accepted", None)
    return city.accepted(record).to_dicts()


def values(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Name, unit and the three values."""
    names = ("indicator_name", "unit", "current_value", "cumulative_value", "yoy_percent")
    return [tuple(row[n] for n in names) for row in rows]


def refusal(city: City, content: bytes) -> str:
    record = city.deliver(BULLETIN, content, "bulletin_20180331.xlsx")
    assert record.status == "refused"
    return f"{record.refused_rule} {record.refused_message_cn}"


@pytest.mark.parametrize("old", [False, True])
def test_old_and_new_workbooks_of_several_sheets(city: City, old: bool) -> None:
    content = book({"全市": plain(), "耀州区": plain(GDP), "新区": plain(RETAIL)}, old)
    rows = taken(city, content, "b_20180331.xls" if old else "b_20180331.xlsx")
    assert [(r["division_code"], r["line"]) for r in rows] == [
        ("610200", 4), ("610200", 5), ("610204", 10_000_004), ("LOCAL-XQ", 20_000_004),
    ]  # fmt: skip
    assert {(r["period"], r["released_date"]) for r in rows} == {
        (date(2018, 3, 1), date(2018, 3, 31))
    }
    assert values(rows)[:2] == [
        ("地区生产总值", "亿元", None, D("85.3"), D("7.8")),
        ("社会消费品零售总额", "亿元", D("9.1"), D("27.3"), D("10.2")),
    ]


@pytest.mark.parametrize(
    "header",
    [
        [["指标", "计量单位", "本月", "1-本月累计", "同比增长(±%)"]],
        [["指标名称", "单位", "3月", "1—3月累计", "比上年同期增长％"]],
        [["项目", "单位", "总 量", None, "增长（%）"], [None, None, "当月", "累计", None]],
        [["主要指标", "单位", "本月\n完成", "自年初累计", "同比±%"]],
        [
            ["指标", "计量单位", "绝对值", None, "同比"],
            ["指标", None, "本月", "本年累计", "增速(%)"],
        ],
        [[None, None, "本月", "1-3月", "同比增长"], ["指标", "单位", None, None, None]],
        [["指标", "单位", "本月", "累计", "增速"], ["甲", "乙", "1", "2", "3"]],
    ],
)
def test_headers_in_other_words(city: City, header: list[list[str | None]]) -> None:
    assert values(taken(city, one(GDP, RETAIL, header=header)))[1] == (
        "社会消费品零售总额", "亿元", D("9.1"), D("27.3"), D("10.2"),
    )  # fmt: skip


def test_growth_of_the_month_and_of_the_year(city: City) -> None:
    header = [
        ["指标", "单位", "本月", None, "累计", None, "环比"],
        [None, None, "总量", "同比%", "总量", "同比%", None],
    ]
    (row,) = taken(city, one(["全社会用电量", "万千瓦时", 1, 2, 3, 4, "－0.5%"], header=header))
    names = ("current_value", "current_yoy_percent", "cumulative_value", "yoy_percent")
    assert [row[n] for n in names] == [1, 2, 3, 4]
    assert row["mom_percent"] == D("-0.5")


def test_numbers_and_no_data_as_they_are_written(city: City) -> None:
    rows = taken(city, one(
        ["税收收入", "万元", "1,234.5", " 5267 ", "−3.4"],
        ["非税收入", "万元", "…", "——", "－2"],
        ["原煤产量", "万吨", "-", None, 8.123456789],
        ["水泥产量", "万吨", "", "...", "5.1%"],
    ))  # fmt: skip
    assert [row[2:] for row in values(rows)] == [
        (D("1234.5"), D("5267"), D("-3.4")), (None, None, D("-2")),
        (None, None, D("8.123457")), (None, None, D("5.1")),
    ]  # fmt: skip


def test_sub_items_have_their_meaning_below_their_parent(city: City) -> None:
    rows = taken(city, one(
        ["一、生产总值（GDP）", "亿元", "-", 85.3, 7.8],
        ["　　第一产业", "亿元", "-", 4.1, 3.2],
        ["　　其中：工业", "亿元", "-", 40, 6.5],
        ["二、社会消费品零售总额", "亿元", 9, 27, 10],
        ["城镇", "亿元", 7, 20, 10],
        ["其中:限额以上", "亿元", 3, 9, 10],
        ["三、全社会用电量", "亿千瓦时", 1, 3, 5],
        ["#工业", "亿千瓦时", 0.5, 1.5, 5],
        ["四、人民生活", None, None, None, None],
        ["  城镇居民人均可支配收入", "元", "-", 7000, 8],
        ["五、固定资产投资", "%", "…", "…", "-3.1"],
        ["六、固定资产投资(亿元)", None, 5, 12, None],
    ))  # fmt: skip
    assert [row["indicator_name"] for row in rows] == [
        "地区生产总值", "第一产业增加值", "工业增加值", "社会消费品零售总额",
        "城镇社会消费品零售额", "限额以上社会消费品零售额", "全社会用电量", "工业用电量",
        "城镇居民人均可支配收入", "固定资产投资(不含农户)增速", "固定资产投资(不含农户)",
    ]  # fmt: skip
    assert rows[-1]["unit"] == "亿元"


def test_sub_items_in_a_column_of_their_own_and_names_on_two_lines(city: City) -> None:
    header = [["指标", None, "单位", "本月", "累计", "同比"]]
    rows = taken(city, one(
        ["地区生产总值", None, "亿元", "-", 85.3, 7.8],
        [None, "第二产业", '"', "-", 45, 6],
        ["金融机构人民币", None, None, None, None, None],
        ["各项贷款余额", None, "亿元", 300, None, 5],
        header=header,
    ))  # fmt: skip
    assert [(r["indicator_name"], r["unit"]) for r in rows] == [
        ("地区生产总值", "亿元"), ("第二产业增加值", "亿元"),
        ("金融机构人民币各项贷款余额", "亿元"),
    ]  # fmt: skip


def test_titles_notes_repeated_headers_and_text_sheets_are_skipped(city: City) -> None:
    cells = [
        ["铜川市统计局"], [None, None, TITLE], [None, None, None, None, "单位：亿元"], [],
        *HEADER, GDP, *HEADER, ["社会消费品零售总额", None, 9.1, 27.3, 10.2],
        ["注：1.地区生产总值为初步核算数。"], ["2.“…”表示无数据"], ["资料来源：铜川市统计局"],
        ["发布日期：2018年4月20日"],
    ]  # fmt: skip
    record = city.deliver(
        BULLETIN, book({"封面": [["二〇一八年三月"], ["统计月报"]], "Sheet2": cells}),
        "bulletin_20180331.xlsx",
    )  # fmt: skip
    assert (record.status, record.read, record.skipped) == ("accepted", 2, 13)
    assert {r["released_date"] for r in city.accepted(record).to_dicts()} == {date(2018, 4, 20)}
    assert city.accepted(record)["unit"].to_list() == ["亿元", "亿元"]


def test_unknown_indicators_go_back_and_a_correction_is_taken(city: City) -> None:
    record = city.deliver(
        BULLETIN, one(GDP, ["粮食产量", "万吨", 1, 2, 3]), "bulletin_20180331.xlsx"
    )
    assert (record.status, record.accepted, record.rejected) == ("partly_accepted", 1, 1)
    (back,) = city.returned(record)
    assert (back["指标"], back["区划"], back["期别"]) == ("粮食产量", "610200", "2018-03")
    back["指标"] = "原煤"
    fixed = city.deliver(BULLETIN, xlsx_bytes([list(back), list(back.values())]), "退回明细.xlsx")
    assert (fixed.status, fixed.return_of) == ("accepted", record.receipt_id)
    (row,) = city.accepted(fixed).to_dicts()
    assert (row["indicator_name"], row["line"], row["cumulative_value"]) == ("原煤产量", 5, 2)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (one(GDP, [None, None, None, 3]), "R-MAC-11 工作表“全市”单元格 D5没有指标名称"),
        (one(GDP, [*RETAIL, None, 4]), "R-MAC-11 工作表“全市”单元格 G5没有可以识别的表头"),
        (book({"耀州区": [[None, None], *[[None, *row] for row in plain(GDP, [None, "x", 1])]]}),
         "R-MAC-11 工作表“耀州区”单元格 C6没有指标名称"),
        (one(GDP, ["注：本表不含", None, 5]), "R-MAC-11 工作表“全市”单元格 C5在附注行中"),
        (book({"说明": [["a"], [None, 5]], "全市": plain()}),
         "R-MAC-11 工作表“说明”单元格 B2有数，但没有找到表头（指标、本月、累计……）"),
        (one(title=None), "R-MAC-12 工作表“全市”的标题中没有期别，如“2018年1-3月”"),
    ],
)  # fmt: skip
def test_what_cannot_be_placed_is_refused_with_its_cell(
    city: City, content: bytes, told: str
) -> None:
    assert refusal(city, content) == told


def test_a_workbook_of_text_alone_is_no_bulletin(city: City) -> None:
    assert refusal(city, book({"封面": [["统计月报"]]})).startswith("R-COL-01")


def test_a_column_of_remarks_warns(city: City) -> None:
    header = [["指标", "单位", "本月", "累计", "同比", "备注"]]
    record = city.deliver(BULLETIN, one([*GDP, "初步核算"], header=header), "b_20180331.xlsx")
    assert record.status == "accepted"
    assert [r.column for r in record.rules if r.rule_id == "R-COL-04"] == ["备注"]


@pytest.mark.parametrize(
    ("header", "cells", "aside"),
    [
        (["本月", "累计", "上年同期", "同比"], [9, 27, 25, 8], ["上年同期"]),
        (["去年同月", "本月", "累计", "同比"], [7, 9, 27, 8], ["去年同月"]),
        (["2018年3月", "2017年3月", "2018年1-3月", "2017年1-3月", "同比"], [9, 7, 27, 25, 8],
         ["2017年3月", "2017年1-3月"]),
        (["本月", "2018年", "2017年", "增长%"], [9, 27, 25, 8], ["2017年"]),
        (["本月", "累计", "2017年同期", "比2017年同期增长%"], [9, 27, 25, 8], ["2017年同期"]),
        (["3月", "2018年1-3月", "2018年增长%", "2017年1-3月", "2017年增长%"], [9, 27, 8, 25, 7],
         ["2017年1-3月", "2017年增长%"]),
    ],
)  # fmt: skip
def test_columns_of_last_year_are_left_aside(
    city: City, header: list[str], cells: list[float], aside: list[str]
) -> None:
    content = one([RETAIL[0], "亿元", *cells], header=[["指标", "单位", *header]])
    record = city.deliver(BULLETIN, content, "bulletin_20180331.xlsx")
    assert record.status == "accepted"
    assert [r.column for r in record.rules if r.rule_id == "R-COL-04"] == aside
    assert values(city.accepted(record).to_dicts()) == [(RETAIL[0], "亿元", 9, 27, 8)]


@pytest.mark.parametrize(
    ("name", "unit", "value"),
    [
        ("居民消费价格指数", "%", 102.1),
        ("居民消费价格指数（CPI）（上年同月=100）", "%", 102.1),
        ("居民消费价格指数（以上年同月为100）", "%", 125),
        ("七、居民消费价格指数（%）", None, 98.3),
        ("居民消费价格指数（上年同月=100）", None, 102.1),
    ],
)
def test_price_indices_in_per_cent(city: City, name: str, unit: str | None, value: float) -> None:
    (row,) = taken(city, one([name, unit, value, None, None]))
    assert (row["indicator_name"], row["current_value"]) == ("居民消费价格指数", D(str(value)))


def test_growth_alone_needs_no_unit_where_the_header_gives_it(city: City) -> None:
    growth = ["地区生产总值", None, None, "-", 7.8]
    assert values(taken(city, one(growth))) == [("地区生产总值", "亿元", None, None, D("7.8"))]
    for line, header in (
        (["地区生产总值", None, None, 85.3, 7.8], None),
        (growth, [["指标", "单位", "本月", "累计", "同比"]]),
    ):
        record = city.deliver(BULLETIN, one(RETAIL, line, header=header), "b_20180331.xlsx")
        assert [(r.rule_id, r.column) for r in record.rules if r.severity == "reject"] == [
            ("R-VAL-01", "unit")
        ]


def test_the_division_is_of_the_sheet_then_of_the_title(city: City) -> None:
    sheets = {
        "Sheet1": plain(GDP, title="铜川市耀州区2018年3月主要指标"),
        "宜君": plain(GDP),
        "铜川新区": plain(GDP),
        "610203": plain(GDP),
        "高新区": plain(GDP, title="王益区2018年3月主要指标"),
    }
    assert [r["division_code"] for r in taken(city, book(sheets))] == [
        "610204", "610222", "LOCAL-XQ", "610203", "610202",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "month"),
    [
        ("2018年3月", 3), ("2018年1－3月", 3), ("2018年1至2月份", 2), ("2018年一季度", 3),
        ("2018年上半年", 6), ("2018年前三季度", 9), ("2018年全年", 12), ("二〇一八年十一月", 11),
        ("主要指标（2018.03）", 3), ("1-5月铜川市主要指标 2018年", 5), ("2018年度", 12),
    ],
)  # fmt: skip
def test_periods_of_titles(title: str, month: int) -> None:
    assert list(title_periods(title)) == [date(2018, month, 1)]


def test_dates_of_release() -> None:
    for text in ("发布日期：2018年4月20日", "（2018年4月20日）", "2018/4/20公布", "2018-04-20"):
        assert released_date(text) == date(2018, 4, 20), text
    for text in (
        "填报日期：2018年4月20日",
        "2018年4月",
        "截至2018年4月20日",
        "发布日期：2018年4月31日",
    ):
        assert released_date(text) is None, text


def test_periods_of_the_long_form() -> None:
    told = {"2018": "2018", "2018年": "2018", "2018q1": "2018Q1", "2018年一季度": "2018Q1",
            "201803": "2018-03", "2018年3月": "2018-03", "2018-13": None, "20183": None,
            "2018Q5": None, "18-03": None, "": None}  # fmt: skip
    assert {text: canonical_period(text) for text in told} == told


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("上年同期", "aside"), ("去年同期累计", "aside"), ("上年末", None), ("去年", "aside"),
        ("2018年", "amount"),
        ("上年同月=100", None), ("2018年3月", "current"), ("上年同期增减额", None),
        ("比年初增加", None), ("月末余额", "current"),
        ("增减额", None), ("比上年同期增减百分点", None), ("全年目标", None),
        ("累计同比增长", "yoy"), ("本月同比", "current_yoy"), ("计量单位", "unit"),
        ("绝对量", "amount"), ("比上月增长", "mom"), ("1-本月累计", "cumulative"), ("xyz", None),
    ],
)  # fmt: skip
def test_roles_of_headers(label: str, role: str | None) -> None:
    assert role_of(squeezed(label)) == role


def test_rows_without_a_header_have_none() -> None:
    assert find_header([["指标", "说明"], ["GDP", "1"]]) is None
