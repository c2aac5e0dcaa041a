"""Indexes by which the lists of one counsellor or one office read little more than they show."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_lists_of_one_office"
down_revision = "0011_order_of_lists"
branch_labels = None
depends_on = None

_PLANNED, _REQUESTED = "state = 'planned'", "state = 'requested'"
_NEW = (
    ("need", ("help_plan_id", "state"), ""),
    ("appointment", ("account_id", "planned_on", "id"), _PLANNED),
    ("agreement", ("organisation_id", "state", "id"), ""),
    ("referral", ("organisation_id", "hold_until_on", "id"), _REQUESTED),
)
"""Table, columns, and of which rows; empty = of all."""

_REPLACED = (("need", ("help_plan_id",), ""), ("appointment", ("account_id", "planned_on"), _PLANNED))


def upgrade() -> None:
    """Make the indexes, two of them in place of shorter ones."""
    _drop(_REPLACED)
    _create(_NEW)


def downgrade() -> None:
    """Put the indexes of before back."""
    _drop(_NEW)
    _create(_REPLACED)


def _drop(indexes: tuple[tuple[str, tuple[str, ...], str], ...]) -> None:
    for table, columns, _ in indexes:
        op.drop_index(_name(table, columns), table_name=table)


def _create(indexes: tuple[tuple[str, tuple[str, ...], str], ...]) -> None:
    for table, columns, condition in indexes:
        clause = sa.text(condition) if condition else None
        op.create_index(
            *(_name(table, columns), table, list(columns)),
            unique=False,
            sqlite_where=clause,
            postgresql_where=clause,
        )


def _name(table: str, columns: tuple[str, ...]) -> str:
    return op.f(f"ix_{table}_{'_'.join(columns)}")
