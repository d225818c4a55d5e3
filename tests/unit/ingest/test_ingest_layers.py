"""Layers as departments write them: the same rows whatever the format, system or encoding."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import catalog
from ingest import systems
from ingest.containers import read_table
from ingest.geojson import _scan, read_geojson
from ingest.refusal import Refusal
from tests.unit.ingest.geo_world import (
    attributes,
    geojson,
    layer,
    polygon,
    square,
    written,
    zipped,
)
from tests.unit.ingest.ingest_world import BOUNDARY, PARCEL, City, row, titles, xlsx_bytes

SQUARE = shapely.Polygon(square())
CONTRACT = catalog().extracts[BOUNDARY]


def as_system(code: int) -> Any:
    """The square in another system, by pyproj alone."""
    convert = pyproj.Transformer.from_crs(4490, code, always_xy=True)
    return shapely.transform(
        SQUARE, lambda xy: np.column_stack(convert.transform(xy[:, 0], xy[:, 1]))
    )


def gpkg(crs: str = "EPSG:4490", shapes: list[Any] | None = None) -> bytes:
    (content,) = written(BOUNDARY, shapes or [SQUARE], crs, "GPKG").values()
    return content


def table(tmp_path: Path, name: str, content: bytes) -> Any:
    path = tmp_path / name
    path.write_bytes(content)
    return read_table(path, CONTRACT)


def refusal(tmp_path: Path, name: str, content: bytes) -> str:
    with pytest.raises(Refusal) as told:
        table(tmp_path, name, content)
    return told.value.rule_id


def shapes_of(frame: pl.DataFrame) -> Any:
    return shapely.from_wkb(frame["geometry"].to_numpy())


@pytest.mark.parametrize("code", sorted(systems.ACCEPTED))
@pytest.mark.parametrize("kind", ["geojson", "gpkg", "zip"])
def test_every_accepted_system_becomes_cgcs2000(code: int, kind: str, city: City) -> None:
    shape = as_system(code)
    if kind == "geojson":
        ring = [list(p) for p in shape.exterior.coords]
        content = geojson(
            BOUNDARY, [(row(BOUNDARY), polygon(ring))], f"urn:ogc:def:crs:EPSG::{code}"
        )
    else:
        driver = "GPKG" if kind == "gpkg" else "ESRI Shapefile"
        parts = written(BOUNDARY, [shape], f"EPSG:{code}", driver)
        content = parts["layer.gpkg"] if kind == "gpkg" else zipped(parts)
    record = city.deliver(BOUNDARY, content, f"data_20180331.{kind}")
    frame = city.accepted(record)
    assert frame["division_code"].to_list() == ["610202001"]
    (found,) = shapes_of(frame)
    assert shapely.hausdorff_distance(found, SQUARE) < 1e-9
    assert frame["geometry"][0] == shapely.to_wkb(shapely.normalize(found), byte_order=1)


def test_rfc_7946_without_crs_is_wgs84(tmp_path: Path) -> None:
    told = table(tmp_path, "a.geojson", layer(BOUNDARY, crs=None))
    assert told.cells[str(len(told.headers) - 1)][0].startswith("SRID=4326;POLYGON ((109.08 35.05,")


@pytest.mark.parametrize("encoding", ["UTF-8", "GB18030"])
@pytest.mark.parametrize("with_cpg", [True, False])
def test_encoding_of_attributes(encoding: str, with_cpg: bool, city: City) -> None:
    parts = written(BOUNDARY, [SQUARE], "EPSG:4490", "ESRI Shapefile", encoding=encoding)
    if not with_cpg:
        parts.pop("layer.cpg")
    record = city.deliver(BOUNDARY, zipped(parts), "data_20180331.zip")
    assert city.accepted(record)["name"].to_list() == ["第1街道"]
    assert record.encoding == encoding.lower()


def test_cpg_that_lies_refuses(tmp_path: Path) -> None:
    parts = written(BOUNDARY, [SQUARE], "EPSG:4490", "ESRI Shapefile", encoding="GB18030")
    assert refusal(tmp_path, "a.zip", zipped(parts | {"layer.cpg": b"UTF-8"})) == "R-ENC-01"
    assert refusal(tmp_path, "a.zip", zipped(parts | {"layer.cpg": b"BIG5"})) == "R-ENC-01"


@pytest.mark.parametrize("encoding", ["UTF-8", "GB18030"])
def test_names_that_dbase_cut_off_are_found(encoding: str, city: City) -> None:
    pinyin = {"right_holder_name": "QLR", "right_holder_id": "ZJH"}
    for fields in (pinyin, {n: n for n in row(PARCEL) if "holder" not in n} | pinyin):
        parts = written(PARCEL, [SQUARE], "EPSG:4490", "ESRI Shapefile", encoding=encoding,
                        fields=fields)  # fmt: skip
        record = city.deliver(PARCEL, zipped(parts), "data_20180331.zip")
        frame = city.accepted(record)
        told = frame.select(n for n in row(PARCEL) if n not in ("geometry", "area_m2"))
        want = {n: v for n, v in row(PARCEL).items() if n not in ("geometry", "area_m2")}
        assert told.row(0, named=True) == want


def test_geopackage_with_a_view_or_several_layers_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.gpkg"
    path.write_bytes(gpkg())
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE VIEW v AS SELECT * FROM layer")
    connection.close()
    assert refusal(tmp_path, "a.gpkg", path.read_bytes()) == "R-GEO-23"
    both = written(BOUNDARY, [SQUARE], "EPSG:4490", "ESRI Shapefile")
    second = {name.replace("layer", "other"): b for name, b in both.items()}
    assert refusal(tmp_path, "a.zip", zipped(both | second)) == "R-GEO-22"
    assert refusal(tmp_path, "a.zip", zipped(both | {"notes.txt": b"x"})) == "R-FILE-07"


def test_counts_that_differ_are_refused(tmp_path: Path) -> None:
    parts = written(BOUNDARY, [SQUARE, SQUARE], "EPSG:4490", "ESRI Shapefile")
    short = bytearray(parts["layer.shx"][:-8])
    short[24:28] = (len(short) // 2).to_bytes(4, "big")
    fewer = zipped(parts | {"layer.shx": bytes(short)})
    assert refusal(tmp_path, "a.zip", fewer) == "R-FILE-13"
    twice = layer(BOUNDARY).replace(b'"features": [', b'"other": [{}], "features": [')
    assert refusal(tmp_path, "a.geojson", twice) == "R-FILE-13"


def test_deleted_records_of_dbase_are_no_records(tmp_path: Path) -> None:
    parts = written(BOUNDARY, [SQUARE, SQUARE], "EPSG:4490", "ESRI Shapefile")
    dbf = bytearray(parts["layer.dbf"])
    dbf[int.from_bytes(dbf[8:10], "little")] = ord("*")
    told = table(tmp_path, "a.zip", zipped(parts | {"layer.dbf": bytes(dbf)}))
    assert (told.read, told.cells.height) == (1, 1)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"[]", "R-GEO-23"),
        (b'{"type": "Feature"}', "R-GEO-23"),
        (b'{"type": "FeatureCollection"}', "R-GEO-23"),
        (b'{"type": "FeatureCollection", "features": [{"type": "Point"}]}', "R-GEO-23"),
        (b'{"type": "FeatureCollection", "features": [1]}', "R-FILE-13"),
        (layer(BOUNDARY).replace(b"109.08,", b"NaN,", 1), "R-GEO-23"),
        (layer(BOUNDARY).replace(b'"geometry": ', b'"geometry": null, "geometry": '), "R-COL-05"),
        (layer(BOUNDARY)[:-5], "R-GEO-23"),
        (layer(BOUNDARY).replace("第1街道".encode(), "第".encode("gb18030") + b"\xff"), "R-ENC-01"),
    ],
)  # fmt: skip
def test_damaged_geojson_is_refused(content: bytes, rule: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, "a.geojson", content) in (rule, "R-ENC-02")


def test_geojson_without_features_is_a_header_without_rows(city: City) -> None:
    """A full list of nothing: nothing changes while there is nothing, else the list has shrunk."""
    nothing = b'{"type": "FeatureCollection", "features": []}'
    first = city.deliver(BOUNDARY, nothing, "a_20180131.geojson")
    assert (first.status, first.read, first.rules) == ("accepted", 0, ())
    assert city.deliver(BOUNDARY, layer(BOUNDARY), "a_20180228.geojson").status == "accepted"
    later = city.deliver(BOUNDARY, nothing, "a_20180331.geojson")
    assert (later.status, later.refused_rule) == ("refused", "R-ENV-02")


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
def test_cut_off_files_are_refused(cut: float, tmp_path: Path) -> None:
    parts = written(BOUNDARY, [SQUARE] * 3, "EPSG:4490", "ESRI Shapefile")
    for name, content in (("a.gpkg", gpkg(shapes=[SQUARE] * 3)), ("a.geojson", layer(BOUNDARY))):
        assert refusal(tmp_path, name, content[: int(len(content) * cut)])
    for part in ("layer.shp", "layer.dbf", "layer.shx"):
        content = parts[part][: int(len(parts[part]) * cut)]
        assert refusal(tmp_path, "a.zip", zipped(parts | {part: content}))


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.sampled_from('{}[]",:\\a铜')),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.text(st.sampled_from('{}[]"\\b'), max_size=4), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None)
@given(
    st.lists(st.dictionaries(st.text(st.sampled_from('{}[]"\\b铜'), max_size=4), _JSON, max_size=3))
)
def test_features_are_counted_without_parsing(some: list[dict[str, Any]]) -> None:
    document = {"crs": {"properties": {"name": '["\\{'}}, "features": some, "x": {"y": [{}]}}
    for indent in (None, 1):
        data = json.dumps(document, ensure_ascii=False, indent=indent).encode()
        assert _scan(data)[0] == len(some)


def test_a_returned_feature_comes_back_corrected(city: City) -> None:
    swapped = polygon([[y, x] for x, y in square()])
    some = [(row(BOUNDARY, 1), polygon()), (row(BOUNDARY, 2), swapped)]
    first = city.deliver(BOUNDARY, geojson(BOUNDARY, some), "data_20180331.geojson")
    (back,) = city.returned(first)
    assert back["图形"].startswith("SRID=4490;POLYGON ((35.05 109.08,")
    assert back["行号"] == "2"
    back["图形"] = f"SRID=4490;{SQUARE.wkt}"
    sheet = xlsx_bytes([list(back), list(back.values())])
    second = city.deliver(BOUNDARY, sheet, "退回明细.xlsx")
    assert (second.status, second.return_of) == ("accepted", first.receipt_id)
    assert city.accepted(second)["division_code"].to_list() == ["610202002"]
    plain = xlsx_bytes([titles(BOUNDARY, row(BOUNDARY)), list(row(BOUNDARY).values())])
    third = city.deliver(BOUNDARY, plain, "plain_20180401.xlsx")
    assert third.refused_rule == "R-FILE-04"


def test_geometry_too_long_for_a_cell_goes_back_as_csv(city: City) -> None:
    ring = [[35.0 + 0.1 * np.cos(a), 109.0 + 0.1 * np.sin(a)] for a in np.linspace(0, 6.28, 1500)]
    some = [(row(BOUNDARY, 1), polygon([*ring, ring[0]])), (row(BOUNDARY, 2), polygon())]
    record = city.deliver(BOUNDARY, geojson(BOUNDARY, some), "data_20180331.geojson")
    path = city.receipt_folder(record) / "退回明细.csv"
    text = path.read_text(encoding="utf-8-sig")
    corrected = text.replace(text.split("SRID=4490;")[1].split('"')[0], SQUARE.wkt)
    again = city.deliver(BOUNDARY, corrected.encode(), "退回明细.csv")
    assert (again.status, again.accepted) == ("accepted", 1)


def test_numbers_of_attributes_become_plain_text() -> None:
    told = attributes(BOUNDARY, row(BOUNDARY)) | {"区划代码": 610202001, "名称": 1.5, "是": True}
    feature = {"type": "Feature", "properties": told, "geometry": polygon()}
    document = {"type": "FeatureCollection", "features": [feature]}
    table_ = read_geojson(json.dumps(document).encode(), CONTRACT)
    assert table_.cells.row(0)[:3] == ("610202001", "1.5", "true")


def test_an_encrypted_or_huge_zip_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("layer.shp", b"\0" * (600 << 20))
    assert refusal(tmp_path, "a.zip", out.getvalue()) == "R-FILE-08"
