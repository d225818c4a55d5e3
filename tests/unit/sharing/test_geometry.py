"""Geometry in a product: WKB in a BLOB, from the release to analysts, consumers and questions."""

from __future__ import annotations

import base64
import csv
import json
from pathlib import Path

import duckdb
import frictionless
import pytest
import shapely
import yaml
from sharing_world import ENTITIES, LOGICAL, PRODUCTS, World, column, make_catalog
from test_packages import STATISTICS

from catalog import Catalog
from sharing import build_packages, diff, query, verify_package
from sharing.store import Store

PRODUCT = "legal_entity.legal_entity"
SQUARE = shapely.to_wkb(shapely.box(109, 35, 109.01, 35.01), byte_order=1)
WIDER = shapely.to_wkb(shapely.box(109, 35, 109.02, 35.01), byte_order=1)


def shaped(world: World, shape: bytes | None) -> None:
    """Build the warehouse with a geometry beside the first entity."""
    world.build()
    with duckdb.connect(str(world.root.warehouse)) as connection:
        connection.execute(f"ALTER TABLE {PRODUCT} ADD COLUMN geometry BLOB")
        connection.execute(f"UPDATE {PRODUCT} SET geometry = ? WHERE entity_id = 'e1'", [shape])


@pytest.fixture
def places(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose entities have a geometry, released once."""
    monkeypatch.setitem(LOGICAL, "BLOB", "string")
    changed = PRODUCTS | {PRODUCT: [*PRODUCTS[PRODUCT], column("geometry", "BLOB", 1)]}
    world.catalog = world.gate.catalog = make_catalog(world.catalog.folder, changed)
    shaped(world, SQUARE)
    assert world.release().number == 1
    return world


def ask(world: World, sql: str) -> list[tuple[object, ...]]:
    """Ask the served release."""
    return query(world.root, world.ledger, sql, as_of=None, by="李", purpose="校核").rows


def test_the_same_geometry_releases_nothing_new_and_another_one_does(places: World) -> None:
    shaped(places, bytes(SQUARE))
    assert places.release().number is None
    shaped(places, WIDER)
    assert places.release().number == 2
    [changed] = [d for d in diff(places.root, 1, 2) if d.product == PRODUCT]
    assert (changed.status, changed.columns) == ("changed", {"geometry": 1})


def test_the_descriptor_says_what_the_bytes_are(places: World) -> None:
    path = places.root.published / "releases" / "1" / "datapackage.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    [resource] = [r for r in told["resources"] if r["name"] == PRODUCT]
    [field] = [f for f in resource["schema"]["fields"] if f["name"] == "geometry"]
    assert (field["type"], field["format"]) == ("string", "binary")
    assert (field["encoding"], field["crs"], field["sqlType"]) == ("WKB", "EPSG:4490", "BLOB")
    assert not list(frictionless.Package.metadata_validate(told))


def test_plain_duckdb_reads_it_and_questions_may_compute_with_it(places: World) -> None:
    served = Store(places.root.published).release(1).products[PRODUCT]
    plain = duckdb.execute(f"SELECT geometry FROM '{served.path}' ORDER BY entity_id").fetchall()
    assert plain == [(SQUARE,), (None,)]
    assert len(plain) == len(ENTITIES)
    assert ask(places, f"SELECT geometry FROM {PRODUCT} WHERE entity_id = 'e1'") == [(SQUARE,)]
    [(area,)] = ask(
        places, f"SELECT ST_Area(ST_GeomFromWKB(geometry)) FROM {PRODUCT} WHERE entity_id = 'e1'"
    )
    assert area == pytest.approx(0.0001)


def test_analysts_and_consumers_get_it(places: World, tmp_path: Path) -> None:
    with duckdb.connect(str(places.root.analysts / "marts.duckdb"), read_only=True) as marts:
        assert (SQUARE,) in marts.execute(f"SELECT geometry FROM {PRODUCT}").fetchall()
    told = STATISTICS | {"product": PRODUCT, "rows": [], "includes_minors": True,
                         "columns": [{"name": "entity_id"}, {"name": "geometry"}]}  # fmt: skip
    folder = places.catalog.folder
    text = yaml.safe_dump({"grants": [told]}, allow_unicode=True)
    (folder / "grants" / "test.yml").write_text(text, encoding="utf-8")
    places.catalog = Catalog(folder)
    [made] = build_packages(places.root, places.ledger, places.catalog, places.keys, by="王")
    assert made.folder is not None
    with (made.folder / "data.csv").open(encoding="utf-8", newline="") as stream:
        shapes = {row["geometry"] for row in csv.DictReader(stream)}
    assert shapes == {base64.b64encode(SQUARE).decode(), ""}
    key = tmp_path / "key.pem"
    key.write_bytes(places.keys.public_pem())
    assert list(verify_package(made.folder, key)) == []
