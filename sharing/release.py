"""The release step: candidates, gate, composition, and one atomic step that makes it visible.

The commit point is the rename of the release folder. What follows it (ledger, `CURRENT`, the
analysts' file) follows from it, and `recover` does it again after a crash.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Protocol

from catalog import Catalog
from expectations import GateRequest
from foundation import clock
from foundation.errors import ConfigurationError
from foundation.failpoint import failpoint
from foundation.keys import KeyRing
from foundation.lock import exclusive
from foundation.paths import DataRoot
from ledger import GateRecord, Ledger
from sharing.analysts import follow_current
from sharing.candidates import export_candidates
from sharing.certificate import Occasion
from sharing.compose import NOT_RUN, Rules, compose
from sharing.graph import ProductGraph
from sharing.objects import remove_orphans
from sharing.publish import is_served, make_release, record_release, resources_of
from sharing.records import Candidates, ReleaseOutcome, Setting
from sharing.rollback import due, rolled_away
from sharing.store import Release, Store


class Judging(Protocol):
    """What the release step needs of the gate."""

    def check(self, request: GateRequest, timeout_s: float = ...) -> list[GateRecord]:
        """Judge the products of a request."""


def _rules(
    setting: Setting,
    gate: Judging,
    graph: ProductGraph,
    base: Release | None,
    candidates: Candidates,
    business_date: date,
) -> Rules:
    previous = {p: served.path for p, served in base.products.items()} if base else {}

    def judge(composition: Mapping[str, Path], products: tuple[str, ...]) -> list[GateRecord]:
        request = GateRequest(
            composition=dict(composition),
            judge=products,
            previous=previous,
            reconciliation=candidates.reconciliation,
            business_date=business_date,
        )
        try:
            return gate.check(request)
        except Exception:  # noqa: BLE001  (whatever a gate dies of, nothing passes)
            return [GateRecord(p, "gate.answered", NOT_RUN, "error") for p in products]

    refers_to = {
        contract.id: frozenset(
            target.rpartition(".")[0] for c in contract.columns for target in c.references
        )
        - {contract.id}
        for contract in setting.catalog.products.values()
    }
    approvals = {
        (o.target, o.detail.get("fingerprint")) for o in setting.ledger.overrides("approve")
    }
    return Rules(
        products=tuple(setting.catalog.products),
        base=previous,
        depends_on=graph.depends_on,
        refers_to=refers_to,
        approvals={(product, text) for product, text in approvals if isinstance(text, str)},
        rolled_away=rolled_away(
            Store.of(setting.root), setting.ledger, setting.catalog, candidates
        ),
        judge=judge,
    )


def recover(root: DataRoot, ledger: Ledger, catalog: Catalog, keys: KeyRing) -> list[str]:
    """Finish or remove whatever an earlier process left half done; the night calls this first.

    Returns:
        What was mended, in Chinese and English; empty when nothing was.
    """
    with exclusive(root.lock, "recover"):
        store, told = Store.of(root), []
        store.remove_leftovers()
        if orphans := remove_orphans(store):
            told.append(f"清除 {orphans} 个无发布引用的对象 / objects of no release removed")
        known = {record.number for record in ledger.releases()}
        for number in store.numbers():
            if number not in known:
                record_release(ledger, store.release(number))
                told.append(f"补记发布 {number} / release {number} entered into the ledger")
        served = due(store, ledger)
        if served is not None and store.current_number() != served:
            store.set_current(served)
            told.append(f"CURRENT 指向发布 {served} / CURRENT set to {served}")
        if served is not None and follow_current(root, catalog, keys):
            told.append("分析库已跟随当前发布 / the analysts' file follows the served release")
        return told


def release_step(
    root: DataRoot,
    ledger: Ledger,
    catalog: Catalog,
    keys: KeyRing,
    gate: Judging,
    *,
    run_id: int,
    business_date: date,
    graph: ProductGraph,
    failed_models: frozenset[str],
) -> ReleaseOutcome:
    """Decide about every product, and make a release if anything changed that may be served.

    Gate records and verdicts are written to the ledger. Call `recover` before.

    Raises:
        IntegrityError: the served release cannot be read.
    """
    with exclusive(root.lock, "release"):
        setting, store = Setting(root, ledger, catalog, keys), Store.of(root)
        base = store.current()
        candidates = export_candidates(root, catalog, ledger, graph, failed_models)
        rules = _rules(setting, gate, graph, base, candidates, business_date)
        composition = compose(candidates, rules)
        failpoint("release.decided")
        resources = resources_of(store, base, candidates, composition, catalog)
        ledger.record_gate(run_id, composition.gate, composition.verdicts)
        if not resources or is_served(base, resources):
            follow_current(root, catalog, keys)
            return ReleaseOutcome(None, composition.verdicts, composition.gate)
        numbers = store.numbers() + [record.number for record in ledger.releases()]
        newest = store.release(store.numbers()[-1]) if store.numbers() else None
        occasion = Occasion(
            max(numbers, default=0) + 1, business_date, clock.now(), run_id, newest, base
        )
        release = make_release(setting, occasion, candidates, composition, resources)
        record_release(ledger, release)
        failpoint("release.recorded")
        store.set_current(release.number)
        failpoint("release.current")
        follow_current(root, catalog, keys)
        return ReleaseOutcome(release.number, composition.verdicts, composition.gate)


def approve(root: DataRoot, ledger: Ledger, product: str, *, by: str, reason: str) -> str:
    """Let the held candidate of the last run out in spite of the gate; the next night does it.

    The approval is bound to the candidate's fingerprint: another content needs another one.

    Returns:
        The fingerprint that is approved.

    Raises:
        ConfigurationError: the last run held no candidate of that product.
    """
    with exclusive(root.lock, "approve"):
        run_id = ledger.last_verdict_run()
        verdicts = ledger.verdicts(run_id) if run_id is not None else []
        for verdict in verdicts:
            if verdict.product == product and verdict.verdict == "held" and verdict.fingerprint:
                detail = {"fingerprint": verdict.fingerprint, "run_id": run_id}
                ledger.add_override("approve", product, reason, by, detail)
                return verdict.fingerprint
    held = sorted(v.product for v in verdicts if v.verdict == "held" and v.fingerprint)
    raise ConfigurationError(
        f"{product} 没有可放行的候选 / no held candidate of {product} can be approved",
        f"held with a candidate: {', '.join(held) or 'none'}",
    )
