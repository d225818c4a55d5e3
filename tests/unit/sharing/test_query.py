"""Questions to a release: what is answered, refused and recorded."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from sharing_world import PERSONS, World

from foundation.errors import ConfigurationError
from sharing import Answer, as_of, query
from sharing.query import request_text


@pytest.fixture
def twice(released: World) -> World:
    """Two releases: four persons, then three."""
    released.build(persons=PERSONS[:3])
    assert released.release().number == 2
    return released


def ask(world: World, sql: str, number: int | None = None) -> Answer:
    """Ask as a named person."""
    return query(world.root, world.ledger, sql, as_of=number, by="李", purpose="数据校核")


def test_answers_from_the_served_release_or_an_earlier_one(twice: World) -> None:
    count = "SELECT count(*) AS n FROM population.person"
    assert ask(twice, count) == Answer(2, ("population.person",), ("n",), [(3,)])
    assert ask(twice, count, 1).rows == [(4,)]


def test_every_question_is_recorded_without_values(twice: World) -> None:
    ask(
        twice,
        "WITH x AS (SELECT * FROM population.household_member) SELECT name FROM population.person p"
        " JOIN x USING (person_id) WHERE resident_id <> '610203195001010011' -- 610203195001010011",
    )
    [access] = twice.ledger.accesses()
    assert access.tables == ("population.household_member", "population.person")
    assert (access.by, access.purpose, access.release, access.rows) == ("李", "数据校核", 2, 2)
    assert "6102" not in access.request
    assert "resident_id <> ?" in access.request


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 610203195001010011, 'a''b', $$x$$ /* 610203 */ FROM t",
        "SELECT 1 AS \"610203195001010011\", E'赵一'",
        "SELECT '赵一' -- 赵一",
    ],
)
def test_recorded_requests_hold_no_constant(sql: str) -> None:
    text = request_text(sql)
    assert "6102" not in text
    assert "赵一" not in text
    assert "SELECT" in text


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM population.person",
        "COPY population.person TO '/tmp/x'",
        "SELECT 1; SELECT 2",
        "ATTACH 'x.duckdb'",
        "SET lock_configuration = false",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM raw.delivery",
        "SELECT (SELECT count(*) FROM read_csv('/etc/passwd'))",
        "SELECT * FROM query('SELECT 1')",
        "PRAGMA database_list",
        "",
    ],
)
def test_nothing_but_one_select_over_products(twice: World, sql: str) -> None:
    with pytest.raises(ConfigurationError):
        ask(twice, sql)
    assert twice.ledger.accesses() == []


def test_a_product_cannot_be_read_past_the_record_by_its_file(twice: World) -> None:
    path = twice.root.published / "releases" / "2" / "population.person.parquet"
    for sql in (f"SELECT * FROM '{path}'", f"SELECT * FROM read_parquet('{path}')"):
        with pytest.raises(ConfigurationError):
            ask(twice, sql)


def test_errors_quote_no_value(twice: World) -> None:
    with pytest.raises(ConfigurationError) as caught:
        ask(twice, "SELECT CAST(resident_id AS DATE) FROM population.person")
    assert "6102" not in str(caught.value)
    with pytest.raises(ConfigurationError) as caught:
        ask(
            twice,
            "SELECT nosuch FROM population.person WHERE resident_id = '610203195001010011'",
        )
    assert "nosuch" in str(caught.value)
    assert "6102" not in str(caught.value)


def test_the_connection_itself_is_locked(twice: World, tmp_path: Path) -> None:
    connection = as_of(twice.root, 1)
    try:
        assert connection.execute("SELECT count(*) FROM population.person").fetchone() == (4,)
        for sql in (
            f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
            "SELECT * FROM read_text('/etc/hostname')",
            "SET enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(sql)
    finally:
        connection.close()


def test_before_the_first_release(world: World) -> None:
    with pytest.raises(ConfigurationError, match="nothing has been released"):
        ask(world, "SELECT 1")
