"""Indexes that end with what long lists are ordered by, so that a page of one reads only itself."""

from __future__ import annotations

from alembic import op

revision = "0011_order_of_lists"
down_revision = "0010_answer_links"
branch_labels = None
depends_on = None

_INSTEAD = (
    ("proposal", ("planning_run_id",), ("planning_run_id", "need_id")),
    ("audit_entry", ("account_id", "at"), ("account_id", "sequence")),
    *(
        ("referral", (whose, "state", "updated_at"), (whose, "state", "updated_at", "id"))
        for whose in ("organisation_id", "recipient_id")
    ),
)
"""Table, columns of the index so far, columns of the one instead."""


def upgrade() -> None:
    """Put the longer indexes in place of those so far."""
    for table, so_far, instead in _INSTEAD:
        _replace(table, so_far, instead)


def downgrade() -> None:
    """Put the indexes of before back."""
    for table, so_far, instead in _INSTEAD:
        _replace(table, instead, so_far)


def _replace(table: str, old: tuple[str, ...], new: tuple[str, ...]) -> None:
    op.drop_index(op.f(f"ix_{table}_{'_'.join(old)}"), table_name=table)
    op.create_index(op.f(f"ix_{table}_{'_'.join(new)}"), table, list(new), unique=False)
