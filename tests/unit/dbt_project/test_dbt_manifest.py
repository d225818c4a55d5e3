"""The shape of the project: layers, names, contracts, generated files."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from catalog import catalog
from catalog.dbt_models import generated_files
from foundation.paths import PROJECT
from orchestration.manifest import manifest as project_manifest
from sharing.certificate import code_fingerprint
from tests.unit.dbt_project.dbt_world import Built

Node = dict[str, Any]

NAMES = {
    "staging": re.compile(r"stg_(?P<domain>[a-z_]+?)__[a-z0-9_]+"),
    "intermediate": re.compile(r"int_(?P<domain>[a-z_]+?)__[a-z0-9_]+"),
    "conformed": re.compile(r"(?!stg_|int_)(?P<domain>[a-z_]+?)__[a-z0-9_]+"),
    "marts": re.compile(r"(?!stg_|int_)(?P<domain>[a-z_]+?)__[a-z0-9_]+"),
}
# Layers whose models are products.
PRODUCTS = ("conformed", "marts")
# Which layers, and which kinds of node, a layer may read.
MAY_READ = {
    "staging": {"source"},
    "intermediate": {"source", "staging", "intermediate", "seed"},
    "conformed": {"staging", "intermediate", "conformed", "seed"},
    "marts": {"conformed", "marts", "seed"},
}


@pytest.fixture(scope="module")
def manifest(empty: Built) -> Node:
    loaded: Node = json.loads((empty.target / "manifest.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def models(manifest: Node) -> list[Node]:
    found = [n for n in manifest["nodes"].values() if n["resource_type"] == "model"]
    assert len(found) > 40
    return found


def test_layers_read_only_what_lies_below(manifest: Node, models: list[Node]) -> None:
    layer_of = {m["unique_id"]: m["fqn"][1] for m in models}
    edges = {
        (m["fqn"][1], layer_of.get(parent, parent.split(".")[0]), m["name"])
        for m in models
        for parent in m["depends_on"]["nodes"]
    }
    assert [
        e for e in edges if e[1] not in MAY_READ[e[0]] and e[:2] != ("staging", "staging")
    ] == []
    # which rows a staging model makes anew is not what it makes them of
    within = {parent for m in models for parent in m["depends_on"]["nodes"]
              if m["fqn"][1] == "staging" and layer_of.get(parent) == "staging"}  # fmt: skip
    assert within == {"model.tongchuan.stg_population__touch_keys"}


def test_names_schemas_and_dagster_keys_follow_the_grammar(models: list[Node]) -> None:
    for model in models:
        _, layer, domain, _ = model["fqn"]
        match = NAMES[layer].fullmatch(model["name"])
        assert match is not None, model["name"]
        assert match["domain"] == domain
        assert model["schema"] == (domain if layer in PRODUCTS else layer)
        told = model["meta"]["dagster"]
        assert told == {"asset_key": ["model", domain, model["name"]], "group": domain}
        assert model["description"], model["name"]


def test_every_product_model_has_a_contract_and_the_reverse(models: list[Node]) -> None:
    products = {m["name"]: m for m in models if m["fqn"][1] in PRODUCTS}
    assert set(products) == {p.model for p in catalog().products.values()}
    for product in catalog().products.values():
        model = products[product.model]
        assert model["alias"] == product.name
        assert model["config"]["contract"]["enforced"] is True
        assert list(model["columns"]) == [c.name for c in product.columns]


def test_every_extract_is_a_source_with_its_dagster_key(manifest: Node) -> None:
    keys = {
        tuple(told["asset_key"])
        for source in manifest["sources"].values()
        if (told := source["meta"].get("dagster"))
    }
    assert keys == {("extract", *extract.split("/")) for extract in catalog().extracts}


def test_every_model_with_logic_has_a_unit_test(manifest: Node, models: list[Node]) -> None:
    tested = {t["model"] for t in manifest["unit_tests"].values()}
    # staging models of one mode share its macro; the rest pass rows on or count them. dbt tests
    # units of SQL alone: models in Python call linkage/, which has its own tests
    # (dbt names the inputs of a unit test by their aliases: a model over several that are called
    # objection is tested by the journey). What is touched is read of tables as the last build left
    # them: test_touched.py
    plain = re.compile(
        r"stg_.*|.*__reconciliation|.*__objection|cross_theme__finding|int_population__list_mentions"
        r"|int_population__choose_registration|.*_(attribute|statement)"
        r"|int_[a-z_]+?__touch_[a-z]+|int_legal_entity__(list_corrections|list_candidates|choose_values|choose_address)"
    )
    assert [
        m["name"]
        for m in models
        if m["language"] == "sql" and m["name"] not in tested and not plain.fullmatch(m["name"])
    ] == []
    modes = {catalog().extracts[t.removeprefix("stg_").replace("__", "/", 1)].mode
             for t in tested if t.startswith("stg_")}  # fmt: skip
    assert modes == {"full", "incremental", "append"}


def test_product_columns_name_existing_sources_of_their_domain() -> None:
    for product in catalog().products.values():
        for column in product.columns:
            for source in column.sources:
                # places come to persons and entities from the standard addresses
                domains = {product.domain, "geospatial"}
                assert source.split("/")[0] in domains, (product.id, column.name)


def test_generated_files_are_up_to_date() -> None:
    behind = [
        name
        for name, text in generated_files(catalog()).items()
        if (PROJECT / "dbt_project" / name).read_text(encoding="utf-8") != text
    ]
    assert behind == [], "run `python dbt_project/regenerate.py`"


def test_what_a_killed_parse_left_is_made_again(
    empty: Built, world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONGCHUAN_DATA", str(tmp_path))
    target = tmp_path / "build" / "dbt"
    shutil.copytree(world / "parsed" / "build" / "dbt", target)
    (target / "manifest.code").write_text(code_fingerprint())
    known = project_manifest.__wrapped__()
    for cut in ("manifest.json", "partial_parse.msgpack"):
        content = (target / cut).read_bytes()
        (target / cut).write_bytes(content[: len(content) // 2])
    assert project_manifest.__wrapped__()["nodes"].keys() == known["nodes"].keys()
