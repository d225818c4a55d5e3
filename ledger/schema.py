"""The ledger's tables. Every change here comes with a migration."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

delivery = Table(
    "delivery",
    metadata,
    Column("receipt_id", String(64), primary_key=True),
    Column("delivery_id", String(32), nullable=False, index=True),
    Column("provider", String(64), nullable=False),
    Column("extract", String(128), nullable=False, index=True),
    Column("file_name", Text, nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("file_bytes", BigInteger, nullable=False),
    Column("business_date", Date, nullable=False),
    Column("date_source", String(16), nullable=False),
    Column("received_at", DateTime, nullable=False),
    Column("delivery_order", String(128), nullable=False),
    Column("status", String(16), nullable=False),
    Column("encoding", String(32)),
    Column("read", BigInteger, nullable=False),
    Column("accepted", BigInteger, nullable=False),
    Column("rejected", BigInteger, nullable=False),
    Column("duplicate", BigInteger, nullable=False),
    Column("skipped", BigInteger, nullable=False),
    Column("refused_rule", String(16)),
    Column("refused_message_cn", Text),
    Column("return_of", String(32)),
    Column("contract_version", String(16)),
)

delivery_rule = Table(
    "delivery_rule",
    metadata,
    Column("receipt_id", ForeignKey("delivery.receipt_id"), primary_key=True),
    Column("rule_id", String(16), primary_key=True),
    Column("severity", String(16), primary_key=True),
    Column("column_name", String(128), primary_key=True),
    Column("rows", BigInteger, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("run_id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),
    Column("business_date", Date, nullable=False),
    Column("started_at", DateTime, nullable=False),
    Column("ended_at", DateTime),
    Column("status", String(16), nullable=False),
    Column("state", String(64), nullable=False),
    Column("summary", JSON, nullable=False),
)

gate_result = Table(
    "gate_result",
    metadata,
    Column("run_id", ForeignKey("run.run_id"), primary_key=True),
    Column("product", String(128), primary_key=True),
    Column("expectation", String(200), primary_key=True),
    Column("rule_id", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("unexpected", BigInteger),
    Column("checked", BigInteger),
)

product_verdict = Table(
    "product_verdict",
    metadata,
    Column("run_id", ForeignKey("run.run_id"), primary_key=True),
    Column("product", String(128), primary_key=True),
    Column("verdict", String(16), nullable=False),
    Column("because", JSON, nullable=False),
    Column("rows", BigInteger),
    Column("fingerprint", String(80)),
)

release = Table(
    "release",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("business_date", Date, nullable=False),
    Column("released_at", DateTime, nullable=False),
    Column("run_id", ForeignKey("run.run_id"), nullable=False),
    Column("certificate_sha256", String(64), nullable=False),
    Column("products", JSON, nullable=False),
)

override = Table(
    "override",
    metadata,
    Column("override_id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),
    Column("target", String(128), nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", String(128), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("is_revoked", Boolean, nullable=False, default=False),
)

access = Table(
    "access",
    metadata,
    Column("access_id", Integer, primary_key=True, autoincrement=True),
    Column("at", DateTime, nullable=False, index=True),
    Column("by", String(128), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("release", Integer, nullable=False),
    Column("tables", JSON, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("request", Text, nullable=False),
)

objection_life = Table(
    "objection_life",
    metadata,
    Column("objection_id", String(64), primary_key=True),
    Column("first_release", Integer, primary_key=True, autoincrement=False),
    Column("product", String(128), nullable=False, index=True),
    Column("rule_id", String(16), nullable=False),
    Column("provider", String(64), nullable=False, index=True),
    Column("extract", String(128), nullable=False),
    Column("attribute", String(128), nullable=False),
    Column("first_date", Date, nullable=False),
    Column("last_release", Integer),
    Column("resolved_release", Integer),
    Column("resolved_date", Date),
    Column("resolved_by", JSON, nullable=False),
)

objection_count = Table(
    "objection_count",
    metadata,
    Column("release", Integer, primary_key=True, autoincrement=False),
    Column("product", String(128), primary_key=True),
    Column("opened", BigInteger, nullable=False),
    Column("still", BigInteger, nullable=False),
    Column("resolved", BigInteger, nullable=False),
)

link_decision = Table(
    "link_decision",
    metadata,
    Column("decision_id", String(64), primary_key=True),
    Column("domain", String(64), nullable=False),
    Column("left_record", Text, nullable=False),
    Column("right_record", Text, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("by", String(128), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("sheet_sha256", String(64), nullable=False, index=True),
)

Index("ix_delivery_correction", delivery.c.provider, delivery.c.extract, delivery.c.business_date)
