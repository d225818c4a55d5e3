"""Two releases compared, row by row, by primary key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import duckdb
import polars as pl

from foundation.paths import DataRoot
from sharing.duck import ident, literal, parquet, session
from sharing.fingerprint import is_counted
from sharing.store import Served, Store

Status = Literal["same", "changed", "new", "gone", "rekeyed"]


@dataclass(frozen=True)
class ProductDiff:
    """How one product differs between two releases. Counts are rows.

    Attributes:
        status: `new` and `gone`: only one release has it; `rekeyed`: the primary key is another
            one, so all old rows count as removed and all new ones as added.
        columns: in how many changed rows each column differs; only columns that changed.
        new_columns: columns only the second release has; `gone_columns` only the first.
        keys: on request, one row per difference: `change`, the key columns, `changed_columns`.
            Personal: for the store's own use, never for a log.
    """

    product: str
    status: Status
    rows: tuple[int, int]
    added: int = 0
    removed: int = 0
    changed: int = 0
    columns: Mapping[str, int] = field(default_factory=dict)
    new_columns: tuple[str, ...] = ()
    gone_columns: tuple[str, ...] = ()
    keys: pl.DataFrame | None = field(default=None, repr=False, compare=False)


def _key(served: Served) -> list[str]:
    return list(served.descriptor["schema"]["primaryKey"])


def _compared(before: Served, after: Served) -> list[str]:
    old = {name for name, _ in before.columns}
    key = set(_key(after))
    return [n for n, _ in after.columns if n in old and n not in key and is_counted(n)]


def _joined(before: Served, after: Served, compared: list[str]) -> str:
    """SQL: one row per key that differs, with the list of its changed columns."""
    key = _key(after)
    on = " AND ".join(f"a.{ident(c)} = b.{ident(c)}" for c in key)
    keys = ", ".join(f"coalesce(b.{ident(c)}, a.{ident(c)}) AS {ident(c)}" for c in key)
    # Compared as text where a contract changed a column's type between the releases.
    old_types, new_types = dict(before.columns), dict(after.columns)
    differing = []
    for name in compared:
        left, right = f"a.{ident(name)}", f"b.{ident(name)}"
        if old_types[name] != new_types[name]:
            left, right = f"CAST({left} AS VARCHAR)", f"CAST({right} AS VARCHAR)"
        differing.append(f"CASE WHEN {left} IS DISTINCT FROM {right} THEN {literal(name)} END")
    changed = f"list_filter([{', '.join(differing)}]::VARCHAR[], lambda c: c IS NOT NULL)"
    first = ident(key[0])
    return (
        f"SELECT * FROM (SELECT CASE WHEN a.{first} IS NULL THEN 'added' "
        f"WHEN b.{first} IS NULL THEN 'removed' ELSE 'changed' END AS change, {keys}, "
        f"CASE WHEN a.{first} IS NULL OR b.{first} IS NULL THEN [] ELSE {changed} END "
        f"AS changed_columns FROM {parquet(before.path)} a FULL JOIN {parquet(after.path)} b "
        f"ON {on}) WHERE change <> 'changed' OR len(changed_columns) > 0"
    )


def _compare(
    connection: duckdb.DuckDBPyConnection, before: Served, after: Served, rows: bool
) -> ProductDiff:
    sizes = (before.rows, after.rows)
    old, new = dict(before.columns), dict(after.columns)
    fresh = tuple(c for c in new if c not in old)
    gone = tuple(c for c in old if c not in new)
    if _key(before) != _key(after):
        return ProductDiff(
            after.product, "rekeyed", sizes, after.rows, before.rows, 0, {}, fresh, gone
        )
    if before.fingerprint == after.fingerprint and old == new:
        return ProductDiff(after.product, "same", sizes)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE difference AS "
        f"{_joined(before, after, _compared(before, after))}"
    )
    found = connection.execute("SELECT change, count(*) FROM difference GROUP BY ALL").fetchall()
    counts = {str(change): int(number) for change, number in found}
    columns = connection.execute(
        "SELECT c, count(*) FROM (SELECT unnest(changed_columns) AS c FROM difference) "
        "GROUP BY c ORDER BY c"
    ).fetchall()
    order = ", ".join(["change", *map(ident, _key(after))])
    keys = connection.sql(f"SELECT * FROM difference ORDER BY {order}").pl() if rows else None
    return ProductDiff(
        product=after.product,
        status="changed" if counts or fresh or gone else "same",
        rows=sizes,
        added=counts.get("added", 0),
        removed=counts.get("removed", 0),
        changed=counts.get("changed", 0),
        columns={str(name): int(number) for name, number in columns},
        new_columns=fresh,
        gone_columns=gone,
        keys=keys,
    )


def diff(root: DataRoot, a: int, b: int, *, rows: bool = False) -> list[ProductDiff]:
    """Compare release `a` with release `b`, every product of either.

    Args:
        root: the data root.
        a: the earlier release (either order works).
        b: the later one.
        rows: also the keys of all differing rows; they are personal.

    Raises:
        ConfigurationError: one of them does not exist.
    """
    store = Store(root.published)
    before, after = store.release(a).products, store.release(b).products
    found = []
    with session(root) as connection:
        for product in sorted(before.keys() | after.keys()):
            if product not in before:
                size = after[product].rows
                found.append(ProductDiff(product, "new", (0, size), added=size))
            elif product not in after:
                size = before[product].rows
                found.append(ProductDiff(product, "gone", (size, 0), removed=size))
            else:
                found.append(_compare(connection, before[product], after[product], rows))
    return found
