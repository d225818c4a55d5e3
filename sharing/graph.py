"""Which product depends on which, read from dbt's manifest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foundation.errors import ConfigurationError

_INNER = ("stg_", "int_")
_BESIDE = ("rejected_key__", "past__")


@dataclass(frozen=True)
class ProductGraph:
    """Ancestors of every product.

    Attributes:
        depends_on: the products among a product's ancestors (transitive).
        extracts: the extracts (`domain/extract`) among its raw sources.
        models: the names of all models it is made by, its own first among equals.
    """

    depends_on: Mapping[str, frozenset[str]]
    extracts: Mapping[str, frozenset[str]]
    models: Mapping[str, frozenset[str]]

    @classmethod
    def from_manifest(cls, path: Path) -> ProductGraph:
        """Read `manifest.json`.

        Raises:
            ConfigurationError: the manifest is missing or is none.
        """
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
            nodes, sources = manifest["nodes"], manifest["sources"]
        except (OSError, ValueError, KeyError, TypeError):
            raise ConfigurationError(
                "dbt left no readable manifest.json", "run the build (tongchuan nightly) first"
            ) from None
        return _graph(nodes, sources)

    def failed(self, models: Iterable[str]) -> frozenset[str]:
        """The products that are made by one of these models (by name or dbt's unique id)."""
        names = {model.rsplit(".", 1)[-1] for model in models}
        return frozenset(product for product, made_by in self.models.items() if made_by & names)


def _product(node: Mapping[str, Any]) -> str | None:
    name = str(node["name"])
    if node["resource_type"] != "model" or name.startswith(_INNER) or "__" not in name:
        return None
    return name.replace("__", ".", 1)


def _graph(nodes: Mapping[str, Any], sources: Mapping[str, Any]) -> ProductGraph:
    ancestors: dict[str, frozenset[str]] = {}

    def above(unique_id: str) -> frozenset[str]:
        if unique_id not in ancestors:
            parents = nodes.get(unique_id, {}).get("depends_on", {}).get("nodes", ())
            found: frozenset[str] = frozenset(parents)
            for parent in parents:
                found |= above(parent)
            ancestors[unique_id] = found
        return ancestors[unique_id]

    products = {uid: product for uid, node in nodes.items() if (product := _product(node))}
    depends_on, extracts, models = {}, {}, {}
    for unique_id, product in products.items():
        every = above(unique_id)
        depends_on[product] = frozenset(products[a] for a in every if a in products)
        extracts[product] = frozenset(
            extract for a in every if a in sources and (extract := _extract(sources[a]["name"]))
        )
        models[product] = frozenset(
            str(nodes[a]["name"])
            for a in every | {unique_id}
            if a in nodes and nodes[a]["resource_type"] in ("model", "seed")
        )
    return ProductGraph(depends_on, extracts, models)


def _extract(source: str) -> str | None:
    """`population/marriage` of that extract's raw tables; None for the tables of deliveries."""
    name = source
    for prefix in _BESIDE:
        name = name.removeprefix(prefix)
    return name.replace("__", "/", 1) if "__" in name else None
