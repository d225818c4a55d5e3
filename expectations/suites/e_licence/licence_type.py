"""e_licence.licence_type."""

from __future__ import annotations

from expectations.expected import REQUIRED, no_rows

_TYPE = "e_licence.licence_type"

SUITE = (
    no_rows(
        "table.rules_when_listed",
        REQUIRED,
        f"FROM {_TYPE} WHERE is_listed AND (name IS NULL OR holder_kind IS NULL "
        "OR allows_several_in_force IS NULL OR ends_with_holder IS NULL)",
    ),
)
