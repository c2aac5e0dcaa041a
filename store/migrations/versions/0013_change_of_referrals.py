"""An index by which the newest change of the referrals of a region is seen without reading them."""

from __future__ import annotations

from alembic import op

revision = "0013_change_of_referrals"
down_revision = "0012_lists_of_one_office"
branch_labels = None
depends_on = None

_NAME = "ix_referral_region_id_updated_at"


def upgrade() -> None:
    """Make the index."""
    op.create_index(op.f(_NAME), "referral", ["region_id", "updated_at"], unique=False)


def downgrade() -> None:
    """Take it away again."""
    op.drop_index(op.f(_NAME), table_name="referral")
