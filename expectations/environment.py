"""Expectations that several products of the environment share."""

from __future__ import annotations

from expectations.expected import RANGE, RECONCILED, REQUIRED, NoRows, no_rows

_IAQI = ", ".join(f"iaqi_{name}" for name in ("so2", "no2", "pm10", "pm25", "co", "o3"))


def index(product: str, primary: str) -> tuple[NoRows, ...]:
    """The index is the highest of its parts, and its words go with it."""
    return (
        no_rows("aqi.highest_part", RANGE, f"FROM {product} WHERE aqi <> greatest({_IAQI})"),
        no_rows(
            "aqi_category.of_aqi",
            REQUIRED,
            f"FROM {product} WHERE (aqi IS NULL) <> (aqi_category IS NULL) "
            "OR (aqi IS NULL) <> (aqi_level IS NULL)",
        ),
        no_rows(
            f"{primary}.above_50",
            REQUIRED,
            f"FROM {product} WHERE ({primary} IS NOT NULL) <> (coalesce(aqi, 0) > 50)",
        ),
    )


def all_records(product: str, extract: str) -> NoRows:
    """Every current record of the extract is one row."""
    return no_rows(
        "table.all_records",
        RECONCILED,
        f"FROM gate.reconciliation WHERE extract = 'environment/{extract}' "
        f"AND current_records <> (SELECT count(*) FROM {product})",
    )


def linked(product: str) -> NoRows:
    """A row without an entity says so."""
    return no_rows(
        "link_status.of_entity",
        REQUIRED,
        f"FROM {product} WHERE (entity_id IS NULL) <> (link_status = '法人库中没有')",
    )
