"""legal_entity.legal_entity."""

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

_ENTITY = "legal_entity.legal_entity"

SUITE = (
    Unique("uscc.unique", KEY, ("uscc",)),
    Unique("organisation_code.unique", KEY, ("organisation_code",)),
    matches(_ENTITY, "uscc", "[0-9A-HJ-NPQRTUWXY]{18}"),
    matches(_ENTITY, "organisation_code", "[0-9A-Z]{9}"),
    no_rows(
        "organisation_code.in_uscc",
        LISTED,
        f"FROM {_ENTITY} WHERE uscc IS NOT NULL "
        "AND organisation_code IS DISTINCT FROM substr(uscc, 9, 9)",
    ),
    not_in_future(_ENTITY, "established_date", tolerated=True),
    no_rows(
        "established_date.range",
        RANGE,
        f"FROM {_ENTITY} WHERE established_date < DATE '1840-01-01'",
        tolerated_in=_ENTITY,
    ),
    not_before(_ENTITY, "closed_date", "established_date", tolerated=True),
    county_of(_ENTITY, "county_code", "division_code"),
    coordinates_of_matches(_ENTITY),
)
