"""What the steps of a release hand to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from catalog import Catalog
from foundation.keys import KeyRing
from foundation.paths import DataRoot
from ledger import GateRecord, Ledger, ProductVerdict
from sharing.corrections import CorrectionState

ROLLED_BACK = "rolled_back"
Columns = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Setting:
    """Where a step works: the data root, the ledger, the contracts and the keys."""

    root: DataRoot
    ledger: Ledger
    catalog: Catalog
    keys: KeyRing


@dataclass(frozen=True)
class Candidate:
    """A product as this night would publish it.

    Attributes:
        path: its Parquet; the released object itself when nothing changed.
        is_unchanged: same fingerprint and same columns as in the served release.
    """

    product: str
    path: Path
    rows: int
    fingerprint: str
    is_unchanged: bool


@dataclass(frozen=True)
class Candidates:
    """Everything the warehouse offers.

    Attributes:
        made: the candidates by product.
        refused: products that cannot be offered, with the rules that say why.
        absent: products none of whose sources ever came.
        reconciliation: Parquet of the delivery counts against the warehouse, if it could be made.
        inputs: the deliveries (ids) that the warehouse was built from.
        corrections: what became of each correction in that build.
    """

    made: Mapping[str, Candidate]
    refused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    reconciliation: Path | None = None
    inputs: tuple[str, ...] = ()
    corrections: tuple[CorrectionState, ...] = ()


@dataclass(frozen=True)
class Composition:
    """What would be served, and why.

    Attributes:
        served: Parquet of every product that would be served.
        verdicts: one per product of the catalogue, by name.
        gate: the gate's records, approvals marked.
    """

    served: Mapping[str, Path]
    verdicts: tuple[ProductVerdict, ...]
    gate: tuple[GateRecord, ...]


@dataclass(frozen=True)
class ReleaseOutcome:
    """What the release step did; `number` is None when it made no release."""

    number: int | None
    verdicts: tuple[ProductVerdict, ...]
    gate: tuple[GateRecord, ...]


def rolled_back_from(verdict: ProductVerdict) -> int | None:
    """The release that a person went back from, if that is why the product is held."""
    for reason in verdict.because:
        name, _, number = reason.partition(":")
        if name == ROLLED_BACK:
            return int(number)
    return None
