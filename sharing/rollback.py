"""Going back to an earlier release, and what that means for the nights after it.

The decision in the ledger is all that is kept: which release is due and which candidates stay back
follow from it and from the releases in the store, so a crash between any two steps changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalog import Catalog
from foundation.failpoint import failpoint
from foundation.keys import KeyRing
from foundation.lock import exclusive
from foundation.paths import DataRoot
from ledger import Ledger
from sharing.analysts import follow_current
from sharing.candidates import contract_columns
from sharing.records import ROLLED_BACK, Candidates, Columns
from sharing.store import Store

_Content = tuple[str, Columns]


def rollback(
    root: DataRoot,
    ledger: Ledger,
    catalog: Catalog,
    keys: KeyRing,
    number: int,
    *,
    by: str,
    reason: str,
) -> None:
    """Serve an earlier (or again a later) release; the decision is in the ledger first.

    Raises:
        ConfigurationError: there is no release of that number.
        BusyError: a night is running.
    """
    with exclusive(root.lock, "rollback"):
        store = Store.of(root)
        store.release(number)
        detail = {"from": store.current_number(), "newest": store.numbers()[-1]}
        ledger.add_override("rollback", str(number), reason, by, detail)
        failpoint("rollback.recorded")
        store.set_current(number)
        failpoint("rollback.current")
        follow_current(root, catalog, keys)


def due(store: Store, ledger: Ledger) -> int | None:
    """Which release must be served: the newest, unless a person went back since it was made."""
    numbers = store.numbers()
    if not numbers:
        return None
    decisions = ledger.overrides("rollback")
    if decisions and decisions[-1].detail.get("newest") == numbers[-1]:
        return int(decisions[-1].target)
    return numbers[-1]


@dataclass
class _Contents:
    """Fingerprint and columns of every table, by release; each manifest is read once."""

    store: Store
    known: dict[int, Mapping[str, _Content]] = field(default_factory=dict)

    def of(self, number: int) -> Mapping[str, _Content]:
        if number not in self.known:
            served = self.store.release(number).products.values()
            self.known[number] = {s.product: (s.fingerprint, s.columns) for s in served}
        return self.known[number]


def rolled_away(
    store: Store, ledger: Ledger, catalog: Catalog, candidates: Candidates
) -> dict[str, str]:
    """The changed candidates that a person went back from, with the reason to hold each.

    A rollback to release T rolls away what the releases after T held of a product, where T held
    something else. It lasts until a later rollback serves that content, or a person approves it.

    Returns:
        `rolled_back:<number>` by product; the number is that of the newest release that held it.

    Raises:
        IntegrityError: a release that was rolled away cannot be read.
    """
    decisions = ledger.overrides("rollback")
    changed = {p: c for p, c in candidates.made.items() if not c.is_unchanged}
    if not decisions or not changed:
        return {}
    contents, numbers = _Contents(store), store.numbers()
    approvals = ledger.overrides("approve")
    found: dict[str, str] = {}
    for decision in decisions:
        target, newest = int(decision.target), int(decision.detail["newest"])
        back = contents.of(target) if target in numbers else {}
        left = [n for n in reversed(numbers) if target < n <= newest]
        for product, candidate in changed.items():
            wanted = (candidate.fingerprint, contract_columns(catalog.products[product]))
            if back.get(product) == wanted:
                found.pop(product, None)
                continue
            holding = next((n for n in left if contents.of(n).get(product) == wanted), None)
            if holding is None:
                continue
            if any(
                a.override_id > decision.override_id
                and (a.target, a.detail.get("fingerprint")) == (product, candidate.fingerprint)
                for a in approvals
            ):
                found.pop(product, None)
            else:
                found[product] = f"{ROLLED_BACK}:{holding}"
    return found
