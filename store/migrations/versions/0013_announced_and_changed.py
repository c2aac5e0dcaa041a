"""Indexes that tell alone what is announced to whom, and the newest change of the referrals of a region."""

from __future__ import annotations

from alembic import op

revision = "0013_announced_and_changed"
down_revision = "0012_lists_of_one_office"
branch_labels = None
depends_on = None

_BEFORE = (
    ("ix_referral_need", "referral", ["need_id"]),
    ("ix_proposal_slot_id", "proposal", ["slot_id"]),
)
_NOW = (
    ("ix_referral_need_id_state", "referral", ["need_id", "state"]),
    ("ix_proposal_slot", "proposal", ["slot_id", "state", "need_id", "person_id", "planning_run_id"]),
    ("ix_need_id_state", "need", ["id", "state"]),
    ("ix_referral_region_id_updated_at", "referral", ["region_id", "updated_at"]),
)
"""Name, table and columns of each index."""


def upgrade() -> None:
    """Put the longer indexes in place of those so far."""
    _replace(_BEFORE, _NOW)


def downgrade() -> None:
    """Put the indexes of before back."""
    _replace(_NOW, _BEFORE)


def _replace(
    old: tuple[tuple[str, str, list[str]], ...], new: tuple[tuple[str, str, list[str]], ...]
) -> None:
    for name, table, _ in old:
        op.drop_index(op.f(name), table_name=table)
    for name, table, columns in new:
        op.create_index(op.f(name), table, columns, unique=False)
