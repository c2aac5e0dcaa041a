"""Tabellen der Konten: accounts, what they are allowed by role, and their sessions."""

from __future__ import annotations

import sqlalchemy as sa

from plans.roles import Role
from store.tables import columns as c

account = sa.Table(
    "account",
    c.metadata,
    c.own_id("acc"),
    c.text("login_name"),
    c.text("display_name"),
    c.text("language"),
    c.text("password_hash", optional=True),
    c.instant("password_changed_at"),
    c.instant("password_expires_at"),
    c.secret("totp_secret"),
    c.number("totp_last_step", optional=True),
    c.number("failed_attempts"),
    c.instant("locked_until_at"),
    c.flag("is_active"),
    *c.edited(),
    sa.UniqueConstraint("login_name"),
    sa.CheckConstraint("failed_attempts >= 0", name="failed_attempts"),
)
"""Konto: who can sign in. `login_name` is kept in small letters; `password_hash` is argon2, empty until set;
`password_expires_at` marks one that was given for the first sign-in only; `totp_last_step` is the last time
step whose code was used, so that no code counts twice (empty: the secret is not confirmed yet)."""

role_grant = sa.Table(
    "role_grant",
    c.metadata,
    c.own_id("grt"),
    c.account_id(indexed=True),
    *c.term("role", Role),
    sa.Column("region_id", sa.Text, nullable=True),
    sa.ForeignKeyConstraint(["region_id"], ["region.id"]),
    *c.refers("organisation", optional=True),
    c.account_id("granted_by", optional=True),
    c.instant("revoked_at"),
    c.account_id("revoked_by", optional=True),
    *c.edited(),
    sa.CheckConstraint("organisation_id IS NULL OR region_id IS NOT NULL", name="region"),
    sa.CheckConstraint(
        "organisation_id IS NOT NULL OR role NOT IN ('counsellor', 'provider')", name="organisation"
    ),
    sa.CheckConstraint("region_id IS NOT NULL OR role IN ('administrator', 'auditor')", name="installation"),
    sa.Index(
        "uq_role_grant_installation",
        *("account_id", "role"),
        unique=True,
        **c.only_while("revoked_at IS NULL AND region_id IS NULL"),
    ),
    sa.Index(
        "uq_role_grant_region",
        *("account_id", "role", "region_id"),
        unique=True,
        **c.only_while("revoked_at IS NULL AND region_id IS NOT NULL AND organisation_id IS NULL"),
    ),
    sa.Index(
        "uq_role_grant_organisation",
        *("account_id", "role", "organisation_id"),
        unique=True,
        **c.only_while("revoked_at IS NULL AND organisation_id IS NOT NULL"),
    ),
)
"""Rollenzuweisung: one role of one account in an organisation, a region, or the whole installation; the same
one holds once at a time."""

session = sa.Table(
    "session",
    c.metadata,
    c.own_id("ses"),
    c.account_id(indexed=True),
    sa.Column("token_hash", sa.LargeBinary, nullable=False),
    c.instant("second_factor_at"),
    c.instant("last_seen_at", optional=False),
    c.instant("expires_at", optional=False),
    c.instant("ended_at"),
    *c.stamps(),
    sa.UniqueConstraint("token_hash"),
    sa.Index(None, "expires_at"),
)
"""Sitzung: one signed-in browser; only a hash of its token is kept."""
