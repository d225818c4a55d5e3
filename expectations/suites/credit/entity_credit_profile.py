"""credit.entity_credit_profile: every figure is that of its rows."""

from __future__ import annotations

from expectations.expected import RECONCILED, NoRows, no_rows

_PROFILE, _ITEM = "credit.entity_credit_profile", "credit.entity_credit_item"


def _counts(column: str, kind: str, *, current: bool = False) -> NoRows:
    """The column of an entity is the number of its items of the kind."""
    now = " AND is_current" if current else ""
    return _equals(column, f"count(*) FILTER (WHERE item_kind = '{kind}'{now})")


def _sums(column: str, kind: str) -> NoRows:
    """The column of an entity is the sum of the amounts of its items of the kind."""
    return _equals(column, f"sum(amount_cny) FILTER (WHERE item_kind = '{kind}')")


def _equals(column: str, figure: str) -> NoRows:
    return no_rows(
        f"{column}.of_items",
        RECONCILED,
        f"FROM (SELECT entity_id, {figure} AS n FROM {_ITEM} GROUP BY entity_id) AS items "
        f"FULL JOIN {_PROFILE} AS this ON this.entity_id = items.entity_id "
        f"WHERE coalesce(items.n, 0) <> coalesce(this.{column}, -1)",
    )


SUITE = (
    _counts("permits", "行政许可"),
    _counts("permits_valid", "行政许可", current=True),
    _counts("penalties", "行政处罚"),
    _counts("penalties_public", "行政处罚", current=True),
    _counts("debtor_listings", "失信被执行人"),
    _counts("exceedances", "污染源超标"),
    _counts("licences_in_force", "证照", current=True),
    _sums("fines_cny", "行政处罚"),
    _sums("confiscated_cny", "没收"),
    no_rows(
        "arrears_cny.of_items",
        RECONCILED,
        "FROM (SELECT entity_id, count(*) FILTER (WHERE item_kind = '参保单位') AS employers, "
        f"sum(amount_cny) FILTER (WHERE item_kind = '社保欠费') AS n FROM {_ITEM} "
        f"GROUP BY entity_id) AS items RIGHT JOIN {_PROFILE} AS this "
        "ON this.entity_id = items.entity_id WHERE this.arrears_cny IS DISTINCT FROM "
        "CASE WHEN items.employers > 0 THEN coalesce(items.n, 0) END",
    ),
    no_rows(
        "table.one_of_each_entity",
        RECONCILED,
        f"FROM {_PROFILE} AS this FULL JOIN legal_entity.legal_entity AS that "
        "ON this.entity_id = that.entity_id WHERE this.entity_id IS NULL OR that.entity_id IS NULL",
    ),
)
