"""Tables with a column of WKT → the bytes of a layer: GeoJSON, GeoPackage or zipped shapefile.

Same table, same bytes: what GDAL would take from the clock is set to the business date.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl

from catalog import ExtractContract
from simulator.habits import Habit

_POSITION = re.compile(r"(-?[0-9.]+) (-?[0-9.]+)")
_ZIP_TIME = (1980, 1, 31, 0, 0, 0)


def layer_bytes(
    contract: ExtractContract, habit: Habit, table: pl.DataFrame, night: int, day: date
) -> bytes:
    """A layer of the table (columns by contract name, every value text) as the habit writes it."""
    suffix, system = habit.layers[night]
    if suffix == "geojson":
        return _geojson(contract, habit, table, system)
    return _by_gdal(contract, habit, table, suffix, system, day)


def geojson_geometry(wkt: str) -> str:
    """A polygon's WKT as GeoJSON, number for number; rings need not be closed."""
    kind, _, body = wkt.partition(" ")
    name = {"POLYGON": "Polygon", "MULTIPOLYGON": "MultiPolygon"}[kind]
    rings = _POSITION.sub(r"[\1,\2]", body).replace("(", "[").replace(")", "]")
    return f'{{"type":"{name}","coordinates":{rings}}}'


def _attributes(contract: ExtractContract, habit: Habit) -> tuple[list[str], list[str]]:
    names = [n for n in habit.columns(contract) if n != "geometry"]
    return names, [habit.headers.get(n, contract.by_name[n].headers[0]) for n in names]


def _geojson(
    contract: ExtractContract, habit: Habit, table: pl.DataFrame, system: int
) -> bytes:  # fmt: skip
    names, headers = _attributes(contract, habit)
    features = []
    for row in table.select(*names, "geometry").iter_rows():
        told = json.dumps(
            dict(zip(headers, (v or None for v in row), strict=False)), ensure_ascii=False
        )
        shape = geojson_geometry(row[-1])
        features.append(f'{{"type":"Feature","properties":{told},"geometry":{shape}}}')
    crs = f'{{"type":"name","properties":{{"name":"urn:ogc:def:crs:EPSG::{system}"}}}}'
    head = f'{{"type":"FeatureCollection","crs":{crs},"features":[\n'
    return (head + ",\n".join(features) + "\n]}\n").encode()


def _by_gdal(
    contract: ExtractContract, habit: Habit, table: pl.DataFrame, suffix: str, system: int,
    day: date,
) -> bytes:  # fmt: skip
    import pyogrio
    import shapely

    names, headers = _attributes(contract, habit)
    columns = [np.array([v or None for v in table[n].to_list()], dtype=object) for n in names]
    shapes = shapely.to_wkb(shapely.from_wkt(table["geometry"].to_numpy()))
    inner = "gpkg" if suffix == "gpkg" else "shp"
    options: dict[str, Any] = {"layer_options": {"DBF_DATE_LAST_UPDATE": day.isoformat()}}
    if inner == "shp":
        options |= {"encoding": "GB18030", "driver": "ESRI Shapefile"}
    else:
        options = {"driver": "GPKG", "layer": contract.name}
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{day.isoformat()}T20:00:00.000Z"})
    try:
        with TemporaryDirectory() as folder:
            pyogrio.raw.write(
                Path(folder) / f"layer.{inner}", shapes, columns, headers,
                geometry_type="Unknown" if inner == "gpkg" else "Polygon",
                crs=f"EPSG:{system}", **options,
            )  # fmt: skip
            parts = {p.name: p.read_bytes() for p in sorted(Path(folder).iterdir())}
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    return parts["layer.gpkg"] if inner == "gpkg" else _zipped(parts)


def _zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()
