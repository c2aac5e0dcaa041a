"""Referrals: their steps, waiting lists, consents, disclosures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006_referrals"
down_revision = "0005_agreements"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "consent",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("recipient_id", sa.Text(), nullable=True),
        sa.Column("recipient_type", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("categories", JSON, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('referral', 'joint-counselling', 'agreement', 'planning')",
            name=op.f("ck_consent_purpose"),
        ),
        sa.CheckConstraint(
            "recipient_type IN ('municipality', 'reception', 'immigration-office', "
            "'job-centre', 'employment-agency', 'counselling', 'youth-service', "
            "'test-centre', 'course-provider', 'recognition-body', "
            "'qualification-provider', 'school', 'university', 'nursery', 'housing', "
            "'welfare', 'community', 'employer')",
            name=op.f("ck_consent_recipient_type"),
        ),
        sa.CheckConstraint(
            "recipient_id IS NOT NULL OR recipient_type IS NOT NULL", name=op.f("ck_consent_recipient")
        ),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name=op.f("ck_consent_dates")),
        sa.ForeignKeyConstraint(
            ["person_id", "region_id"],
            ["person.id", "person.region_id"],
            name=op.f("fk_consent_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id", "region_id"],
            ["organisation.id", "organisation.region_id"],
            name=op.f("fk_consent_recipient_id"),
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_consent_recorded_by")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_consent_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("id", "region_id", name=op.f("uq_consent_id")),
    )
    op.create_index(op.f("ix_consent_person_id"), "consent", ["person_id"], unique=False)
    op.create_index(op.f("ix_consent_recipient_id"), "consent", ["recipient_id"], unique=False)
    op.create_index(
        op.f("ix_consent_until_on"),
        "consent",
        ["until_on"],
        unique=False,
        sqlite_where=sa.text("until_on IS NOT NULL AND withdrawn_on IS NULL"),
        postgresql_where=sa.text("until_on IS NOT NULL AND withdrawn_on IS NULL"),
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("need_id", sa.Text(), nullable=False),
        sa.Column("slot_id", sa.Text(), nullable=False),
        sa.Column("slot_group_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("recipient_id", sa.Text(), nullable=False),
        sa.Column("carries", JSON, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("hold_until_on", sa.Date(), nullable=True),
        sa.Column("entitled_on", sa.Date(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("placed_on", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("expected_start_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("consequence", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (state IN ('accepted', 'draft', 'in-progress', 'requested', 'waitlisted'))",
            name=op.f("ck_referral_ended"),
        ),
        sa.CheckConstraint(
            "(hold_until_on IS NOT NULL) = (state = 'requested')", name=op.f("ck_referral_hold")
        ),
        sa.CheckConstraint(
            "sent_on IS NOT NULL OR state IN ('draft', 'cancelled')", name=op.f("ck_referral_sent")
        ),
        sa.CheckConstraint(
            "consequence IN ('pause', 'another-provider', 'reassess')", name=op.f("ck_referral_consequence")
        ),
        sa.CheckConstraint(
            "outcome IN ('goal-reached', 'partly-reached', 'no-final-test', 'not-reached')",
            name=op.f("ck_referral_outcome"),
        ),
        sa.CheckConstraint(
            "reason IN ('no-capacity', 'group-not-reached', 'level-mismatch', "
            "'not-eligible', 'missing-documents', 'childcare', 'distance-or-time', "
            "'could-not-contact', 'client-declined', 'took-a-job', 'moved', 'other', "
            "'no-show', 'dropped-out', 'consent-withdrawn', 'no-answer')",
            name=op.f("ck_referral_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'requested', 'waitlisted', 'accepted', 'in-progress', "
            "'completed', 'rejected', 'expired', 'failed', 'cancelled')",
            name=op.f("ck_referral_state"),
        ),
        sa.ForeignKeyConstraint(
            ["need_id", "region_id"], ["need.id", "need.region_id"], name=op.f("fk_referral_need_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "region_id"],
            ["organisation.id", "organisation.region_id"],
            name=op.f("fk_referral_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "region_id"], ["person.id", "person.region_id"], name=op.f("fk_referral_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id", "region_id"],
            ["organisation.id", "organisation.region_id"],
            name=op.f("fk_referral_recipient_id"),
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_referral_region_id")),
        sa.ForeignKeyConstraint(
            ["slot_group_id", "region_id"],
            ["slot_group.id", "slot_group.region_id"],
            name=op.f("fk_referral_slot_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["slot_id", "region_id"], ["slot.id", "slot.region_id"], name=op.f("fk_referral_slot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("id", "region_id", name=op.f("uq_referral_id")),
    )
    op.create_index(
        op.f("ix_referral_hold_until_on"),
        "referral",
        ["hold_until_on"],
        unique=False,
        sqlite_where=sa.text("state = 'requested'"),
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.create_index("ix_referral_need", "referral", ["need_id"], unique=False)
    op.create_index(
        op.f("ix_referral_organisation_id_state_updated_at"),
        "referral",
        ["organisation_id", "state", "updated_at"],
        unique=False,
    )
    op.create_index(op.f("ix_referral_person_id"), "referral", ["person_id"], unique=False)
    op.create_index(
        op.f("ix_referral_recipient_id_state_updated_at"),
        "referral",
        ["recipient_id", "state", "updated_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_referral_slot_group_id_state"), "referral", ["slot_group_id", "state"], unique=False
    )
    op.create_index(op.f("ix_referral_slot_id"), "referral", ["slot_id"], unique=False)
    op.create_index(
        "ix_referral_unanswered",
        "referral",
        ["organisation_id", "sent_on"],
        unique=False,
        sqlite_where=sa.text("state IN ('requested', 'waitlisted')"),
        postgresql_where=sa.text("state IN ('requested', 'waitlisted')"),
    )
    op.create_index(
        "ix_referral_waiting",
        "referral",
        ["region_id", "registered_on"],
        unique=False,
        sqlite_where=sa.text(
            "started_on IS NULL AND state IN ('accepted', 'draft', 'in-progress', 'requested', 'waitlisted')"
        ),
        postgresql_where=sa.text(
            "started_on IS NULL AND state IN ('accepted', 'draft', 'in-progress', 'requested', 'waitlisted')"
        ),
    )
    op.create_index(
        "uq_referral_active",
        "referral",
        ["need_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('accepted', 'draft', 'in-progress', 'requested', 'waitlisted')"),
        postgresql_where=sa.text("state IN ('accepted', 'draft', 'in-progress', 'requested', 'waitlisted')"),
    )
    op.create_table(
        "disclosure",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.Text(), nullable=True),
        sa.Column("recipient_id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("categories", JSON, nullable=False),
        sa.Column("consent_ids", JSON, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("disclosed_by", sa.Text(), nullable=True),
        sa.Column("disclosed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('referral', 'joint-counselling', 'agreement', 'planning')",
            name=op.f("ck_disclosure_purpose"),
        ),
        sa.ForeignKeyConstraint(["disclosed_by"], ["account.id"], name=op.f("fk_disclosure_disclosed_by")),
        sa.ForeignKeyConstraint(
            ["person_id", "region_id"],
            ["person.id", "person.region_id"],
            name=op.f("fk_disclosure_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id", "region_id"],
            ["organisation.id", "organisation.region_id"],
            name=op.f("fk_disclosure_recipient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id", "region_id"],
            ["referral.id", "referral.region_id"],
            name=op.f("fk_disclosure_referral_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_disclosure_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
    )
    op.create_index(op.f("ix_disclosure_person_id"), "disclosure", ["person_id"], unique=False)
    op.create_index(
        op.f("ix_disclosure_recipient_id_disclosed_at"),
        "disclosure",
        ["recipient_id", "disclosed_at"],
        unique=False,
    )
    op.create_index(op.f("ix_disclosure_referral_id"), "disclosure", ["referral_id"], unique=False)
    op.create_table(
        "referral_event",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("marks_replan", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reason_text", sa.LargeBinary(), nullable=True),
        sa.Column("consequence", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("expected_start_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "action IN ('request', 'join-waitlist', 'accept', 'waitlist', 'reject', "
            "'expire', 'start', 'complete', 'fail', 'cancel', 'call-off', "
            "'withdraw-consent')",
            name=op.f("ck_referral_event_action"),
        ),
        sa.CheckConstraint(
            "by IN ('person', 'counsellor', 'provider', 'clock')", name=op.f("ck_referral_event_by")
        ),
        sa.CheckConstraint(
            "consequence IN ('pause', 'another-provider', 'reassess')",
            name=op.f("ck_referral_event_consequence"),
        ),
        sa.CheckConstraint(
            "outcome IN ('goal-reached', 'partly-reached', 'no-final-test', 'not-reached')",
            name=op.f("ck_referral_event_outcome"),
        ),
        sa.CheckConstraint(
            "reason IN ('no-capacity', 'group-not-reached', 'level-mismatch', "
            "'not-eligible', 'missing-documents', 'childcare', 'distance-or-time', "
            "'could-not-contact', 'client-declined', 'took-a-job', 'moved', 'other', "
            "'no-show', 'dropped-out', 'consent-withdrawn', 'no-answer')",
            name=op.f("ck_referral_event_reason"),
        ),
        sa.CheckConstraint("seat IN ('hold', 'keep', 'free', 'none')", name=op.f("ck_referral_event_seat")),
        sa.CheckConstraint(
            "to_state IN ('draft', 'requested', 'waitlisted', 'accepted', 'in-progress', "
            "'completed', 'rejected', 'expired', 'failed', 'cancelled')",
            name=op.f("ck_referral_event_to_state"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_referral_event_account_id")),
        sa.ForeignKeyConstraint(
            ["referral_id", "region_id"],
            ["referral.id", "referral.region_id"],
            name=op.f("fk_referral_event_referral_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_referral_event_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_event")),
        sa.UniqueConstraint("referral_id", "number", name=op.f("uq_referral_event_referral_id")),
    )
    op.create_table(
        "waiting_list_entry",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("slot_group_id", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("expected_start_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id", "region_id"],
            ["referral.id", "referral.region_id"],
            name=op.f("fk_waiting_list_entry_referral_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_waiting_list_entry_region_id")),
        sa.ForeignKeyConstraint(
            ["slot_group_id", "region_id"],
            ["slot_group.id", "slot_group.region_id"],
            name=op.f("fk_waiting_list_entry_slot_group_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_list_entry")),
    )
    op.create_index(
        op.f("ix_waiting_list_entry_referral_id"), "waiting_list_entry", ["referral_id"], unique=False
    )
    op.create_index(
        op.f("ix_waiting_list_entry_slot_group_id_priority_joined_on"),
        "waiting_list_entry",
        ["slot_group_id", "priority", "joined_on"],
        unique=False,
        sqlite_where=sa.text("left_on IS NULL"),
        postgresql_where=sa.text("left_on IS NULL"),
    )
    op.create_index(
        "uq_waiting_list_entry_referral",
        "waiting_list_entry",
        ["referral_id"],
        unique=True,
        sqlite_where=sa.text("left_on IS NULL"),
        postgresql_where=sa.text("left_on IS NULL"),
    )


def downgrade() -> None:
    """Take the tables away again."""
    op.drop_table("waiting_list_entry")
    op.drop_table("referral_event")
    op.drop_table("disclosure")
    op.drop_table("referral")
    op.drop_table("consent")
