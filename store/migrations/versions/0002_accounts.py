"""Accounts: who can sign in, roles, sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_accounts"
down_revision = "0001_network"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "account",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("login_name", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("password_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=True),
        sa.Column("failed_attempts", sa.Integer(), nullable=False),
        sa.Column("locked_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("failed_attempts >= 0", name=op.f("ck_account_failed_attempts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login_name", name=op.f("uq_account_login_name")),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_session_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
    )
    op.create_index(op.f("ix_session_account_id"), "session", ["account_id"], unique=False)
    op.create_index(op.f("ix_session_expires_at"), "session", ["expires_at"], unique=False)
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Text(), nullable=True),
        sa.Column("granted_by", sa.Text(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "organisation_id IS NOT NULL OR role NOT IN ('counsellor', 'provider')",
            name=op.f("ck_role_grant_organisation"),
        ),
        sa.CheckConstraint(
            "region_id IS NOT NULL OR role IN ('administrator', 'auditor')",
            name=op.f("ck_role_grant_installation"),
        ),
        sa.CheckConstraint(
            "role IN ('counsellor', 'provider', 'coordinator', 'planner', 'administrator', 'auditor')",
            name=op.f("ck_role_grant_role"),
        ),
        sa.CheckConstraint(
            "organisation_id IS NULL OR region_id IS NOT NULL", name=op.f("ck_role_grant_region")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id")),
        sa.ForeignKeyConstraint(["granted_by"], ["account.id"], name=op.f("fk_role_grant_granted_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "region_id"],
            ["organisation.id", "organisation.region_id"],
            name=op.f("fk_role_grant_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_role_grant_region_id")),
        sa.ForeignKeyConstraint(["revoked_by"], ["account.id"], name=op.f("fk_role_grant_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index(op.f("ix_role_grant_account_id"), "role_grant", ["account_id"], unique=False)
    op.create_index(op.f("ix_role_grant_organisation_id"), "role_grant", ["organisation_id"], unique=False)
    op.create_index(
        "uq_role_grant_installation",
        "role_grant",
        ["account_id", "role"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL AND region_id IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL AND region_id IS NULL"),
    )
    op.create_index(
        "uq_role_grant_organisation",
        "role_grant",
        ["account_id", "role", "organisation_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL AND organisation_id IS NOT NULL"),
        postgresql_where=sa.text("revoked_at IS NULL AND organisation_id IS NOT NULL"),
    )
    op.create_index(
        "uq_role_grant_region",
        "role_grant",
        ["account_id", "role", "region_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL AND region_id IS NOT NULL AND organisation_id IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL AND region_id IS NOT NULL AND organisation_id IS NULL"),
    )


def downgrade() -> None:
    """Take the tables away again."""
    op.drop_table("role_grant")
    op.drop_table("session")
    op.drop_table("account")
