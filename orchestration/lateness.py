"""Which resources are late: from the ledger, at the night's business date.

A resource is late when more than its period and grace have passed since the business date of its
last accepted delivery (domain rule for 更新周期). One that never came has not begun: not late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from catalog import Catalog
from catalog.vocabulary import CYCLES
from ledger import Ledger


@dataclass(frozen=True)
class Timeliness:
    """How one extract stands: `allowed_days` is period + grace, None for irregular ones."""

    extract: str
    last: date | None
    allowed_days: int | None
    days: int | None

    @property
    def is_late(self) -> bool:
        """More days passed than allowed."""
        return (
            self.days is not None
            and self.allowed_days is not None
            and self.days > self.allowed_days
        )


def timeliness(ledger: Ledger, catalog: Catalog, business_date: date) -> list[Timeliness]:
    """Every extract's standing, by id."""
    newest: dict[str, date] = {}
    for delivery in ledger.active_deliveries():
        before = newest.get(delivery.extract, delivery.business_date)
        newest[delivery.extract] = max(before, delivery.business_date)
    result = []
    for contract in sorted(catalog.extracts.values(), key=lambda c: c.id):
        cycle = CYCLES[contract.cycle]
        last = newest.get(contract.id)
        days = (business_date - last).days if last else None
        result.append(Timeliness(contract.id, last, sum(cycle) if cycle else None, days))
    return result
