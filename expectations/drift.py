"""Expectations on the change since the last release that had the product."""

from __future__ import annotations

from catalog import ProductContract
from expectations.expected import NULL_CHANGE, ROW_CHANGE, Expected, no_rows
from expectations.thresholds import drift_of


def drift(contract: ProductContract) -> list[Expected]:
    """Expectations over `gate.profile`, which counts rows and NULLs now and before.

    Required columns are left out: they have no NULLs by another expectation.
    """
    allowed = drift_of(contract.id)
    result: list[Expected] = []
    profile = f"FROM gate.profile WHERE product = '{contract.id}'"
    enough = f"rows_before >= {allowed.min_rows}"
    wrong = []
    if allowed.rows is not None:
        change = "rows_before - rows_now" if allowed.grows else "abs(rows_now - rows_before)"
        wrong.append(f"{enough} AND {change} > {allowed.rows} * rows_before")
    if not allowed.may_be_empty:
        wrong.append("rows_before > 0 AND rows_now = 0")
    if wrong:
        is_wrong = f"({' OR '.join(wrong)})"
        sql = f"{profile} AND column_name IS NULL AND {is_wrong}"
        result.append(no_rows("table.row_change", ROW_CHANGE, sql))
    if allowed.null_share is not None:
        # An empty table has no share of nulls; its loss of rows is the expectation above.
        change = (
            f"abs(nulls_now / nullif(rows_now, 0) - nulls_before / rows_before) "
            f"> {allowed.null_share}"
        )
        result.extend(
            no_rows(
                f"{column.name}.null_change",
                NULL_CHANGE,
                f"{profile} AND column_name = '{column.name}' AND {enough} AND {change}",
            )
            for column in contract.columns
            if not column.required
            and column.key_position is None
            and column.name not in allowed.borrowed
        )
    return result
