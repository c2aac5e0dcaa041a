"""Agreements: versions, parties, measures, signatures, reviews."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005_agreements"
down_revision = "0004_steps"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "agreement",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("household_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("review_due_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ending_why", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(ended_on IS NOT NULL) = (state = 'ended')", name=op.f("ck_agreement_ended")),
        sa.CheckConstraint("ended_by IN ('office', 'person')", name=op.f("ck_agreement_ended_by")),
        sa.CheckConstraint(
            "state IN ('drafted', 'in-force', 'being-amended', 'ended')", name=op.f("ck_agreement_state")
        ),
        sa.ForeignKeyConstraint(
            ["household_id", "region_id"],
            ["household.id", "household.region_id"],
            name=op.f("fk_agreement_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "region_id"],
            ["organisation.id", "organisation.region_id"],
            name=op.f("fk_agreement_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_agreement_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("id", "region_id", name=op.f("uq_agreement_id")),
    )
    op.create_index(op.f("ix_agreement_household_id"), "agreement", ["household_id"], unique=False)
    op.create_index(
        op.f("ix_agreement_organisation_id_state_review_due_on"),
        "agreement",
        ["organisation_id", "state", "review_due_on"],
        unique=False,
    )
    op.create_table(
        "agreement_party",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id", "region_id"],
            ["agreement.id", "agreement.region_id"],
            name=op.f("fk_agreement_party_agreement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "region_id"],
            ["person.id", "person.region_id"],
            name=op.f("fk_agreement_party_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_agreement_party_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_party")),
        sa.UniqueConstraint("agreement_id", "person_id", name=op.f("uq_agreement_party_agreement_id")),
    )
    op.create_index(op.f("ix_agreement_party_person_id"), "agreement_party", ["person_id"], unique=False)
    op.create_table(
        "agreement_version",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("drafted_on", sa.Date(), nullable=False),
        sa.Column("goals", JSON, nullable=False),
        sa.Column("office_commitments", JSON, nullable=False),
        sa.Column("person_commitments", JSON, nullable=False),
        sa.Column("consequence", sa.Text(), nullable=False),
        sa.Column("next_appointment_on", sa.Date(), nullable=True),
        sa.Column("office_signatures", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "number >= 1 AND office_signatures >= 1", name=op.f("ck_agreement_version_numbers")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id", "region_id"],
            ["agreement.id", "agreement.region_id"],
            name=op.f("fk_agreement_version_agreement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_agreement_version_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_version")),
        sa.UniqueConstraint("agreement_id", "number", name=op.f("uq_agreement_version_agreement_id")),
        sa.UniqueConstraint("id", "region_id", name=op.f("uq_agreement_version_id")),
    )
    op.create_table(
        "agreement_review",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("agreement_version_id", sa.Text(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_version_id", "region_id"],
            ["agreement_version.id", "agreement_version.region_id"],
            name=op.f("fk_agreement_review_agreement_version_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_agreement_review_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_review")),
        sa.UniqueConstraint("id", "region_id", name=op.f("uq_agreement_review_id")),
    )
    op.create_index(
        op.f("ix_agreement_review_agreement_version_id"),
        "agreement_review",
        ["agreement_version_id"],
        unique=False,
    )
    op.create_table(
        "amendment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("agreement_version_id", sa.Text(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("drafted_by", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_version_id", "region_id"],
            ["agreement_version.id", "agreement_version.region_id"],
            name=op.f("fk_amendment_agreement_version_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["drafted_by"], ["account.id"], name=op.f("fk_amendment_drafted_by")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_amendment_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
        sa.UniqueConstraint("agreement_version_id", name=op.f("uq_amendment_agreement_version_id")),
    )
    op.create_table(
        "signature",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("agreement_version_id", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("party_id", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.LargeBinary(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("side IN ('office', 'person')", name=op.f("ck_signature_side")),
        sa.ForeignKeyConstraint(
            ["agreement_version_id", "region_id"],
            ["agreement_version.id", "agreement_version.region_id"],
            name=op.f("fk_signature_agreement_version_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_signature_recorded_by")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_signature_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
    )
    op.create_index(
        op.f("ix_signature_agreement_version_id"), "signature", ["agreement_version_id"], unique=False
    )
    op.create_table(
        "agreement_finding",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("agreement_review_id", sa.Text(), nullable=False),
        sa.Column("need_id", sa.Text(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "finding <> 'obstructed' OR why IS NOT NULL", name=op.f("ck_agreement_finding_why")
        ),
        sa.CheckConstraint(
            "finding IN ('done', 'open', 'obstructed')", name=op.f("ck_agreement_finding_finding")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_review_id", "region_id"],
            ["agreement_review.id", "agreement_review.region_id"],
            name=op.f("fk_agreement_finding_agreement_review_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["need_id", "region_id"],
            ["need.id", "need.region_id"],
            name=op.f("fk_agreement_finding_need_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_agreement_finding_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_finding")),
        sa.UniqueConstraint(
            "agreement_review_id", "need_id", name=op.f("uq_agreement_finding_agreement_review_id")
        ),
    )
    op.create_index(op.f("ix_agreement_finding_need_id"), "agreement_finding", ["need_id"], unique=False)
    op.create_table(
        "measure",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("agreement_version_id", sa.Text(), nullable=False),
        sa.Column("need_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("goal_de", sa.Text(), nullable=False),
        sa.Column("goal_en", sa.Text(), nullable=False),
        sa.Column("goal_due_on", sa.Date(), nullable=True),
        sa.Column("responsible", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_version_id", "region_id"],
            ["agreement_version.id", "agreement_version.region_id"],
            name=op.f("fk_measure_agreement_version_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["need_id", "region_id"],
            ["need.id", "need.region_id"],
            name=op.f("fk_measure_need_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "region_id"],
            ["person.id", "person.region_id"],
            name=op.f("fk_measure_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_measure_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        sa.UniqueConstraint("agreement_version_id", "need_id", name=op.f("uq_measure_agreement_version_id")),
    )
    op.create_index(op.f("ix_measure_need_id"), "measure", ["need_id"], unique=False)
    op.create_index(op.f("ix_measure_person_id"), "measure", ["person_id"], unique=False)


def downgrade() -> None:
    """Take the tables away again."""
    op.drop_table("measure")
    op.drop_table("agreement_finding")
    op.drop_table("signature")
    op.drop_table("amendment")
    op.drop_table("agreement_review")
    op.drop_table("agreement_version")
    op.drop_table("agreement_party")
    op.drop_table("agreement")
