"""GeoPackage and zipped shapefile as a table, read by GDAL; geometry is not mended here.

Both are looked at before GDAL sees them: kind by content, one layer, no views, the declared
coordinate system, the encoding of the attributes (strictly), and a count of the records.
"""

from __future__ import annotations

import sqlite3
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from catalog import ExtractContract
from ingest import systems
from ingest.geojson import as_table
from ingest.refusal import Refusal
from ingest.table import Table

if TYPE_CHECKING:
    import pyarrow as pa

_SQLITE = b"SQLite format 3\0"
_DAMAGED = "R-GEO-23"


def read_geopackage(raw: bytes, contract: ExtractContract) -> Table:
    """Read the one layer of a GeoPackage (OGC 12-128r15).

    Raises:
        Refusal: it is none, holds several layers or a view, its system is not accepted, or GDAL
            reads another number of features than SQLite counts.
    """
    if not raw.startswith(_SQLITE):
        raise Refusal(_DAMAGED, "文件内容不是 GeoPackage")
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(raw)
        connection.execute("PRAGMA trusted_schema = OFF")
        layer, system, counted = _inspect(connection)
    except sqlite3.Error:
        raise Refusal(_DAMAGED, "GeoPackage 损坏或缺少必需的表") from None
    finally:
        connection.close()
    prefix = f"SRID={system};"
    return from_gdal(raw, contract, counted, prefix, "geopackage", layer=layer)


def _inspect(connection: sqlite3.Connection) -> tuple[str, int, int]:
    """Name, system and number of features of the one layer."""
    kinds = connection.execute("SELECT type, sql FROM sqlite_master").fetchall()
    if any(kind == "view" for kind, _ in kinds):
        raise Refusal(_DAMAGED, "GeoPackage 内含视图")
    if any("VIRTUAL" in (sql or "").upper() and "RTREE" not in sql.upper() for _, sql in kinds):
        raise Refusal(_DAMAGED, "GeoPackage 内含虚拟表")
    layers = connection.execute(
        "SELECT c.table_name, s.organization, s.organization_coordsys_id, s.definition"
        " FROM gpkg_contents AS c JOIN gpkg_geometry_columns AS g ON g.table_name = c.table_name"
        " LEFT JOIN gpkg_spatial_ref_sys AS s ON s.srs_id = g.srs_id"
        " WHERE c.data_type = 'features'"
    ).fetchall()
    if len(layers) != 1:
        raise Refusal("R-GEO-22", f"文件内有 {len(layers)} 个矢量图层，应当只有一个")
    name, organisation, code, definition = layers[0]
    quoted = '"' + str(name).replace('"', '""') + '"'
    (counted,) = connection.execute(f"SELECT count(*) FROM {quoted}").fetchone()
    if str(organisation or "").upper() == "EPSG":
        return str(name), systems.of_code(int(code)), int(counted)
    if not definition or definition == "undefined":
        raise Refusal("R-GEO-21", "图层没有声明坐标系")
    return str(name), systems.of_wkt(str(definition)), int(counted)


def from_gdal(
    raw: bytes,
    contract: ExtractContract,
    counted: int,
    prefix: str,
    told_encoding: str,
    *,
    layer: str | None = None,
    encoding: str | None = None,
) -> Table:
    """A layer as GDAL reads it, every attribute as text.

    Args:
        counted: how many features there are by the independent count.
        prefix: of every geometry cell.
        told_encoding: what the receipt says.
    """
    arrow, geometry_name = _read(raw, layer, encoding)
    if counted == 0 and arrow.num_rows == 0:
        raise Refusal("R-FILE-01", "文件没有任何要素")
    if counted != arrow.num_rows:
        raise Refusal("R-FILE-13", "解析所得要素数与独立计数不符")
    frame: Any = pl.from_arrow(arrow.drop_columns([geometry_name]))
    shapes = pl.Series(arrow.column(geometry_name).to_pylist(), dtype=pl.Binary)
    columns = [_as_text(frame[name]).to_list() for name in frame.columns]
    return as_table(frame.columns, columns, _cells(shapes, prefix), contract, told_encoding)


def _read(raw: bytes, layer: str | None, encoding: str | None) -> tuple[pa.Table, str]:
    import pyogrio

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # names of files in memory, of no interest here
            meta, arrow = pyogrio.raw.read_arrow(raw, layer=layer, encoding=encoding)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError):
        raise Refusal(_DAMAGED, "空间数据无法读取") from None
    name = meta["geometry_name"] or "wkb_geometry"
    if name not in arrow.column_names:
        raise Refusal(_DAMAGED, "图层没有图形")
    return arrow, name


def _as_text(values: pl.Series) -> pl.Series:
    if values.dtype == pl.Binary:
        return values.bin.encode("hex")
    if values.dtype.is_float():  # whole numbers as such: a code kept as a number is no 610202.0
        whole = (values == values.round(0)) & (values.abs() < 2.0**53)
        integers = pl.select(pl.when(whole).then(values).otherwise(None)).to_series()
        return integers.cast(pl.Int64).cast(pl.String).fill_null(values.cast(pl.String))
    return values.cast(pl.String)


def _cells(shapes: pl.Series, prefix: str) -> list[str | None]:
    """Geometry cells: WKT, or the WKB in hex where it is not valid as it stands."""
    import shapely

    parsed = shapely.from_wkb(shapes.to_numpy(), on_invalid="ignore")
    is_parsed = pl.Series(~np.asarray(shapely.is_missing(parsed)))
    written = pl.Series(list(shapely.to_wkt(parsed, rounding_precision=17)), dtype=pl.String)
    hexed = shapes.bin.encode("hex")
    body = pl.select(pl.when(is_parsed).then(written).otherwise(hexed)).to_series()
    return (prefix + body).to_list()
