"""Environmental extracts: the national feed beside the department's own form, measured values."""

from __future__ import annotations

import csv
import io
import os
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from catalog import catalog
from ingest.clean import Context
from ingest.csvfile import read_csv
from ingest.environment import measured_value
from ingest.headers import map_headers
from ingest.rows import Judged, judge

AIR, WATER = "environment/air_quality_hourly", "environment/surface_water"
FEED = (
    "timepoint,area,positionname,stationcode,lon,lat,aqi,primarypollutant,quality,pm2_5,pm2_5_24h,"
    "pm10,pm10_24h,so2,so2_24h,no2,no2_24h,o3,o3_24h,o3_8h,o3_8h_24h,co,co_24h"
)
# made up: the hour stands in o3_24h (120), the day's maximum in o3 (150)
_LINE = (
    "2018-03-29T16:00:00,{area},某站,{code},109.1,35.1,60,臭氧1小时,良,{pm25},30,40,41,5,6,20,21,"
    "{o3},{o3_24h},100,90,0.8,0.9"
)


def _judged(extract: str, text: str) -> tuple[Judged, tuple[str, ...], tuple[str, ...]]:
    contract = catalog().extracts[extract]
    table = read_csv(text.encode(), contract)
    mapping = map_headers(contract, table.headers)
    context = Context(catalog(), date(2018, 3, 31))
    judged = judge(table, mapping, contract, context)
    return judged, mapping.unknown, mapping.missing_optional


def _feed(*lines: dict[str, str]) -> str:
    told = {"area": "铜川市", "code": "A1", "pm25": "12", "o3": "150", "o3_24h": "120"}
    return "\n".join([FEED, *(_LINE.format(**(told | one)) for one in lines)]) + "\n"


def test_the_feed_is_recognised_and_its_swapped_pair_undone() -> None:
    judged, unknown, missing = _judged(
        AIR, _feed({}, {"code": "B1", "area": "西安市", "pm25": "-;", "o3_24h": "—"})
    )
    assert (unknown, missing, judged.rules) == ((), (), ())
    assert judged.accepted.select("station_code", "area_name", "observed_at", "pm25", "o3", "co")\
        .rows() == [
        ("A1", "铜川市", datetime(2018, 3, 29, 16), Decimal(12), Decimal(120), Decimal("0.8")),
        ("B1", "西安市", datetime(2018, 3, 29, 16), None, None, Decimal("0.8")),
    ]  # fmt: skip


def test_ozone_that_contradicts_the_swap_is_blanked_and_told() -> None:
    judged, _, _ = _judged(AIR, _feed({}, {"code": "B1", "o3": "119"}, {"code": "C1", "o3": "120"}))
    assert judged.accepted["o3"].to_list() == [Decimal(120), None, Decimal(120)]
    assert [(r.rule_id, r.severity, r.column, r.rows) for r in judged.rules] == [
        ("R-AIR-02", "blank", "o3", 1)
    ]
    assert judged.accepted["as_given"].to_list() == [None, '{"o3":"120"}', None]


def test_the_departments_own_form_is_of_the_city_and_misses_nothing() -> None:
    judged, unknown, missing = _judged(
        AIR,
        "站点编码,站点名称,监测时间,PM2.5,PM10,SO2,NO2,CO,O3\n"
        "A1,某站,2018-03-29 01:00,50,40,—,,0.8,-;\nA1,某站,2018-03-29 01:30,50,60,1,1,1,1\n",
    )
    assert (unknown, missing) == ((), ())
    assert judged.accepted.select("area_name", "pm10", "so2", "o3").rows() == [
        ("铜川市", Decimal(40), None, None)
    ]
    assert {(r.rule_id, r.severity) for r in judged.rules} == {
        ("R-AIR-01", "reject"), ("R-AIR-03", "warn"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0.05", "0.05"), ("<0.05", "<0.05"), ("＜0.05", "<0.05"), ("0.05L", "<0.05"),
        ("0.05 l", "<0.05"), ("7", "7"), (".5", "0.5"), ("4E-05", "0.00004"), ("< 0.05", "<0.05"),
        ("未检出", None), ("ND", None), ("<0.05L", None), ("-1", None), ("0.5.1", None),
        ("<0", None), ("0L", None), (">5", None), ("约5", None), ("0", "0"), ("1e9", None),
    ],
)  # fmt: skip
def test_measured_values(text: str, wanted: str | None) -> None:
    assert measured_value(text) == wanted


def test_units_and_items_of_water_are_made_one_and_must_fit() -> None:
    judged, _, _ = _judged(
        WATER,
        "断面编码,断面名称,河流,监测月份,监测项目,监测值,单位,目标类别\n"
        "S1,甲,漆水河,2018年2月,PH,7.5,,III\nS1,甲,漆水河,201802,NH3-N,0.05L,mg/l,Ⅲ类\n"
        "S1,甲,漆水河,2018-02,汞,0.04,ug/L,3\nS1,甲,漆水河,2018-02,化学需氧量,15,,六\n"
        "S1,甲,漆水河,2018-02,总磷(湖、库),0.1,毫克/升,劣Ⅴ\n",
    )
    assert judged.accepted.select("item_name", "value_text", "unit", "target_class").rows() == [
        ("pH值", "7.5", "无量纲", "Ⅲ"), ("氨氮", "<0.05", "mg/L", "Ⅲ"),
        ("汞", "0.04", "μg/L", "Ⅲ"), ("总磷(湖库)", "0.1", "mg/L", None),
    ]  # fmt: skip
    assert judged.accepted["observed_month"].unique().to_list() == [date(2018, 2, 1)]
    assert {(r.rule_id, r.severity, r.column) for r in judged.rules} == {
        ("R-WAT-02", "reject", "unit"), ("R-CODE-02", "blank", "target_class"),
    }  # fmt: skip


def test_a_published_feed_is_taken_whole() -> None:
    """A feed as published, where one is at hand: every row is taken, nothing contradicts it."""
    place = os.environ.get("TONGCHUAN_PUBLISHED_AIR_FEED", "")
    if not place:
        pytest.skip("TONGCHUAN_PUBLISHED_AIR_FEED names no file: the feed may not be shipped")
    text = Path(place).read_text(encoding="utf-8-sig")
    judged, unknown, _ = _judged(AIR, text)
    told = list(csv.DictReader(io.StringIO(text)))
    assert (judged.accepted.height, unknown) == (len(told), ())
    assert {r.rule_id for r in judged.rules} <= {"R-AIR-03"}
    missing = sum(row["o3_24h"] in ("-;", "—") for row in told)
    assert judged.accepted["o3"].null_count() == missing
    assert isinstance(judged.accepted["o3"].dtype, pl.Decimal)
