"""The fingerprint of a table: the same rows, the same text, whatever their order.

`docs/fingerprint.md` describes it so that anybody can recompute it from Parquet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from catalog.contracts import UNFINGERPRINTED, UNFINGERPRINTED_PREFIX, UNFINGERPRINTED_ROWS
from foundation.errors import IntegrityError
from sharing.duck import columns_of, ident

_FIELD, _NULL = "\x1f", "\x1e"
_MODULUS = 1 << 64
_PLAIN = ("BOOLEAN", "DATE", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")


@dataclass(frozen=True)
class Fingerprint:
    """All rows of a table, and the text of its fingerprint (which begins with those that count)."""

    rows: int
    text: str


def is_counted(column: str) -> bool:
    """Whether a column's values count: provenance and knowledge time do not."""
    return column not in UNFINGERPRINTED and not column.startswith(UNFINGERPRINTED_PREFIX)


def _canonical(name: str, sql_type: str) -> str:
    column = ident(name)
    if sql_type == "VARCHAR":
        text = column
    elif sql_type == "TIMESTAMP":  # microseconds: a text form would drop trailing zeros
        text = f"CAST(epoch_us({column}) AS VARCHAR)"
    elif sql_type == "BLOB":  # geometry: its WKB, which the models have made canonical
        text = f"lower(hex({column}))"
    elif sql_type in _PLAIN or sql_type.startswith("DECIMAL("):
        text = f"CAST({column} AS VARCHAR)"
    else:
        raise IntegrityError(f"{name}: a column of type {sql_type} has no fingerprint")
    return f"coalesce({text}, '{_NULL}')"


def fingerprint_sql(relation: str, columns: Iterable[tuple[str, str]]) -> str:
    """The query that computes all rows, rows that count and both sums of a relation.

    Args:
        relation: a table, or a table function call.
        columns: name and SQL type of its columns; those that do not count are left out here.

    Raises:
        IntegrityError: a column has a type that has no canonical text.
    """
    columns = sorted(columns)
    texts = [_canonical(name, kind) for name, kind in columns if is_counted(name)]
    partial = UNFINGERPRINTED_ROWS in (name for name, _ in columns)
    counted = f"{UNFINGERPRINTED_ROWS} IS NOT TRUE" if partial else "true"
    # One md5 per row; its two halves are what md5_number_lower and md5_number_upper give.
    return (
        "SELECT count(*), count(h), sum((h >> 64)::UBIGINT), "
        "sum((h & 18446744073709551615)::UBIGINT) FROM (SELECT "
        f"CASE WHEN {counted} THEN md5_number(concat_ws('{_FIELD}', {', '.join(texts)})) END AS h "
        f"FROM {relation})"
    )


def fingerprint(connection: duckdb.DuckDBPyConnection, relation: str) -> Fingerprint:
    """Rows and fingerprint of a relation; `<count>-<16 hex digits>-<16 hex digits>`.

    Raises:
        IntegrityError: a column has a type that has no canonical text.
    """
    query = fingerprint_sql(relation, columns_of(connection, relation))
    row = connection.execute(query).fetchone() or (0, 0, None, None)
    rows, counted, lower, upper = int(row[0]), int(row[1]), int(row[2] or 0), int(row[3] or 0)
    return Fingerprint(rows, f"{counted}-{lower % _MODULUS:016x}-{upper % _MODULUS:016x}")
