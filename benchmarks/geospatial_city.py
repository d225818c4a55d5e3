"""The warehouse of the geospatial benchmark: polygons, addresses, people who write them."""

from __future__ import annotations

import json

import duckdb
import numpy as np
import polars as pl
import shapely

from catalog import catalog
from foundation.files import make_private
from foundation.paths import PROJECT, DataRoot
from ingest.accepted import expose
from ledger import Ledger

_COUNTIES = PROJECT / "simulator" / "data" / "counties.geojson"
_ROADS = ["红旗街", "七一路", "正阳路", "铁诺南路", "朝阳路", "长虹北路", "华原东道", "咸丰路",
          "鸿基路", "川口路", "同官路", "文昌街", "步寿路", "裕丰园路"]  # fmt: skip
_WIDE, _WORDS = "０１２３４５６７８９", "〇一二三四五六七八九"
_HOUSES = 1000  # house numbers that a village takes of each road of its town
# How a household writes: `head` is province and city, `county`, `town`, `road`, `house`, `rest`.
# A third writes all of it; the last three do not say the house.
_STYLES = {
    4: "head || county || town || road || house || '号' || rest",
    5: "county || town || road || house || '号' || rest",
    6: "town || road || house || '号' || rest",
    7: "head || county || road || house || '号' || rest",
    8: "head || county || replace(town, '街道', '街道办事处') || road || house || '号'",
    9: f"head || county || town || road || translate(house, '0123456789', '{_WIDE}') || '号'",
    10: "head || ' ' || county || ' ' || town || road || house || '號' || rest",
    11: "replace(head || county, '耀州区', '耀县') || town || road || house || '号'",
    12: f"head || county || town || road || translate(house, '0123456789', '{_WORDS}') || '号'",
    13: "head || county || town || road",
    14: "head || county || town || rest",
    15: "rest",
}  # fmt: skip
_SAYS_HOUSE = 12


def make_city(root: DataRoot, addresses: int, people: int, seed: int) -> None:
    """Make schema `raw` with these rows, and `bench.truth` with the address each text means."""
    make_private(root.build)
    expose(root, Ledger.open(root), catalog())
    with duckdb.connect(str(root.warehouse)) as connection:
        connection.execute("CREATE SCHEMA bench")
        villages = _villages(connection, seed)
        connection.register("village", villages)
        _addresses(connection, addresses, villages.height, seed)
        _people(connection, people, addresses, seed)


def fill(connection: duckdb.DuckDBPyConnection, table: str, rows: str) -> None:
    """Put rows in the place of an empty view, under its columns and types."""
    connection.execute(f"CREATE TABLE bench.fresh AS FROM raw.{table} UNION ALL BY NAME ({rows})")
    connection.execute(f"DROP VIEW raw.{table}")
    connection.execute(f"CREATE TABLE raw.{table} AS FROM bench.fresh")
    connection.execute("DROP TABLE bench.fresh")


def _villages(connection: duckdb.DuckDBPyConnection, seed: int) -> pl.DataFrame:
    """Villages with names and a point each; their polygons and those above become boundaries."""
    rng = np.random.default_rng(seed)
    rows = [r for r in catalog().code_list("division").rows if r["first_list"] == "2018"]
    names = {r["code"]: r["name"] for r in rows}
    found = {
        f["properties"]["code"]: shapely.from_geojson(json.dumps(f["geometry"]))
        for f in json.loads(_COUNTIES.read_text(encoding="utf-8"))["features"]
    }
    points: dict[str, tuple[float, float]] = {}
    for level in ("town", "village"):
        children: dict[str, list[str]] = {}
        for row in rows:
            if row["level"] == level:
                children.setdefault(row["parent"], []).append(row["code"])
        for parent, codes in children.items():
            west, south, east, north = shapely.bounds(found[parent])
            tried = rng.uniform((west, south), (east, north), (200 * len(codes), 2))
            inside = tried[shapely.contains_xy(found[parent], tried)][: len(codes)]
            cells = shapely.get_parts(
                shapely.voronoi_polygons(
                    shapely.multipoints(inside), extend_to=found[parent], ordered=True
                )
            ) if len(codes) > 1 else [found[parent]]  # fmt: skip
            found |= dict(zip(codes, shapely.intersection(cells, found[parent]), strict=True))
            points |= dict(zip(codes, map(tuple, inside.tolist()), strict=True))
    codes = sorted(found)
    shapes = pl.DataFrame({"code": codes, "shape": shapely.to_wkb([found[c] for c in codes])})
    connection.register("shape", shapes)
    fill(
        connection,
        "geospatial__division_boundary",
        "SELECT code AS division_code, code AS name, shape AS geometry, 'b' AS delivery_id, "
        "'b' AS list_id, 1 AS line, DATE '2018-03-01' AS business_date FROM shape",
    )
    lowest = [c for c in codes if len(c) == 12]
    town = pl.col("code").str.head(9)
    return pl.DataFrame(
        {
            "code": lowest,
            "county": [names[c[:6]] for c in lowest],
            "town": [names[c[:9]].removesuffix("办事处") for c in lowest],
            "x": [points[c][0] for c in lowest],
            "y": [points[c][1] for c in lowest],
        }
    ).with_columns(number=pl.int_range(pl.len()), place=pl.int_range(pl.len()).over(town))


