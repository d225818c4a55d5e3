"""What the gate is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class GateRequest:
    """One question: may these candidates be served together with the rest?

    Attributes:
        composition: product id to the Parquet file that would be served (candidate or last
            released); a product that is absent from it would not be served at all.
        judge: the products to judge, all of them in `composition`.
        previous: product id to the Parquet file of the last release that had it.
        reconciliation: Parquet with one row per extract (docs/gate.md), or None when it could not
            be made: then whatever is reconciled fails.
        business_date: the date the night is computed for.
    """

    composition: dict[str, Path]
    judge: tuple[str, ...]
    previous: dict[str, Path]
    reconciliation: Path | None
    business_date: date

    def to_json(self) -> dict[str, Any]:
        """As plain JSON types, paths absolute."""
        return {
            "composition": {k: str(v.absolute()) for k, v in sorted(self.composition.items())},
            "judge": list(self.judge),
            "previous": {k: str(v.absolute()) for k, v in sorted(self.previous.items())},
            "reconciliation": str(self.reconciliation.absolute()) if self.reconciliation else None,
            "business_date": self.business_date.isoformat(),
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> GateRequest:
        """The reverse of `to_json`."""
        return cls(
            composition={k: Path(v) for k, v in told["composition"].items()},
            judge=tuple(told["judge"]),
            previous={k: Path(v) for k, v in told["previous"].items()},
            reconciliation=Path(told["reconciliation"]) if told["reconciliation"] else None,
            business_date=date.fromisoformat(told["business_date"]),
        )
