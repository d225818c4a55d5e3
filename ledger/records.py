"""What the ledger holds, as plain records. Counts and ids only."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

DeliveryStatus = Literal["accepted", "partly_accepted", "refused", "duplicate"]
DateSource = Literal["control", "file_name", "return", "arrival"]
OverrideKind = Literal["accept", "withdraw", "approve", "rollback", "review"]
LinkVerdict = Literal["same", "different", "unsure"]
Verdict = Literal["released", "unchanged", "held", "absent"]


@dataclass(frozen=True)
class RuleCount:
    """How often one rule struck in one column of one delivery."""

    rule_id: str
    severity: str
    column: str
    rows: int


@dataclass(frozen=True)
class DeliveryRecord:
    """One receipt: a delivery, or a duplicate of one.

    Attributes:
        receipt_id: the delivery_id, or `<delivery_id>.dup<N>`.
        delivery_order: sorts deliveries of one business date the same whatever the order of
            arrival (docs/semantics.md, "Order").
        return_of: the delivery whose returned rows this one corrects, or None.
    """

    receipt_id: str
    delivery_id: str
    provider: str
    extract: str
    file_name: str
    file_sha256: str
    file_bytes: int
    business_date: date
    date_source: DateSource
    received_at: datetime
    delivery_order: str
    status: DeliveryStatus
    encoding: str | None = None
    read: int = 0
    accepted: int = 0
    rejected: int = 0
    duplicate: int = 0
    skipped: int = 0
    refused_rule: str | None = None
    refused_message_cn: str | None = None
    return_of: str | None = None
    contract_version: str | None = None
    rules: tuple[RuleCount, ...] = ()

    @property
    def has_explicit_date(self) -> bool:
        """Whether the business date was stated, not taken from the day of arrival."""
        return self.date_source in ("control", "file_name")


@dataclass(frozen=True)
class RunRecord:
    """One run of the night (or a rebuild, an ingest, an approval)."""

    run_id: int
    kind: str
    business_date: date
    started_at: datetime
    ended_at: datetime | None
    status: Literal["running", "done", "failed"]
    state: str
    summary: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class GateRecord:
    """One expectation's result on one product in one run. Counts, never values."""

    product: str
    expectation: str
    rule_id: str
    status: Literal["passed", "failed", "error", "approved"]
    unexpected: int | None = None
    checked: int | None = None


@dataclass(frozen=True)
class ProductVerdict:
    """What became of one product in one run; `because` names rules or products."""

    product: str
    verdict: Verdict
    because: tuple[str, ...] = ()
    rows: int | None = None
    fingerprint: str | None = None


@dataclass(frozen=True)
class ReleaseRecord:
    """One release."""

    number: int
    business_date: date
    released_at: datetime
    run_id: int
    certificate_sha256: str
    products: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class OverrideRecord:
    """A person's decision: who, when, why. `detail` says what it is bound to (a fingerprint)."""

    override_id: int
    kind: OverrideKind
    target: str
    reason: str
    by: str
    at: datetime
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AccessRecord:
    """One access to released data."""

    at: datetime
    by: str
    purpose: str
    release: int
    tables: tuple[str, ...]
    rows: int
    request: str = ""


@dataclass(frozen=True)
class ObjectionLife:
    """One span of an objection's life; one that comes back begins another span. No business data.

    Attributes:
        product: the product that holds it (`population.objection`).
        first_release: the first release of the span; with the id its key.
        first_date: the business date of that release.
        last_release: the last release that holds it, once it is resolved.
        resolved_release: the first release without it, or None while it is open.
        resolved_date: the business date of that release.
        resolved_by: receipts of the deliveries that brought the record, or the one it was held
            against, anew; empty when other data or the date resolved it.
    """

    objection_id: str
    product: str
    rule_id: str
    provider: str
    extract: str
    attribute: str
    first_release: int
    first_date: date
    last_release: int | None = None
    resolved_release: int | None = None
    resolved_date: date | None = None
    resolved_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class ObjectionCount:
    """What one release changed in one product of objections: `still` were open before too."""

    release: int
    product: str
    opened: int
    still: int
    resolved: int


@dataclass(frozen=True)
class LinkDecision:
    """What a person decided about two records: one subject, two, or not to be told.

    Attributes:
        left_record: the smaller of the two keys (`extract|record key|role`); never a value.
        sheet_sha256: of the review sheet that brought it.
    """

    domain: str
    left_record: str
    right_record: str
    verdict: LinkVerdict
    by: str
    at: datetime
    sheet_sha256: str

    @property
    def decision_id(self) -> str:
        """The same for the same pair in the same sheet."""
        told = "\x1f".join((self.domain, self.left_record, self.right_record, self.sheet_sha256))
        return hashlib.sha256(told.encode()).hexdigest()
