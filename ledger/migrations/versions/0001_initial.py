"""The ledger of the first release line."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "access",
        sa.Column("access_id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
    )
    op.create_index("ix_access_at", "access", ["at"])
    op.create_table(
        "delivery",
        sa.Column("receipt_id", sa.String(64), primary_key=True),
        sa.Column("delivery_id", sa.String(32), nullable=False),
        sa.Column("provider", sa.String(64), nullable=False),
        sa.Column("extract", sa.String(128), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.String(64), nullable=False),
        sa.Column("file_bytes", sa.BigInteger(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("date_source", sa.String(16), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("delivery_order", sa.String(128), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("encoding", sa.String(32)),
        sa.Column("read", sa.BigInteger(), nullable=False),
        sa.Column("accepted", sa.BigInteger(), nullable=False),
        sa.Column("rejected", sa.BigInteger(), nullable=False),
        sa.Column("duplicate", sa.BigInteger(), nullable=False),
        sa.Column("skipped", sa.BigInteger(), nullable=False),
        sa.Column("refused_rule", sa.String(16)),
        sa.Column("refused_message_cn", sa.Text()),
        sa.Column("return_of", sa.String(32)),
        sa.Column("contract_version", sa.String(16)),
    )
    op.create_index("ix_delivery_correction", "delivery", ["provider", "extract", "business_date"])
    op.create_index("ix_delivery_delivery_id", "delivery", ["delivery_id"])
    op.create_index("ix_delivery_extract", "delivery", ["extract"])
    op.create_table(
        "override",
        sa.Column("override_id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("target", sa.String(128), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("is_revoked", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "run",
        sa.Column("run_id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime()),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
    )
    op.create_table(
        "delivery_rule",
        sa.Column(
            "receipt_id", sa.String(64), sa.ForeignKey("delivery.receipt_id"), primary_key=True
        ),
        sa.Column("rule_id", sa.String(16), primary_key=True),
        sa.Column("severity", sa.String(16), primary_key=True),
        sa.Column("column_name", sa.String(128), primary_key=True),
        sa.Column("rows", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "gate_result",
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("run.run_id"), primary_key=True),
        sa.Column("product", sa.String(128), primary_key=True),
        sa.Column("expectation", sa.String(200), primary_key=True),
        sa.Column("rule_id", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("unexpected", sa.BigInteger()),
        sa.Column("checked", sa.BigInteger()),
    )
    op.create_table(
        "product_verdict",
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("run.run_id"), primary_key=True),
        sa.Column("product", sa.String(128), primary_key=True),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("because", sa.JSON(), nullable=False),
        sa.Column("rows", sa.BigInteger()),
        sa.Column("fingerprint", sa.String(80)),
    )
    op.create_table(
        "release",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("released_at", sa.DateTime(), nullable=False),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("run.run_id"), nullable=False),
        sa.Column("certificate_sha256", sa.String(64), nullable=False),
        sa.Column("products", sa.JSON(), nullable=False),
    )


def downgrade() -> None:
    """Drop every table."""
    op.drop_table("release")
    op.drop_table("product_verdict")
    op.drop_table("gate_result")
    op.drop_table("delivery_rule")
    op.drop_table("run")
    op.drop_table("override")
    op.drop_table("delivery")
    op.drop_table("access")
