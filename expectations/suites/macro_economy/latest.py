"""macro_economy.latest."""

from __future__ import annotations

from expectations.expected import RANGE, RECONCILED, known_extract, no_rows, not_before

_LATEST = "macro_economy.latest"
_POINT = ("indicator_code", "division_code", "period", "value_kind", "measure")
_SAME = " AND ".join(f"that.{name} = this.{name}" for name in _POINT)

SUITE = (
    no_rows(
        "table.covers_observations",
        RECONCILED,
        f"FROM macro_economy.observation AS that ANTI JOIN {_LATEST} AS this ON {_SAME} "
        "AND this.value = that.value AND this.last_released_date = that.released_date "
        "WHERE that.is_latest",
    ),
    no_rows(
        "revision.of_first_value",
        RANGE,
        f"FROM {_LATEST} WHERE revision <> value - first_value",
    ),
    not_before(_LATEST, "last_released_date", "first_released_date"),
    known_extract(_LATEST, provider="provider"),
)