def _addresses(connection: duckdb.DuckDBPyConnection, size: int, villages: int, seed: int) -> None:
    roads = ", ".join(f"'{road}'" for road in _ROADS)
    connection.execute(
        f"CREATE TABLE bench.address AS SELECT i, 'A' || i AS address_code, v.code, v.county, "
        f"v.town, [{roads}][1 + (i // {villages}) % {len(_ROADS)}] AS road, "
        f"(v.place * {_HOUSES} + 1 + i // {villages * len(_ROADS)})::VARCHAR AS house, "
        f"v.x + 0.0005 * ((hash(i + {seed}) % 1000) / 500.0 - 1) AS x, "
        f"v.y + 0.0005 * ((hash(i + {seed + 1}) % 1000) / 500.0 - 1) AS y "
        f"FROM range({size}) AS t(i) JOIN village AS v ON v.number = i % {villages}"
    )
    fill(
        connection,
        "geospatial__standard_address",
        "SELECT address_code, '陕西省铜川市' || county || town || road || house || '号' AS "
        "full_address, code AS division_code, road AS street, house || '号' AS house_number, "
        "x AS longitude, y AS latitude, 'CGCS2000' AS coordinate_system, '在用' AS status, "
        "TIMESTAMP '2018-03-01' AS updated_at, 'I' AS operation, 'a' AS delivery_id, i AS line, "
        "DATE '2018-03-01' AS business_date FROM bench.address",
    )


def _people(connection: duckdb.DuckDBPyConnection, size: int, addresses: int, seed: int) -> None:
    styles = " ".join(f"WHEN style <= {n} THEN {text}" for n, text in _STYLES.items())
    connection.execute(
        f"CREATE TABLE bench.truth AS SELECT *, CASE {styles} END AS address, "
        f"style <= {_SAYS_HOUSE} AS says_house, code AS division_code FROM (SELECT p.i AS person, "
        "a.*, '陕西省铜川市' AS head, '阳光小区' || (1 + p.i // 3 % 9) || '号楼' || "
        f"(1 + p.i // 3 % 5) || '单元' || (101 + p.i // 3 % 700) || '室' AS rest, "
        f"hash(p.i // 3 + {seed}) % {max(_STYLES) + 1} AS style FROM range({size}) AS p(i) "
        f"JOIN bench.address AS a ON a.i = hash(p.i // 3 + {seed + 2}) % {addresses})"
    )
    fill(
        connection,
        "population__household_registration",
        "SELECT 'P' || person AS person_no, '61020219' || lpad(person::VARCHAR, 9, '0') || 'X' AS "
        "resident_id, 'H' || person // 3 AS household_no, '某' AS name, address AS "
        "registered_address, division_code AS registered_division_code, '正常' AS "
        "registration_status, TIMESTAMP '2018-03-01' AS updated_at, 'I' AS operation, 'p' AS "
        "delivery_id, person AS line, DATE '2018-03-01' AS business_date FROM bench.truth",
    )
    connection.execute(
        "INSERT INTO raw.delivery (delivery_id, extract, business_date, delivery_order) VALUES "
        "('b', 'geospatial/division_boundary', DATE '2018-03-01', 'b')"
    )
