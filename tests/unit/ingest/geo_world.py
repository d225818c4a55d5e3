"""Layers for tests: GeoJSON, GeoPackage and zipped shapefiles of a few features."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyogrio
import shapely

from tests.unit.ingest.ingest_world import names_of, row, titles

Ring = list[list[float]]
Shape = dict[str, Any] | None


def square(west: float = 109.08, south: float = 35.05, size: float = 0.001) -> Ring:
    """A closed ring, counter-clockwise."""
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def polygon(*rings: Ring) -> dict[str, Any]:
    """A polygon as GeoJSON."""
    return {"type": "Polygon", "coordinates": list(rings or (square(),))}


def geojson(
    extract: str, some: list[tuple[dict[str, str], Shape]], crs: str | None = "EPSG:4490"
) -> bytes:
    """Rows (their own geometry cell is left out) and shapes as a FeatureCollection."""
    features = [
        {"type": "Feature", "properties": attributes(extract, told), "geometry": shape}
        for told, shape in some
    ]
    document: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if crs is not None:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(document, ensure_ascii=False).encode()


def attributes(extract: str, told: dict[str, str]) -> dict[str, str]:
    """A row by Chinese title, without its geometry."""
    names = [n for n in told if n != "geometry"]
    return dict(zip(titles(extract, names), (told[n] for n in names), strict=True))


def layer(extract: str, count: int = 2, crs: str | None = "EPSG:4490") -> bytes:
    """Good features."""
    return geojson(extract, [(row(extract, n), polygon()) for n in range(1, count + 1)], crs)


def written(
    extract: str,
    shapes: list[Any],
    crs: str,
    driver: str,
    *,
    some: list[dict[str, str]] | None = None,
    encoding: str = "UTF-8",
    fields: dict[str, str] | None = None,
) -> dict[str, bytes]:
    """Files of a layer as GDAL writes it, by name (`layer.gpkg`, or the parts of a shapefile)."""
    rows = some or [row(extract, n) for n in range(1, len(shapes) + 1)]
    names = [n for n in names_of(rows) if n != "geometry"]
    heads = [(fields or {}).get(n, t) for n, t in zip(names, titles(extract, names), strict=True)]
    columns = [np.array([one.get(n) for one in rows], dtype=object) for n in names]
    suffix = "gpkg" if driver == "GPKG" else "shp"
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.raw.write(
            Path(folder) / f"layer.{suffix}", shapely.to_wkb(np.array(shapes, dtype=object)),
            columns, heads, geometry_type="Polygon", crs=crs, driver=driver,
            encoding=encoding if driver != "GPKG" else None,
        )  # fmt: skip
        return {p.name: p.read_bytes() for p in sorted(Path(folder).iterdir())}


def zipped(parts: dict[str, bytes]) -> bytes:
    """The files in a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()
