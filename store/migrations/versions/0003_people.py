"""People: households, persons, help plans and their life."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003_people"
down_revision = "0002_accounts"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "household",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("home_name", sa.Text(), nullable=False),
        sa.Column("home_lat", sa.Double(), nullable=False),
        sa.Column("home_lon", sa.Double(), nullable=False),
        sa.Column("children", JSON, nullable=False),
        sa.Column("shared_childcare", sa.Boolean(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "region_id"],
            ["organisation.id", "organisation.region_id"],
            name=op.f("fk_household_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_household_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
        sa.UniqueConstraint("id", "region_id", name=op.f("uq_household_id")),
    )
    op.create_index(op.f("ix_household_organisation_id"), "household", ["organisation_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("household_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("birth_on", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("name_birth_index", sa.LargeBinary(), nullable=True),
        sa.Column("gender", sa.Text(), nullable=True),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("tags", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("gender IN ('female', 'male', 'diverse')", name=op.f("ck_person_gender")),
        sa.ForeignKeyConstraint(
            ["household_id", "region_id"],
            ["household.id", "household.region_id"],
            name=op.f("fk_person_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "region_id"],
            ["organisation.id", "organisation.region_id"],
            name=op.f("fk_person_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_person_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("id", "region_id", name=op.f("uq_person_id")),
    )
    op.create_index(op.f("ix_person_household_id"), "person", ["household_id"], unique=False)
    op.create_index(op.f("ix_person_organisation_id"), "person", ["organisation_id"], unique=False)
    op.create_index(
        op.f("ix_person_region_id_name_birth_index"),
        "person",
        ["region_id", "name_birth_index"],
        unique=False,
    )
    op.create_table(
        "help_plan",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("counsellor_id", sa.Text(), nullable=True),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("announced_by", sa.Text(), nullable=True),
        sa.Column("announced_languages", JSON, nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("next_appointment_on", sa.Date(), nullable=True),
        sa.Column("review_due_on", sa.Date(), nullable=True),
        sa.Column("overall_review_due_on", sa.Date(), nullable=True),
        sa.Column("replan_marked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closure_reason", sa.Text(), nullable=True),
        sa.Column("closure_text", sa.LargeBinary(), nullable=True),
        sa.Column("erase_due_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(closed_on IS NOT NULL) = (phase = 'closed')", name=op.f("ck_help_plan_closed")),
        sa.CheckConstraint(
            "closure_reason IN ('goals-reached', 'handed-over', 'moved-away', "
            "'no-contact', 'own-wish', 'other-reason')",
            name=op.f("ck_help_plan_closure_reason"),
        ),
        sa.CheckConstraint(
            "phase IN ('announced', 'arrived', 'active', 'closed')", name=op.f("ck_help_plan_phase")
        ),
        sa.ForeignKeyConstraint(
            ["announced_by", "region_id"],
            ["organisation.id", "organisation.region_id"],
            name=op.f("fk_help_plan_announced_by"),
        ),
        sa.ForeignKeyConstraint(["counsellor_id"], ["account.id"], name=op.f("fk_help_plan_counsellor_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "region_id"],
            ["organisation.id", "organisation.region_id"],
            name=op.f("fk_help_plan_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "region_id"],
            ["person.id", "person.region_id"],
            name=op.f("fk_help_plan_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_help_plan_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_plan")),
        sa.UniqueConstraint("id", "region_id", name=op.f("uq_help_plan_id")),
        sa.UniqueConstraint("person_id", name=op.f("uq_help_plan_person_id")),
    )
    op.create_index(op.f("ix_help_plan_announced_by"), "help_plan", ["announced_by"], unique=False)
    op.create_index(
        op.f("ix_help_plan_counsellor_id_review_due_on"),
        "help_plan",
        ["counsellor_id", "review_due_on"],
        unique=False,
        sqlite_where=sa.text("closed_on IS NULL"),
        postgresql_where=sa.text("closed_on IS NULL"),
    )
    op.create_index(
        op.f("ix_help_plan_erase_due_on"),
        "help_plan",
        ["erase_due_on"],
        unique=False,
        sqlite_where=sa.text("erase_due_on IS NOT NULL"),
        postgresql_where=sa.text("erase_due_on IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_help_plan_organisation_id_phase_review_due_on"),
        "help_plan",
        ["organisation_id", "phase", "review_due_on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_help_plan_region_id_replan_marked_at"),
        "help_plan",
        ["region_id", "replan_marked_at"],
        unique=False,
        sqlite_where=sa.text("replan_marked_at IS NOT NULL"),
        postgresql_where=sa.text("replan_marked_at IS NOT NULL"),
    )
    op.create_table(
        "placement",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("tested_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("skills", JSON, nullable=False),
        sa.Column("tested_by", sa.Text(), nullable=True),
        sa.Column("decided_kind", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(decided_kind IS NULL) = (decided_on IS NULL)", name=op.f("ck_placement_decided")
        ),
        sa.CheckConstraint(
            "decided_kind IS NULL OR decided_kind = kind OR reason IS NOT NULL",
            name=op.f("ck_placement_reason"),
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_placement_decided_by")),
        sa.ForeignKeyConstraint(
            ["person_id", "region_id"],
            ["person.id", "person.region_id"],
            name=op.f("fk_placement_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_placement_region_id")),
        sa.ForeignKeyConstraint(
            ["tested_by", "region_id"],
            ["organisation.id", "organisation.region_id"],
            name=op.f("fk_placement_tested_by"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
    )
    op.create_index(op.f("ix_placement_person_id"), "placement", ["person_id"], unique=False)
    op.create_index(op.f("ix_placement_tested_by"), "placement", ["tested_by"], unique=False)
    op.create_table(
        "achievement",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("help_plan_id", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("achieved_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "what IN ('language-goal', 'qualification-recognised', 'training-begun', "
            "'work-begun', 'own-home', 'without-benefits')",
            name=op.f("ck_achievement_what"),
        ),
        sa.ForeignKeyConstraint(
            ["help_plan_id", "region_id"],
            ["help_plan.id", "help_plan.region_id"],
            name=op.f("fk_achievement_help_plan_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_achievement_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_achievement")),
    )
    op.create_index(op.f("ix_achievement_help_plan_id"), "achievement", ["help_plan_id"], unique=False)
    op.create_index(
        op.f("ix_achievement_region_id_what_achieved_on"),
        "achievement",
        ["region_id", "what", "achieved_on"],
        unique=False,
    )
    op.create_table(
        "analysis",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("help_plan_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("analysed_on", sa.Date(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("analysed_by", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["analysed_by"], ["account.id"], name=op.f("fk_analysis_analysed_by")),
        sa.ForeignKeyConstraint(
            ["help_plan_id", "region_id"],
            ["help_plan.id", "help_plan.region_id"],
            name=op.f("fk_analysis_help_plan_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_analysis_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis")),
        sa.UniqueConstraint("help_plan_id", "number", name=op.f("uq_analysis_help_plan_id")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("help_plan_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("is_overall", sa.Boolean(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(held_on IS NOT NULL) = (state = 'held')", name=op.f("ck_appointment_held")),
        sa.CheckConstraint(
            "state IN ('planned', 'held', 'missed', 'cancelled')", name=op.f("ck_appointment_state")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_appointment_account_id")),
        sa.ForeignKeyConstraint(
            ["help_plan_id", "region_id"],
            ["help_plan.id", "help_plan.region_id"],
            name=op.f("fk_appointment_help_plan_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_appointment_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("id", "region_id", name=op.f("uq_appointment_id")),
    )
    op.create_index(
        op.f("ix_appointment_account_id_planned_on"),
        "appointment",
        ["account_id", "planned_on"],
        unique=False,
        sqlite_where=sa.text("state = 'planned'"),
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_index(op.f("ix_appointment_help_plan_id"), "appointment", ["help_plan_id"], unique=False)
    op.create_table(
        "goal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("help_plan_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text_de", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["help_plan_id", "region_id"],
            ["help_plan.id", "help_plan.region_id"],
            name=op.f("fk_goal_help_plan_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_goal_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    op.create_index(op.f("ix_goal_help_plan_id"), "goal", ["help_plan_id"], unique=False)


def downgrade() -> None:
    """Take the tables away again."""
    op.drop_table("goal")
    op.drop_table("appointment")
    op.drop_table("analysis")
    op.drop_table("achievement")
    op.drop_table("placement")
    op.drop_table("help_plan")
    op.drop_table("person")
    op.drop_table("household")
