"""The cut: granted columns and rows of one product, masked, under the consumer's pseudonyms."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from catalog import ProductColumn, ProductContract
from catalog.grants import Grant, RowFilter
from foundation.errors import ConfigurationError
from foundation.keys import KeyRing
from sharing.duck import ident, literal, parquet
from sharing.masking import MASKS_CN, is_own_id, load_pseudonyms, masked, pseudonym
from sharing.minors import load_minors, minor_condition
from sharing.store import Release


@dataclass(frozen=True)
class Cut:
    """One cut, ready to be written.

    Attributes:
        sql: the query that gives it, on the connection it was made for.
        columns: name as the consumer sees it, contract column, and what was done to it (Chinese).
    """

    grant: Grant
    contract: ProductContract
    sql: str
    columns: tuple[tuple[str, ProductColumn, str], ...]


def _row_condition(row: RowFilter) -> str:
    value = f"CAST({ident(row.column)} AS VARCHAR)"
    if row.operator == "in":
        return f"{value} IN ({', '.join(map(literal, row.values))})"
    return "(" + " OR ".join(f"starts_with({value}, {literal(v)})" for v in row.values) + ")"


def _columns(
    grant: Grant, contract: ProductContract, present: dict[str, str]
) -> list[tuple[str, str, ProductColumn, str]]:
    """Name, expression, contract column and note of every granted column."""
    found = []
    for granted in grant.columns:
        column = contract.by_name[granted.name]
        if column.name not in present:
            raise ConfigurationError(
                f"{grant.product} 的当前发布没有列 {column.name} / the served release lacks it",
                "build packages again after the next release",
            )
        if is_own_id(column):
            note = MASKS_CN["pseudonym"]
            found.append((column.name, pseudonym(column.name), column, note))
        else:
            name, value = masked(column.name, granted.mask)
            found.append((name, value, column, MASKS_CN.get(granted.mask or "", "")))
    names = [name for name, *_ in found]
    if len(set(names)) != len(names):
        raise ConfigurationError(f"{grant.consumer}: two granted columns get one name")
    return found


def cut(
    connection: duckdb.DuckDBPyConnection,
    keys: KeyRing,
    grant: Grant,
    contract: ProductContract,
    release: Release,
) -> Cut | None:
    """Prepare a cut.

    Returns:
        None when minors must stay out and nothing tells who is one.

    Raises:
        ConfigurationError: the served release lacks a granted column.
    """
    served = release.products[grant.product]
    present, day = dict(served.columns), release.business_date
    columns = _columns(grant, contract, present)
    conditions = [_row_condition(row) for row in grant.rows]
    if not grant.includes_minors:
        ages_known = load_minors(connection, release.products.values(), day)
        minor = minor_condition(contract, served.columns, day, ages_known)
        if minor == "true":
            return None
        conditions.append(f"NOT {minor}")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    # A copy of exactly the granted rows: whatever is written afterwards can hold nothing else.
    connection.execute(f"CREATE TEMP TABLE granted AS SELECT * FROM {parquet(served.path)}{where}")
    own = [column.name for _, _, column, _ in columns if is_own_id(column)]
    load_pseudonyms(connection, keys, f"consumer:{grant.consumer}", [("granted", own)])
    chosen = ", ".join(f"{value} AS {ident(name)}" for name, value, _, _ in columns)
    return Cut(
        grant=grant,
        contract=contract,
        sql=f"SELECT {chosen} FROM granted",
        columns=tuple((name, column, note) for name, _, column, note in columns),
    )
