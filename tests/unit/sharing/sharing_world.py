"""A small city for the tests of this room: a catalogue, a warehouse, a manifest and a gate."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml

from catalog import Catalog
from catalog.store import FOLDER
from catalog.vocabulary import CATALOGUE_METADATA
from expectations import GateRequest
from foundation.keys import KeyRing
from foundation.paths import DataRoot
from ledger import DeliveryRecord, GateRecord, Ledger
from sharing import ProductGraph, ReleaseOutcome, release_step

DAY = date(2018, 3, 31)
EXTRACTS = ("population/household_registration", "legal_entity/enterprise_registration")
LOGICAL = {
    "VARCHAR": "string", "BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP": "timestamp",
    "INTEGER": "integer", "BIGINT": "integer", "DECIMAL": "number",
}  # fmt: skip


def column(name: str, sql_type: str, grade: int, **more: Any) -> dict[str, Any]:
    """A column of a contract; `key`, `ref`, `analysts`, `required` as keywords."""
    found: dict[str, Any] = {
        "name": name,
        "businessName": more.get("title", f"列{name}"),
        "logicalType": LOGICAL[sql_type.split("(", maxsplit=1)[0]],
        "physicalType": sql_type,
        "classification": str(grade),
        "description": f"说明{name}",
    }
    if position := more.get("key"):
        found |= {"required": True, "primaryKey": True, "primaryKeyPosition": position}
    if target := more.get("ref"):
        found["relationships"] = [{"to": target}]
    if treatment := more.get("analysts"):
        found["customProperties"] = [{"property": "analysts", "value": treatment}]
    return found


PRODUCTS: dict[str, list[dict[str, Any]]] = {
    "population.person": [
        column("person_id", "VARCHAR", 4, key=1, analysts="pseudonym"),
        column("resident_id", "VARCHAR", 4),
        column("name", "VARCHAR", 4),
        column("sex_code", "VARCHAR", 2),
        column("birth_date", "DATE", 4, analysts="year"),
        column("registered_division_code", "VARCHAR", 2),
        column("residence_division_code", "VARCHAR", 3, analysts="township"),
        column("is_registered", "BOOLEAN", 2),
        column("mobile", "VARCHAR", 4),
        column("score", "DECIMAL(10,2)", 2),
        column("updated_at", "TIMESTAMP", 2),
        column("known_from", "TIMESTAMP", 2),
    ],
    "population.household_member": [
        column("household_id", "VARCHAR", 3, key=1, analysts="pseudonym"),
        column(
            "person_id", "VARCHAR", 4, key=2, ref="population.person.person_id",
            analysts="pseudonym",
        ),
        column("relation", "VARCHAR", 2),
    ],
    "legal_entity.legal_entity": [
        column("entity_id", "VARCHAR", 2, key=1, analysts="pseudonym"),
        column("name", "VARCHAR", 1),
        column("persons", "BIGINT", 1),
        column("legal_representative_person_id", "VARCHAR", 4, analysts="pseudonym"),
    ],
    "legal_entity.objection": [
        column("objection_id", "VARCHAR", 2, key=1),
        column("entity_id", "VARCHAR", 2, ref="legal_entity.legal_entity.entity_id"),
    ],
}  # fmt: skip
ANCESTORS = {
    "population.household_member": ["population.person"],
    "legal_entity.objection": ["legal_entity.legal_entity"],
}


def make_catalog(folder: Path, products: Mapping[str, list[dict[str, Any]]] = PRODUCTS) -> Catalog:
    """A catalogue folder with the real rules and codes and the products of this test."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("rules.yml", "departments.yml"):
        shutil.copy(FOLDER / name, folder / name)
    if not (folder / "codes").exists():
        shutil.copytree(FOLDER / "codes", folder / "codes")
    shutil.rmtree(folder / "products", ignore_errors=True)
    (folder / "grants").mkdir(exist_ok=True)
    own = {"kind": "product", "owner": "data-bureau", "analysts": True}
    properties = own | dict.fromkeys(CATALOGUE_METADATA, "待编")
    for product, columns in products.items():
        domain, _, name = product.partition(".")
        contract = {
            "apiVersion": "v3.1.0", "kind": "DataContract", "id": product, "name": f"产品{name}",
            "version": "1.0.0", "status": "active", "domain": domain, "tenant": "铜川市 610200",
            "description": {"purpose": f"用途{name}"},
            "customProperties": [{"property": k, "value": v} for k, v in properties.items()],
            "schema": [
                {
                    "name": name, "logicalType": "object", "physicalType": "table",
                    "description": "表", "properties": columns,
                }
            ],
        }  # fmt: skip
        path = folder / "products" / domain / f"{name}.odcs.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(contract, allow_unicode=True), encoding="utf-8")
    return Catalog(folder)


