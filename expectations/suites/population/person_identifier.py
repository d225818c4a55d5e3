"""population.person_identifier."""

from __future__ import annotations

from expectations.expected import (
    KEY,
    RECONCILED,
    known_extract,
    no_rows,
    not_before,
)

_IDENTIFIER = "population.person_identifier"

SUITE = (
    # Judged here and not on the person: it is this table that would be incomplete.
    no_rows(
        "table.covers_resident_ids",
        RECONCILED,
        f"FROM population.person AS person ANTI JOIN {_IDENTIFIER} AS told "
        "ON told.identifier_kind = 'resident_id' AND told.identifier_value = person.resident_id "
        "AND told.person_id = person.person_id WHERE person.resident_id IS NOT NULL",
    ),
    no_rows(
        "identifier_value.one_person",
        KEY,
        f"FROM {_IDENTIFIER} WHERE identifier_kind = 'resident_id' "
        "GROUP BY identifier_value HAVING count(DISTINCT person_id) > 1",
    ),
    known_extract(_IDENTIFIER),
    not_before(_IDENTIFIER, "last_seen_date", "first_seen_date"),
)
