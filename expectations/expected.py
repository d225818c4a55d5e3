"""Expectations as plain data: made without Great Expectations, run by it (`engine.py`).

The process that asks and the process that checks build the same list from the same contracts, so
the asker knows what must be answered. SQL here names products as `<domain>.<product>` and the
gate's own tables as `gate.<table>` (`tables.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

from expectations.thresholds import TOLERATED_SHARE

# REFERENCE is for references that a contract states, and for nothing else: when a version is held
# back, `sharing` holds what it refers to and would lose. Other relations count as KEY (an id that
# stands for two things) or RECONCILED (a model lost or doubled records).
KEY, REQUIRED, LISTED, REFERENCE, RANGE = (f"R-GATE-0{n}" for n in range(1, 6))
ROW_CHANGE, NULL_CHANGE, RECONCILED, NOT_RUN = (f"R-GATE-0{n}" for n in range(6, 10))
COLUMNS = "R-GATE-11"
GEOMETRY = "R-GATE-21"
CALENDAR = "R-CAL-01"


@dataclass(frozen=True)
class Expected:
    """One expectation on one product.

    Attributes:
        id: stable and readable, unique within the product: `<column or table>.<what>`.
        rule_id: the gate rule it stands for.
    """

    id: str
    rule_id: str


@dataclass(frozen=True)
class NotNull(Expected):
    """No value of the column is NULL."""

    column: str


@dataclass(frozen=True)
class Unique(Expected):
    """No two rows agree in all the columns; rows with NULL in one of them do not count."""

    columns: tuple[str, ...]


@dataclass(frozen=True)
class OneOf(Expected):
    """Every value that is not NULL is one of these."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class NoRows(Expected):
    """The query finds nothing. It selects the constant 1, so no value ever leaves DuckDB."""

    query: str


def no_rows(id_: str, rule_id: str, found: str, tolerated_in: str | None = None) -> NoRows:
    """Expect that nothing is found.

    Args:
        id_: the expectation's id.
        rule_id: its gate rule.
        found: SQL from the word FROM on; each row it gives is one thing that is wrong.
        tolerated_in: the product of whose rows `TOLERATED_SHARE` may be wrong.
    """
    query = f"SELECT 1 AS unexpected {found}"
    if tolerated_in:
        query = (
            f"SELECT unexpected FROM ({query}) QUALIFY count(*) OVER () > "
            f"{TOLERATED_SHARE} * (SELECT count(*) FROM {tolerated_in})"
        )
    return NoRows(id_, rule_id, query)


def matches(product: str, column: str, pattern: str, rule_id: str = LISTED) -> NoRows:
    """Expect every value to match the regular expression as a whole."""
    text = pattern.replace("'", "''")
    return no_rows(
        f"{column}.pattern",
        rule_id,
        f"FROM {product} WHERE NOT regexp_full_match({column}, '{text}')",
    )


def not_in_future(product: str, column: str, tolerated: bool = False) -> NoRows:
    """Expect no date after the business date of the night."""
    return no_rows(
        f"{column}.not_in_future",
        RANGE,
        f"FROM {product} WHERE {column} > (SELECT business_date FROM gate.night)",
        product if tolerated else None,
    )


def not_before(product: str, column: str, other: str, tolerated: bool = False) -> NoRows:
    """Expect no date before the row's other date."""
    return no_rows(
        f"{column}.not_before_{other}",
        RANGE,
        f"FROM {product} WHERE {column} < {other}",
        product if tolerated else None,
    )


def refers_to(product: str, column: str, target: str) -> NoRows:
    """Expect every value that is not NULL to stand in `domain.product.column` as served."""
    other, _, key = target.rpartition(".")
    return no_rows(
        f"{column}.references.{target}",
        REFERENCE,
        f"FROM {product} AS this ANTI JOIN {other} AS that ON this.{column} = that.{key} "
        f"WHERE this.{column} IS NOT NULL",
    )


def known_extract(
    product: str,
    column: str = "extract",
    provider: str | None = None,
    *,
    of_any_domain: bool = False,
) -> NoRows:
    """Expect extracts of this domain's contracts (and with `provider` that it is its provider)."""
    domain = product.partition(".")[0]
    own = "" if of_any_domain else f" AND told.domain = '{domain}'"
    same = f" AND told.provider IN (this.{provider}, '*')" if provider else ""
    return no_rows(
        f"{column}.known",
        LISTED,
        f"FROM {product} AS this ANTI JOIN gate.extract AS told "
        f"ON told.extract = this.{column}{own}{same} "
        f"WHERE this.{column} IS NOT NULL",
    )


def known_counterpart(product: str) -> NoRows:
    """Expect a counterpart in any domain's extracts (deaths and closures are told by others)."""
    return no_rows(
        "counterpart_extract.known",
        LISTED,
        f"FROM {product} AS this ANTI JOIN gate.extract AS told "
        "ON told.extract = this.counterpart_extract WHERE this.counterpart_extract IS NOT NULL",
    )


def coordinates_of_matches(product: str) -> NoRows:
    """Expect coordinates, both of them, exactly where a house number was matched."""
    return no_rows(
        "longitude.when_matched",
        REQUIRED,
        f"FROM {product} WHERE (longitude IS NULL) <> (latitude IS NULL) "
        "OR (longitude IS NOT NULL) <> (coalesce(address_match_level, '') = 'house_number')",
    )


def county_of(product: str, county: str, division: str) -> NoRows:
    """Expect the county code to be the first six digits of the finer code beside it."""
    return no_rows(
        f"{county}.of_{division}",
        LISTED,
        f"FROM {product} WHERE {county} IS NOT NULL "
        f"AND {county} IS DISTINCT FROM substr({division}, 1, 6)",
    )


def periods(product: str, subject: str) -> tuple[NoRows, ...]:
    """Expect a subject's periods `[valid_from, valid_to)` to follow each other without overlap."""
    return (
        no_rows("valid_to.after_valid_from", RANGE, f"FROM {product} WHERE valid_to <= valid_from"),
        no_rows(
            "valid_from.no_overlap",
            KEY,
            f"FROM (SELECT valid_to, lead(valid_from) OVER (PARTITION BY {subject} "
            f"ORDER BY valid_from) AS following FROM {product}) "
            "WHERE following IS NOT NULL AND (valid_to IS NULL OR valid_to > following)",
        ),
        no_rows(
            "is_current.when_open",
            RANGE,
            f"FROM {product} WHERE is_current IS DISTINCT FROM (valid_to IS NULL)",
        ),
    )


def current_rows_of(product: str, target: str, subject: str, columns: tuple[str, ...]) -> NoRows:
    """Expect the current rows of a history to be those of the product whose history it is."""
    names = ", ".join((subject, *columns))
    history = f"SELECT {names} FROM {product} WHERE is_current"
    today = f"SELECT {names} FROM {target}"
    return no_rows(
        f"table.current_rows_of.{target}",
        RECONCILED,
        f"FROM (({history} EXCEPT {today}) UNION ALL ({today} EXCEPT {history}))",
    )


def statements(product: str) -> tuple[NoRows, ...]:
    """Expect statements of known extracts and providers, whose times and values fit together."""
    return (
        known_extract(product, provider="provider"),
        no_rows(
            "known_until.not_before_known_at", RANGE, f"FROM {product} WHERE known_until < known_at"
        ),
        no_rows(
            "attribute_value.when_stated",
            RANGE,
            f"FROM {product} WHERE attribute_value IS NOT NULL AND NOT is_stated",
        ),
    )
