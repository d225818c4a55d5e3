"""What happened: deliveries, runs, gate results, releases, overrides, accesses.

Belongs here: the ledger's tables, their migrations, and the questions others ask of them.
Does not belong here: business data (no value of any row of any extract), files, rules.
SQLAlchemy 2 on SQLite in WAL mode; another database by `TONGCHUAN_LEDGER_URL`.
"""

from ledger.decisions import LinkDecisions
from ledger.lives import ObjectionLives
from ledger.records import (
    AccessRecord,
    DeliveryRecord,
    GateRecord,
    LinkDecision,
    ObjectionCount,
    ObjectionLife,
    OverrideRecord,
    ProductVerdict,
    ReleaseRecord,
    RuleCount,
    RunRecord,
)
from ledger.spans import KnownSpan
from ledger.store import Ledger

__all__ = [
    "AccessRecord",
    "DeliveryRecord",
    "GateRecord",
    "KnownSpan",
    "Ledger",
    "LinkDecision",
    "LinkDecisions",
    "ObjectionCount",
    "ObjectionLife",
    "ObjectionLives",
    "OverrideRecord",
    "ProductVerdict",
    "ReleaseRecord",
    "RuleCount",
    "RunRecord",
]
