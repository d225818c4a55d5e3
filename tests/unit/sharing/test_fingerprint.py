"""The fingerprint against an independent reading of docs/fingerprint.md."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from foundation.errors import IntegrityError
from sharing.duck import parquet
from sharing.fingerprint import fingerprint


def reference(frame: pl.DataFrame) -> str:
    """The fingerprint in plain Python, from the documentation alone."""

    def text(value: Any) -> str:
        if value is None:
            return "\x1e"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, datetime):
            since = value - datetime(1970, 1, 1)
            return str((since.days * 86400 + since.seconds) * 1_000_000 + since.microseconds)
        if isinstance(value, bytes):
            return value.hex()
        if isinstance(value, date):
            return value.isoformat()
        return format(value, "f") if isinstance(value, Decimal) else str(value)

    counted = sorted(
        c for c in frame.columns if c not in ("delivery_id", "line") and not c.startswith("known_")
    )
    if "known_only" in frame.columns:
        frame = frame.filter(pl.col("known_only").is_null() | ~pl.col("known_only"))
    first = second = 0
    for row in frame.select(counted).iter_rows():
        digest = hashlib.md5("\x1f".join(map(text, row)).encode()).digest()
        first += int.from_bytes(digest[8:], "little")
        second += int.from_bytes(digest[:8], "little")
    return f"{frame.height}-{first % 2**64:016x}-{second % 2**64:016x}"


ROWS = """
    SELECT * FROM (VALUES
      ('甲', 1::INTEGER, 10000000000::BIGINT, 1.50::DECIMAL(12,2), DATE '1950-01-01',
       TIMESTAMP '2018-03-31 08:30:00.5', true, 'd1', 1::BIGINT, TIMESTAMP '2018-01-01',
       from_hex('01010000000000000000405B4000000000008041C0')),
      (NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'd2', 2, NULL, NULL),
      ('', -7, 0, -0.05, DATE '2018-02-28', TIMESTAMP '1969-12-31 23:59:59.999999', false,
       'd3', 3, NULL, ''::BLOB),
      ('a b', 0, -1, 0.00, DATE '0999-12-31', TIMESTAMP '2018-03-31', false, 'd4', 4, NULL,
       from_hex('FF00'))
    ) t(name, small, big, amount, born, seen_at, is_x, delivery_id, line, known_from, geometry)
"""


def test_equals_the_documented_algorithm_recomputed_from_parquet(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({ROWS}) TO '{path}' (FORMAT parquet)")
        found = fingerprint(connection, parquet(path))
    assert found.text == reference(pl.read_parquet(path))
    assert found.rows == 4


def test_order_and_provenance_do_not_count() -> None:
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE a AS {ROWS}")
        connection.execute(
            f"CREATE TABLE b AS SELECT * REPLACE ('x' AS delivery_id, line + 9 AS line, "
            f"TIMESTAMP '2020-01-01' AS known_from) FROM ({ROWS}) ORDER BY small DESC"
        )
        assert fingerprint(connection, "a") == fingerprint(connection, "b")


def test_rows_that_only_say_what_was_known_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    rows = "(VALUES ('a', false), ('b', NULL), ('c', true)) AS t(x, known_only)"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT * FROM {rows}) TO '{path}' (FORMAT parquet)")
        found = fingerprint(connection, parquet(path))
        shorter = fingerprint(connection, f"(SELECT x FROM {rows} WHERE x <> 'c')")
    assert found.text == shorter.text == reference(pl.read_parquet(path))
    assert (found.rows, shorter.rows) == (3, 2)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("('a', 'b')", "('ab', '')"),
        ("('', 'a')", "(NULL, 'a')"),
        ("('a', NULL)", "(NULL, 'a')"),
        ("('a', 'b')", "('a', 'b'), ('a', 'b')"),
    ],
)
def test_different_rows_differ(one: str, other: str) -> None:
    with duckdb.connect() as connection:
        prints = [
            fingerprint(connection, f"(SELECT * FROM (VALUES {values}) t(x, y))").text
            for values in (one, other)
        ]
    assert prints[0] != prints[1]


def test_an_empty_table_has_one_too_and_a_double_has_none() -> None:
    with duckdb.connect() as connection:
        empty = fingerprint(connection, "(SELECT 'a' AS x WHERE false)")
        assert empty.text == f"0-{0:016x}-{0:016x}"
        with pytest.raises(IntegrityError, match="DOUBLE"):
            fingerprint(connection, "(SELECT 1::DOUBLE AS x)")
