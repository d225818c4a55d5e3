"""Expectations that several products of the credit theme share."""

from __future__ import annotations

from expectations.expected import LISTED, RECONCILED, REQUIRED, NoRows, no_rows

_PERSON_NUMBER = "(^|[^0-9A-Za-z])[1-9][0-9]{16}[0-9Xx]([^0-9A-Za-z]|$)"


def linked(product: str) -> tuple[NoRows, ...]:
    """A row is linked to one subject or says why not; a person is of a natural person's record."""
    return (
        no_rows(
            "link_status.of_ids",
            REQUIRED,
            f"FROM {product} WHERE (link_status = '已关联') "
            "IS DISTINCT FROM (coalesce(person_id, entity_id) IS NOT NULL)",
        ),
        no_rows(
            "table.one_subject",
            LISTED,
            f"FROM {product} WHERE person_id IS NOT NULL AND entity_id IS NOT NULL",
        ),
    )


def without_persons(product: str, source: str, texts: tuple[str, ...]) -> tuple[NoRows, ...]:
    """No natural person is in a public product: by record, by name, by number."""
    shown = " OR ".join(f"regexp_matches({text}, '{_PERSON_NUMBER}')" for text in texts)
    return (
        no_rows(
            "table.without_persons",
            LISTED,
            f"FROM {product} AS this JOIN {source} AS that ON this.record_id = that.record_id "
            "WHERE that.person_id IS NOT NULL OR that.has_person_number "
            "OR that.person_paper IS NOT NULL OR that.is_withdrawn "
            "OR that.counterparty_kind IS DISTINCT FROM this.counterparty_kind",
        ),
        no_rows(
            "table.of_records",
            RECONCILED,
            f"FROM {product} AS this ANTI JOIN {source} AS that ON this.record_id = that.record_id",
        ),
        no_rows("table.without_person_numbers", LISTED, f"FROM {product} WHERE {shown}"),
    )
