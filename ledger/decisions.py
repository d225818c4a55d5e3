"""What people decided about pairs of records, in the ledger."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from sqlalchemy import insert, select

from ledger import schema as t
from ledger.records import LinkDecision
from ledger.store import Ledger


class LinkDecisions:
    """The table of decisions of one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        """On a ledger that is open."""
        self._engine = ledger.engine

    def sheets(self) -> frozenset[str]:
        """SHA-256 of the sheets that are entered."""
        query = select(t.override.c.target).where(t.override.c.kind == "review")
        with self._engine.connect() as connection:
            return frozenset(str(row.target) for row in connection.execute(query))

    def enter(self, decisions: Sequence[LinkDecision], reason: str) -> None:
        """Enter a sheet's decisions and the override that stands for them, in one transaction."""
        first = decisions[0]
        verdicts = [d.verdict for d in decisions]
        detail = {verdict: verdicts.count(verdict) for verdict in sorted(set(verdicts))}
        with self._engine.begin() as connection:
            connection.execute(
                insert(t.link_decision),
                [{"decision_id": d.decision_id, **dataclasses.asdict(d)} for d in decisions],
            )
            connection.execute(
                insert(t.override).values(
                    kind="review",
                    target=first.sheet_sha256,
                    reason=reason,
                    by=first.by,
                    at=first.at,
                    detail=detail,
                    is_revoked=False,
                )
            )

    def all(self) -> list[LinkDecision]:
        """Every decision, oldest first."""
        d = t.link_decision.c
        query = select(
            d.domain, d.left_record, d.right_record, d.verdict, d.by, d.at, d.sheet_sha256
        ).order_by(d.at, d.sheet_sha256, d.domain, d.left_record, d.right_record)
        with self._engine.connect() as connection:
            return [LinkDecision(**row._mapping) for row in connection.execute(query)]

    def standing(self) -> list[LinkDecision]:
        """The last decision on each pair."""
        last = {(d.domain, d.left_record, d.right_record): d for d in self.all()}
        return [last[key] for key in sorted(last)]
