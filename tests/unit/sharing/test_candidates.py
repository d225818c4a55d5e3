"""Candidates: what is offered, what is refused, and that the same rows give the same bytes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from sharing_world import ENTITIES, EXTRACTS, PERSONS, World

from foundation.files import sha256_file
from sharing import Candidates, export_candidates
from sharing.candidates import write_parquet
from sharing.duck import session
from sharing.store import Store


def offered(world: World) -> Candidates:
    """The candidates of a world."""
    return export_candidates(
        world.root, world.catalog, world.ledger, world.graph(), world.failed_models
    )


def test_same_rows_same_bytes_over_threads_and_insertion_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes = set()
    for threads, seed in (("1", 1), ("2", 2), ("4", 3)):
        monkeypatch.setenv("TONGCHUAN_THREADS", threads)
        target = tmp_path / f"{threads}.parquet"
        with session() as connection:
            connection.execute(
                "CREATE TABLE t AS SELECT md5(i::VARCHAR) AS id, i % 97 AS n, "
                "CASE WHEN i % 5 > 0 THEN 'v' || (i % 1000) END AS v "
                f"FROM range(300000) r(i) ORDER BY hash(i + {seed})"
            )
            write_parquet(connection, "SELECT * FROM t", "id", target)
        hashes.add(sha256_file(target))
    groups = duckdb.execute(
        f"SELECT count(DISTINCT row_group_id) FROM parquet_metadata('{target}')"
    )
    assert groups.fetchone() == (3,)
    assert len(hashes) == 1


def test_offers_every_product_in_key_order_with_the_contracts_columns(world: World) -> None:
    found = offered(world)
    assert not found.refused
    assert not found.absent
    assert found.inputs == ("d0", "d1")
    person = found.made["population.person"]
    rows = duckdb.execute(f"SELECT person_id FROM '{person.path}'").fetchall()
    assert rows == [("p1",), ("p2",), ("p3",), ("p4",)]
    assert (person.rows, person.is_unchanged) == (4, False)


def test_a_missing_extra_or_retyped_column_is_refused(world: World) -> None:
    for change in (
        "ALTER TABLE population.person DROP mobile",
        "ALTER TABLE population.person ADD COLUMN extra VARCHAR",
        "ALTER TABLE population.person ALTER score TYPE DECIMAL(12,2)",
    ):
        world.build()
        with duckdb.connect(str(world.root.warehouse)) as connection:
            connection.execute(change)
        found = offered(world)
        assert found.refused == {"population.person": ("R-GATE-11",)}
        assert "population.person" not in found.made


def test_a_failed_model_anywhere_above_refuses_its_products(world: World) -> None:
    world.failed_models = frozenset({"model.tongchuan.int_population__subjects"})
    assert offered(world).refused == {
        "population.person": ("R-GATE-12",),
        "population.household_member": ("R-GATE-12",),
    }


def test_a_table_that_is_not_there_is_refused_and_so_is_a_missing_warehouse(world: World) -> None:
    with duckdb.connect(str(world.root.warehouse)) as connection:
        connection.execute("DROP TABLE legal_entity.objection")
    assert offered(world).refused == {"legal_entity.objection": ("R-GATE-12",)}
    world.root.warehouse.unlink()
    assert set(offered(world).refused) == set(world.catalog.products)


def test_a_product_is_absent_until_one_of_its_sources_came(world: World) -> None:
    world.came = (EXTRACTS[0],)
    world.build()
    assert offered(world).absent == {"legal_entity.legal_entity", "legal_entity.objection"}


def test_what_another_domain_lends_makes_no_product(world: World) -> None:
    """A person's coordinates come from elsewhere; without a record of persons there is nobody."""
    world.came = (EXTRACTS[1],)
    world.build()
    graph = world.graph()
    lent = {"population.person": frozenset(EXTRACTS), "legal_entity.objection": frozenset()}
    graph = replace(graph, extracts={**graph.extracts, **lent})
    found = export_candidates(world.root, world.catalog, world.ledger, graph, frozenset())
    assert found.absent == {"population.person", "population.household_member"}


def test_a_product_of_an_extracts_name_is_absent_until_that_extract_came(world: World) -> None:
    """Penalties came and permits did not: both have parties that are linked in one model."""
    world.came = (EXTRACTS[0],)
    world.build()
    graph = world.graph()
    lent = {"population.person": frozenset({"population/person", EXTRACTS[0]})}
    graph = replace(graph, extracts={**graph.extracts, **lent})
    found = export_candidates(world.root, world.catalog, world.ledger, graph, frozenset())
    assert "population.person" in found.absent
    assert "population.household_member" not in found.absent


def test_a_served_product_is_never_absent(released: World) -> None:
    released.came = ()
    released.build()
    assert not offered(released).absent


def test_unchanged_products_are_the_released_objects(released: World) -> None:
    released.build(entities=[*ENTITIES, ("e3", "丙公司", 1, None)])
    found = offered(released)
    assert found.made["population.person"].is_unchanged
    assert found.made["population.person"].path.parent == released.root.published / "objects"
    assert not found.made["legal_entity.legal_entity"].is_unchanged


def test_an_unchanged_product_has_the_rows_of_the_object_that_is_served(
    released: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that say only what the warehouse knew are not in the fingerprint, but in the file."""
    base = Store.of(released.root).current()
    assert base is not None
    served = base.products["population.person"]
    base.__dict__["products"] = {**base.products, served.product: replace(served, rows=999)}
    monkeypatch.setattr(Store, "current", lambda _self: base)
    assert offered(released).made["population.person"].rows == 999


def test_a_warehouse_of_deliveries_the_ledger_does_not_hold_is_refused(world: World) -> None:
    world.ledger.add_override("withdraw", "d1", "wrong file", "tester", {})
    assert set(offered(world).refused.values()) == {("R-GATE-08",)}


def test_reconciliation_joins_the_ledgers_counts(world: World) -> None:
    path = offered(world).reconciliation
    rows = duckdb.execute(f"SELECT domain, extract, ledger_rows, unresolved FROM '{path}'")
    assert rows.fetchall() == [
        ("legal_entity", EXTRACTS[1], None, 1),  # not counted by the ledger: the gate must see it
        ("population", EXTRACTS[0], 4, 1),
    ]


def test_nothing_of_an_earlier_night_is_left_among_the_candidates(world: World) -> None:
    stale = world.root.candidates / "population.person.parquet"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"610203195001010011")
    world.failed_models = frozenset({"population__person"})
    offered(world)
    assert not stale.exists()
    assert len(PERSONS) == 4
