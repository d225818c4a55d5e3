"""Geometry and points: what is mended, what is never mended, and how exact conversions are."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import catalog
from foundation import mapshift
from ingest import points
from ingest.clean import Context, Evaluated
from ingest.geometry import area_disagrees, area_m2, to_geometry
from ingest.parcels import to_holder_ids, to_holder_names
from tests.unit.ingest.ingest_world import resident_number, uscc

CONTEXT = Context(catalog(), date(2018, 3, 31))
BOX = catalog().geography.city_box
LONGITUDES = st.floats(BOX.west, BOX.east)
LATITUDES = st.floats(BOX.south, BOX.north)
METRES = (91_000.0, 111_000.0)


def judged(*texts: str | None, kinds: tuple[str, ...] = ("Polygon", "MultiPolygon")) -> Evaluated:
    return to_geometry(Evaluated(pl.Series("g", texts, dtype=pl.String)), kinds, CONTEXT)


def rules(done: Evaluated) -> dict[str, list[int]]:
    return {rule: np.flatnonzero(mask).tolist() for rule, mask in sorted(done.problems.items())}


@settings(deadline=None)
@given(LONGITUDES, LATITUDES)
def test_internet_maps_are_undone_within_a_metre(x: float, y: float) -> None:
    given_x, given_y = np.array([x]), np.array([y])
    for shift, undo in (
        (mapshift.to_gcj02, mapshift.from_gcj02), (mapshift.to_bd09, mapshift.from_bd09),
    ):  # fmt: skip
        moved = shift(given_x, given_y)
        back = undo(*moved)
        away = np.hypot((moved[0] - x) * METRES[0], (moved[1] - y) * METRES[1])
        error = np.hypot((back[0] - x) * METRES[0], (back[1] - y) * METRES[1])
        assert 100 < away[0] < 2000
        assert error[0] < 0.001


def test_shift_agrees_with_published_pairs() -> None:
    # 天安门 as the authors of the reconstructed formulas give it.
    (x,), (y,) = mapshift.to_gcj02(np.array([116.404]), np.array([39.915]))
    assert (x, y) == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-9)
    (x,), (y,) = mapshift._baidu(np.array([116.404]), np.array([39.915]))
    assert (x, y) == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-9)


@settings(deadline=None)
@given(LONGITUDES, LATITUDES, st.floats(0.0001, 0.02), st.sampled_from([4490, 4545, 4524]))
def test_any_square_of_the_city_is_kept(x: float, y: float, size: float, code: int) -> None:
    x, y = min(x, BOX.east - size), min(y, BOX.north - size)
    wanted = shapely.box(x, y, x + size, y + size)
    convert = pyproj.Transformer.from_crs(4490, code, always_xy=True)
    told = shapely.transform(
        wanted, lambda xy: np.column_stack(convert.transform(xy[:, 0], xy[:, 1]))
    )
    done = judged(f"SRID={code};{shapely.to_wkt(told, rounding_precision=17)}")
    if rules(done):  # a corner on the very edge of the box may fall outside by rounding
        assert set(done.problems) == {"R-GEO-08"}
        assert min(abs(x - BOX.west), abs(x + size - BOX.east), abs(y - BOX.south),
                   abs(y + size - BOX.north)) < 1e-9  # fmt: skip
        return
    found = shapely.from_wkb(done.values[0])
    assert shapely.hausdorff_distance(found, wanted) < 1e-9
    geodesic = abs(pyproj.Geod(ellps="GRS80").geometry_area_perimeter(wanted)[0])
    assert area_m2(done.values)[0] == pytest.approx(geodesic, rel=5e-4)


@settings(deadline=None)
@given(st.lists(st.tuples(LONGITUDES, LATITUDES), min_size=3, max_size=8))
def test_any_ring_is_valid_or_rejected(ring: list[tuple[float, float]]) -> None:
    body = ", ".join(f"{x!r} {y!r}" for x, y in ring)
    done = judged(f"SRID=4490;POLYGON (({body}))")
    assert done.values.is_null().all() == bool(
        done.problems.keys() & {"R-GEO-02", "R-GEO-04", "R-GEO-10"}
    )
    if done.values[0] is not None:
        found = shapely.from_wkb(done.values[0])
        assert found.is_valid
        assert not found.is_empty
        assert done.values[0] == shapely.to_wkb(shapely.normalize(found), byte_order=1)


def test_hostile_cells() -> None:
    done = judged(
        None, "", "POLYGON ((0 0, 1 1, 1 0, 0 0))", "SRID=9999;POLYGON EMPTY", "SRID=4490;",
        "SRID=4490;{\"type\": 3}", "SRID=4490;0103",
        "SRID=4490;POLYGON ((1e999 1, 2 2, 3 3, 1e999 1))",
        "SRID=4490;POINT (109 35)", "SRID=4490;GEOMETRYCOLLECTION EMPTY",
    )  # fmt: skip
    assert done.values.null_count() == 10
    struck = rules(done)
    assert struck["R-GEO-02"] == [1, 2, 3, 4, 5, 6, 7]
    assert struck["R-GEO-05"] == [8]
    assert struck["R-GEO-04"] == [9]


def test_same_polygon_same_bytes_whatever_its_start_and_direction() -> None:
    ring = [(109.0, 35.0), (109.1, 35.0), (109.1, 35.1), (109.0, 35.1)]
    texts = []
    for start in range(4):
        turned = [*ring[start:], *ring[:start]]
        for some in (turned, turned[::-1]):
            body = ", ".join(f"{x} {y}" for x, y in [*some, some[0]])
            texts.append(f"SRID=4490;POLYGON (({body}))")
    assert judged(*texts).values.n_unique() == 1


def test_area_tolerance() -> None:
    box = shapely.box(109.08, 35.05, 109.081, 35.051)
    shapes = judged(f"SRID=4490;{box.wkt}").values
    true = 10121.42
    for factor, bad in ((1.0, False), (1.049, False), (1.051, True), (0.951, False), (0.949, True)):
        stated = pl.Series([round(true * factor, 2)]).cast(pl.Decimal(20, 6))
        assert area_disagrees(stated, shapes, 0.05).tolist() == [bad]


@pytest.mark.parametrize(
    ("text", "degrees", "is_dms"),
    [
        ("109.0812345", 109.0812345, False), ("１０９．０８", 109.08, False),
        ("109.08°", 109.08, False), ("东经109.08°", 109.08, False), ("E109.08", 109.08, False),
        ("109.081234567890123", 109.081234568, False), ("108°34′12″", 108.57, True),
        ("108度34分12秒", 108.57, True), ("108°34'12\"E", 108.57, True), ("北纬35°3′", 35.05, True),
        ("108:34:12", 108.57, True), ("108°34′12.36″", 108.5701, True),
    ],
)  # fmt: skip
def test_degrees(text: str, degrees: float, is_dms: bool) -> None:
    done = points.to_degrees(Evaluated(pl.Series([text])))
    assert float(done.values[0]) == pytest.approx(degrees, abs=1e-9)
    assert list(done.problems) == (["R-GEO-14"] if is_dms else [])


@pytest.mark.parametrize("text", ["108°64′12″", "x", "1e2", "109.0.1", "--3", "108 34 12", "٣٣"])
def test_no_degrees(text: str) -> None:
    done = points.to_degrees(Evaluated(pl.Series([text])))
    assert (done.values[0], list(done.problems)) == (None, ["R-VAL-03"])


def test_points_of_each_system_meet() -> None:
    x, y = np.array([109.08]), np.array([35.05])
    told = {"CGCS2000": (x, y), "GCJ02": mapshift.to_gcj02(x, y), "BD09": mapshift.to_bd09(x, y)}
    longitude, latitude = (
        points.to_degrees(Evaluated(pl.Series([str(pair[i][0]) for pair in told.values()])))
        for i in (0, 1)
    )
    points.place(longitude, latitude, pl.Series(list(told)), CONTEXT)
    assert [float(v) for v in longitude.values] == pytest.approx([109.08] * 3, abs=1e-8)
    assert [float(v) for v in latitude.values] == pytest.approx([35.05] * 3, abs=1e-8)


def test_names_of_systems() -> None:
    told = [
        "CGCS2000",
        "国家2000",
        "wgs-84",
        "百度",
        "火星坐标系",
        "西安80",
        "地方坐标系",
        "北京54",
    ]
    done = points.to_system(Evaluated(pl.Series(told)))
    assert done.values.to_list() == ["CGCS2000", "CGCS2000", "WGS84", "BD09", "GCJ02", "XIAN80",
                                     None, None]  # fmt: skip
    assert rules(done) == {"R-GEO-15": [6], "R-VAL-06": [7]}


def test_holders_keep_their_places() -> None:
    good, firm = resident_number(), uscc()
    given_ids = pl.Series([f"{good}、{firm}", f"{good}^123^{firm}", "123", None, f" {firm} "])
    done = to_holder_ids(Evaluated(given_ids), CONTEXT)
    assert done.values.to_list() == [f"{good}^{firm}", f"{good}^^{firm}", None, None, firm]
    assert rules(done) == {"R-USCC-01": [1, 2]}
    names = to_holder_names(Evaluated(pl.Series(["王小明、 李梅", None, "甲公司^乙"])))
    assert names.values.to_list() == ["王小明^李梅", None, "甲公司^乙"]
