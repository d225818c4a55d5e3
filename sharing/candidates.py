"""From the warehouse to candidates: one Parquet per product, and the delivery counts.

The only place of this room that opens the warehouse, and only its conformed products, the
reconciliation models and the list of deliveries.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from catalog import Catalog, ProductContract
from foundation.files import make_private
from foundation.paths import DataRoot
from ledger import Ledger
from sharing.corrections import states_of_build
from sharing.duck import WAREHOUSE, attach_warehouse, ident, literal, qualified, session
from sharing.fingerprint import fingerprint
from sharing.graph import ProductGraph
from sharing.records import Candidate, Candidates, Columns
from sharing.store import Release, Store

_MODEL_FAILED, _COLUMNS_DIFFER = "R-GATE-12", "R-GATE-11"
# Everything that decides the bytes of an object stands here; DuckDB's version stands in the file.
_PARQUET = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"


def write_parquet(
    connection: duckdb.DuckDBPyConnection, query: str, order: str, target: Path
) -> None:
    """Write a query's rows in a total order: the same rows, the same bytes.

    Args:
        connection: where the query runs; it must preserve insertion order.
        query: a SELECT.
        order: the columns of the total order, as SQL.
        target: the file to make.
    """
    connection.execute(f"COPY ({query} ORDER BY {order}) TO {literal(target)} ({_PARQUET})")


def contract_columns(contract: ProductContract) -> Columns:
    """Name and SQL type of every column, as the contract has them."""
    return tuple((column.name, column.sql_type) for column in contract.columns)


def _tables(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Columns of every table and view of the warehouse, by `schema.name`."""
    rows = connection.execute(
        "SELECT schema_name || '.' || table_name, column_name, data_type FROM duckdb_columns() "
        f"WHERE database_name = '{WAREHOUSE}' AND NOT internal ORDER BY ALL"
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def _is_absent(product: str, graph: ProductGraph, came: set[str], base: Release | None) -> bool:
    every = graph.extracts.get(product, frozenset())
    # A product of an extract's name holds that extract's records. What others lend it (coordinates,
    # ids, parties linked together with its own) makes no row.
    same = product.replace(".", "/", 1)
    domain = product.partition(".")[0]
    own = {extract for extract in every if extract.partition("/")[0] == domain}
    extracts = {same} if same in every else own or every
    served = base is not None and product in base.products
    return bool(extracts) and not extracts & came and not served


def _unchanged(
    contract: ProductContract, text: str, base: Release | None, store: Store
) -> tuple[Path, int] | None:
    """The object that already holds these rows under these columns, and how many it has in all."""
    served = base.products.get(contract.id) if base else None
    if served is None or served.fingerprint != text:
        return None
    if served.columns != contract_columns(contract):
        return None
    path = store.object_path(served.sha256)
    is_whole = path.exists() and path.stat().st_size == served.size
    return (path, served.rows) if is_whole else None


def _export(
    connection: duckdb.DuckDBPyConnection,
    contract: ProductContract,
    base: Release | None,
    store: Store,
    folder: Path,
) -> Candidate:
    table = f"{WAREHOUSE}.{qualified(contract.id)}"
    print_ = fingerprint(connection, table)
    if known := _unchanged(contract, print_.text, base, store):
        # rows that do not count may be others by now: the object goes on being served as it is
        path, rows = known
        return Candidate(contract.id, path, rows, print_.text, True)
    target = folder / f"{contract.id}.parquet"
    columns = ", ".join(ident(column.name) for column in contract.columns)
    order = ", ".join(ident(column.name) for column in contract.key)
    write_parquet(connection, f"SELECT {columns} FROM {table}", order, target)
    return Candidate(contract.id, target, print_.rows, print_.text, False)


def _reconciliation(
    connection: duckdb.DuckDBPyConnection, tables: dict[str, dict[str, str]], folder: Path
) -> Path | None:
    """Delivery counts by the ledger beside the counts of the warehouse; None if there are none."""
    found = [t for t in sorted(tables) if t.startswith("intermediate.int_")]
    found = [t for t in found if t.endswith("__reconciliation")]
    if not found or "raw.expected_rows" not in tables:
        return None
    parts = []
    for table in found:
        domain = table.removeprefix("intermediate.int_").removesuffix("__reconciliation")
        parts.append(
            f"SELECT '{domain}' AS domain, r.extract, e.rows::BIGINT AS ledger_rows, "
            "r.raw_rows, r.current_records, r.mentions, r.identified, r.unresolved "
            f"FROM {WAREHOUSE}.{qualified(table)} r "
            f"LEFT JOIN {WAREHOUSE}.raw.expected_rows e ON e.extract = r.extract"
        )
    target = folder / "reconciliation.parquet"
    query = f"SELECT * FROM ({' UNION ALL '.join(parts)})"
    write_parquet(connection, query, "domain, extract", target)
    return target


def _texts(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> tuple[str, ...]:
    query = f"SELECT DISTINCT {column} FROM {WAREHOUSE}.{table} ORDER BY 1"
    return tuple(str(row[0]) for row in connection.execute(query).fetchall())


def export_candidates(
    root: DataRoot,
    catalog: Catalog,
    ledger: Ledger,
    graph: ProductGraph,
    failed_models: frozenset[str],
) -> Candidates:
    """Make the candidate of every product whose model did not fail.

    A product is refused when one of its models failed or is missing (R-GATE-12), when its columns
    are not those of its contract (R-GATE-11), and all are when the warehouse was built from
    deliveries that the ledger does not hold as active (R-GATE-08).

    Returns:
        Candidates; unchanged ones point to their released object.
    """
    store, folder = Store.of(root), root.candidates
    shutil.rmtree(folder, ignore_errors=True)
    make_private(folder)
    products = catalog.products
    if not root.warehouse.exists():
        return Candidates({}, dict.fromkeys(products, (_MODEL_FAILED,)))
    base, failed = store.current(), graph.failed(failed_models)
    made: dict[str, Candidate] = {}
    refused: dict[str, tuple[str, ...]] = {}
    with session(root) as connection:
        attach_warehouse(connection, root)
        tables = _tables(connection)
        came = set(_texts(connection, "raw.ever_delivered", "extract"))
        inputs = _texts(connection, "raw.delivery", "delivery_id")
        known = {d.delivery_id for d in ledger.active_deliveries()}
        absent = frozenset(p for p in products if _is_absent(p, graph, came, base))
        for product, contract in sorted(products.items()):
            table = tables.get(product)
            if product in absent:
                continue
            if not set(inputs) <= known:
                refused[product] = ("R-GATE-08",)
            elif product in failed or product not in graph.models or table is None:
                refused[product] = (_MODEL_FAILED,)
            elif table != dict(contract_columns(contract)):
                refused[product] = (_COLUMNS_DIFFER,)
            else:
                made[product] = _export(connection, contract, base, store, folder)
        reconciliation = _reconciliation(connection, tables, folder)
        corrections = states_of_build(connection)
    return Candidates(made, refused, absent, reconciliation, inputs, corrections)
