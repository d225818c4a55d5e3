"""macro_economy.fiscal."""

from __future__ import annotations

from expectations.expected import KEY, no_rows

_FISCAL = "macro_economy.fiscal"
_POINT = "budget_item_code, division_code, period"

SUITE = (
    no_rows(
        "is_latest.once",
        KEY,
        f"FROM {_FISCAL} GROUP BY {_POINT} HAVING count(*) FILTER (WHERE is_latest) <> 1 "
        "OR max(released_date) FILTER (WHERE is_latest) IS DISTINCT FROM max(released_date)",
    ),
    no_rows(
        "cumulative_amount_cny.does_not_fall",
        "R-MAC-08",
        "FROM (SELECT cumulative_amount_cny AS value, revision_no, "
        "lag(cumulative_amount_cny) OVER year AS before, lag(revision_no) OVER year AS "
        f"revision_before FROM {_FISCAL} WHERE is_latest WINDOW year AS ("
        "PARTITION BY budget_item_code, division_code, substr(period, 1, 4) ORDER BY period)) "
        "WHERE value < before AND revision_no = 1 AND revision_before = 1",
    ),
)
