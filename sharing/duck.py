"""DuckDB connections of this room, and quoting.

Every connection starts in memory with the same settings; files are attached to it. So nothing
collides with another configuration of the same file in this process.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from foundation.files import make_private
from foundation.paths import DataRoot

WAREHOUSE = "warehouse"


def ident(name: str) -> str:
    """A quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def qualified(product: str) -> str:
    """`population.person` as `"population"."person"`."""
    return ".".join(ident(part) for part in product.split("."))


def literal(text: str | Path) -> str:
    """A quoted SQL text."""
    return "'" + str(text).replace("'", "''") + "'"


def parquet(path: Path) -> str:
    """The table function that reads one Parquet file."""
    return f"read_parquet({literal(path)})"


@contextmanager
def session(root: DataRoot | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory connection that spills into `build/` and loads no extension by itself.

    `TONGCHUAN_MEMORY_LIMIT` (default 4GB), `TONGCHUAN_TEMP` and `TONGCHUAN_THREADS` are honoured.
    Without a root nothing is spilled: whoever checks a copied folder has no `build/`.
    """
    connection = open_session(root)
    try:
        yield connection
    finally:
        connection.close()


def open_session(root: DataRoot | None = None) -> duckdb.DuckDBPyConnection:
    """As `session`, for a caller who closes it himself."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": os.environ.get("TONGCHUAN_MEMORY_LIMIT") or "4GB",
        "preserve_insertion_order": True,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "temp_directory": "",
    }
    if threads := os.environ.get("TONGCHUAN_THREADS"):
        config["threads"] = int(threads)
    if root is not None:
        temporary = Path(os.environ.get("TONGCHUAN_TEMP") or root.build / "tmp")
        config["temp_directory"] = str(make_private(temporary))
    return duckdb.connect(":memory:", config=config)


def attach_warehouse(connection: duckdb.DuckDBPyConnection, root: DataRoot) -> None:
    """Attach the warehouse read-only, under the name by which its own views know it."""
    connection.execute(f"ATTACH {literal(root.warehouse)} AS {WAREHOUSE} (READ_ONLY)")


def columns_of(connection: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[str, str]]:
    """Name and type of every column of a relation (a table, or a table function call)."""
    rows = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    return [(str(row[0]), str(row[1])) for row in rows]
