"""Reading and writing the ledger."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, delete, event, func, insert, select, update
from sqlalchemy.engine import Connection, CursorResult, Engine, RowMapping
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from foundation import clock
from foundation.errors import ConfigurationError
from foundation.paths import DataRoot
from ledger import schema as t
from ledger.migrate import migrate
from ledger.records import (
    AccessRecord,
    DeliveryRecord,
    GateRecord,
    OverrideKind,
    OverrideRecord,
    ProductVerdict,
    ReleaseRecord,
    RuleCount,
    RunRecord,
)
from ledger.spans import KnownSpan, known_spans


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class Ledger:
    """The ledger at one URL."""

    def __init__(self, url: str) -> None:
        """Open (and migrate) the ledger.

        Raises:
            ConfigurationError: the URL is none, or its driver is not installed.
        """
        try:
            self.engine: Engine = create_engine(url, poolclass=NullPool)
        except (ArgumentError, ImportError):  # not a URL; no driver for it here
            raise ConfigurationError(
                "TONGCHUAN_LEDGER_URL is no usable database URL",
                "leave it away (SQLite in the data root), or write sqlite:////folder/ledger.sqlite",
            ) from None
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _sqlite_pragmas)
        migrate(self.engine)

    @classmethod
    def open(cls, root: DataRoot) -> Ledger:
        """The ledger of a data root, made on first use."""
        try:
            root.root.mkdir(parents=True, exist_ok=True)
        except OSError:
            raise ConfigurationError(
                f"the data root {root.root} cannot be made", "set TONGCHUAN_DATA to a usable folder"
            ) from None
        ledger = cls(root.ledger_url)
        path = ledger.engine.url.database
        if ledger.engine.dialect.name == "sqlite" and path and Path(path).stat().st_mode & 0o077:
            Path(path).chmod(0o600)
        return ledger

    @staticmethod
    def exists(root: DataRoot) -> bool:
        """Whether the data root has a ledger (one that is named by URL is taken to exist)."""
        url = root.ledger_url
        return not url.startswith("sqlite:///") or Path(url.removeprefix("sqlite:///")).exists()

    # ---- deliveries ---------------------------------------------------------------------------

    def record_delivery(self, record: DeliveryRecord) -> None:
        """Write a receipt and its rule counts in one transaction; again is the same as once."""
        values = dataclasses.asdict(record)
        rules = values.pop("rules")
        with self.engine.begin() as connection:
            connection.execute(
                delete(t.delivery_rule).where(t.delivery_rule.c.receipt_id == record.receipt_id)
            )
            known = connection.execute(
                select(t.delivery.c.receipt_id).where(t.delivery.c.receipt_id == record.receipt_id)
            ).first()
            if known:
                connection.execute(
                    update(t.delivery)
                    .where(t.delivery.c.receipt_id == record.receipt_id)
                    .values(**values)
                )
            else:
                connection.execute(insert(t.delivery).values(**values))
            if rules:
                rows = [
                    {"receipt_id": record.receipt_id, "column_name": r.pop("column"), **r}
                    for r in rules
                ]
                connection.execute(insert(t.delivery_rule), rows)

    def delivery(self, receipt_id: str) -> DeliveryRecord | None:
        """One receipt, with its rule counts."""
        with self.engine.connect() as connection:
            row = connection.execute(
                select(t.delivery).where(t.delivery.c.receipt_id == receipt_id)
            ).first()
            return _delivery(connection, row._mapping) if row else None

    def receipt_ids(self, delivery_id: str) -> set[str]:
        """The receipts that one delivery and its duplicates have."""
        query = select(t.delivery.c.receipt_id).where(t.delivery.c.delivery_id == delivery_id)
        with self.engine.connect() as connection:
            return {str(row[0]) for row in connection.execute(query)}

    def deliveries(
        self,
        *,
        extract: str | None = None,
        provider: str | None = None,
        received_since: date | None = None,
        with_rules: bool = False,
    ) -> list[DeliveryRecord]:
        """Receipts in the order they came."""
        query = select(t.delivery).order_by(t.delivery.c.received_at, t.delivery.c.receipt_id)
        if extract:
            query = query.where(t.delivery.c.extract == extract)
        if provider:
            query = query.where(t.delivery.c.provider == provider)
        if received_since:
            midnight = datetime.combine(received_since, time.min)
            query = query.where(t.delivery.c.received_at >= midnight)
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
            return [_delivery(connection, row._mapping, with_rules) for row in rows]

    def active_deliveries(self) -> list[DeliveryRecord]:
        """The deliveries whose accepted rows count, in (business date, delivery order).

        Not active: refused ones and duplicates; withdrawn ones; those replaced by a later
        correction (same provider, extract, file name and explicit business date); returns of a
        delivery that is not active. A withdrawn or refused correction replaces nothing.
        """
        return [span.delivery for span in self.known_spans() if span.known_until is None]

    def known_spans(self) -> list[KnownSpan]:
        """From when until when each delivery's accepted rows counted, in the same order."""
        withdrawn = {o.target: o.at for o in self.overrides("withdraw")}
        accepted = [d for d in self.deliveries() if d.status in ("accepted", "partly_accepted")]
        return known_spans(accepted, withdrawn)

    # ---- runs, gates, releases ----------------------------------------------------------------

    def start_run(self, kind: str, business_date: date, state: str = "") -> int:
        """Begin a run; earlier runs that never ended are marked failed (they were killed)."""
        with self.engine.begin() as connection:
            connection.execute(
                update(t.run).where(t.run.c.status == "running").values(status="failed")
            )
            result = connection.execute(
                insert(t.run).values(
                    kind=kind,
                    business_date=business_date,
                    started_at=clock.now(),
                    status="running",
                    state=state,
                    summary={},
                )
            )
            return _made(result)

    def end_run(self, run_id: int, status: str, state: str, summary: dict[str, Any]) -> None:
        """End a run. `state` is the hash of everything it was made from (see the idle night)."""
        with self.engine.begin() as connection:
            connection.execute(
                update(t.run)
                .where(t.run.c.run_id == run_id)
                .values(status=status, state=state, summary=summary, ended_at=clock.now())
            )

    def last_run(
        self, *, kinds: Iterable[str] | None = None, status: str | None = None
    ) -> RunRecord | None:
        """The newest run (of these kinds, with this status)."""
        query = select(t.run).order_by(t.run.c.run_id.desc()).limit(1)
        if kinds:
            query = query.where(t.run.c.kind.in_(list(kinds)))
        if status:
            query = query.where(t.run.c.status == status)
        with self.engine.connect() as connection:
            row = connection.execute(query).first()
            return RunRecord(**row._mapping) if row else None

    def record_gate(
        self, run_id: int, results: Iterable[GateRecord], verdicts: Iterable[ProductVerdict]
    ) -> None:
        """Write one run's gate results and verdicts, replacing what this run wrote before."""
        with self.engine.begin() as connection:
            for table in (t.gate_result, t.product_verdict):
                connection.execute(delete(table).where(table.c.run_id == run_id))
            gate_rows = [{"run_id": run_id, **dataclasses.asdict(r)} for r in results]
            verdict_rows = [
                {"run_id": run_id, **dataclasses.asdict(v), "because": list(v.because)}
                for v in verdicts
            ]
            if gate_rows:
                connection.execute(insert(t.gate_result), gate_rows)
            if verdict_rows:
                connection.execute(insert(t.product_verdict), verdict_rows)

    def gate_results(self, run_id: int, product: str | None = None) -> list[GateRecord]:
        """The gate results of a run."""
        query = select(t.gate_result).where(t.gate_result.c.run_id == run_id)
        if product:
            query = query.where(t.gate_result.c.product == product)
        with self.engine.connect() as connection:
            order = (t.gate_result.c.product, t.gate_result.c.expectation)
            rows = connection.execute(query.order_by(*order)).all()
            return [GateRecord(**_without(row._mapping, "run_id")) for row in rows]

    def verdicts(self, run_id: int) -> list[ProductVerdict]:
        """What became of each product in a run."""
        query = select(t.product_verdict).where(t.product_verdict.c.run_id == run_id)
        with self.engine.connect() as connection:
            rows = connection.execute(query.order_by(t.product_verdict.c.product)).all()
        found = [_without(row._mapping, "run_id") for row in rows]
        return [ProductVerdict(**{**v, "because": tuple(v["because"])}) for v in found]

    def last_verdict_run(self) -> int | None:
        """The newest run that has verdicts."""
        with self.engine.connect() as connection:
            found = connection.execute(select(func.max(t.product_verdict.c.run_id))).scalar()
            return int(found) if found is not None else None

    def record_release(self, record: ReleaseRecord) -> None:
        """Write a release; again is the same as once."""
        with self.engine.begin() as connection:
            connection.execute(delete(t.release).where(t.release.c.number == record.number))
            connection.execute(insert(t.release).values(**dataclasses.asdict(record)))

    def releases(self) -> list[ReleaseRecord]:
        """Every release, oldest first."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(t.release).order_by(t.release.c.number)).all()
            return [ReleaseRecord(**row._mapping) for row in rows]

    # ---- overrides, accesses ------------------------------------------------------------------

    def add_override(
        self, kind: OverrideKind, target: str, reason: str, by: str, detail: dict[str, Any]
    ) -> int:
        """Write a person's decision."""
        with self.engine.begin() as connection:
            result = connection.execute(
                insert(t.override).values(
                    kind=kind,
                    target=target,
                    reason=reason,
                    by=by,
                    at=clock.now(),
                    detail=detail,
                    is_revoked=False,
                )
            )
            return _made(result)

    def overrides(self, kind: OverrideKind | None = None) -> list[OverrideRecord]:
        """Decisions in force, oldest first."""
        query = select(t.override).where(t.override.c.is_revoked.is_(False))
        if kind:
            query = query.where(t.override.c.kind == kind)
        with self.engine.connect() as connection:
            rows = connection.execute(query.order_by(t.override.c.override_id)).all()
            return [OverrideRecord(**_without(row._mapping, "is_revoked")) for row in rows]

    def revoke_overrides(self, kind: OverrideKind, target: str) -> None:
        """Take back earlier decisions of one kind on one target (they stay in the ledger)."""
        with self.engine.begin() as connection:
            connection.execute(
                update(t.override)
                .where(t.override.c.kind == kind, t.override.c.target == target)
                .values(is_revoked=True)
            )

    def record_access(self, record: AccessRecord) -> None:
        """Write an access."""
        values = {**dataclasses.asdict(record), "tables": list(record.tables)}
        with self.engine.begin() as connection:
            connection.execute(insert(t.access).values(**values))

    def accesses(self) -> list[AccessRecord]:
        """Every access, oldest first."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(t.access).order_by(t.access.c.access_id)).all()
        found = [_without(row._mapping, "access_id") for row in rows]
        return [AccessRecord(**{**a, "tables": tuple(a["tables"])}) for a in found]


def _made(result: CursorResult[Any]) -> int:
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


def _without(row: RowMapping, name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


def _delivery(connection: Connection, row: RowMapping, with_rules: bool = True) -> DeliveryRecord:
    rules: tuple[RuleCount, ...] = ()
    if with_rules:
        found = connection.execute(
            select(t.delivery_rule)
            .where(t.delivery_rule.c.receipt_id == row["receipt_id"])
            .order_by(t.delivery_rule.c.rule_id, t.delivery_rule.c.column_name)
        ).all()
        rules = tuple(RuleCount(r.rule_id, r.severity, r.column_name, r.rows) for r in found)
    return DeliveryRecord(**row, rules=rules)
