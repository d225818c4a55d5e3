"""Raw rows of the geospatial extracts: real lists and polygons, addresses as people write them."""

from __future__ import annotations

import csv
import json
from typing import Any

import shapely

from catalog import catalog
from foundation.paths import PROJECT
from tests.unit.dbt_project.dbt_world import MAN, USCC, Row, rows_of_a_city

DATA = PROJECT / "tests" / "data"
_LEVELS = {"prefecture": "市", "county": "县区", "town": "乡镇街道", "village": "村社区"}
FIRST, SECOND, THIRD, FOURTH = "2018-12-31", "2023-12-31", "2024-12-31", "2025-12-31"
LISTS = {"list-2018": FIRST, "list-2023": SECOND, "list-2024": THIRD, "list-2025": FOURTH}
# Whose parent a list does not state: of 2024 one town's villages (blanked), of 2025 nobody's.
WITHOUT_PARENT = {"list-2024": "610204003", "list-2025": "6102"}


def _row(delivery: str, day: str, line: int, provider: str, **values: Any) -> Row:
    return {
        "delivery_id": delivery, "list_id": delivery, "line": line, "business_date": day,
        "delivery_order": f"order-{delivery}", "provider": provider,
        "known_at": "2025-01-01 08:00:00", **values,
    }  # fmt: skip


def delivery(delivery_id: str, extract: str, day: str, provider: str) -> Row:
    """A row of `raw.full_list`."""
    return {
        "delivery_id": delivery_id, "extract": f"geospatial/{extract}", "provider": provider,
        "business_date": day, "delivery_order": f"order-{delivery_id}",
    }  # fmt: skip


def divisions_of(year: str) -> list[dict[str, str]]:
    """The real list of a year as its department writes it."""
    return [
        {
            "division_code": r["code"], "name": r["name"], "level": _LEVELS[r["level"]],
            "parent_code": r["parent"],
        }
        for r in catalog().code_list("division").rows
        if r["first_list"] <= year <= r["last_list"]
    ]  # fmt: skip


def _as_stated(list_id: str, told: Row) -> Row:
    start = WITHOUT_PARENT.get(list_id, "-")
    is_left_out = told["division_code"].startswith(start) and told["division_code"] != start
    return told | ({"parent_code": None} if is_left_out else {})


def counties() -> list[tuple[str, str, bytes]]:
    """Code, name and WKB of the four real county polygons."""
    told = json.loads(
        (PROJECT / "simulator" / "data" / "counties.geojson").read_text(encoding="utf-8")
    )
    return [
        (
            f["properties"]["code"],
            f["properties"]["name"],
            shapely.to_wkb(shapely.from_geojson(json.dumps(f["geometry"])), byte_order=1),
        )
        for f in told["features"]
    ]


def towns() -> list[tuple[str, str, str]]:
    """Code, longitude and latitude of a point in each of the 38 townships."""
    with (DATA / "township_points.csv").open(encoding="utf-8", newline="") as stream:
        return [(r["code"], r["longitude"], r["latitude"]) for r in csv.DictReader(stream)]


def _address(code: str, division: str, text: str, **values: Any) -> Row:
    told = {
        "longitude": "109.07", "latitude": "35.07", "coordinate_system": "WGS84", "status": "在用",
        "updated_at": "2018-03-30 09:00:00", "operation": "I",
    }  # fmt: skip
    values = {"address_code": code, "division_code": division, "full_address": text} | values
    return _row("addresses", "2018-03-30", int(code[1:]), "surveying", **(told | values))


_HEAD = "陕西省铜川市王益区七一路街道"
ADDRESSES = [
    _address("A1", "610202001001", f"{_HEAD}红旗街12号", street="红旗街", house_number="12号"),
    _address("A2", "610202001002", f"{_HEAD}红旗街14号", street="红旗街", house_number="14号",
             compound="阳光小区"),
    _address("A3", "610202001003", f"{_HEAD}红旗街14号", street="红旗街", house_number="14",
             compound="金华佳苑"),
    _address("A4", "610202100201", "陕西省铜川市王益区黄堡镇五星村3组5号", house_number="5号"),
    _address("A5", "610202001001", f"{_HEAD}红旗街16号", street="红旗街", house_number="16号",
             status="停用"),
    _address("A6", "610204003001", "陕西省铜川市耀州区咸丰路街道长虹北路甲7号", street="长虹北路",
             house_number="甲7号", longitude="108.95", latitude="34.91"),
    _address("A7", "610202001001", f"{_HEAD}红旗街20号", street="红旗街", house_number="20号",
             longitude="108.95", latitude="34.91"),
]  # fmt: skip

