"""What people decided in the review of identity."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of decisions."""
    op.create_table(
        "link_decision",
        sa.Column("decision_id", sa.String(64), primary_key=True),
        sa.Column("domain", sa.String(64), nullable=False),
        sa.Column("left_record", sa.Text(), nullable=False),
        sa.Column("right_record", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("sheet_sha256", sa.String(64), nullable=False),
    )
    op.create_index("ix_link_decision_sheet_sha256", "link_decision", ["sheet_sha256"])


def downgrade() -> None:
    """Drop the table of decisions."""
    op.drop_table("link_decision")
