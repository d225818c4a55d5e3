"""geospatial.land_parcel."""

from __future__ import annotations

from expectations.expected import GEOMETRY, LISTED, no_rows

_PARCEL = "geospatial.land_parcel"

SUITE = (
    no_rows(
        "parcel_code.of_number",
        LISTED,
        f"FROM {_PARCEL} WHERE parcel_code <> substr(real_estate_unit_no, 1, 19) "
        "OR division_code <> substr(real_estate_unit_no, 1, 6)",
    ),
    no_rows(
        "geometry.valid",
        GEOMETRY,
        f"FROM {_PARCEL} WHERE st_isvalid(st_geomfromwkb(geometry)) IS NOT TRUE",
    ),
)
