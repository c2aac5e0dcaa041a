"""Travel times between the places of a region, as they were handed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015_travel_times"
down_revision = "0014_reckonings"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Make the table, and the index by which entries of the audit are found by kind."""
    op.create_table(
        "travel_times",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("rows", JSON, nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_in_by", sa.Text(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_travel_times_region_id")),
        sa.ForeignKeyConstraint(["handed_in_by"], ["account.id"], name=op.f("fk_travel_times_handed_in_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_travel_times")),
    )
    op.create_index(
        op.f("ix_travel_times_region_id_handed_in_at"),
        "travel_times",
        ["region_id", "handed_in_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_audit_entry_object_type_sequence"), "audit_entry", ["object_type", "sequence"], unique=False
    )


def downgrade() -> None:
    """Take both away again."""
    op.drop_index(op.f("ix_audit_entry_object_type_sequence"), table_name="audit_entry")
    op.drop_table("travel_times")
