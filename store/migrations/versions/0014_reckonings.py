"""Reckonings: questions of the planning room that take long, and their answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014_reckonings"
down_revision = "0013_announced_and_changed"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "reckoning",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked", JSON, nullable=False),
        sa.Column("asked_hash", sa.Text(), nullable=False),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("summary", JSON, nullable=False),
        sa.Column("answer", JSON, nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('running', 'finished', 'stopped', 'failed')", name=op.f("ck_reckoning_state")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_reckoning_region_id")),
        sa.ForeignKeyConstraint(["started_by"], ["account.id"], name=op.f("fk_reckoning_started_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reckoning")),
    )
    op.create_index(
        op.f("ix_reckoning_region_id_question_started_at"),
        "reckoning",
        ["region_id", "question", "started_at"],
        unique=False,
    )
    op.create_index(
        "uq_reckoning_running",
        "reckoning",
        ["region_id", "asked_hash"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )


def downgrade() -> None:
    """Take the table away again."""
    op.drop_table("reckoning")