# As people write it, with the division stated beside: level and standard address it must get.
WRITTEN: list[tuple[str, str, str, str | None]] = [
    (f"{_HEAD}红旗街12号", "610202001001", "house_number", "A1"),
    ("铜川市王益区七一路办事处红旗街十二号", "610202001001", "house_number", "A1"),
    ("王益区七一路街道办事处红旗街１２號3号楼2单元301室", "", "house_number", "A1"),
    ("陕西 铜川 王益区 红旗街12", "", "house_number", "A1"),
    ("红旗街12号", "610202001001", "house_number", "A1"),
    ("红旗街12号", "", "none", None),
    (f"{_HEAD}红旗街14号金华佳苑1号楼", "610202001", "house_number", "A3"),
    (f"{_HEAD}红旗街14号", "610202001002", "house_number", "A2"),
    (f"{_HEAD}红旗街14号", "610202", "street", None),
    (f"{_HEAD}红旗街12号楼", "610202", "street", None),
    (f"{_HEAD}红旗街16号", "610202", "street", None),
    (f"{_HEAD}红旗街", "610202", "street", None),
    ("王益区黄堡镇五星村三组5号", "610202100", "house_number", "A4"),
    ("王益区黄堡镇五星村委会3组5号", "", "house_number", "A4"),
    ("王益区黄堡镇五星村4组5号", "610202100", "village", None),
    ("王益区黄堡镇五星村", "610202100", "village", None),
    ("王益区黄堡镇", "610202100", "township", None),
    ("耀县咸丰路街道长虹北路甲七号", "", "house_number", "A6"),
    ("铜川市新区长虹北路甲7号", "610200", "house_number", "A6"),
    ("印台区长虹北路甲7号", "610204", "none", None),
    ("河南省郑州市金水区红旗街12号", "610202001001", "none", None),
    ("蒲城县红旗街12号", "610202001001", "none", None),
    ("王益区红旗街一百五号", "610202", "street", None),
    ("不详", "610202", "none", None),
]


def rows_with_places() -> dict[str, list[Row]]:
    """The small city, and in it the geospatial deliveries of three years."""
    rows = rows_of_a_city()
    years = {"list-2018": "2018", "list-2023": "2023", "list-2024": "2023", "list-2025": "2023"}
    rows["geospatial__division"] = [
        _row(list_id, LISTS[list_id], line, "statistics", **_as_stated(list_id, told))
        for list_id, year in years.items()
        for line, told in enumerate(divisions_of(year), start=2)
    ]
    rows["geospatial__division_boundary"] = [
        _row("shapes", "2018-03-30", line, "surveying", division_code=c, name=n, geometry=shape)
        for line, (c, n, shape) in enumerate(counties(), start=1)
    ]
    seats = [
        _address(f"B{i}", code, "政府驻地", longitude=x, latitude=y)
        for i, (code, x, y) in enumerate(towns(), start=100)
    ]
    rows["geospatial__standard_address"] = ADDRESSES + seats
    square = shapely.to_wkb(shapely.box(109.07, 35.07, 109.071, 35.071), byte_order=1)
    parcel = {"land_use_code": "0701", "area_m2": "10100", "geometry": square}
    holders = [
        ("610202001001GB00001F00010001", f"甲公司^{'新名'}", f"{USCC}^{MAN}"),
        ("610204001001GB00002F00010001", "张三^李四", MAN),
        ("610202001001GB00003F00010001", "王五", None),
    ]
    rows["geospatial__land_parcel"] = [
        _row("parcels", "2018-03-30", line, "land_resources", real_estate_unit_no=number,
             right_holder_name=names, right_holder_id=ids, **parcel)
        for line, (number, names, ids) in enumerate(holders, start=1)
    ]  # fmt: skip
    rows["population__household_registration"] += [
        _row("people", "2018-03-30", line, "public_security", person_no=f"W{line}",
             resident_id=f"6102021970{1 + line // 28:02d}{1 + line % 28:02d}{line:03d}X", name="某",
             household_no=f"HW{line}", registration_status="正常", operation="I",
             updated_at="2018-03-30 09:00:00", registered_address=address,
             registered_division_code=division or None)
        for line, (address, division, _, _) in enumerate(WRITTEN, start=1)
    ]  # fmt: skip
    rows["full_list"] = [
        delivery(list_id, "division", day, "statistics") for list_id, day in LISTS.items()
    ] + [
        delivery("shapes", "division_boundary", "2018-03-30", "surveying"),
        delivery("addresses", "standard_address", "2018-03-30", "surveying"),
        delivery("parcels", "land_parcel", "2018-03-30", "land_resources"),
    ]
    return rows
