"""legal_entity.legal_entity_identifier."""

from __future__ import annotations

from expectations.expected import (
    KEY,
    RECONCILED,
    REQUIRED,
    known_extract,
    no_rows,
    not_before,
)

_IDENTIFIER = "legal_entity.legal_entity_identifier"

SUITE = (
    # Only the social credit code: a registration number may stand in several entities (R-LE-03).
    no_rows(
        "table.covers_uscc",
        RECONCILED,
        f"FROM legal_entity.legal_entity AS entity ANTI JOIN {_IDENTIFIER} AS told "
        "ON told.identifier_kind = 'uscc' AND told.identifier_value = entity.uscc "
        "AND told.entity_id = entity.entity_id WHERE entity.uscc IS NOT NULL",
    ),
    # A shop whose codes were all ruined has none of them: it is known by its record.
    no_rows(
        "table.covers_entities",
        REQUIRED,
        f"FROM legal_entity.legal_entity AS entity ANTI JOIN {_IDENTIFIER} AS told "
        "ON told.entity_id = entity.entity_id",
    ),
    no_rows(
        "identifier_value.one_entity",
        KEY,
        f"FROM {_IDENTIFIER} WHERE identifier_kind = 'uscc' "
        "GROUP BY identifier_value HAVING count(DISTINCT entity_id) > 1",
    ),
    known_extract(_IDENTIFIER),
    not_before(_IDENTIFIER, "last_seen_date", "first_seen_date"),
)
