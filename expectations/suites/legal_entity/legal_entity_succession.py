"""legal_entity.legal_entity_succession."""

from __future__ import annotations

from expectations.expected import KEY, no_rows

_SUCCESSION = "legal_entity.legal_entity_succession"

SUITE = (
    no_rows(
        "old_id.retired",
        KEY,
        f"FROM {_SUCCESSION} AS this SEMI JOIN legal_entity.legal_entity AS that "
        "ON that.entity_id = this.old_id",
    ),
    no_rows(
        "new_id.final",
        KEY,
        f"FROM {_SUCCESSION} AS this SEMI JOIN {_SUCCESSION} AS that ON that.old_id = this.new_id",
    ),
)
