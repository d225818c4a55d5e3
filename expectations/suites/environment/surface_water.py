"""environment.surface_water."""

from __future__ import annotations

from expectations.expected import RECONCILED, REQUIRED, no_rows

_WATER = "environment.surface_water"

SUITE = (
    no_rows(
        "table.covers_samples",
        RECONCILED,
        "FROM (SELECT DISTINCT section_code, month FROM environment.surface_water_sample) "
        f"AS that ANTI JOIN {_WATER} AS this ON that.section_code = this.section_code "
        "AND that.month = this.month",
    ),
    no_rows(
        "water_class.of_items",
        REQUIRED,
        f"FROM {_WATER} WHERE (water_class IS NULL) <> (items_assessed = 0) "
        "OR (water_class IS NULL) <> (worst_items IS NULL)",
    ),
)
