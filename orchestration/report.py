"""What a night came to: for a person to read, and as one JSON document. Counts and ids only."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from ingest.inbox import LeftAlone
from ledger import DeliveryRecord, ObjectionCount, ObjectionLives, ProductVerdict
from orchestration.context import Night
from orchestration.lateness import Timeliness, timeliness
from sharing.corrections import SURPRISING, CorrectionState, correction_states
from sharing.records import rolled_back_from


@dataclass
class NightReport:
    """The outcome of a night, a rebuild or an approval.

    Attributes:
        status: `done`, `idle`, or `failed`.
        failure: cause and next action, when it failed.
        objections: what the release that was made opened and resolved, by product.
    """

    kind: str
    business_date: str
    status: str
    release: int | None = None
    served: int | None = None
    deliveries: list[DeliveryRecord] = field(default_factory=list)
    failed_deliveries: list[str] = field(default_factory=list)
    left_alone: list[LeftAlone] = field(default_factory=list)
    verdicts: list[ProductVerdict] = field(default_factory=list)
    objections: list[ObjectionCount] = field(default_factory=list)
    late: list[Timeliness] = field(default_factory=list)
    failed_models: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    failure: str | None = None
    differs: int = 0
    corrections: list[CorrectionState] = field(default_factory=list)

    @property
    def attention(self) -> list[str]:
        """What a person should look at; empty on a good night."""
        told = []
        refused = [d for d in self.deliveries if d.status == "refused"]
        if refused:
            told.append(f"{len(refused)} 份整份退回 / deliveries refused")
        if self.failed_deliveries:
            told.append(f"{len(self.failed_deliveries)} 份处理出错 / deliveries failed")
        held = [v.product for v in self.verdicts if v.verdict == "held"]
        if held:
            told.append(f"{len(held)} 个产品被扣留 / products held: {', '.join(held)}")
        told += [text for v in self.verdicts if (text := rollback_text(v))]
        if self.late:
            names = ", ".join(t.extract for t in self.late)
            told.append(f"{len(self.late)} 项资源逾期 / resources late: {names}")
        if self.failed_models:
            told.append(f"模型失败 / models failed: {', '.join(self.failed_models)}")
        if self.differs:
            told.append(f"{self.differs} 份交付与台账不同 / deliveries differ from the ledger")
        told += [c.text for c in self.corrections if c.state in SURPRISING]
        if self.failure:
            told.append(self.failure)
        return told

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "kind": self.kind,
            "business_date": self.business_date,
            "status": self.status,
            "release": self.release,
            "served": self.served,
            "deliveries": [delivery_document(d) for d in self.deliveries],
            "failed_deliveries": self.failed_deliveries,
            "left_alone": [
                {"path": str(item.path), "reason_cn": item.reason_cn} for item in self.left_alone
            ],
            "products": [verdict_document(v) for v in self.verdicts],
            "objections": [objection_document(c) for c in self.objections],
            "late": [t.extract for t in self.late],
            "failed_models": self.failed_models,
            "corrections": [asdict(c) for c in self.corrections],
            "seconds": {name: round(value, 3) for name, value in self.seconds.items()},
            "attention": self.attention,
        }


def delivery_document(record: DeliveryRecord) -> dict[str, Any]:
    """One delivery as JSON."""
    return {
        "delivery_id": record.delivery_id,
        "receipt_id": record.receipt_id,
        "provider": record.provider,
        "extract": record.extract,
        "file_name": record.file_name,
        "business_date": record.business_date.isoformat(),
        "received_at": record.received_at.isoformat(timespec="seconds"),
        "status": record.status,
        "refused_rule": record.refused_rule,
        "read": record.read,
        "accepted": record.accepted,
        "rejected": record.rejected,
        "duplicate": record.duplicate,
        "skipped": record.skipped,
        "return_of": record.return_of,
    }


def verdict_document(verdict: ProductVerdict) -> dict[str, Any]:
    """One product's fate as JSON."""
    return {
        "product": verdict.product,
        "verdict": verdict.verdict,
        "because": list(verdict.because),
        "rows": verdict.rows,
        "fingerprint": verdict.fingerprint,
        "rolled_back_from": rolled_back_from(verdict),
    }


def objection_document(count: ObjectionCount) -> dict[str, Any]:
    """What a release changed in one product of objections, as JSON."""
    return {
        "product": count.product,
        "opened": count.opened,
        "still": count.still,
        "resolved": count.resolved,
    }


def rollback_text(verdict: ProductVerdict) -> str:
    """What to say of a product that stays back since a rollback; empty for any other."""
    number = rolled_back_from(verdict)
    if number is None:
        return ""
    return (
        f"{verdict.product} 自发布 {number} 回退后未变 / unchanged since the rollback from "
        f"release {number}: `tongchuan release approve {verdict.product}` serves it again"
    )


def make_report(night: Night, kind: str, status: str, served: int | None) -> NightReport:
    """The report of what a night did."""
    report = NightReport(kind, night.business_date.isoformat(), status, night.release, served)
    if night.taking is not None:
        report.deliveries = list(night.taking.deliveries)
        report.failed_deliveries = list(night.taking.failed)
        report.left_alone = list(night.taking.left_alone)
    run_id = night.run_id if night.run_id is not None else night.ledger.last_verdict_run()
    if run_id is not None:
        report.verdicts = night.ledger.verdicts(run_id)
    if night.release is not None:
        report.objections = ObjectionLives(night.ledger).counts(night.release)
    standing = timeliness(night.ledger, night.catalog, night.business_date)
    report.late = [t for t in standing if t.is_late]
    report.failed_models = sorted(night.failed_models)
    report.corrections = list(correction_states(night.root))
    report.seconds = dict(night.timing.seconds)
    return report
