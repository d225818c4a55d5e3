"""geospatial.division_boundary: whether the polygons can be those of one city."""

from __future__ import annotations

from expectations.expected import GEOMETRY, no_rows
from expectations.thresholds import (
    CITY_AREA_KM2,
    CITY_AREA_SHARE,
    CITY_EDGE_KM2,
    SIBLING_OVERLAP_KM2,
)

_BOUNDARY = "geospatial.division_boundary"
# An invalid one is found by an expectation of its own; the others cannot compute with it.
_SHAPES = (
    "(SELECT division_code AS code, st_geomfromwkb(geometry) AS shape, CASE "
    "WHEN division_code LIKE '____00' THEN 'city' WHEN length(division_code) = 6 THEN 'county' "
    "ELSE substr(division_code, 1, length(division_code) - 3) END AS kind "
    f"FROM {_BOUNDARY} WHERE is_listed AND st_isvalid(st_geomfromwkb(geometry)))"
)


def _km2(geometry: str) -> str:
    """Area on the ellipsoid; its functions want latitude first."""
    return f"(st_area_spheroid(st_flipcoordinates({geometry})) / 1000000)"


_COUNTIES = (
    f"(SELECT st_union_agg(shape) AS shape, count(*) AS n FROM {_SHAPES} WHERE kind = 'county')"
)

SUITE = (
    no_rows(
        "geometry.valid",
        GEOMETRY,
        f"FROM {_BOUNDARY} WHERE (st_isvalid(st_geomfromwkb(geometry)) "
        "AND st_geometrytype(st_geomfromwkb(geometry)) IN ('POLYGON', 'MULTIPOLYGON')) IS NOT TRUE",
    ),
    # Counties of one city, townships of one county, villages of one township.
    no_rows(
        "geometry.no_overlap",
        GEOMETRY,
        f"FROM {_SHAPES} AS this JOIN {_SHAPES} AS that ON st_intersects(this.shape, that.shape) "
        "WHERE this.kind = that.kind AND this.kind <> 'city' AND this.code < that.code AND "
        f"{_km2('st_intersection(this.shape, that.shape)')} > {SIBLING_OVERLAP_KM2}",
    ),
    no_rows(
        "geometry.counties_fill_city",
        GEOMETRY,
        f"FROM {_COUNTIES} AS counties JOIN {_SHAPES} AS city ON city.kind = 'city' "
        f"WHERE counties.n > 0 AND ({_km2('st_difference(counties.shape, city.shape)')} "
        f"+ {_km2('st_difference(city.shape, counties.shape)')} <= {CITY_EDGE_KM2}) IS NOT TRUE",
    ),
    no_rows(
        "area_km2.of_city",
        GEOMETRY,
        f"FROM {_COUNTIES} AS counties WHERE n > 0 AND (abs({_km2('shape')} - {CITY_AREA_KM2}) "
        f"<= {CITY_AREA_SHARE} * {CITY_AREA_KM2}) IS NOT TRUE",
    ),
)
