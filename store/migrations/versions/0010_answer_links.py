"""Links by which a referral is answered without an account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_answer_links"
down_revision = "0009_privacy"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "answer_link",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_answer_link_made_by")),
        sa.ForeignKeyConstraint(
            ["referral_id", "region_id"],
            ["referral.id", "referral.region_id"],
            name=op.f("fk_answer_link_referral_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_answer_link_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_answer_link_token_hash")),
    )
    op.create_index(op.f("ix_answer_link_referral_id"), "answer_link", ["referral_id"], unique=False)


def downgrade() -> None:
    """Take the table away again."""
    op.drop_table("answer_link")