def manifest(
    products: Iterable[str] = PRODUCTS, ancestors: Mapping[str, list[str]] = ANCESTORS
) -> dict[str, Any]:
    """A dbt manifest: source → stg → int → products, with the ancestors declared above."""
    nodes: dict[str, Any] = {}
    sources: dict[str, Any] = {}
    for extract in EXTRACTS:
        domain, name = extract.split("/")
        source = f"source.tongchuan.raw.{domain}__{name}"
        sources[source] = {"name": f"{domain}__{name}"}
        sources["source.tongchuan.raw.full_list"] = {"name": "full_list"}
        parents = [source, "source.tongchuan.raw.full_list"]
        nodes[f"model.tongchuan.stg_{domain}__{name}"] = _node(f"stg_{domain}__{name}", parents)
        nodes[f"model.tongchuan.int_{domain}__subjects"] = _node(
            f"int_{domain}__subjects", [f"model.tongchuan.stg_{domain}__{name}"]
        )
    for product in products:
        domain, name = product.split(".")
        above = [f"model.tongchuan.{p.replace('.', '__')}" for p in ancestors.get(product, [])]
        nodes[f"model.tongchuan.{domain}__{name}"] = _node(
            f"{domain}__{name}", [f"model.tongchuan.int_{domain}__subjects", *above]
        )
    return {"nodes": nodes, "sources": sources}


def _node(name: str, parents: list[str]) -> dict[str, Any]:
    return {"name": name, "resource_type": "model", "depends_on": {"nodes": parents}}


@dataclass
class SmallGate:
    """A gate of keys and references, asked the same way as the real one; it can be broken."""

    catalog: Catalog
    fault: str | None = None
    fail: set[str] = field(default_factory=set)
    asked: list[GateRequest] = field(default_factory=list)

    def check(self, request: GateRequest, timeout_s: float = 600) -> list[GateRecord]:  # noqa: ARG002
        """Judge keys, references, and the products a test wants to fail."""
        self.asked.append(request)
        if self.fault == "raise":
            raise RuntimeError("610203199001010011")
        if self.fault == "silent":
            return []
        return [record for product in request.judge for record in self._judge(request, product)]

    def _judge(self, request: GateRequest, product: str) -> list[GateRecord]:
        found = [self._record(product, "forced", "R-GATE-05", int(product in self.fail))]
        table = f"read_parquet('{request.composition[product]}')"
        key = self.catalog.products[product].key[0].name
        doubled = f"SELECT count(*) - count(DISTINCT {key}) FROM {table}"
        if product != "population.household_member":
            found.append(self._record(product, f"{key}.unique", "R-GATE-01", _one(doubled)))
        for c in self.catalog.products[product].columns:
            for target in c.references:
                other, _, name = target.rpartition(".")
                there = f"SELECT {name} FROM read_parquet('{request.composition.get(other)}')"
                query = f"SELECT count(*) FROM {table} WHERE {c.name} NOT IN ({there})"
                bad = _one(query) if other in request.composition else 1
                found.append(self._record(product, f"{c.name}.refers", "R-GATE-04", bad))
        return found

    def _record(self, product: str, name: str, rule: str, bad: int) -> GateRecord:
        if self.fault == "error":
            return GateRecord(product, name, "R-GATE-09", "error")
        return GateRecord(product, name, rule, "failed" if bad else "passed", bad, None)


def _one(query: str) -> int:
    row = duckdb.execute(query).fetchone()
    assert row is not None
    return int(row[0])


PERSONS = [
    # person_id, resident_id, name, sex, born, registered, residence, is_registered, mobile, score
    ("p1", "610203195001010011", "赵一", "1", date(1950, 1, 1), "610203", "610203001002",
     True, "13900000001", "1.50"),
    ("p2", "610204198002020022", "钱二儿", "2", date(1980, 2, 2), "610204", "610204",
     True, None, None),
    ("p3", "610204201003030033", "孙三", "1", date(2010, 3, 3), "610204", "610204001", True,
     "13900000003", "3.00"),
    ("p4", None, "李四", None, None, None, None, False, None, "-4.25"),
]  # fmt: skip
MEMBERS = [("h1", "p1", "户主"), ("h2", "p2", "户主"), ("h2", "p3", "子")]
ENTITIES = [("e1", "甲公司", 5, "p1"), ("e2", "乙公司", None, "p3")]
OBJECTIONS = [("o1", "e1")]


