"""The graph of products from a dbt manifest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sharing_world import manifest

from foundation.errors import ConfigurationError
from sharing import ProductGraph


def read(tmp_path: Path, content: str) -> ProductGraph:
    """A graph from manifest text."""
    path = tmp_path / "manifest.json"
    path.write_text(content, encoding="utf-8")
    return ProductGraph.from_manifest(path)


def test_products_ancestors_and_extracts(tmp_path: Path) -> None:
    told = manifest()
    rejected = "source.tongchuan.raw.rejected_key__population__marriage"
    told["sources"][rejected] = {"name": "rejected_key__population__marriage"}
    told["nodes"]["model.tongchuan.population__person"]["depends_on"]["nodes"].append(rejected)
    graph = read(tmp_path, json.dumps(told))
    assert graph.depends_on["population.household_member"] == {"population.person"}
    assert graph.depends_on["legal_entity.legal_entity"] == frozenset()
    assert graph.extracts["population.household_member"] == {
        "population/household_registration",
        "population/marriage",
    }
    assert "stg_population__household_registration" in graph.models["population.household_member"]


def test_failed_models_reach_the_products_below_them(tmp_path: Path) -> None:
    graph = read(tmp_path, json.dumps(manifest()))
    assert graph.failed({"model.tongchuan.population__person"}) == {
        "population.person",
        "population.household_member",
    }


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"nodes": {}}'])
def test_an_unreadable_manifest_is_said_so(tmp_path: Path, content: str) -> None:
    with pytest.raises(ConfigurationError):
        read(tmp_path, content)
