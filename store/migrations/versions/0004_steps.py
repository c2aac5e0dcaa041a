"""Steps: the needs of help plans and their reviews."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004_steps"
down_revision = "0003_people"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "need",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("help_plan_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("goal_de", sa.Text(), nullable=False),
        sa.Column("goal_en", sa.Text(), nullable=False),
        sa.Column("goal_due_on", sa.Date(), nullable=True),
        sa.Column("after_need_id", sa.Text(), nullable=True),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("lag_days", sa.Integer(), nullable=False),
        sa.Column("max_lag_days", sa.Integer(), nullable=True),
        sa.Column("earliest_on", sa.Date(), nullable=False),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("features", JSON, nullable=False),
        sa.Column("fixed_slot_id", sa.Text(), nullable=True),
        sa.Column("proposed_slot_id", sa.Text(), nullable=True),
        sa.Column("responsible", sa.Text(), nullable=False),
        sa.Column("preconditions", JSON, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("entitled_on", sa.Date(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("placed_on", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(done_on IS NOT NULL) = (state IN ('done', 'dropped'))", name=op.f("ck_need_done")
        ),
        sa.CheckConstraint("relation IN ('end', 'start')", name=op.f("ck_need_relation")),
        sa.CheckConstraint("state IN ('open', 'under-way', 'done', 'dropped')", name=op.f("ck_need_state")),
        sa.CheckConstraint("fixed_slot_id IS NULL OR proposed_slot_id IS NULL", name=op.f("ck_need_slots")),
        sa.CheckConstraint(
            "lag_days >= 0 AND (max_lag_days IS NULL OR max_lag_days >= lag_days)", name=op.f("ck_need_lags")
        ),
        sa.CheckConstraint("weight > 0", name=op.f("ck_need_weight")),
        sa.ForeignKeyConstraint(
            ["after_need_id", "region_id"], ["need.id", "need.region_id"], name=op.f("fk_need_after_need_id")
        ),
        sa.ForeignKeyConstraint(
            ["fixed_slot_id", "region_id"], ["slot.id", "slot.region_id"], name=op.f("fk_need_fixed_slot_id")
        ),
        sa.ForeignKeyConstraint(
            ["help_plan_id", "region_id"],
            ["help_plan.id", "help_plan.region_id"],
            name=op.f("fk_need_help_plan_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "region_id"],
            ["person.id", "person.region_id"],
            name=op.f("fk_need_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_slot_id", "region_id"],
            ["slot.id", "slot.region_id"],
            name=op.f("fk_need_proposed_slot_id"),
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_need_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
        sa.UniqueConstraint("id", "region_id", name=op.f("uq_need_id")),
    )
    op.create_index(op.f("ix_need_after_need_id"), "need", ["after_need_id"], unique=False)
    op.create_index(op.f("ix_need_fixed_slot_id"), "need", ["fixed_slot_id"], unique=False)
    op.create_index(
        "ix_need_goal_due",
        "need",
        ["region_id", "target_on"],
        unique=False,
        sqlite_where=sa.text("state IN ('open', 'under-way')"),
        postgresql_where=sa.text("state IN ('open', 'under-way')"),
    )
    op.create_index(op.f("ix_need_help_plan_id"), "need", ["help_plan_id"], unique=False)
    op.create_index(op.f("ix_need_person_id"), "need", ["person_id"], unique=False)
    op.create_index(op.f("ix_need_proposed_slot_id"), "need", ["proposed_slot_id"], unique=False)
    op.create_index(
        op.f("ix_need_region_id_kind_target_on"),
        "need",
        ["region_id", "kind", "target_on"],
        unique=False,
        sqlite_where=sa.text("state IN ('open', 'under-way')"),
        postgresql_where=sa.text("state IN ('open', 'under-way')"),
    )
    op.create_index(
        "ix_need_waiting",
        "need",
        ["region_id", "registered_on"],
        unique=False,
        sqlite_where=sa.text("state = 'open' AND started_on IS NULL AND registered_on IS NOT NULL"),
        postgresql_where=sa.text("state = 'open' AND started_on IS NULL AND registered_on IS NOT NULL"),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("need_id", sa.Text(), nullable=False),
        sa.Column("appointment_id", sa.Text(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("finding <> 'obstructed' OR why IS NOT NULL", name=op.f("ck_review_why")),
        sa.CheckConstraint("finding IN ('done', 'open', 'obstructed')", name=op.f("ck_review_finding")),
        sa.ForeignKeyConstraint(
            ["appointment_id", "region_id"],
            ["appointment.id", "appointment.region_id"],
            name=op.f("fk_review_appointment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["need_id", "region_id"],
            ["need.id", "need.region_id"],
            name=op.f("fk_review_need_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_review_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("need_id", "number", name=op.f("uq_review_need_id")),
    )
    op.create_index(op.f("ix_review_appointment_id"), "review", ["appointment_id"], unique=False)


def downgrade() -> None:
    """Take the tables away again."""
    op.drop_table("review")
    op.drop_table("need")
