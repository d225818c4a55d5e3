"""What a release says of itself, under signature: made from what, by what, and why."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import duckdb

from catalog.corrections import read_corrections
from foundation.paths import PROJECT
from ledger import DeliveryRecord, OverrideRecord
from sharing.corrections import certified
from sharing.records import Candidates, Composition, Setting
from sharing.store import Release

RELEASE_KIND, FORMAT = "tongchuan.release", 1
_ROOMS = (
    "catalog", "cli", "dbt_project", "expectations", "foundation", "ingest", "ledger", "linkage",
    "orchestration", "requirements", "sharing", "simulator",
)  # fmt: skip
_SUFFIXES = {".py", ".sql", ".yml", ".json", ".html", ".toml", ".txt"}
_DERIVED = {"target", "logs", "dbt_packages", "__pycache__"}


@lru_cache(maxsize=1)
def code_fingerprint() -> str:
    """SHA-256 over the project's code, configuration and locked dependencies (not its tests)."""
    digest = hashlib.sha256()
    for room in _ROOMS:
        for path in sorted((PROJECT / room).rglob("*")):
            relative = path.relative_to(PROJECT)
            if path.suffix in _SUFFIXES and not _DERIVED & set(relative.parts) and path.is_file():
                digest.update(relative.as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@dataclass(frozen=True)
class Occasion:
    """When and in which run a release is made, and after which others.

    Attributes:
        newest: the newest release so far; the certificate's chain goes through it.
        base: the release that was served meanwhile (another one after a rollback).
    """

    number: int
    business_date: date
    released_at: datetime
    run_id: int
    newest: Release | None
    base: Release | None


def _input(delivery: DeliveryRecord) -> dict[str, Any]:
    return {
        "delivery_id": delivery.delivery_id,
        "extract": delivery.extract,
        "provider": delivery.provider,
        "business_date": delivery.business_date.isoformat(),
        "file_sha256": delivery.file_sha256,
        "read": delivery.read,
        "accepted": delivery.accepted,
        "rejected": delivery.rejected,
        "duplicate": delivery.duplicate,
        "contract_version": delivery.contract_version,
    }


def _override(override: OverrideRecord) -> dict[str, Any]:
    return {**asdict(override), "at": override.at.isoformat(timespec="seconds")}


def release_certificate(
    setting: Setting, occasion: Occasion, candidates: Candidates, composition: Composition
) -> dict[str, Any]:
    """What a certificate says of inputs, code, contracts and decisions (not yet of tables)."""
    catalog, ledger = setting.catalog, setting.ledger
    wanted = set(candidates.inputs)
    inputs = [_input(d) for d in ledger.active_deliveries() if d.delivery_id in wanted]
    newest = occasion.newest
    return {
        "kind": RELEASE_KIND,
        "format": FORMAT,
        "number": occasion.number,
        "business_date": occasion.business_date.isoformat(),
        "released_at": occasion.released_at.isoformat(),
        "run_id": occasion.run_id,
        "previous": newest
        and {"number": newest.number, "certificate_sha256": newest.certificate_sha256},
        "base_release": occasion.base and occasion.base.number,
        "inputs": sorted(inputs, key=lambda i: (i["extract"], i["delivery_id"])),
        "code_fingerprint": code_fingerprint(),
        "catalog_fingerprint": catalog.fingerprint,
        "duckdb_version": duckdb.__version__,
        "contracts": {
            "extracts": {c.id: c.version for c in catalog.extracts.values()},
            "products": {c.id: c.version for c in catalog.products.values()},
        },
        "overrides": [_override(o) for o in ledger.overrides()],
        "corrections": certified(
            candidates.corrections,
            read_corrections(catalog, setting.root.corrections),
            setting.keys,
        ),
        "verdicts": [{**asdict(v), "because": list(v.because)} for v in composition.verdicts],
        "gate": [asdict(record) for record in composition.gate],
    }
