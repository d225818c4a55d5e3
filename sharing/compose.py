"""Which candidates are served: pure decisions, no file and no database.

A held candidate is not released; its last released version stays in the composition, and whatever
depends on it stays back too. Checks across products run against what would be served, so gate and
composition are asked in turn until nothing changes any more. The set of held products only grows:
that ends.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ledger import GateRecord, ProductVerdict
from sharing.records import Candidate, Candidates, Composition

REFERENCE, NOT_RUN, HELD_ABOVE = "R-GATE-04", "R-GATE-09", "R-GATE-10"
Judge = Callable[[Mapping[str, Path], tuple[str, ...]], list[GateRecord]]


@dataclass(frozen=True)
class Rules:
    """What the decision stands on, beside the candidates.

    Attributes:
        products: every product of the catalogue.
        base: Parquet of every product of the served release.
        depends_on: the products among each product's ancestors.
        refers_to: the products whose keys each product's columns refer to.
        approvals: (product, fingerprint) that a person let out in spite of the gate.
        rolled_away: candidates that a person went back from, with the reason to hold each.
        judge: asks the gate to judge some products of a composition.
    """

    products: Collection[str]
    base: Mapping[str, Path]
    depends_on: Mapping[str, frozenset[str]]
    refers_to: Mapping[str, frozenset[str]]
    approvals: Collection[tuple[str, str]]
    judge: Judge
    rolled_away: Mapping[str, str] = field(default_factory=dict)


@dataclass
class _State:
    rules: Rules
    offered: Candidates
    held: dict[str, set[str]] = field(default_factory=dict)
    records: dict[str, list[GateRecord]] = field(default_factory=dict)

    def above(self, product: str) -> set[str]:
        """The products held for reasons of their own that this one depends on."""
        return set(self.rules.depends_on.get(product, ())) & self.held.keys()

    def passing(self) -> dict[str, Candidate]:
        """The candidates that nothing holds so far."""
        made = self.offered.made.items()
        return {p: c for p, c in made if p not in self.held and not self.above(p)}

    def served(self) -> dict[str, Path]:
        """The composition as it stands."""
        passing = self.passing()
        found = {p: c.path for p, c in passing.items()}
        old = {p: self.rules.base[p] for p in self.rules.products if p in self.rules.base}
        return dict(sorted({**old, **found}.items()))

    def is_approved(self, product: str) -> bool:
        candidate = self.offered.made.get(product)
        return candidate is not None and (product, candidate.fingerprint) in self.rules.approvals

    def hold(self, product: str, reasons: Iterable[str]) -> bool:
        """Hold a candidate; False when a person let it out or these reasons are known."""
        if self.is_approved(product):
            return False
        known = self.held.setdefault(product, set())
        fresh = set(reasons) - known
        known |= fresh
        return bool(fresh)


def _complete(records: list[GateRecord], judged: Iterable[str]) -> list[GateRecord]:
    """A product without any result counts as failed: silence is no consent."""
    answered = {record.product for record in records}
    missing = [p for p in judged if p not in answered]
    return records + [GateRecord(p, "gate.answered", NOT_RUN, "error") for p in missing]


def _judge_candidates(state: _State, records: list[GateRecord], judged: Collection[str]) -> bool:
    changed = False
    for product in judged:
        found: dict[str, GateRecord] = {}
        for record in records:
            if record.product == product:  # a failure is never hidden by a later success
                known = found.get(record.expectation)
                if known is None or known.status == "passed":
                    found[record.expectation] = record
        bad = {r.rule_id for r in found.values() if r.status != "passed"}
        approved = bool(bad) and state.is_approved(product)
        state.records[product] = [
            replace(r, status="approved") if approved and r.status != "passed" else r
            for r in found.values()
        ]
        if bad and not approved:
            changed |= state.hold(product, bad)
    return changed


def _broken(records: Iterable[GateRecord], products: Collection[str]) -> set[tuple[str, str]]:
    return {
        (r.product, r.expectation)
        for r in records
        if r.product in products and r.rule_id == REFERENCE and r.status != "passed"
    }


def _judge_old_versions(
    state: _State, records: list[GateRecord], old: Collection[str], passing: Collection[str]
) -> bool:
    """Hold new candidates that would take away what a served old version refers to.

    What was broken already in the served release is not their doing.
    """
    broken = _broken(records, old)
    if not broken:
        return False
    asked = tuple(sorted({product for product, _ in broken}))
    broken -= _broken(state.rules.judge(state.rules.base, asked), asked)
    changed = False
    for product in sorted({product for product, _ in broken}):
        for referred in sorted(state.rules.refers_to.get(product, ())):
            candidate = state.offered.made.get(referred)
            if referred in passing and candidate is not None and not candidate.is_unchanged:
                changed |= state.hold(referred, (REFERENCE, product))
    return changed


def _settle(state: _State) -> None:
    while passing := state.passing():
        served = state.served()
        old = sorted(p for p in served if p not in passing)
        asked = tuple(sorted(passing)) + tuple(old)
        records = _complete(state.rules.judge(served, asked), passing)
        changed = _judge_candidates(state, records, sorted(passing))
        # Old versions count only where every candidate passes: what is held takes nothing away.
        if not changed:
            changed = _judge_old_versions(state, records, old, passing)
        if not changed:
            return


def _verdict(state: _State, product: str) -> ProductVerdict:
    candidate = state.offered.made.get(product)
    rows = candidate.rows if candidate else None
    text = candidate.fingerprint if candidate else None
    if product in state.offered.absent:
        return ProductVerdict(product, "absent")
    above = state.above(product)
    if product in state.held or above or candidate is None:
        own = state.held.get(product, set())
        rules = sorted(own | ({HELD_ABOVE} if above else set()), key=_rules_first)
        because = (*rules, *sorted(above - own))
        return ProductVerdict(product, "held", because, rows, text)
    return ProductVerdict(
        product, "unchanged" if candidate.is_unchanged else "released", (), rows, text
    )


def _rules_first(reason: str) -> tuple[bool, str]:
    return (not reason.startswith("R-"), reason)


def compose(candidates: Candidates, rules: Rules) -> Composition:
    """Decide what is served.

    Returns:
        The composition with a verdict for every product; a held verdict says because of which
        rules and which products.
    """
    state = _State(rules, candidates)
    for product, reasons in candidates.refused.items():
        state.held[product] = set(reasons)
    for product, reason in rules.rolled_away.items():
        state.held[product] = {reason}
    _settle(state)
    records = [r for product in sorted(state.records) for r in state.records[product]]
    return Composition(
        served=state.served(),
        verdicts=tuple(_verdict(state, product) for product in sorted(rules.products)),
        gate=tuple(sorted(records, key=lambda r: (r.product, r.expectation))),
    )
