"""Counterexamples of geometry, coordinates, divisions and parcels: R-GEO."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import shapely

from tests.counterexamples.case import Case, Rule, refused, value
from tests.unit.ingest.geo_world import geojson, layer, polygon, square, written, zipped
from tests.unit.ingest.ingest_world import (
    ADDRESS,
    BOUNDARY,
    DIVISION,
    PARCEL,
    City,
    resident_number,
    row,
)

FILE = "data_20180331.geojson"
OPEN = square()[:-1]
BOW_TIE = [[109.08, 35.05], [109.082, 35.052], [109.082, 35.05], [109.08, 35.052], [109.08, 35.05]]
# A square with a needle that crosses itself: less than a thousandth of its area.
NEEDLE = [*square()[:3], [109.0804, 35.051], [109.08041, 35.05101], [109.0804, 35.05101],
          [109.08041, 35.051], *square()[3:]]  # fmt: skip
SWAPPED = [[y, x] for x, y in square()]
RAISED = [[x, y, 900.0] for x, y in square()]
PREFIXED = [[36_598_000.0 + dx, 3_881_000.0 + dy] for dx, dy in
            ((0, 0), (100, 0), (100, 100), (0, 100), (0, 0))]  # fmt: skip
UNPREFIXED = [[x - 36_000_000.0, y] for x, y in PREFIXED]


def shape(
    rule: str, name: str, action: str, geometry: Any, *also: Rule, crs: str = "EPSG:4490",
    extract: str = BOUNDARY, accepted: bool = False,
) -> Case:  # fmt: skip
    """A layer of one good feature and one (the second) whose geometry is this."""

    def make(_city: City) -> bytes:
        good = polygon() if crs in ("EPSG:4490", "EPSG:4610") else polygon(_good(crs))
        return geojson(extract, [(row(extract, 1), good), (row(extract, 2), geometry)], crs)

    kept = accepted or action == "warn"
    return Case(
        rule, name, make, (2, 2, 0, 0) if kept else (2, 1, 1, 0), extract=extract, file=FILE,
        rules=((rule, action, "geometry", 1), *also),
        returned=() if kept else (("2", "geometry", rule),),
    )  # fmt: skip


def _good(crs: str) -> list[list[float]]:
    return PREFIXED if crs == "EPSG:4524" else UNPREFIXED


def _two_layers(_city: City) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "layer.gpkg"
        (content,) = written(BOUNDARY, [shapely.Polygon(square())], "EPSG:4490", "GPKG").values()
        path.write_bytes(content)
        with sqlite3.connect(path) as connection:
            for table in ("gpkg_contents", "gpkg_geometry_columns"):
                columns = [r[1] for r in connection.execute(f"PRAGMA table_info({table})")]
                some = ", ".join("'other'" if c in ("table_name", "identifier") else c
                                 for c in columns)  # fmt: skip
                connection.execute(f"INSERT INTO {table} SELECT {some} FROM {table}")
            connection.execute("CREATE TABLE other AS SELECT * FROM layer")
        connection.close()
        return path.read_bytes()


def _shape_without(suffix: str, crs: str = "EPSG:4490") -> bytes:
    parts = written(BOUNDARY, [shapely.Polygon(square())], crs, "ESRI Shapefile")
    return zipped({name: b for name, b in parts.items() if not name.endswith(suffix)})


def _local_system(_city: City) -> bytes:
    return layer(BOUNDARY, crs="EPSG:4214")


DEEP = b'{"type":"FeatureCollection","features":' + b"[" * 40 + b"]" * 40 + b"}"

LAYERS = [
    shape("R-GEO-02", "no-numbers", "reject",
          {"type": "Polygon", "coordinates": [[["a", 35.0], [109.1, 35.0]]]}),
    shape("R-GEO-03", "unclosed", "warn", polygon(OPEN)),
    shape("R-GEO-04", "empty", "reject", {"type": "Polygon", "coordinates": []}),
    shape("R-GEO-05", "point", "reject", {"type": "Point", "coordinates": [109.08, 35.05]}),
    shape("R-GEO-05", "two-parts", "reject", {"type": "MultiPolygon", "coordinates": [
        [square()], [square(west=109.09)]]}, extract=PARCEL),
    shape("R-GEO-06", "prefix-not-declared", "reject", polygon(PREFIXED), crs="EPSG:4545"),
    shape("R-GEO-06", "prefix-missing", "reject", polygon(UNPREFIXED), crs="EPSG:4524"),
    shape("R-GEO-06", "metres-as-degrees", "reject", polygon(PREFIXED)),
    shape("R-GEO-07", "degrees", "reject", polygon(SWAPPED)),
    shape("R-GEO-07", "metres", "reject", polygon([[y, x] for x, y in UNPREFIXED]),
          crs="EPSG:4545"),
    shape("R-GEO-08", "elsewhere", "reject", polygon(square(west=116.3))),
    shape("R-GEO-09", "needle", "warn", polygon(NEEDLE)),
    shape("R-GEO-10", "bow-tie", "reject", polygon(BOW_TIE)),
    Case("R-GEO-18", "layer", lambda _c: layer(BOUNDARY, 1, "EPSG:4610"), (1, 1, 0, 0),
         extract=BOUNDARY, file=FILE, rules=(("R-GEO-18", "warn", "geometry", 1),)),
    shape("R-GEO-19", "raised", "warn", polygon(RAISED)),
    refused("R-GEO-20", "beijing-1954", _local_system, extract=BOUNDARY, file=FILE),
    refused("R-GEO-21", "crs-says-nothing",
            layer(BOUNDARY).replace(b'"properties": {"name": "EPSG:4490"}', b'"properties": {}'),
            extract=BOUNDARY, file=FILE),
    refused("R-GEO-21", "no-prj", _shape_without(".prj"), extract=BOUNDARY,
            file="data_20180331.zip"),
    refused("R-GEO-22", "two-layers", _two_layers, extract=BOUNDARY, file="data_20180331.gpkg"),
    refused("R-GEO-23", "no-json", b"not json", extract=BOUNDARY, file=FILE),
    refused("R-GEO-23", "no-geopackage", b"not a database", extract=BOUNDARY,
            file="data_20180331.gpkg"),
    refused("R-GEO-24", "deep", DEEP, extract=BOUNDARY, file=FILE),
    refused("R-GEO-26", "no-shx", _shape_without(".shx"), extract=BOUNDARY,
            file="data_20180331.zip"),
]  # fmt: skip


def parcel(rule: str, name: str, action: str, column: str, *also: Rule, **changed: str) -> Case:
    """A layer of a good parcel and one with other attributes."""

    def make(_city: City) -> bytes:
        some = [(row(PARCEL, 1), polygon()), (row(PARCEL, 2, **changed), polygon())]
        return geojson(PARCEL, some)

    back = (("2", column, rule),) if action == "reject" else ()
    return Case(
        rule, name, make, (2, 2 - len(back), len(back), 0), extract=PARCEL, file=FILE,
        rules=((rule, action, column, 1), *also), returned=back,
    )  # fmt: skip


PARCELS = [
    parcel("R-GEO-11", "in-mu", "reject", "area_m2", area_m2="15.19"),
    parcel("R-GEO-12", "kind", "reject", "real_estate_unit_no",
           real_estate_unit_no="610202001001XX00002F00010001"),
    parcel("R-GEO-12", "nothing-attached", "reject", "real_estate_unit_no",
           real_estate_unit_no="610202001001GB00002W00010001"),
    parcel("R-GEO-12", "elsewhere", "reject", "real_estate_unit_no",
           real_estate_unit_no="110101001001GB00002"),
    parcel("R-GEO-25", "one-number", "warn", "right_holder_id",
           right_holder_name="王小明^李梅", right_holder_id=resident_number()),
]  # fmt: skip

ADDRESSES = [
    value("R-GEO-06", "prefix", ADDRESS, "reject", "latitude",
          longitude="36598000", latitude="3881000"),
    value("R-GEO-06", "prefix-outside-the-city", ADDRESS, "reject", "latitude",
          longitude="36500000.0", latitude="3870000.0"),
    value("R-GEO-07", "swapped", ADDRESS, "reject", "latitude",
          longitude="35.05", latitude="109.08"),
    value("R-GEO-08", "outside", ADDRESS, "reject", "longitude", longitude="116.3"),
    value("R-GEO-13", "gcj02", ADDRESS, "warn", "longitude",
          ("R-GEO-13", "warn", "latitude", 1), coordinate_system="GCJ02"),
    value("R-GEO-14", "minutes", ADDRESS, "warn", "longitude", longitude="109°4′48″"),
    value("R-GEO-15", "local", ADDRESS, "reject", "coordinate_system",
          coordinate_system="铜川市独立坐标系"),
    value("R-GEO-18", "point", ADDRESS, "warn", "longitude",
          ("R-GEO-18", "warn", "latitude", 1), coordinate_system="西安80"),
]  # fmt: skip

DIVISIONS = [
    value("R-GEO-16", "orphan", DIVISION, "blank", "parent_code", parent_code="610203"),
    value("R-GEO-17", "digits", DIVISION, "warn", "division_code", level="村社区"),
]

CASES = [*LAYERS, *PARCELS, *ADDRESSES, *DIVISIONS]