@dataclass
class World:
    """One data root with everything a release step needs."""

    root: DataRoot
    catalog: Catalog
    ledger: Ledger
    keys: KeyRing
    gate: SmallGate
    failed_models: frozenset[str] = frozenset()
    came: tuple[str, ...] = EXTRACTS
    independent: bool = False  # no product is made from another one

    @classmethod
    def make(cls, folder: Path) -> World:
        """A world in an empty folder."""
        root = DataRoot(folder / "data")
        catalog = make_catalog(folder / "catalog")
        ledger = Ledger.open(root)
        for number, extract in enumerate(EXTRACTS):
            ledger.record_delivery(
                DeliveryRecord(
                    f"d{number}", f"d{number}", "public_security", extract, "a.csv", "f" * 64, 10,
                    DAY, "control", datetime(2018, 3, 31, 1), f"o{number}", "accepted",
                    read=4, accepted=4,
                )
            )  # fmt: skip
        return cls(root, catalog, ledger, KeyRing(root.root / "keys"), SmallGate(catalog))

    @classmethod
    def open(cls, folder: Path) -> World:
        """The world that lies in a folder."""
        root, catalog = DataRoot(folder / "data"), Catalog(folder / "catalog")
        ledger = Ledger.open(root)
        return cls(root, catalog, ledger, KeyRing(root.root / "keys"), SmallGate(catalog))

    def build(self, persons: Any = None, members: Any = None, entities: Any = None) -> None:
        """Make the warehouse as dbt would."""
        self.root.build.mkdir(parents=True, exist_ok=True)
        self.root.warehouse.unlink(missing_ok=True)
        rows: dict[str, list[tuple[Any, ...]]] = {
            "population.person": [
                (*p, datetime(2018, 3, 1, 8, 30), datetime.now())
                for p in (PERSONS if persons is None else persons)
            ],
            "population.household_member": MEMBERS if members is None else members,
            "legal_entity.legal_entity": ENTITIES if entities is None else entities,
            "legal_entity.objection": OBJECTIONS,
        }
        with duckdb.connect(str(self.root.warehouse)) as connection:
            for schema in ("raw", "population", "legal_entity", "intermediate"):
                connection.execute(f"CREATE SCHEMA {schema}")
            for product, columns in PRODUCTS.items():
                kinds = ", ".join(f"{c['name']} {c['physicalType']}" for c in columns)
                connection.execute(f"CREATE TABLE {product} ({kinds})")
                if rows[product]:
                    marks = ", ".join(["?"] * len(columns))
                    connection.executemany(f"INSERT INTO {product} VALUES ({marks})", rows[product])
            self._raw(connection)

    def _raw(self, connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(
            "CREATE TABLE raw.delivery AS SELECT unnest(['d0', 'd1']) AS delivery_id"
        )
        connection.execute("CREATE TABLE raw.ever_delivered (extract VARCHAR)")
        for extract in self.came:
            connection.execute("INSERT INTO raw.ever_delivered VALUES (?)", [extract])
        connection.execute("CREATE TABLE raw.expected_rows (extract VARCHAR, rows BIGINT)")
        connection.execute(f"INSERT INTO raw.expected_rows VALUES ('{EXTRACTS[0]}', 4)")
        for domain, extract in zip(("population", "legal_entity"), EXTRACTS, strict=True):
            connection.execute(
                f"CREATE TABLE intermediate.int_{domain}__reconciliation AS SELECT '{extract}' AS "
                "extract, 4::BIGINT AS raw_rows, 4::BIGINT AS current_records, "
                "4::BIGINT AS mentions, 3::BIGINT AS identified, 1::BIGINT AS unresolved"
            )

    def graph(self) -> ProductGraph:
        """The graph of the products."""
        path = self.root.build / "dbt" / "manifest.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        told = manifest(self.catalog.products, {} if self.independent else ANCESTORS)
        path.write_text(json.dumps(told), encoding="utf-8")
        return ProductGraph.from_manifest(path)

    def release(self, day: date = DAY) -> ReleaseOutcome:
        """One release step in a run of its own."""
        run_id = self.ledger.start_run("nightly", day)
        outcome = release_step(
            self.root, self.ledger, self.catalog, self.keys, self.gate,
            run_id=run_id, business_date=day, graph=self.graph(), failed_models=self.failed_models,
        )  # fmt: skip
        self.ledger.end_run(run_id, "done", "", {})
        return outcome
