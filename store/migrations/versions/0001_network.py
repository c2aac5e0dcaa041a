"""The network: regions, organisations, offerings, groups with seats, slots, cooperation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001_network"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "region",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name_de", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("ags", sa.Text(), nullable=False),
        sa.Column("today_on", sa.Date(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("fictional", sa.Boolean(), nullable=False),
        sa.Column("towns", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("place_name", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("website", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("as_of_on", sa.Date(), nullable=True),
        sa.Column("unstated", JSON, nullable=False),
        sa.Column("gone_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "type IN ('municipality', 'reception', 'immigration-office', 'job-centre', "
            "'employment-agency', 'counselling', 'youth-service', 'test-centre', "
            "'course-provider', 'recognition-body', 'qualification-provider', 'school', "
            "'university', 'nursery', 'housing', 'welfare', 'community', 'employer')",
            name=op.f("ck_organisation_type"),
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_organisation_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("id", "region_id", name=op.f("uq_organisation_id")),
        sa.UniqueConstraint("region_id", "key", name=op.f("uq_organisation_region_id")),
    )
    op.create_table(
        "cooperation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("from_organisation_id", sa.Text(), nullable=False),
        sa.Column("to_organisation_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("agreement", sa.Text(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("gone_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('refers', 'cooperates')", name=op.f("ck_cooperation_kind")),
        sa.ForeignKeyConstraint(
            ["from_organisation_id", "region_id"],
            ["organisation.id", "organisation.region_id"],
            name=op.f("fk_cooperation_from_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_cooperation_region_id")),
        sa.ForeignKeyConstraint(
            ["to_organisation_id", "region_id"],
            ["organisation.id", "organisation.region_id"],
            name=op.f("fk_cooperation_to_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cooperation")),
        sa.UniqueConstraint(
            "region_id",
            "from_organisation_id",
            "to_organisation_id",
            "kind",
            name=op.f("uq_cooperation_region_id"),
        ),
    )
    op.create_index(
        op.f("ix_cooperation_from_organisation_id"), "cooperation", ["from_organisation_id"], unique=False
    )
    op.create_index(
        op.f("ix_cooperation_to_organisation_id"), "cooperation", ["to_organisation_id"], unique=False
    )
    op.create_table(
        "offering",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level_in", sa.Text(), nullable=True),
        sa.Column("level_out", sa.Text(), nullable=True),
        sa.Column("requires", JSON, nullable=False),
        sa.Column("features", JSON, nullable=False),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("as_of_on", sa.Date(), nullable=True),
        sa.Column("unstated", JSON, nullable=False),
        sa.Column("gone_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "region_id"],
            ["organisation.id", "organisation.region_id"],
            name=op.f("fk_offering_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_offering_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offering")),
        sa.UniqueConstraint("id", "region_id", name=op.f("uq_offering_id")),
        sa.UniqueConstraint("region_id", "key", name=op.f("uq_offering_region_id")),
    )
    op.create_index(op.f("ix_offering_organisation_id"), "offering", ["organisation_id"], unique=False)
    op.create_table(
        "service",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("offering_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("interval_days", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("duration_days", sa.Integer(), nullable=False),
        sa.Column("place_name", sa.Text(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("requires", JSON, nullable=False),
        sa.Column("features", JSON, nullable=False),
        sa.Column("times", JSON, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("as_of_on", sa.Date(), nullable=True),
        sa.Column("unstated", JSON, nullable=False),
        sa.Column("gone_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "last_on >= first_on AND interval_days >= 1 AND duration_days >= 1", name=op.f("ck_service_dates")
        ),
        sa.CheckConstraint("seats >= 0", name=op.f("ck_service_seats")),
        sa.ForeignKeyConstraint(
            ["offering_id", "region_id"],
            ["offering.id", "offering.region_id"],
            name=op.f("fk_service_offering_id"),
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_service_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("region_id", "key", name=op.f("uq_service_region_id")),
    )
    op.create_index(op.f("ix_service_offering_id"), "service", ["offering_id"], unique=False)
    op.create_table(
        "slot_group",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("offering_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("shape", sa.Text(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("modules", sa.Integer(), nullable=False),
        sa.Column("module_days", sa.Integer(), nullable=False),
        sa.Column("entry_modules", JSON, nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("booked_elsewhere", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("waitlist_limit", sa.Integer(), nullable=True),
        sa.Column("place_name", sa.Text(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("requires", JSON, nullable=False),
        sa.Column("features", JSON, nullable=False),
        sa.Column("times", JSON, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("as_of_on", sa.Date(), nullable=True),
        sa.Column("unstated", JSON, nullable=False),
        sa.Column("gone_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("shape IN ('group', 'service', 'stock')", name=op.f("ck_slot_group_shape")),
        sa.CheckConstraint("booked_elsewhere >= 0 AND minimum >= 0", name=op.f("ck_slot_group_counts")),
        sa.CheckConstraint(
            "modules >= 1 AND module_days >= 1 AND end_on >= start_on", name=op.f("ck_slot_group_dates")
        ),
        sa.CheckConstraint(
            "taken >= 0 AND taken + booked_elsewhere <= seats", name=op.f("ck_slot_group_taken")
        ),
        sa.ForeignKeyConstraint(
            ["offering_id", "region_id"],
            ["offering.id", "offering.region_id"],
            name=op.f("fk_slot_group_offering_id"),
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_slot_group_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_group")),
        sa.UniqueConstraint("id", "region_id", name=op.f("uq_slot_group_id")),
        sa.UniqueConstraint("region_id", "key", name=op.f("uq_slot_group_region_id")),
    )
    op.create_index(
        op.f("ix_slot_group_offering_id_start_on"), "slot_group", ["offering_id", "start_on"], unique=False
    )
    op.create_table(
        "slot",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("slot_group_id", sa.Text(), nullable=False),
        sa.Column("offering_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entry_module", sa.Integer(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("place_name", sa.Text(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("requires", JSON, nullable=False),
        sa.Column("features", JSON, nullable=False),
        sa.Column("times", JSON, nullable=False),
        sa.Column("gone_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("end_on >= start_on", name=op.f("ck_slot_dates")),
        sa.CheckConstraint("online OR lat IS NOT NULL", name=op.f("ck_slot_place")),
        sa.ForeignKeyConstraint(
            ["offering_id", "region_id"],
            ["offering.id", "offering.region_id"],
            name=op.f("fk_slot_offering_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "region_id"],
            ["organisation.id", "organisation.region_id"],
            name=op.f("fk_slot_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_slot_region_id")),
        sa.ForeignKeyConstraint(
            ["slot_group_id", "region_id"],
            ["slot_group.id", "slot_group.region_id"],
            name=op.f("fk_slot_slot_group_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint("id", "region_id", name=op.f("uq_slot_id")),
        sa.UniqueConstraint("region_id", "key", name=op.f("uq_slot_region_id")),
    )
    op.create_index(op.f("ix_slot_offering_id"), "slot", ["offering_id"], unique=False)
    op.create_index(op.f("ix_slot_organisation_id"), "slot", ["organisation_id"], unique=False)
    op.create_index(
        op.f("ix_slot_region_id_kind_start_on"), "slot", ["region_id", "kind", "start_on"], unique=False
    )
    op.create_index(op.f("ix_slot_slot_group_id"), "slot", ["slot_group_id"], unique=False)


def downgrade() -> None:
    """Take the tables away again."""
    op.drop_table("slot")
    op.drop_table("slot_group")
    op.drop_table("service")
    op.drop_table("offering")
    op.drop_table("cooperation")
    op.drop_table("organisation")
    op.drop_table("region")
