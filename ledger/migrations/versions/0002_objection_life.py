"""The life of objections: from which release to which, and what resolved them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of objections."""
    op.create_table(
        "objection_life",
        sa.Column("objection_id", sa.String(64), primary_key=True),
        sa.Column("first_release", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("product", sa.String(128), nullable=False),
        sa.Column("rule_id", sa.String(16), nullable=False),
        sa.Column("provider", sa.String(64), nullable=False),
        sa.Column("extract", sa.String(128), nullable=False),
        sa.Column("attribute", sa.String(128), nullable=False),
        sa.Column("first_date", sa.Date(), nullable=False),
        sa.Column("last_release", sa.Integer()),
        sa.Column("resolved_release", sa.Integer()),
        sa.Column("resolved_date", sa.Date()),
        sa.Column("resolved_by", sa.JSON(), nullable=False),
    )
    op.create_index("ix_objection_life_product", "objection_life", ["product"])
    op.create_index("ix_objection_life_provider", "objection_life", ["provider"])
    op.create_table(
        "objection_count",
        sa.Column("release", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("product", sa.String(128), primary_key=True),
        sa.Column("opened", sa.BigInteger(), nullable=False),
        sa.Column("still", sa.BigInteger(), nullable=False),
        sa.Column("resolved", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    """Drop the tables of objections."""
    op.drop_table("objection_count")
    op.drop_table("objection_life")
