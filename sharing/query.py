"""Questions to a release: read-only, nothing but its tables, and every one recorded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from foundation import clock
from foundation.errors import ConfigurationError
from foundation.paths import DataRoot
from foundation.spatial import load_spatial
from ledger import AccessRecord, Ledger
from sharing.duck import ident, literal, open_session, parquet, qualified
from sharing.store import Release, Store

# Functions that make a table out of their arguments alone; every other one could read elsewhere.
_TABLE_FUNCTIONS = {"range", "generate_series", "unnest", "repeat"}
# Names of spatial functions; their extension is loaded for queries that hold one.
_SPATIAL = re.compile(r"\bst_\w+\s*\(", re.IGNORECASE)
_TALKATIVE = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)


@dataclass(frozen=True)
class Answer:
    """Rows that a query gave. `tables` are the products it read."""

    release: int
    tables: tuple[str, ...]
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def as_of(root: DataRoot, number: int | None = None) -> duckdb.DuckDBPyConnection:
    """Open a release (default: the served one): views `domain.product`, and nothing else.

    The connection can read the files of that release and no other file, and its configuration is
    locked. The caller closes it. `query` is the way for people: it records who asked.

    Raises:
        ConfigurationError: there is no such release.
    """
    return open_release(root, release_of(root, number))


def release_of(root: DataRoot, number: int | None) -> Release:
    """The release of that number, or the served one.

    Raises:
        ConfigurationError: there is none.
    """
    store = Store(root.published)
    release = store.current() if number is None else store.release(number)
    if release is None:
        raise ConfigurationError("还没有发布 / nothing has been released yet")
    return release


def open_release(root: DataRoot, release: Release, sql: str = "") -> duckdb.DuckDBPyConnection:
    """A locked connection to a release's tables; with spatial functions where `sql` names one."""
    connection = open_session(root)
    if _SPATIAL.search(sql):
        load_spatial(connection)
    for product, served in sorted(release.products.items()):
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {ident(product.split('.')[0])}")
        source = parquet(served.path.absolute())
        connection.execute(f"CREATE VIEW {qualified(product)} AS SELECT * FROM {source}")
    paths = ", ".join(literal(s.path.absolute()) for s in release.products.values())
    connection.execute(f"SET allowed_paths = [{paths}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _walk(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from _walk(value)


def _tables(connection: duckdb.DuckDBPyConnection, sql: str, release: Release) -> tuple[str, ...]:
    """The products a query reads.

    Raises:
        ConfigurationError: it is not one SELECT over products of the release.
    """
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise ConfigurationError("只接受一条 SELECT / one SELECT and nothing else is allowed")
    row = connection.execute("SELECT json_serialize_sql($1::VARCHAR)", [sql]).fetchone()
    tree = json.loads(row[0]) if row else {"error": True}
    if tree["error"]:
        raise ConfigurationError("只接受一条 SELECT / one SELECT and nothing else is allowed")
    named = {
        entry["key"].lower()
        for node in _walk(tree)
        for entry in (node.get("cte_map") or {}).get("map", ())
    }
    found = set()
    for node in _walk(tree):
        if node.get("type") == "TABLE_FUNCTION":
            name = node["function"]["function_name"].lower()
            if name not in _TABLE_FUNCTIONS:
                raise ConfigurationError(f"不允许表函数 / the table function {name} is not allowed")
        if node.get("type") == "BASE_TABLE":
            schema, table = node["schema_name"].lower(), node["table_name"].lower()
            if not schema and table in named:
                continue
            product = f"{schema}.{table}"
            if product not in release.products or node["catalog_name"]:
                known = ", ".join(sorted(release.products))
                raise ConfigurationError(
                    "只能查询发布中的表（领域.产品） / only tables of the release can be asked",
                    f"there are: {known}",
                )
            found.add(product)
    return tuple(sorted(found))


def request_text(sql: str) -> str:
    """A query as it is recorded: without comments, and without values that may be personal."""
    parts, at = [], 0
    tokens = duckdb.tokenize(sql)
    ends = [start for start, _ in tokens[1:]] + [len(sql.encode())]
    content = sql.encode()  # offsets of the tokenizer count bytes
    for (start, kind), end in zip(tokens, ends, strict=True):
        constant = kind in (duckdb.token_type.string_const, duckdb.token_type.numeric_const)
        piece = "?" if constant else content[start:end].decode(errors="replace")
        parts.append(re.sub(r"--[^\n]*|/\*.*?\*/", " ", piece, flags=re.DOTALL))
        at = end
    text = " ".join(" ".join(parts).split()) if at else ""
    return re.sub(r"\d{4,}[0-9Xx]*", "?", text)


def _scrubbed(error: duckdb.Error) -> str:
    """An error of the question itself: first line, without quoted texts and longer numbers."""
    if not isinstance(error, _TALKATIVE):
        return type(error).__name__  # a conversion error quotes the value
    line = str(error).splitlines()[0]
    return re.sub(r"'[^']*'|\d{4,}[0-9Xx]*", "…", line)


def query(
    root: DataRoot, ledger: Ledger, sql: str, *, as_of: int | None, by: str, purpose: str
) -> Answer:
    """Ask a release, and record who asked what for, which tables, and how many rows he got.

    Args:
        root: the data root.
        ledger: where the access is recorded, before the rows are handed over.
        sql: one SELECT over `domain.product`.
        as_of: the number of a release; None: the served one.
        by: who asks.
        purpose: what for.

    Raises:
        ConfigurationError: the query is wrong, or wants something else than the release's tables.
    """
    release = release_of(root, as_of)
    connection = open_release(root, release, sql)
    try:
        tables = _tables(connection, sql, release)
        cursor = connection.execute(sql)
        columns = tuple(str(column[0]) for column in cursor.description or ())
        rows = cursor.fetchall()
    except duckdb.Error as error:
        text = _scrubbed(error)
        raise ConfigurationError(f"查询有误 / the query failed: {text}") from None
    finally:
        connection.close()
    ledger.record_access(
        AccessRecord(
            at=clock.now(),
            by=by,
            purpose=purpose,
            release=release.number,
            tables=tables,
            rows=len(rows),
            request=request_text(sql),
        )
    )
    return Answer(release.number, tables, columns, rows)
