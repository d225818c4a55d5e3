"""What was scored before, and in it the units that a new one may meet.

Each unit is kept with a hash of every combination of values that a blocking rule compares. So who
is near a new unit is found in columns of numbers, and nobody else is described again.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from foundation.errors import ConfigurationError
from linkage.prepare import derived_of
from linkage.spec import Spec

if TYPE_CHECKING:
    import duckdb

_NEW, _GONE, _NEAR = "linkage_new", "linkage_gone", "linkage_near"


class Previous(NamedTuple):
    """What was scored before.

    Attributes:
        pairs: a table as `score` left it with these units; None where nothing was scored.
        units: the table in which `score` keeps what it has scored; it is made if it is not there.
    """

    pairs: str | None
    units: str


class Change(NamedTuple):
    """Temporary tables of units that are not what was scored before.

    Attributes:
        new: units to be scored (`unit_id` and the hashes).
        gone: units that are no longer there.
        near: of the units scored before those that a blocking rule may bring together with a new
            one.
    """

    new: str = _NEW
    gone: str = _GONE
    near: str = _NEAR


def find_change(
    connection: duckdb.DuckDBPyConnection, spec: Spec, sides: tuple[str, str], units: str
) -> Change:
    """Compare the units of today with those that were scored before.

    Args:
        connection: holds the tables; gets those of the change.
        spec: a trained specification.
        sides: tables of units, records and profiles.
        units: of what was scored before.

    Raises:
        ConfigurationError: a unit_id is missing or not unique, or a blocking rule has no equality.
    """
    names = _key_names(spec)
    _have(connection, spec, units)
    today = " UNION ALL ".join(f"SELECT unit_id FROM {table}" for table in sides)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_GONE} AS SELECT unit_id FROM {units} "
        f"ANTI JOIN ({today}) USING (unit_id)"
    )
    new = (
        f"(SELECT * FROM {table} ANTI JOIN (SELECT unit_id FROM {units}) USING (unit_id))"
        for table in sides
    )
    hashed = " UNION ALL ".join(_hashed(connection, spec, relation) for relation in new)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {_NEW} AS {hashed}")
    # every unit is either new or was scored before, once
    _refuse(
        connection,
        f"SELECT (SELECT count(*) FROM ({today})) - (SELECT count(*) FROM {units}) "
        f"+ (SELECT count(*) FROM {_GONE}) - (SELECT count(DISTINCT unit_id) FROM {_NEW})",
    )
    meets = " OR ".join(
        f"{names[one]} IN (SELECT {names[other]} FROM {_NEW})" for one, other in _meetings(spec)
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_NEAR} AS SELECT unit_id FROM {units} "
        f"WHERE ({meets}) AND unit_id NOT IN (FROM {_GONE})"
    )
    return Change()


def remember(connection: duckdb.DuckDBPyConnection, units: str) -> None:
    """Let `units` be what is scored now; the change's tables go."""
    connection.execute(f"DELETE FROM {units} WHERE unit_id IN (FROM {_GONE})")
    connection.execute(f"INSERT INTO {units} BY NAME FROM {_NEW}")
    for table in Change():
        connection.execute(f"DROP TABLE {table}")


def refuse_doubles(connection: duckdb.DuckDBPyConnection, sides: tuple[str, str]) -> None:
    """Every unit has an id, and no two have the same one.

    Raises:
        ConfigurationError: they do not.
    """
    today = " UNION ALL ".join(f"SELECT unit_id FROM {table}" for table in sides)
    _refuse(connection, f"SELECT count(*) - count(DISTINCT unit_id) FROM ({today})")


def _have(connection: duckdb.DuckDBPyConnection, spec: Spec, units: str) -> None:
    """Let the table be there, and nothing in it that was hashed otherwise."""
    columns = "".join(f", {name} UINTEGER" for name in _key_names(spec).values())
    connection.execute(
        f"CREATE TABLE IF NOT EXISTS {units} (unit_id VARCHAR, scored_by VARCHAR{columns})"
    )
    row = connection.execute(
        f"SELECT count(*) FROM {units} WHERE scored_by <> $1", [_scored_by(connection, spec)]
    ).fetchone()
    if row is None or row[0]:
        connection.execute(
            f"CREATE OR REPLACE TABLE {units} (unit_id VARCHAR, scored_by VARCHAR{columns})"
        )


def _scored_by(connection: duckdb.DuckDBPyConnection, spec: Spec) -> str:
    """The model version, which names the rules, and whose hash function was used."""
    row = connection.execute("SELECT version()").fetchone()
    return f"{spec.learnt.model_version} {row and row[0]}"


def _refuse(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    row = connection.execute(query).fetchone()
    if row is None or row[0]:
        raise ConfigurationError(f"{row and row[0]} units without an id of their own")


def _compared(spec: Spec) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """For each blocking rule the columns that must be equal, of its left and of its right side.

    Whatever else a rule asks for is left to blocking.
    """
    rules = [re.findall(r"l\.(\w+) = r\.(\w+)", rule) for rule in spec.blocking]
    if not all(rules):
        raise ConfigurationError("a blocking rule has no equality")
    return [(tuple(one for one, _ in rule), tuple(other for _, other in rule)) for rule in rules]


def _key_names(spec: Spec) -> dict[tuple[str, ...], str]:
    combinations = sorted({columns for rule in _compared(spec) for columns in rule})
    return {columns: f"key_{number}" for number, columns in enumerate(combinations)}


def _meetings(spec: Spec) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Which combination of a unit scored before meets which of a new one, either on either side."""
    rules = _compared(spec)
    return sorted({*rules, *((other, one) for one, other in rules)})


def _hashed(connection: duckdb.DuckDBPyConnection, spec: Spec, relation: str) -> str:
    """A query for units with the hashes: half of the bits, for a chance meeting costs nothing."""
    names = _key_names(spec)
    wanted = sorted({column for columns in names for column in columns})
    slim = replace(
        spec,
        forms={c: sql for c, sql in spec.forms.items() if c in wanted or c in spec.sources(wanted)},
        parts={c: sql for c, sql in spec.parts.items() if c in wanted},
    )
    keys = ", ".join(
        f"CASE WHEN {' AND '.join(f'{c} IS NOT NULL' for c in columns)} "
        f"THEN (hash({', '.join(columns)}) >> 32)::UINTEGER END AS {name}"
        for columns, name in names.items()
    )
    return (
        f"SELECT unit_id, '{_scored_by(connection, spec)}' AS scored_by, {keys} "
        f"FROM {derived_of(connection, slim, relation, 'unit_id')}"
    )
