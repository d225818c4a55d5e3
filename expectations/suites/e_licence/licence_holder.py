"""e_licence.licence_holder."""

from __future__ import annotations

from expectations.expected import LISTED, RECONCILED, no_rows

_HOLDER = "e_licence.licence_holder"

SUITE = (
    no_rows(
        "table.covers_licences",
        RECONCILED,
        "FROM e_licence.licence AS licence LEFT JOIN (SELECT licence_identifier, count(*) AS n "
        f"FROM {_HOLDER} GROUP BY licence_identifier) AS told "
        "ON told.licence_identifier = licence.licence_identifier "
        "WHERE licence.holder_count IS DISTINCT FROM told.n",
    ),
    no_rows(
        "table.one_kind",
        LISTED,
        f"FROM {_HOLDER} WHERE person_id IS NOT NULL AND entity_id IS NOT NULL",
    ),
    no_rows(
        "link_status.of_ids",
        LISTED,
        f"FROM {_HOLDER} WHERE (link_status = '已关联') "
        "IS DISTINCT FROM (coalesce(person_id, entity_id) IS NOT NULL)",
    ),
)
