"""Whether a night has anything to do, decided before Dagster, dbt or GX are imported."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from catalog.corrections import read_corrections
from foundation.files import canonical_json
from foundation.keys import key_id
from ingest.inbox import Scan, scan
from ingest.taking import unfinished
from orchestration.context import Night
from sharing.certificate import code_fingerprint
from sharing.store import Store


def night_state(night: Night) -> str:
    """Hash of everything a night's result follows from: equal states, equal results."""
    made_from = {
        "business_date": night.business_date.isoformat(),
        "code": code_fingerprint(),
        "catalog": night.catalog.fingerprint,
        "deliveries": [d.receipt_id for d in night.ledger.active_deliveries()],
        "corrections": [repr(c) for c in read_corrections(night.catalog, night.root.corrections)],
        "overrides": [o.override_id for o in night.ledger.overrides()],
        "served": Store.of(night.root).current_number(),
        "key": key_id(night.keys.public_pem()),
    }
    return hashlib.sha256(canonical_json(made_from).encode()).hexdigest()


def finish_run(night: Night, status: str, summary: dict[str, object] | None = None) -> None:
    """End the night's run in the ledger, with its state if the same again would come to the same.

    A delivery that failed and a gate that did not answer are tried again: they leave no state.
    """
    if night.run_id is None:
        return
    failed = night.taking is not None and bool(night.taking.failed)
    unanswered = any(r.status == "error" for r in night.ledger.gate_results(night.run_id))
    is_final = status == "done" and not failed and not unanswered
    state = night_state(night) if is_final else ""
    night.ledger.end_run(night.run_id, status, state, summary or {})


@dataclass(frozen=True)
class Idleness:
    """Whether the night is idle, and the look at the inbox that says so."""

    is_idle: bool
    scan: Scan


def look(night: Night) -> Idleness:
    """Idle: nothing waits, nothing is unfinished, and the last run was made from this state."""
    seen = scan(night.root, night.settle_seconds)
    if seen.waiting or unfinished(night.root) or not night.root.warehouse.exists():
        return Idleness(False, seen)
    last = night.ledger.last_run(kinds=("night", "rebuild"))
    is_same = last is not None and last.status == "done" and last.state == night_state(night)
    return Idleness(is_same, seen)
