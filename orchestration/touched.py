"""Whether a build may make anew only the rows that its deliveries touch.

Models of the materialization `touched` (dbt_project/macros/touched.sql) keep their rows from build
to build. They may do so when all of them stand as one build left them, made by the same code, and
what changed since is deliveries alone: then `raw.changed_delivery` names these, and dbt is told the
last build's business date. In every other case (other code, another decision or correction, a build
that failed or was killed, a business date that goes back) everything is made anew.

The warehouse remembers what the last build was made from: the spans of its deliveries
(`main.touched_span`), digests and date (`main.touched_input`), and which models stand (`…_base`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import duckdb

from foundation.paths import DataRoot
from orchestration.build_state import says_which, wanted_states

# Above this share of accepted rows it is no dearer to make everything anew.
LARGEST_SHARE = 0.2
_MATERIALIZATION = "touched"
_TABLES = """
    CREATE TABLE IF NOT EXISTS main.touched_base (node VARCHAR PRIMARY KEY, code VARCHAR);
    CREATE TABLE IF NOT EXISTS main.touched_input (business_date DATE, digests VARCHAR);
"""
_CHANGED = """CREATE OR REPLACE TABLE raw.changed_delivery AS
    SELECT DISTINCT delivery_id, extract FROM (
    (FROM raw.known_span EXCEPT FROM main.touched_span)
    UNION ALL (FROM main.touched_span EXCEPT FROM raw.known_span)) ORDER BY delivery_id"""
_SHARE = """SELECT coalesce(sum(accepted) FILTER (
        WHERE delivery_id IN (SELECT delivery_id FROM raw.changed_delivery)), 0)
        / greatest(sum(accepted), 1)
    FROM (SELECT DISTINCT delivery_id, accepted FROM raw.known_span
        WHERE extract IN (SELECT unnest(?)))"""
_LOST = """SELECT count(*) FROM main.touched_span
    WHERE delivery_id NOT IN (SELECT delivery_id FROM raw.known_span)"""


class TouchedModels:
    """The models of a build that can be brought up to date, and what they would be made from."""

    def __init__(
        self,
        root: DataRoot,
        manifest: Mapping[str, Any],
        shown: Mapping[str, str],
        common: str,
        business_date: date,
        extracts: Mapping[str, str],
    ) -> None:
        """Nothing is read yet.

        Args:
            root: whose warehouse.
            manifest: dbt's.
            shown: digest of each raw relation (`expose`).
            common: what all models follow from: code, catalogue, key.
            business_date: of the build.
            extracts: table of each extract, by its id.
        """
        self._root, self._manifest, self._date = root, manifest, business_date
        self._extracts = extracts
        nodes = {n["name"]: n for n in manifest["nodes"].values() if n["resource_type"] == "model"}
        self._nodes = {
            name: node
            for name, node in nodes.items()
            if node["config"]["materialized"] == _MATERIALIZATION
        }
        self._say_which = {n["name"] for i, n in manifest["nodes"].items() if says_which(i)}
        blank = dict.fromkeys(shown, "")
        code = wanted_states(manifest, blank, common, date.min)
        self._code = {name: code[name] for name in self._nodes}
        above = _above(manifest, [node["unique_id"] for node in self._nodes.values()])
        self._read = sorted(
            manifest["sources"][i]["name"] for i in above & set(manifest["sources"])
        )
        self._shown = {name: shown[name] for name in self._read}

    def since(self) -> date | None:
        """The last build's business date, if only what changed must be made anew; else None.

        With a date, `raw.changed_delivery` names the deliveries that changed.
        """
        with duckdb.connect(str(self._root.warehouse)) as connection:
            connection.execute(_TABLES)
            row = connection.execute("FROM main.touched_input").fetchone()
            if row is None or not self._stand(connection):
                return None
            last, digests = row[0], json.loads(row[1])
            if last > self._date or not self._only_deliveries(digests):
                return None
            if connection.execute(_LOST).fetchone() != (0,):
                return None
            connection.execute(_CHANGED)
            own = [e for e, table in self._extracts.items() if table in self._shown]
            (share,) = connection.execute(_SHARE, [own]).fetchone() or (1,)
            return last if share <= LARGEST_SHARE else None

    def with_what_is_touched(self, names: Iterable[str]) -> tuple[str, ...]:
        """These models, and with touched ones among them all that say which rows are touched."""
        chosen = set(names)
        if chosen & self._nodes.keys():
            chosen |= self._say_which
        return tuple(sorted(chosen))

    def forget(self, names: Iterable[str]) -> None:
        """Before a build: these are about to change."""
        with duckdb.connect(str(self._root.warehouse)) as connection:
            connection.execute(_TABLES)
            connection.execute(
                "DELETE FROM main.touched_base WHERE node IN (SELECT unnest(?))", [list(names)]
            )

    def remember(self, standing: Iterable[str]) -> None:
        """After a build: of the named models every row is as it would be if all were made now."""
        good = sorted(self._nodes.keys() & set(standing))
        with duckdb.connect(str(self._root.warehouse)) as connection:
            connection.execute(f"""BEGIN;{_TABLES}
                DELETE FROM main.touched_base; DELETE FROM main.touched_input;
                CREATE OR REPLACE TABLE main.touched_span AS FROM raw.known_span;""")
            connection.execute(
                "INSERT INTO main.touched_base SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
                [good, [self._code[name] for name in good]],
            )
            connection.execute(
                "INSERT INTO main.touched_input VALUES (?, ?)",
                [self._date, json.dumps(self._shown, sort_keys=True)],
            )
            connection.execute("COMMIT")

    def _stand(self, connection: duckdb.DuckDBPyConnection) -> bool:
        """Whether all of them stand as one build left them, made by this code."""
        known = dict(connection.execute("FROM main.touched_base").fetchall())
        there = set(
            connection.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
        )
        places = {(node["schema"], node["alias"]) for node in self._nodes.values()}
        return known == self._code and places <= there

    def _only_deliveries(self, digests: Mapping[str, str]) -> bool:
        """Whether nothing but the rows of extracts differs from the last build's input."""
        forms = ("{}", "past__{}", "rejected_key__{}")
        tables = {form.format(t) for t in self._extracts.values() for form in forms}
        names = (digests.keys() | self._shown.keys()) - {"full_list"}
        return all(digests.get(n) == self._shown.get(n) for n in names - tables)


def counted_models(manifest: Mapping[str, Any]) -> frozenset[str]:
    """Names of the touched models and of all that they are made from."""
    nodes = {i: n for i, n in manifest["nodes"].items() if n["resource_type"] == "model"}
    touched = [i for i, n in nodes.items() if n["config"]["materialized"] == _MATERIALIZATION]
    return frozenset(nodes[i]["name"] for i in _above(manifest, touched) if i in nodes)


def _above(manifest: Mapping[str, Any], unique_ids: Iterable[str]) -> set[str]:
    """These nodes, and all that they are made from, sources included."""
    found: set[str] = set()

    def walk(unique_id: str) -> None:
        if unique_id in found:
            return
        found.add(unique_id)
        node = manifest["nodes"].get(unique_id, {})
        for above in node.get("depends_on", {}).get("nodes", ()):
            walk(above)

    for unique_id in unique_ids:
        walk(unique_id)
    return found
