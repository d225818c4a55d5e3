"""Expectations that several products of the credit theme share."""

from __future__ import annotations

from expectations.expected import LISTED, RECONCILED, REQUIRED, NoRows, no_rows

# A resident number of 18 or 15 digits in a text whose blanks, hyphens and dots were taken out and
# whose digits were made half-width: a date or an amount beside another is not its shape.
_PERSON_NUMBER = (
    "[1-9][0-9]{5}(18|19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]"
    "|(^|[^0-9A-Z])[1-9][0-9]{5}[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}([^0-9A-Z]|$)"
)
_PLAIN = (
    "regexp_replace(translate(upper({0}), '０１２３４５６７８９Ｘ', '0123456789X'), "
    "'[\\s　.·\\-‐‑–—_－]+', '', 'g')"
)


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


def without_persons(
    product: str, source: str, texts: tuple[str, ...], free: tuple[str, ...]
) -> tuple[NoRows, ...]:
    """No natural person is in a public product: by record, by name, by number.

    Args:
        product: the public one.
        source: the product of all records.
        texts: every column of the product that holds a text of a department.
        free: those of them in which a sentence may stand.
    """
    shown = " OR ".join(
        f"regexp_matches({_PLAIN.format(text)}, '{_PERSON_NUMBER}')" for text in texts
    )
    named = " OR ".join(f"contains(this.{text}, that.legal_representative_name)" for text in free)
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
        no_rows(
            "table.without_representatives",
            LISTED,
            f"FROM {product} AS this JOIN {source} AS that ON this.record_id = that.record_id "
            f"WHERE length(that.legal_representative_name) >= 2 AND ({named})",
        ),
    )
