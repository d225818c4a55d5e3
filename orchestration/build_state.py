"""Which models a build has to make: those whose rows could differ from what already stands.

The state of a model is a hash of everything its rows follow from: the code and the catalogue, the
key that ids are made with, the states of what it reads, and the night's business date if its SQL
asks for it. The warehouse remembers under which state each table was made (`main.node_state`); a
table that stands under the state that is wanted is not made again. So a night costs what changed,
and a night that died in the middle goes on where it stopped.

A state is forgotten before its table is touched and remembered only after the model and its tests
have passed: whatever happens between, the table is made again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import duckdb

from foundation.paths import DataRoot
from orchestration.dbt_build import BuildResult

_BUILT = ("model", "seed")
_ASKS_FOR_THE_DATE = re.compile(r"\bvar\(\s*['\"]business_date\b")
_TABLE = "main.node_state"
# Models that say which rows are made anew (`touched`): what rows are does not follow from them.
_SAYS_WHICH = re.compile(r"\.[a-z_]+__touch_[a-z]+$")


def wanted_states(
    manifest: Mapping[str, Any], sources: Mapping[str, str], common: str, business_date: date
) -> dict[str, str]:
    """The state that each model and seed would be built under now, by name, parents first.

    Args:
        manifest: dbt's.
        sources: digest of the content of every raw relation, by its name (`expose`).
        common: what all of them follow from: code, catalogue, key.
        business_date: of the night.

    Raises:
        KeyError: a model reads a source without a digest.
    """
    nodes, states = manifest["nodes"], dict[str, str]()
    dated: dict[str, bool] = {}

    def state(unique_id: str) -> str:
        if unique_id in manifest["sources"]:
            return sources[manifest["sources"][unique_id]["name"]]
        node = nodes[unique_id]
        if node["name"] not in states:
            parts = [common, unique_id]
            parts += [state(parent) for parent in _followed(unique_id, node)]
            if _is_dated(manifest, node, dated):
                parts.append(business_date.isoformat())
            states[node["name"]] = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        return states[node["name"]]

    for unique_id, node in sorted(nodes.items()):
        if node["resource_type"] in _BUILT:
            state(unique_id)
    return states


def _followed(unique_id: str, node: Mapping[str, Any]) -> list[str]:
    """What the rows of a node follow from, by unique id."""
    above = sorted(node.get("depends_on", {}).get("nodes", ()))
    return above if says_which(unique_id) else [i for i in above if not says_which(i)]


def says_which(unique_id: str) -> bool:
    """Whether a model only says which rows of others are made anew."""
    return _SAYS_WHICH.search(unique_id) is not None


def _is_dated(manifest: Mapping[str, Any], node: Mapping[str, Any], known: dict[str, bool]) -> bool:
    """Whether the SQL of a model, or a macro it calls, asks dbt for the business date."""

    def of_macro(unique_id: str) -> bool:
        if unique_id not in known:
            known[unique_id] = False  # a macro that calls itself
            macro = manifest["macros"].get(unique_id, {"macro_sql": "", "depends_on": {}})
            known[unique_id] = bool(_ASKS_FOR_THE_DATE.search(macro["macro_sql"])) or any(
                of_macro(called) for called in macro["depends_on"].get("macros", ())
            )
        return known[unique_id]

    code = str(node.get("raw_code") or "")
    macros = node.get("depends_on", {}).get("macros", ())
    return bool(_ASKS_FOR_THE_DATE.search(code)) or any(of_macro(m) for m in macros)


def stale(root: DataRoot, manifest: Mapping[str, Any], wanted: Mapping[str, str]) -> list[str]:
    """Names of the models and seeds that are not there or stand under another state."""
    places = {
        node["name"]: (node["schema"], node["alias"])
        for node in manifest["nodes"].values()
        if node["name"] in wanted
    }
    with duckdb.connect(str(root.warehouse)) as connection:
        known = _known(connection)
        query = (
            "SELECT schema_name, table_name FROM duckdb_tables() UNION ALL "
            "SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal"
        )
        there = set(connection.execute(query).fetchall())
    return [n for n, s in wanted.items() if known.get(n) != s or places[n] not in there]


def forget(root: DataRoot, names: Iterable[str]) -> None:
    """Before a build: these tables are about to change."""
    with duckdb.connect(str(root.warehouse)) as connection:
        _known(connection)
        connection.execute(f"DELETE FROM {_TABLE} WHERE node IN (SELECT unnest(?))", [list(names)])


def remember(
    root: DataRoot, manifest: Mapping[str, Any], wanted: Mapping[str, str], built: BuildResult
) -> list[str]:
    """After a build: what was made, passed its tests and was made from what is wanted.

    Returns:
        Names of all models and seeds that now stand as they are wanted.
    """
    good = {n.name for n in built.nodes if n.resource_type in _BUILT} - built.failed_models
    parents = {
        node["name"]: [
            manifest["nodes"][above]["name"]
            for above in _followed(unique_id, node)
            if above in manifest["nodes"]
        ]
        for unique_id, node in manifest["nodes"].items()
        if node["name"] in wanted
    }
    with duckdb.connect(str(root.warehouse)) as connection:
        known = _known(connection)
        made: dict[str, str] = {}
        for name, state in wanted.items():  # parents first
            if name in good and all(known.get(above) == wanted[above] for above in parents[name]):
                known[name] = made[name] = state
        connection.execute(
            f"INSERT OR REPLACE INTO {_TABLE} SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
            [list(made), list(made.values())],
        )
    return [name for name, state in wanted.items() if known.get(name) == state]


def _known(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    connection.execute(
        f"CREATE TABLE IF NOT EXISTS {_TABLE} (node VARCHAR PRIMARY KEY, state VARCHAR)"
    )
    return dict(connection.execute(f"SELECT node, state FROM {_TABLE}").fetchall())
