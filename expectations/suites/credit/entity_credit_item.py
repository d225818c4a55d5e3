"""credit.entity_credit_item."""

from __future__ import annotations

from expectations.expected import RANGE, no_rows

_ITEM = "credit.entity_credit_item"

SUITE = (
    no_rows(
        "amount_cny.of_kind",
        RANGE,
        f"FROM {_ITEM} WHERE amount_cny IS NOT NULL "
        "AND item_kind NOT IN ('行政处罚', '没收', '社保欠费')",
    ),
)
