"""A database of its own for scoring, and in it the units as they are compared.

Splink leaves tables of random names; here they vanish with the connection, and the warehouse's
file holds none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from linkage.spec import Spec

if TYPE_CHECKING:
    import duckdb

_KEPT_SETTINGS = ("memory_limit", "threads", "temp_directory")


@contextmanager
def scratch(connection: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory with the limits of the connection's."""
    import duckdb

    with duckdb.connect(":memory:") as place:
        for name in _KEPT_SETTINGS:
            row = connection.execute("SELECT current_setting($1)", [name]).fetchone()
            if row and row[0] not in (None, ""):
                place.execute(f"SET {name} = '{row[0]}'")
        place.execute("SET enable_progress_bar = false")
        yield place


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    """The names of a table's columns."""
    told = connection.execute(f"SELECT * FROM {table} LIMIT 0").description
    return {str(column[0]) for column in told or ()}


def given_of(connection: duckdb.DuckDBPyConnection, spec: Spec, table: str, key: str) -> str:
    """A query for the key and the specification's columns as text; missing ones are NULL."""
    has = columns_of(connection, table)
    given = ", ".join(
        f"cast({column if column in has else 'NULL'} AS VARCHAR) AS {column}"
        for column in spec.columns
    )
    return f"SELECT {key}, {given} FROM {table}"


def derived_of(connection: duckdb.DuckDBPyConnection, spec: Spec, table: str, key: str) -> str:
    """A relation of the key and the columns that are compared."""
    return _derived(spec, f"({given_of(connection, spec, table, key)})", key)


def _derived(spec: Spec, relation: str, key: str) -> str:
    # Materialised, or each part would compute its form again.
    forms = ", ".join(f"{sql} AS {column}" for column, sql in spec.forms.items())
    parts = "".join(f", {sql} AS {column}" for column, sql in spec.parts.items())
    return (
        f"(WITH formed AS MATERIALIZED (SELECT {key}, {forms} FROM {relation}) "
        f"SELECT *{parts} FROM formed)"
    )


def copy_units(
    connection: duckdb.DuckDBPyConnection,
    place: duckdb.DuckDBPyConnection,
    spec: Spec,
    table: str,
    name: str,
) -> None:
    """Bring units into the scratch database: `uid` (a number), `unit_id`, the derived columns."""
    arriving = connection.execute(given_of(connection, spec, table, "unit_id")).to_arrow_reader()
    place.register("arriving", arriving)
    place.execute(
        f"CREATE OR REPLACE TABLE {name} AS "
        f"SELECT row_number() OVER () AS uid, * FROM {_derived(spec, 'arriving', 'unit_id')}"
    )
    place.unregister("arriving")


def weigh(place: duckdb.DuckDBPyConnection, spec: Spec, tables: list[str]) -> dict[str, str]:
    """How common each value is: the product of its parts' shares in the parameters.

    Returns:
        For each weighed column a table of its values (`<column>`, `tf_<column>`).
    """
    made = {}
    for column, parts in spec.frequencies.items():
        known = spec.learnt.frequencies
        joins, shares = [], []
        for part in parts:
            values = known[part]
            place.execute(f"CREATE OR REPLACE TABLE share_of_{part} (part VARCHAR, share DOUBLE)")
            place.execute(
                f"INSERT INTO share_of_{part} SELECT unnest($1), unnest($2)",
                [list(values), list(values.values())],
            )
            joins.append(f"LEFT JOIN share_of_{part} ON share_of_{part}.part = {part}")
            shares.append(f"coalesce(share_of_{part}.share, {min(values.values())!r})")
        seen = " UNION ".join(f"SELECT {column}, {', '.join(parts)} FROM {t}" for t in tables)
        place.execute(
            f"CREATE OR REPLACE TABLE commonness_of_{column} AS SELECT {column}, "
            f"max({' * '.join(shares)}) AS tf_{column} FROM ({seen}) {' '.join(joins)} "
            f"WHERE {column} IS NOT NULL GROUP BY {column}"
        )
        made[column] = f"commonness_of_{column}"
    return made
