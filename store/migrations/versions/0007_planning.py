"""Planning and imports: runs, proposals, imports, rules."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007_planning"
down_revision = "0006_referrals"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "import_run",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("differences", JSON, nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.Column("imported_by", sa.Text(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('previewed', 'applied', 'undone')", name=op.f("ck_import_run_state")),
        sa.ForeignKeyConstraint(["imported_by"], ["account.id"], name=op.f("fk_import_run_imported_by")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_import_run_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_index(
        op.f("ix_import_run_region_id_created_at"), "import_run", ["region_id", "created_at"], unique=False
    )
    op.create_table(
        "planning_run",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("today_on", sa.Date(), nullable=False),
        sa.Column("horizon_end_on", sa.Date(), nullable=False),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("problem_hash", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("cost_days", sa.Double(), nullable=True),
        sa.Column("bound_days", sa.Double(), nullable=True),
        sa.Column("summary", JSON, nullable=False),
        sa.Column("seat_prices", JSON, nullable=True),
        sa.Column("started_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('running', 'finished', 'released', 'failed')", name=op.f("ck_planning_run_state")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_planning_run_region_id")),
        sa.ForeignKeyConstraint(["started_by"], ["account.id"], name=op.f("fk_planning_run_started_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_run")),
        sa.UniqueConstraint("id", "region_id", name=op.f("uq_planning_run_id")),
    )
    op.create_index(
        op.f("ix_planning_run_region_id_started_at"),
        "planning_run",
        ["region_id", "started_at"],
        unique=False,
    )
    op.create_index(
        "uq_planning_run_running",
        "planning_run",
        ["region_id"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "rule_set",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=True),
        sa.Column("valid_from_on", sa.Date(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("loaded_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["loaded_by"], ["account.id"], name=op.f("fk_rule_set_loaded_by")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_rule_set_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_set")),
    )
    op.create_index(
        op.f("ix_rule_set_region_id_valid_from_on"), "rule_set", ["region_id", "valid_from_on"], unique=False
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("planning_run_id", sa.Text(), nullable=False),
        sa.Column("need_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("slot_id", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("alternatives", JSON, nullable=False),
        sa.Column("change", JSON, nullable=True),
        sa.Column("referral_id", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_why", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'accepted', 'declined', 'lost', 'outdated')",
            name=op.f("ck_proposal_state"),
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_proposal_decided_by")),
        sa.ForeignKeyConstraint(
            ["need_id", "region_id"],
            ["need.id", "need.region_id"],
            name=op.f("fk_proposal_need_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "region_id"],
            ["organisation.id", "organisation.region_id"],
            name=op.f("fk_proposal_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "region_id"],
            ["person.id", "person.region_id"],
            name=op.f("fk_proposal_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["planning_run_id", "region_id"],
            ["planning_run.id", "planning_run.region_id"],
            name=op.f("fk_proposal_planning_run_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["referral_id", "region_id"],
            ["referral.id", "referral.region_id"],
            name=op.f("fk_proposal_referral_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_proposal_region_id")),
        sa.ForeignKeyConstraint(
            ["slot_id", "region_id"], ["slot.id", "slot.region_id"], name=op.f("fk_proposal_slot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("need_id", "planning_run_id", name=op.f("uq_proposal_need_id")),
    )
    op.create_index(op.f("ix_proposal_need_id"), "proposal", ["need_id"], unique=False)
    op.create_index(
        op.f("ix_proposal_organisation_id_state"), "proposal", ["organisation_id", "state"], unique=False
    )
    op.create_index(op.f("ix_proposal_person_id"), "proposal", ["person_id"], unique=False)
    op.create_index(op.f("ix_proposal_planning_run_id"), "proposal", ["planning_run_id"], unique=False)
    op.create_index(op.f("ix_proposal_referral_id"), "proposal", ["referral_id"], unique=False)
    op.create_index(op.f("ix_proposal_slot_id"), "proposal", ["slot_id"], unique=False)


def downgrade() -> None:
    """Take the tables away again."""
    op.drop_table("proposal")
    op.drop_table("rule_set")
    op.drop_table("planning_run")
    op.drop_table("import_run")
