"""The analysts' file: no sensitive value, comments everywhere, always that of CURRENT."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from sharing_world import ENTITIES, PERSONS, PRODUCTS, World, column, make_catalog

from sharing import follow_current, rollback


def marts(world: World) -> Path:
    """The file."""
    return world.root.analysts / "marts.duckdb"


@pytest.fixture
def opened(world: World) -> Iterator[duckdb.DuckDBPyConnection]:
    """The analysts' file of a first release."""
    world.release()
    with duckdb.connect(str(marts(world)), read_only=True) as connection:
        yield connection


def test_treatments(opened: duckdb.DuckDBPyConnection) -> None:
    names = [c[0] for c in opened.execute("DESCRIBE population.person").fetchall()]
    assert names == [
        "person_id", "sex_code", "birth_year", "registered_division_code",
        "residence_division_code", "is_registered", "score", "updated_at", "known_from",
    ]  # fmt: skip
    rows = opened.execute(
        "SELECT birth_year, registered_division_code, residence_division_code "
        "FROM population.person ORDER BY birth_year"
    ).fetchall()
    assert rows == [
        (1950, "610203", "610203001"),
        (1980, "610204", None),  # coarser than a township
        (2010, None, "610204001"),  # a child
        (None, None, None),
    ]


def test_pseudonyms_join_inside_but_are_not_the_ids(opened: duckdb.DuckDBPyConnection) -> None:
    joined = opened.execute(
        "SELECT count(*) FROM population.household_member JOIN population.person USING (person_id)"
    ).fetchone()
    assert joined == (3,)
    ids = opened.execute(
        "SELECT person_id FROM population.person UNION ALL SELECT entity_id "
        "FROM legal_entity.objection UNION ALL SELECT objection_id FROM legal_entity.objection"
    ).fetchall()
    assert all(len(i) == 26 for (i,) in ids)


def test_rows_of_minors_keep_nothing_but_generalised_values(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    row = opened.execute(
        "SELECT * EXCLUDE (person_id) FROM population.person WHERE birth_year = 2010"
    )
    assert row.fetchall() == [(None, 2010, None, "610204001", None, None, None, None)]
    relations = "SELECT relation FROM population.household_member ORDER BY ALL"
    assert opened.execute(relations).fetchall() == [("户主",), ("户主",), (None,)]
    entity = "SELECT name, persons FROM legal_entity.legal_entity ORDER BY ALL"
    assert opened.execute(entity).fetchall() == [("甲公司", 5), (None, None)]


def test_comments_on_everything_and_the_release_inside(opened: duckdb.DuckDBPyConnection) -> None:
    for function in ("duckdb_tables", "duckdb_columns"):
        uncommented = f"SELECT count(*) FROM {function}() WHERE NOT internal AND comment IS NULL"
        assert opened.execute(uncommented).fetchone() == (0,)
    release = (
        "SELECT number, business_date::VARCHAR, fingerprints['population.person'] FROM meta.release"
    )
    [(number, day, text)] = opened.execute(release).fetchall()
    assert (number, day, text[:2]) == (1, "2018-03-31", "4-")
    described = opened.execute("SELECT count(*) FROM meta.dictionary").fetchone()
    shown = "SELECT count(*) FROM duckdb_columns() WHERE schema_name <> 'meta' AND NOT internal"
    assert described == opened.execute(shown).fetchone()


def test_no_planted_value_is_in_the_bytes(released: World) -> None:
    content = (
        marts(released).read_bytes() + (released.root.published / "analysts/1.duckdb").read_bytes()
    )
    planted = [v for p in PERSONS for v in (p[1], p[2], p[8]) if v]
    assert not [v for v in planted if v.encode() in content]
    assert b"610203001002" not in content


def test_a_resident_number_in_a_harmless_column_stays_out(world: World) -> None:
    world.build(entities=[("e1", "61020319500101001101", 5, None), ("e2", "乙公司", 1, None)])
    world.release()
    assert b"610203195001010011" not in marts(world).read_bytes()
    with duckdb.connect(str(marts(world)), read_only=True) as reader:
        found = reader.execute("SELECT name, persons FROM legal_entity.legal_entity ORDER BY ALL")
        assert found.fetchall() == [("乙公司", 1), (None, 5)]


def test_mode_and_old_readers(released: World) -> None:
    assert stat.S_IMODE(marts(released).stat().st_mode) == 0o444
    assert stat.S_IMODE(released.root.analysts.stat().st_mode) == 0o755
    with duckdb.connect(str(marts(released)), read_only=True) as reader:
        released.build(entities=[*ENTITIES, ("e3", "丙公司", 1, None)])
        released.release()
        assert reader.execute("SELECT number FROM meta.release").fetchone() == (1,)
    with duckdb.connect(str(marts(released)), read_only=True) as reader:
        assert reader.execute("SELECT number FROM meta.release").fetchone() == (2,)


def test_follows_rollback_and_mends_what_was_damaged_or_removed(released: World) -> None:
    released.build(entities=[*ENTITIES, ("e3", "丙公司", 1, None)])
    released.release()
    rollback(
        released.root, released.ledger, released.catalog, released.keys, 1, by="王", reason="有误"
    )
    count = "SELECT count(*) FROM legal_entity.legal_entity"
    with duckdb.connect(str(marts(released)), read_only=True) as reader:
        assert reader.execute(count).fetchone() == (2,)
    assert not follow_current(released.root, released.catalog, released.keys)
    marts(released).unlink()
    (released.root.published / "analysts" / "1.duckdb").write_bytes(b"damaged")
    assert follow_current(released.root, released.catalog, released.keys)
    with duckdb.connect(str(marts(released)), read_only=True) as reader:
        assert reader.execute(count).fetchone() == (2,)


def test_a_stricter_contract_reaches_the_served_release_at_once(released: World) -> None:
    stricter = [
        column("sex_code", "VARCHAR", 3) if c["name"] == "sex_code" else c
        for c in PRODUCTS["population.person"]
    ]
    catalog = make_catalog(released.catalog.folder, {**PRODUCTS, "population.person": stricter})
    assert follow_current(released.root, catalog, released.keys)
    with duckdb.connect(str(marts(released)), read_only=True) as reader:
        names = [c[0] for c in reader.execute("DESCRIBE population.person").fetchall()]
    assert "sex_code" not in names
