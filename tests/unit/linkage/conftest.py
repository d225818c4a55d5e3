"""Hand-made people as a linker takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import polars as pl
import pytest

from linkage import Decided, decide, score, spec
from simulator.numbers import rechecked

PERSON = spec("person")
COLUMNS = ("unit_id", "record_id", "subject_key", *PERSON.columns)


def valid(seventeen: str) -> str:
    """The 18 characters of a resident number whose check digit is right."""
    return rechecked(pl.Series([f"{seventeen}0"])).item()


WANG = {
    "name": "王建国", "birth_date": "1975-03-08", "sex_code": "1", "ethnic_code": "01",
    "division_code": "610204107211", "address": "陕西省铜川市耀州区小丘镇乙社村4组39号",
    "mobile": "13912345678", "number_text": valid("61020419750308001"),
}  # fmt: skip
LI = {
    "name": "李秀英", "birth_date": "1982-11-21", "sex_code": "2", "ethnic_code": "01",
    "division_code": "610202001003", "address": "陕西省铜川市王益区七一路12号3号楼501",
    "mobile": "13887654321", "number_text": valid("61020219821121002"),
}  # fmt: skip


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        made.execute("SET enable_progress_bar = false")
        yield made


def table(connection: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]]) -> str:
    schema = dict.fromkeys(COLUMNS, pl.String)
    connection.register("arriving", pl.DataFrame(rows, schema=schema))
    connection.execute(f"CREATE OR REPLACE TABLE {name} AS FROM arriving")
    return name


def record(key: str, **told: str | None) -> dict[str, Any]:
    return {"unit_id": f"u-{key}", "record_id": key, **told}


def profile(subject: str, **told: str | None) -> dict[str, Any]:
    return {"unit_id": f"p-{subject}", "subject_key": subject, **told}


def said(person: dict[str, str], **changed: str | None) -> dict[str, str | None]:
    """What a record without a number says of a person, with some of it changed."""
    return {**person, "number_text": None, **changed}


def verdicts(connection: duckdb.DuckDBPyConnection, *rows: tuple[str, str, str, str]) -> str:
    """Decisions: record, subject (or ''), other record (or ''), verdict."""
    connection.execute(
        "CREATE OR REPLACE TABLE verdicts (record_id VARCHAR, subject_key VARCHAR, "
        "other_record_id VARCHAR, verdict VARCHAR)"
    )
    for row in rows:
        connection.execute(
            "INSERT INTO verdicts VALUES ($1, nullif($2, ''), nullif($3, ''), $4)", list(row)
        )
    return "verdicts"


def link(
    connection: duckdb.DuckDBPyConnection,
    records: list[dict[str, Any]],
    profiles: list[dict[str, Any]],
    *decided: tuple[str, str, str, str],
) -> tuple[Decided, dict[str, tuple[Any, ...]]]:
    """Outcome, subject and group of each record."""
    table(connection, "records", records)
    table(connection, "profiles", profiles)
    pairs = score(connection, PERSON, "records", "profiles")
    told = verdicts(connection, *decided) if decided else None
    result = decide(connection, PERSON, pairs, "records", "profiles", told)
    rows = connection.execute(
        f"SELECT record_id, outcome, subject_key, group_id FROM {result.outcomes}"
    ).fetchall()
    return result, {row[0]: row[1:] for row in rows}
