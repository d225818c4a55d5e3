"""Persons under 14: their rows have grade 4 as a whole, wherever their identifier stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import duckdb

from catalog import ProductContract
from sharing.duck import ident, literal, parquet
from sharing.records import Columns
from sharing.store import Served

AGE = 14
_PERSON = "population.person.person_id"


def _cutoff(day: date) -> str:
    # On the 14th birthday itself a person still counts as under 14 (周岁 begin the day after).
    return f"(DATE {literal(day.isoformat())} - INTERVAL {AGE} YEAR)"


def _born_late(columns: Columns, day: date) -> list[str]:
    """Conditions by the row's own birth date, or the one inside its resident number."""
    names = dict(columns)
    found = []
    if "birth_date" in names:
        found.append(f"birth_date >= {_cutoff(day)}")
    if "resident_id" in names:
        coded = "try_strptime(substr(resident_id, 7, 8), '%Y%m%d')"
        found.append(f"(length(resident_id) = 18 AND {coded} >= {_cutoff(day)})")
    return found


def person_columns(contract: ProductContract) -> tuple[str, ...]:
    """The columns that hold identifiers of persons."""
    return tuple(
        c.name
        for c in contract.columns
        if c.name == "person_id" or c.name.endswith("_person_id") or _PERSON in c.references
    )


def load_minors(connection: duckdb.DuckDBPyConnection, tables: Iterable[Served], day: date) -> bool:
    """Make the temporary table `minor(person_id)` from every table with person and birth date.

    Returns:
        False when no table says how old anybody is.
    """
    queries = [
        f"SELECT person_id FROM {parquet(t.path)} WHERE {' OR '.join(_born_late(t.columns, day))}"
        for t in tables
        if {"person_id", "birth_date"} <= dict(t.columns).keys()
    ]
    body = " UNION ".join(queries) or "SELECT NULL::VARCHAR AS person_id WHERE false"
    connection.execute(
        f"CREATE TEMP TABLE minor AS SELECT DISTINCT person_id FROM ({body}) "
        "WHERE person_id IS NOT NULL"
    )
    return bool(queries)


def minor_condition(
    contract: ProductContract, columns: Columns, day: date, ages_known: bool
) -> str:
    """SQL that is true for rows of persons under 14, never NULL.

    A table of persons of whom nothing says how old they are counts as one of minors.
    """
    present = dict(columns)
    own = _born_late(columns, day)
    if "person_id" in present and not ages_known and not own:
        return "true"
    held = [c for c in person_columns(contract) if c in present]
    conditions = own + [f"{ident(c)} IN (SELECT person_id FROM minor)" for c in held]
    return f"coalesce({' OR '.join(f'coalesce({c}, false)' for c in conditions) or 'false'}, false)"
