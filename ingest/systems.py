"""Coordinate systems: which are accepted, how a file names one, and the way to CGCS2000.

Nothing is fetched: PROJ's network stays off. CGCS2000 (EPSG:4490) and WGS-84 (4326) are taken as
one; they differ by centimetres to decimetres. The projections of CGCS2000 (4545, 4524) are exact.
For Xi'an 1980 (4610, 2381) no transformation is public: PROJ knows only its "ballpark" one, which
undoes the projection and leaves longitude and latitude as they are, so its points may lie about a
hundred metres off. That is said in every receipt (R-GEO-18).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ingest.refusal import Refusal

if TYPE_CHECKING:
    from pyproj import CRS, Transformer

Floats = npt.NDArray[np.float64]

CGCS2000 = 4490
PLANE = 4545  # for areas: within the city its scale is off by less than 0.03 %
# EPSG code: name, whether its coordinates are metres.
ACCEPTED = {
    4490: ("CGCS2000 经纬度", False),
    4326: ("WGS-84 经纬度", False),
    4545: ("CGCS2000 3 度带（中央经线 108°，不带带号）", True),
    4524: ("CGCS2000 3 度带（36 带，带带号）", True),
    2381: ("西安80 3 度带（中央经线 108°，不带带号）", True),
    4610: ("西安80 经纬度", False),
}
XIAN1980 = frozenset({4610, 2381})
_SAME_AS_CGCS2000 = frozenset({4490, 4326})
_URN = re.compile(r"(?:urn:ogc:def:crs:)?EPSG:(?:[0-9.]*:)?([0-9]{3,6})$", re.IGNORECASE)
_URL = re.compile(r"https?://www\.opengis\.net/def/crs/EPSG/0/([0-9]{3,6})$", re.IGNORECASE)
_CRS84 = re.compile(r"(?:urn:ogc:def:crs:OGC:[0-9.]*:|OGC:)CRS84$", re.IGNORECASE)
_MAX_WKT = 20_000
_PARAMETERS = ("False easting", "False northing", "Longitude of natural origin",
               "Latitude of natural origin", "Scale factor at natural origin")  # fmt: skip


def of_name(name: str) -> int:
    """The accepted system of a name such as `urn:ogc:def:crs:EPSG::4490` or `EPSG:4545`.

    Raises:
        Refusal: R-GEO-20, it is not accepted, or unknown.
    """
    if _CRS84.match(name):
        return 4326
    found = _URN.match(name) or _URL.match(name)
    if found is None:
        raise Refusal("R-GEO-20", f"不认识的坐标系“{name[:60]}”")
    return of_code(int(found[1]))


def of_code(code: int) -> int:
    """The code itself, if it is accepted.

    Raises:
        Refusal: R-GEO-20.
    """
    if code not in ACCEPTED:
        raise Refusal("R-GEO-20", f"不接受坐标系 EPSG:{code}{_title(code)}")
    return code


def _title(code: int) -> str:
    import pyproj

    try:
        return f"（{pyproj.CRS.from_epsg(code).name}）"
    except pyproj.exceptions.CRSError:
        return "（没有这样的坐标系）"


def of_wkt(text: str) -> int:
    """The accepted system that a WKT (a `.prj`, any dialect) describes.

    Raises:
        Refusal: R-GEO-20, it is not accepted; R-GEO-21, the text describes no system.
    """
    import pyproj

    try:
        if len(text) > _MAX_WKT:
            raise Refusal("R-GEO-21", "坐标系说明过长")
        told = pyproj.CRS.from_wkt(text.strip())
    except pyproj.exceptions.CRSError:
        raise Refusal("R-GEO-21", "坐标系说明无法解析") from None
    code = told.to_epsg()
    if code in ACCEPTED:
        return int(code)
    for accepted in ACCEPTED:
        if _is_same(told, pyproj.CRS.from_epsg(accepted)):
            return accepted
    raise Refusal("R-GEO-20", f"不接受坐标系“{told.name[:60]}”")


def _is_same(told: CRS, known: CRS) -> bool:
    """Equal but for names and the order of axes; of projections the datum and the parameters."""
    if told.equals(known, ignore_axis_order=True):
        return True
    if not (told.is_projected and known.is_projected and _is_metre(told)):
        return False
    base, other = told.geodetic_crs, known.geodetic_crs
    if base is None or other is None or base.to_epsg() != other.to_epsg():
        return False
    return _parameters(told) == _parameters(known)


def _is_metre(system: CRS) -> bool:
    return all(axis.unit_conversion_factor == 1 for axis in system.axis_info)


def _parameters(system: CRS) -> tuple[object, ...]:
    operation = system.coordinate_operation
    if operation is None or operation.method_name not in ("Transverse Mercator", "Gauss Kruger"):
        return (system.name,)
    values = {p.name: p.value for p in operation.params}
    return tuple(values.get(name) for name in _PARAMETERS)


@lru_cache(maxsize=16)
def _transformer(source: int, target: int) -> Transformer:
    import pyproj

    pyproj.network.set_network_enabled(False)  # type: ignore[attr-defined]
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def to_cgcs2000(code: int, points: Floats) -> Floats:
    """Points (n × 2: x or longitude, y or latitude) of an accepted system as CGCS2000 degrees.

    What lies outside a projection's use comes back as infinity.
    """
    if code in _SAME_AS_CGCS2000 or not len(points):
        return points
    x, y = _transformer(code, CGCS2000).transform(points[:, 0], points[:, 1])
    return np.column_stack([x, y])


def to_plane(points: Floats) -> Floats:
    """CGCS2000 degrees (n × 2) as metres of `PLANE`, for areas."""
    if not len(points):
        return points
    x, y = _transformer(CGCS2000, PLANE).transform(points[:, 0], points[:, 1])
    return np.column_stack([x, y])
