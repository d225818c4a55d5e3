"""social_security.contribution_by_entity."""

from __future__ import annotations

from expectations.expected import RECONCILED, no_rows

_BY_ENTITY = "social_security.contribution_by_entity"

SUITE = (
    no_rows(
        "table.equals_accounts",
        RECONCILED,
        "FROM (SELECT sum(due_cny) AS due, sum(received_cny) AS received, sum(arrears_cny) AS open "
        f"FROM {_BY_ENTITY}) AS this CROSS JOIN (SELECT sum(due_cny) AS due, "
        "sum(received_cny) AS received, sum(arrears_cny) AS open FROM "
        "social_security.contribution_by_employer WHERE entity_id IS NOT NULL) AS that "
        "WHERE this IS DISTINCT FROM that",
    ),
)
