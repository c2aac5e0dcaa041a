"""What stays of referrals of people who were erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_privacy"
down_revision = "0008_journal"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "seat_record",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("recipient_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("sent_month_on", sa.Date(), nullable=False),
        sa.Column("access_days", sa.Integer(), nullable=True),
        sa.Column("waiting_days", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state <> 'draft'", name=op.f("ck_seat_record_sent")),
        sa.CheckConstraint(
            "outcome IN ('goal-reached', 'partly-reached', 'no-final-test', 'not-reached')",
            name=op.f("ck_seat_record_outcome"),
        ),
        sa.CheckConstraint(
            "reason IN ('no-capacity', 'group-not-reached', 'level-mismatch', "
            "'not-eligible', 'missing-documents', 'childcare', 'distance-or-time', "
            "'could-not-contact', 'client-declined', 'took-a-job', 'moved', 'other', "
            "'no-show', 'dropped-out', 'consent-withdrawn', 'no-answer')",
            name=op.f("ck_seat_record_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'requested', 'waitlisted', 'accepted', 'in-progress', "
            "'completed', 'rejected', 'expired', 'failed', 'cancelled')",
            name=op.f("ck_seat_record_state"),
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id", "region_id"],
            ["organisation.id", "organisation.region_id"],
            name=op.f("fk_seat_record_recipient_id"),
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_seat_record_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_record")),
    )
    op.create_index(op.f("ix_seat_record_recipient_id"), "seat_record", ["recipient_id"], unique=False)
    op.create_index(
        op.f("ix_seat_record_region_id_sent_month_on"),
        "seat_record",
        ["region_id", "sent_month_on"],
        unique=False,
    )


def downgrade() -> None:
    """Take the table away again."""
    op.drop_table("seat_record")
