"""What the steps of one night share: where it works, for which date, with which gate."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from catalog import Catalog, catalog
from catalog.corrections import read_corrections
from expectations import Gate
from foundation import clock
from foundation.keys import KeyRing
from foundation.paths import DataRoot
from ingest.inbox import DEFAULT_SETTLE_SECONDS
from ingest.service import Taking
from ledger import Ledger
from orchestration.timing import Timing

logger = logging.getLogger("tongchuan.night")
_active: list[Night] = []


def _silent(_text: str) -> None:
    return None


@dataclass
class Night:
    """One night in this process.

    Attributes:
        progress: is told what happens, for a person who watches (may name files).
        taking: what the inbox led to, once that step ran.
        failed_models: names of models that did not build, once that step ran.
    """

    root: DataRoot
    ledger: Ledger
    catalog: Catalog
    keys: KeyRing
    business_date: date
    settle_seconds: float = DEFAULT_SETTLE_SECONDS
    progress: Callable[[str], None] = _silent
    run_id: int | None = None
    gate: Gate | None = None
    taking: Taking | None = None
    failed_models: frozenset[str] = frozenset()
    release: int | None = None
    timing: Timing = field(default_factory=Timing)

    def open_gate(self) -> Gate:
        """The gate's worker process, started on first use: it imports while dbt builds."""
        if self.gate is None:
            self.gate = Gate(self.catalog)
            self.gate.start()
        return self.gate

    def open_run(self, kind: str) -> int:
        """The ledger's run of this night, begun on first use."""
        if self.run_id is None:
            self.run_id = self.ledger.start_run(kind, self.business_date)
        return self.run_id

    def close(self) -> None:
        """Stop the gate."""
        if self.gate is not None:
            self.gate.close()
            self.gate = None


def make_night(
    root: DataRoot | None = None,
    *,
    business_date: date | None = None,
    settle_seconds: float = DEFAULT_SETTLE_SECONDS,
    progress: Callable[[str], None] = _silent,
) -> Night:
    """A night on a data root (default: the environment's) for a date (default: today).

    Raises:
        CatalogError: a correction cannot be used as written; said before anything is taken.
    """
    where = root or DataRoot.from_environment()
    known = catalog()
    read_corrections(known, where.corrections)
    return Night(
        root=where,
        ledger=Ledger.open(where),
        catalog=known,
        keys=KeyRing(where.keys),
        business_date=business_date or clock.today(),
        settle_seconds=settle_seconds,
        progress=progress,
    )


@contextmanager
def active(night: Night) -> Iterator[Night]:
    """Make a night the one that Dagster's steps of this process work on."""
    _active.append(night)
    try:
        yield night
    finally:
        _active.remove(night)
        night.close()


def active_night() -> Night | None:
    """The night that this process runs, if the command line started one."""
    return _active[-1] if _active else None
