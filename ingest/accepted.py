"""The accepted rows as the warehouse sees them: schema `raw` of `build/warehouse.duckdb`.

Views over the Parquet of the *active* deliveries (see `Ledger.active_deliveries`), typed from the
contracts, so that dbt's sources exist also before anything came.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import polars as pl

from catalog import Catalog, Column, ExtractContract
from catalog.corrections import read_corrections
from catalog.dbt_sources import CHANGED_DELIVERY, CORRECTION
from foundation.errors import ConfigurationError
from foundation.files import make_private
from foundation.paths import DataRoot
from ingest.reviews import restore
from ingest.stored import accepted_path, rejected_path
from ledger import DeliveryRecord, KnownSpan, Ledger, LinkDecisions

if TYPE_CHECKING:
    import duckdb


def expose(root: DataRoot, ledger: Ledger, catalog: Catalog) -> dict[str, str]:
    """Make schema `raw`.

    Returns:
        A digest of the content of every relation that dbt reads, by name: equal digests, equal
        rows. Of accepted rows, which are stored once and never change, the deliveries and the SQL
        that reads them are digested, not the rows.

    Raises:
        ConfigurationError: the accepted rows of an active delivery are missing.
        CatalogError: a correction cannot be used as written.
    """
    import duckdb

    make_private(root.build)
    restore(root, ledger)
    spans = ledger.known_spans()
    active = [s.delivery for s in spans if s.known_until is None]
    with duckdb.connect(str(root.warehouse)) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS raw")
        _deliveries(connection, active)
        _full_lists(connection, catalog)
        _spans(connection, spans)
        _table(
            connection, "changed_delivery", (), [f"{n} {t}" for n, t in CHANGED_DELIVERY.items()]
        )
        decisions = _decisions(connection, ledger)
        corrections = [c.row() for c in read_corrections(catalog, root.corrections)]
        columns = [f"{name} {type_}" for name, type_ in CORRECTION.items()]
        _table(connection, "correction", corrections, columns)
        expected = []
        for contract in catalog.extracts.values():
            own = [d for d in active if d.extract == contract.id]
            _rows_view(connection, root, contract, own)
            _past_view(connection, root, contract, own, spans)
            if contract.mode == "full":
                _rejected_view(connection, root, contract, own)
            replaced = _count(connection, f"{contract.table}__all") - _count(
                connection, contract.table
            )
            expected.append((contract.id, sum(d.accepted for d in own) - replaced))
        _table(connection, "expected_rows", expected, ("extract VARCHAR", "rows BIGINT"))
        digests = _view_digests(connection, root, catalog, spans)
    # which deliveries changed says how rows are made, never which
    unasked = {"changed_delivery": ""}
    told = {"link_decision": _digest(decisions), "correction": _digest(corrections)}
    return digests | told | unasked


def _digest(rows: Iterable[object]) -> str:
    return hashlib.sha256("\n".join(sorted(map(repr, rows))).encode()).hexdigest()


def _view_digests(
    connection: duckdb.DuckDBPyConnection,
    root: DataRoot,
    catalog: Catalog,
    spans: Sequence[KnownSpan],
) -> dict[str, str]:
    """Of each view: its SQL, which names the files, and the spans of the deliveries it reads.

    Files are named from the data root on: the whole may be moved.
    """
    query = "SELECT view_name, replace(sql, ?, '') FROM duckdb_views() WHERE schema_name = 'raw'"
    texts = dict(connection.execute(query, [str(root.root)]).fetchall())
    full = {c.id for c in catalog.extracts.values() if c.mode == "full"}
    digests = {"full_list": _digest([s for s in spans if s.delivery.extract in full])}
    for contract in catalog.extracts.values():
        own = [repr(s) for s in spans if s.delivery.extract == contract.id]
        for prefix in ("", "past__", "rejected_key__"):
            name = f"{prefix}{contract.table}"
            if name in texts:
                below = texts[f"{contract.table}__all"]
                digests[name] = _digest([texts[name], below, *own])
    return digests


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    row = connection.execute(f'SELECT count(*) FROM raw."{name}"').fetchone()
    assert row is not None
    return int(row[0])


def _table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    rows: Sequence[tuple[object, ...]],
    columns: Sequence[str],
) -> None:
    connection.execute(f"CREATE OR REPLACE TABLE raw.{name} ({', '.join(columns)})")
    if rows:
        marks = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO raw.{name} VALUES ({marks})", rows)


def _deliveries(connection: duckdb.DuckDBPyConnection, active: list[DeliveryRecord]) -> None:
    rows = [
        (d.receipt_id, d.extract, d.provider, d.file_name, d.business_date, d.delivery_order,
         d.return_of, d.accepted, d.rejected, d.received_at)
        for d in active
    ]  # fmt: skip
    columns = (
        "delivery_id VARCHAR", "extract VARCHAR", "provider VARCHAR", "file_name VARCHAR",
        "business_date DATE", "delivery_order VARCHAR", "return_of VARCHAR", "accepted BIGINT",
        "rejected BIGINT", "received_at TIMESTAMP",
    )  # fmt: skip
    _table(connection, "delivery", rows, columns)
    ever = sorted({(d.extract,) for d in active})
    _table(connection, "ever_delivered", ever, ("extract VARCHAR",))


def _full_lists(connection: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    """`raw.full_list`: the deliveries of extracts that send their whole list each time."""
    full = sorted(c.id for c in catalog.extracts.values() if c.mode == "full")
    names = ", ".join(f"'{name}'" for name in full)
    connection.execute(
        f"CREATE OR REPLACE VIEW raw.full_list AS FROM raw.delivery WHERE extract IN ({names})"
    )


def _decisions(
    connection: duckdb.DuckDBPyConnection, ledger: Ledger
) -> Sequence[tuple[object, ...]]:
    """`raw.link_decision`: the last decision on each pair; what was left open is none."""
    rows = [
        (d.decision_id, d.domain, d.left_record, d.right_record, d.verdict, d.by, d.at)
        for d in LinkDecisions(ledger).standing()
        if d.verdict != "unsure"
    ]
    columns = (
        "decision_id VARCHAR", "domain VARCHAR", "left_record VARCHAR", "right_record VARCHAR",
        "verdict VARCHAR", "decided_by VARCHAR", "decided_at TIMESTAMP",
    )  # fmt: skip
    _table(connection, "link_decision", rows, columns)
    return rows


def _spans(connection: duckdb.DuckDBPyConnection, spans: Sequence[KnownSpan]) -> None:
    """`raw.known_span`: from when until when the rows of each delivery counted."""
    rows = [
        (s.delivery.receipt_id, s.delivery.provider, s.delivery.business_date,
         s.delivery.delivery_order, s.delivery.received_at, s.known_at, s.known_until,
         s.delivery.extract, s.delivery.accepted)
        for s in spans
    ]  # fmt: skip
    columns = (
        "delivery_id VARCHAR", "provider VARCHAR", "business_date DATE", "delivery_order VARCHAR",
        "received_at TIMESTAMP", "known_at TIMESTAMP", "known_until TIMESTAMP",
        "extract VARCHAR", "accepted BIGINT",
    )  # fmt: skip
    _table(connection, "known_span", rows, columns)


def _fields(columns: Sequence[Column]) -> list[tuple[str, str]]:
    fields = []
    for column in columns:
        fields.append((column.name, column.sql_type))
        fields += [(name, "BOOLEAN") for name in column.companions]
    return fields


def _rows_view(
    connection: duckdb.DuckDBPyConnection,
    root: DataRoot,
    contract: ExtractContract,
    own: list[DeliveryRecord],
) -> None:
    """`raw.<table>__all` (every accepted row) and `raw.<table>` (less those replaced again)."""
    table = contract.table
    select = _accepted_rows(root, contract, own)
    connection.execute(f'CREATE OR REPLACE VIEW raw."{table}__all" AS {select}')
    newest = f'SELECT * FROM raw."{table}__all"'
    if any(d.return_of for d in own):
        newest = (
            f'SELECT given.* FROM raw."{table}__all" AS given'
            " JOIN raw.delivery AS came ON came.delivery_id = given.delivery_id"
            " QUALIFY row_number() OVER (PARTITION BY given.list_id, given.line"
            " ORDER BY came.received_at DESC, given.delivery_id DESC) = 1"
        )
    connection.execute(f'CREATE OR REPLACE VIEW raw."{table}" AS {newest}')


def _past_view(
    connection: duckdb.DuckDBPyConnection,
    root: DataRoot,
    contract: ExtractContract,
    own: list[DeliveryRecord],
    spans: Sequence[KnownSpan],
) -> None:
    """`raw.past__<table>`: rows that counted once, with `known_until`.

    Those of deliveries that were replaced or withdrawn (also for a time only), and rows that a
    corrected return replaced.
    """
    past = {
        s.delivery.receipt_id: s.delivery
        for s in spans
        if s.known_until is not None and s.delivery.extract == contract.id
    }
    ever = _accepted_rows(root, contract, list(past.values()), ended=True)
    if any(d.return_of for d in own):
        ever += f' UNION ALL SELECT *, NULL::TIMESTAMP FROM raw."{contract.table}__all"'
    connection.execute(
        f'CREATE OR REPLACE VIEW raw."past__{contract.table}" AS SELECT * FROM ('
        "SELECT given.* REPLACE (coalesce(lead(given.known_at) OVER (PARTITION BY given.list_id,"
        " given.line, given.known_until ORDER BY came.received_at, given.delivery_id),"
        f" given.known_until) AS known_until) FROM ({ever}) AS given"
        " JOIN (SELECT DISTINCT delivery_id, received_at FROM raw.known_span) AS came"
        " ON came.delivery_id = given.delivery_id) WHERE known_until IS NOT NULL"
    )


def _accepted_rows(
    root: DataRoot,
    contract: ExtractContract,
    deliveries: list[DeliveryRecord],
    *,
    ended: bool = False,
) -> str:
    """SELECT of the accepted rows of deliveries, once for each span in which they counted.

    Args:
        root: where the rows are stored.
        contract: of the extract.
        deliveries: whose rows.
        ended: the spans that ended, with `known_until`; else the one that lasts.

    Raises:
        ConfigurationError: rows of one of them are missing.
    """
    paths = [accepted_path(root, d.extract, d.receipt_id) for d in deliveries if d.accepted]
    missing = [p for p in paths if not p.exists()]
    if missing:
        raise ConfigurationError(
            f"the accepted rows of delivery {missing[0].stem} are missing from raw/",
            "run `tongchuan rebuild`: it makes raw/ again from the archive",
        )
    fields = _fields(contract.columns)
    if not paths:
        columns = ", ".join(f'CAST(NULL AS {t}) AS "{n}"' for n, t in fields)
        return (
            f"SELECT {columns}, NULL::VARCHAR AS delivery_id, NULL::VARCHAR AS list_id,"
            " NULL::BIGINT AS line, NULL::DATE AS business_date, NULL::VARCHAR AS delivery_order,"
            " NULL::VARCHAR AS provider, NULL::VARCHAR AS as_given, NULL::TIMESTAMP AS known_at"
            + (", NULL::TIMESTAMP AS known_until" if ended else "")
            + " WHERE false"
        )
    names = ", ".join("'" + str(p).replace("'", "''") + "'" for p in paths)
    have = set(pl.scan_parquet(paths[0]).collect_schema().names())
    for path in paths[1:]:
        have |= set(pl.read_parquet_schema(path))
    columns = ", ".join(
        f'CAST(r."{n}" AS {t}) AS "{n}"' if n in have else f'CAST(NULL AS {t}) AS "{n}"'
        for n, t in fields
    )
    return (
        f"SELECT {columns}, r.delivery_id, r.list_id, r.line, l.business_date,"
        " l.delivery_order, l.provider, r.as_given, d.known_at"
        + (", d.known_until" if ended else "")
        + f" FROM read_parquet([{names}], union_by_name = true) AS r"
        " JOIN raw.known_span AS d ON d.delivery_id = r.delivery_id"
        f" AND d.known_until IS {'NOT NULL' if ended else 'NULL'}"
        # a return's rows belong to its original
        " JOIN (SELECT DISTINCT delivery_id, business_date, delivery_order, provider"
        " FROM raw.known_span) AS l ON l.delivery_id = r.list_id"
    )


def _rejected_view(
    connection: duckdb.DuckDBPyConnection,
    root: DataRoot,
    contract: ExtractContract,
    own: list[DeliveryRecord],
) -> None:
    """Keys of rows that went back and were not accepted since by a corrected return."""
    name = f'raw."rejected_key__{contract.table}"'
    keys = [(c.name, c.sql_type) for c in contract.key]
    paths = [
        p
        for d in own
        if d.rejected and (p := rejected_path(root, d.extract, d.receipt_id)).exists()
    ]
    if not paths:
        empty = ", ".join(f'NULL::{t} AS "{n}"' for n, t in keys)
        connection.execute(
            f"CREATE OR REPLACE VIEW {name} AS SELECT {empty}, NULL::VARCHAR AS list_id,"
            " NULL::DATE AS business_date, NULL::VARCHAR AS delivery_order WHERE false"
        )
        return
    names = ", ".join("'" + str(p).replace("'", "''") + "'" for p in paths)
    columns = ", ".join(f'CAST(r."{n}" AS {t}) AS "{n}"' for n, t in keys)
    present = " AND ".join(f'r."{c.name}" IS NOT NULL' for c in contract.key if c.required)
    connection.execute(
        f"CREATE OR REPLACE VIEW {name} AS"
        f" SELECT DISTINCT {columns}, r.list_id, l.business_date, l.delivery_order"
        f" FROM read_parquet([{names}], union_by_name = true) AS r"
        " JOIN raw.delivery AS l ON l.delivery_id = r.list_id"
        f' WHERE {present} AND NOT EXISTS (SELECT 1 FROM raw."{contract.table}__all" AS a'
        " WHERE a.list_id = r.list_id AND a.line = r.root_line)"
    )
