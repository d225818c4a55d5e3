"""legal_entity.legal_entity_link."""

from __future__ import annotations

from expectations.expected import KEY, RECONCILED, known_extract, no_rows

_LINK = "legal_entity.legal_entity_link"

SUITE = (
    known_extract(_LINK, provider="provider"),
    no_rows(
        "entity_id.each_has_a_record",
        RECONCILED,
        f"FROM legal_entity.legal_entity AS entity ANTI JOIN {_LINK} AS told "
        "ON told.entity_id = entity.entity_id",
    ),
    no_rows(
        "match_probability.of_likelihood",
        KEY,
        f"FROM {_LINK} WHERE (link_kind IN ('likelihood', 'group')) <> (model_version IS NOT NULL)",
    ),
)
