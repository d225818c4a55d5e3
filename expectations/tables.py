"""The tables that expectations speak of, in an in-memory DuckDB over the given Parquet files.

`<domain>.<product>`: every product of the catalogue with the columns of its contract, over the
file of the composition; empty when the composition has none, so that references to it fail.
`main.<domain>__<product>`: the same for Great Expectations, which loses schema names.
`gate.night`, `gate.code`, `gate.extract`: the business date, code lists, extracts and providers.
`gate.shape`: columns as the contract tells and as the file has them.
`gate.profile`: rows and NULLs per column now and in the release before.
`gate.reconciliation`: the counts of deliveries, records and mentions per extract.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb

from catalog import Catalog, ProductContract
from expectations.request import GateRequest
from foundation.errors import safe_error
from foundation.spatial import load_spatial

_COUNTED = "reconciliation"
_COUNTS = ("ledger_rows", "raw_rows", "current_records", "mentions", "identified", "unresolved")


def connect(
    temp_directory: Path, readable: list[Path], *, spatial: bool = False
) -> duckdb.DuckDBPyConnection:
    """An empty in-memory database that can read these files and nothing else.

    With `spatial` it knows the functions of geometry. Memory and threads come from
    `TONGCHUAN_MEMORY_LIMIT` (default 4GB) and `TONGCHUAN_THREADS` (default: all cores).
    """
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": os.environ.get("TONGCHUAN_MEMORY_LIMIT") or "4GB",
            "threads": int(os.environ.get("TONGCHUAN_THREADS") or os.cpu_count() or 1),
            "temp_directory": str(temp_directory),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    if spatial:
        load_spatial(connection)
    paths = ", ".join(_text(str(path)) for path in sorted(set(readable)))
    connection.execute(f"SET allowed_paths = [{paths}]")
    connection.execute("SET enable_external_access = false")
    return connection


def prepare(
    connection: duckdb.DuckDBPyConnection, catalog: Catalog, request: GateRequest
) -> dict[str, str]:
    """Make all tables.

    Returns:
        Product (or `reconciliation`) to the safe description of what is wrong with its files. Its
        expectations cannot run; those of others that name it raise, because its table is missing.
    """
    connection.execute("CREATE SCHEMA gate")
    connection.execute(
        "CREATE TABLE gate.night AS SELECT ? AS business_date", [request.business_date]
    )
    connection.execute(
        "CREATE TABLE gate.shape "
        "(product VARCHAR, column_name VARCHAR, told VARCHAR, found VARCHAR)"
    )
    connection.execute(
        "CREATE TABLE gate.profile (product VARCHAR, column_name VARCHAR, rows_now BIGINT, "
        "nulls_now BIGINT, rows_before BIGINT, nulls_before BIGINT)"
    )
    _lists(connection, catalog)
    broken: dict[str, str] = {}
    for domain in sorted({contract.domain for contract in catalog.products.values()}):
        connection.execute(f"CREATE SCHEMA {domain}")
    for product, contract in sorted(catalog.products.items()):
        path = request.composition.get(product)
        _guarded(broken, product, partial(_product, connection, contract, path))
        before = request.previous.get(product)
        if product in request.judge and before is not None and product not in broken:
            _guarded(broken, product, partial(_profile, connection, contract, before))
    _guarded(broken, _COUNTED, partial(_reconciliation, connection, request.reconciliation))
    return broken


def _guarded(broken: dict[str, str], product: str, make: Callable[[], None]) -> None:
    try:
        make()
    except Exception as error:  # noqa: BLE001  # whatever is wrong with a file fails its product
        broken[product] = safe_error(error)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _file(path: Path) -> str:
    return f"read_parquet({_text(str(path))}, hive_partitioning = false)"


def _columns(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    rows = connection.execute(f"DESCRIBE SELECT * FROM {_file(path)}").fetchall()
    return {name: kind for name, kind, *_ in rows}


def _product(
    connection: duckdb.DuckDBPyConnection, contract: ProductContract, path: Path | None
) -> None:
    """One product's tables; columns that do not fit stand as NULLs beside the finding."""
    found = {} if path is None else _columns(connection, path)
    parts = []
    for column in contract.columns:
        kind = found.get(column.name)
        if kind == column.sql_type:
            parts.append(f'"{column.name}"')
        else:
            value = "NULL" if kind is None else f'"{column.name}"'
            parts.append(f'TRY_CAST({value} AS {column.sql_type}) AS "{column.name}"')
    source = f"FROM {_file(path)}" if path is not None else "WHERE false"
    connection.execute(f"CREATE VIEW {contract.id} AS SELECT {', '.join(parts)} {source}")
    connection.execute(f"CREATE VIEW main.{contract.model} AS SELECT * FROM {contract.id}")
    if path is not None:
        told = {column.name: column.sql_type for column in contract.columns}
        names = sorted({*told, *found})
        connection.execute(
            "INSERT INTO gate.shape SELECT ?, "
            "unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
            [contract.id, names, [told.get(n) for n in names], [found.get(n) for n in names]],
        )


def _profile(
    connection: duckdb.DuckDBPyConnection, contract: ProductContract, before: Path
) -> None:
    """Rows (column_name NULL) and NULLs of each column that both versions have."""
    old = _columns(connection, before)
    names = [column.name for column in contract.columns if column.name in old]
    nulls = "".join(f', count(*) - count("{name}")' for name in names)
    now = connection.execute(f"SELECT count(*){nulls} FROM {contract.id}").fetchone()
    then = connection.execute(f"SELECT count(*){nulls} FROM {_file(before)}").fetchone()
    if now is None or then is None:
        raise duckdb.Error("no counts")
    connection.execute(
        "INSERT INTO gate.profile SELECT "
        "?, unnest(?::VARCHAR[]), ?, unnest(?::BIGINT[]), ?, unnest(?::BIGINT[])",
        [contract.id, [None, *names], now[0], [None, *now[1:]], then[0], [None, *then[1:]]],
    )


def _lists(connection: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    names = sorted(
        {
            check.params["list"]
            for contract in catalog.products.values()
            for column in contract.columns
            for check in column.checks
            if check.kind == "in_code_list"
        }
    )
    connection.execute("CREATE TABLE gate.code (list VARCHAR, code VARCHAR)")
    for name in names:
        codes = sorted(catalog.code_list(name).codes)
        connection.execute("INSERT INTO gate.code SELECT ?, unnest(?::VARCHAR[])", [name, codes])
    connection.execute(
        "CREATE TABLE gate.extract (domain VARCHAR, extract VARCHAR, provider VARCHAR)"
    )
    for extract in catalog.extracts.values():
        connection.execute(
            "INSERT INTO gate.extract VALUES (?, ?, ?)",
            [extract.domain, extract.id, extract.provider],
        )


def _reconciliation(connection: duckdb.DuckDBPyConnection, path: Path | None) -> None:
    if path is None:
        counts = [f"CAST(NULL AS BIGINT) AS {name}" for name in _COUNTS]
        source = "FROM (SELECT '' AS domain, '' AS extract) WHERE false"
    else:
        counts = [f"TRY_CAST({name} AS BIGINT) AS {name}" for name in _COUNTS]
        source = f"FROM {_file(path)}"
    connection.execute(
        f"CREATE TABLE gate.reconciliation AS SELECT domain, extract, {', '.join(counts)} {source}"
    )
