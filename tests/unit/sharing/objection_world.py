"""Releases that hold objections, made by the real release store from rows of a test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from catalog import Catalog, catalog
from foundation.keys import KeyRing
from foundation.paths import DataRoot
from ingest.stored import accepted_path
from ledger import DeliveryRecord, Ledger, ObjectionLife, ObjectionLives
from sharing import Candidate, Candidates, Composition, Store, deliver_objections, follow_objections
from sharing.certificate import Occasion
from sharing.duck import parquet
from sharing.fingerprint import fingerprint
from sharing.publish import make_release, record_release, resources_of
from sharing.records import Setting

START = date(2018, 3, 29)
POPULATION, LEGAL = "population.objection", "legal_entity.objection"
HOUSEHOLD, DEATH = "population/household_registration", "population/death_certificate"
MARRIAGE, TAX = "population/marriage_registration", "legal_entity/tax_registration"
NUMBER = "610203199001010011"  # stands in rows that a department must or must not see


def objection(name: str, **told: Any) -> dict[str, Any]:
    """A row of `population.objection`: R-POP-01 to the police, held against a certificate."""
    return {
        "objection_id": name.ljust(26, "a"),
        "rule_id": "R-POP-01",
        "provider": "public_security",
        "extract": HOUSEHOLD,
        "record_key": f"P-{name}",
        "attribute": "registration_status",
        "value_seen": "正常",
        "evidence": "死亡日期 2018-03-01",
        "opened_date": START,
        "counterpart_extract": DEATH,
        "counterpart_record_key": f"D-{name}",
        "person_id": None,
        **told,
    }


@dataclass
class ObjectionWorld:
    """One data root with the real catalogue."""

    root: DataRoot
    catalog: Catalog
    ledger: Ledger
    keys: KeyRing
    night: int = 0

    @classmethod
    def at(cls, folder: Path) -> ObjectionWorld:
        """The world in a folder, empty or as it was left."""
        root = DataRoot(folder / "data")
        world = cls(root, catalog(), Ledger.open(root), KeyRing(folder / "keys"))
        world.night = len(Store.of(root).numbers())
        return world

    @property
    def lives(self) -> list[ObjectionLife]:
        """Every span, by id and first release."""
        found = ObjectionLives(self.ledger).lives()
        return sorted(found, key=lambda o: (o.objection_id, o.first_release))

    def deliver(self, extract: str, rows: dict[str, int], **told: Any) -> str:
        """A delivery with rows of these keys, each on its line; its receipt id."""
        contract = self.catalog.extracts[extract]
        receipt = f"{len(self.ledger.deliveries()):024x}"
        record = DeliveryRecord(
            receipt, receipt, contract.provider, extract, f"{receipt[-2:]}.xlsx", "f" * 64, 9,
            START + timedelta(days=self.night), "control", datetime(2018, 3, 30, 1), f"0:{receipt}",
            "accepted", encoding="xlsx", read=len(rows), accepted=len(rows),
        )  # fmt: skip
        record = replace(record, **told)
        path = accepted_path(self.root, extract, receipt)
        path.parent.mkdir(parents=True, exist_ok=True)
        table = pl.DataFrame({contract.key[0].name: list(rows), "line": list(rows.values())})
        table = table.with_columns(delivery_id=pl.lit(receipt), list_id=pl.lit(receipt))
        if "updated_at" in contract.by_name:
            table = table.with_columns(updated_at=pl.lit(datetime(2018, 3, 1)))
        table.write_parquet(path)
        self.ledger.record_delivery(record)
        return receipt

    def release(self, day: date | None = None, **products: list[dict[str, Any]]) -> int:
        """Release `population=[…]`, `legal_entity=[…]`; what is not told is held as it was."""
        store = Store.of(self.root)
        base = store.current()
        self.night += 1
        business_date = day or START + timedelta(days=self.night - 1)
        served = {p: s.path for p, s in base.products.items()} if base else {}
        made: dict[str, Candidate] = {}
        for domain, rows in products.items():
            product = f"{domain}.objection"
            made[product] = self._candidate(product, rows)
            served[product] = made[product].path
        active = tuple(d.delivery_id for d in self.ledger.active_deliveries())
        candidates = Candidates(made, inputs=active)
        composition = Composition(served, (), ())
        setting = Setting(self.root, self.ledger, self.catalog, self.keys)
        resources = resources_of(store, base, candidates, composition, self.catalog)
        run = self.ledger.start_run("night", business_date)
        at = datetime(2018, 4, 1)
        occasion = Occasion(self.night, business_date, at, run, base, base)
        release = make_release(setting, occasion, candidates, composition, resources)
        record_release(self.ledger, release)
        store.set_current(release.number)
        return release.number

    def _candidate(self, product: str, rows: list[dict[str, Any]]) -> Candidate:
        contract = self.catalog.products[product]
        path = self.root.candidates / f"{product}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        columns = ", ".join(f"{c.name} {c.sql_type}" for c in contract.columns)
        names = [c.name for c in contract.columns]
        with duckdb.connect() as connection:
            connection.execute(f"CREATE TABLE made ({columns})")
            for row in rows:
                marks = ", ".join("?" * len(names))
                values = [row.get(name) for name in names]
                connection.execute(f"INSERT INTO made VALUES ({marks})", values)
            connection.execute(
                f"COPY (FROM made ORDER BY objection_id) TO '{path}' (FORMAT parquet)"
            )
            text = fingerprint(connection, parquet(path)).text
        return Candidate(product, path, len(rows), text, is_unchanged=False)

    def follow(self) -> list[Path]:
        """Lives and sheets, as the release step of a night does."""
        follow_objections(self.root, self.ledger, self.catalog)
        return deliver_objections(self.root, self.ledger, self.catalog)
