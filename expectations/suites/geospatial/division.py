"""geospatial.division."""

from __future__ import annotations

from expectations.expected import KEY, LISTED, county_of, no_rows, not_before

_DIVISION = "geospatial.division"

SUITE = (
    not_before(_DIVISION, "valid_to", "valid_from"),
    no_rows(
        "valid_from.one_in_force",
        KEY,
        f"FROM {_DIVISION} AS this JOIN {_DIVISION} AS that "
        "ON that.division_code = this.division_code AND that.valid_from > this.valid_from "
        "AND coalesce(that.valid_from < this.valid_to, true)",
    ),
    county_of(_DIVISION, "county_code", "division_code"),
    # R-GEO-01: each division counts once by county and once by unit, so both totals are the city's
    no_rows(
        "reporting_unit_code.of_county",
        LISTED,
        f"FROM {_DIVISION} WHERE reporting_unit_code NOT LIKE 'LOCAL-%' "
        "AND reporting_unit_code <> county_code",
    ),
)
