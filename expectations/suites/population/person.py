"""population.person."""

from __future__ import annotations

from expectations.expected import (
    KEY,
    LISTED,
    RANGE,
    Unique,
    coordinates_of_matches,
    county_of,
    matches,
    no_rows,
    not_before,
    not_in_future,
)

_PERSON = "population.person"

SUITE = (
    Unique("resident_id.unique", KEY, ("resident_id",)),
    matches(_PERSON, "resident_id", "[0-9]{17}[0-9X]"),
    no_rows(
        "birth_date.range",
        RANGE,
        f"FROM {_PERSON} WHERE birth_date < DATE '1880-01-01' "
        "OR birth_date > (SELECT business_date FROM gate.night)",
        tolerated_in=_PERSON,
    ),
    not_before(_PERSON, "death_date", "birth_date", tolerated=True),
    not_in_future(_PERSON, "death_date", tolerated=True),
    no_rows(
        "is_deceased.when_death_date",
        RANGE,
        f"FROM {_PERSON} WHERE death_date IS NOT NULL AND is_deceased IS NOT TRUE",
    ),
    no_rows(
        "is_administrative_resident.when_registered",
        RANGE,
        f"FROM {_PERSON} WHERE is_registered AND is_administrative_resident IS NOT TRUE",
    ),
    county_of(_PERSON, "registered_county_code", "registered_division_code"),
    # R-GEO-01: each person counts once by county and once by unit, so both totals are the city's
    no_rows(
        "registered_reporting_unit_code.of_county",
        LISTED,
        f"FROM {_PERSON} WHERE (registered_county_code IS NULL) "
        "<> (registered_reporting_unit_code IS NULL) "
        "OR (registered_reporting_unit_code NOT LIKE 'LOCAL-%' "
        "AND registered_reporting_unit_code <> registered_county_code)",
    ),
    coordinates_of_matches(_PERSON),
    county_of(_PERSON, "residence_county_code", "residence_division_code"),
)
