"""Tabellen des Protokolls: audit entries and their head, idempotency keys, the installation itself."""

from __future__ import annotations

import sqlalchemy as sa

from store.tables import columns as c

installation = sa.Table(
    "installation",
    c.metadata,
    c.own_id("ins"),
    sa.Column("key_check", sa.LargeBinary, nullable=False),
    *c.stamps(),
)
"""Installation: one row; `key_check` can be read only with a key that belongs to this database."""

audit_entry = sa.Table(
    "audit_entry",
    c.metadata,
    sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
    c.instant("at", optional=False),
    c.text("account_id", optional=True),
    c.text("actor_label"),
    c.text("purpose"),
    c.text("action"),
    c.text("object_type"),
    c.text("object_id"),
    c.text("region_id", optional=True),
    c.text("details"),
    sa.Column("previous_hash", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("previous_hash"),
    sa.CheckConstraint("sequence >= 1", name="sequence"),
    sa.Index(None, "object_type", "object_id", "sequence"),
    sa.Index(None, "object_type", "sequence"),
    sa.Index(None, "at"),
    sa.Index(None, "account_id", "sequence"),
    sa.Index(None, "region_id", "sequence"),
)
"""Protokolleintrag: who did what with which object, chained to the one before by its hash. It refers
to nothing: it outlives what it is about. `details` is canonical JSON and names no person."""

audit_head = sa.Table(
    "audit_head",
    c.metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("first_sequence", sa.BigInteger, nullable=False),
    sa.Column("first_previous_hash", sa.LargeBinary, nullable=False),
    sa.Column("last_sequence", sa.BigInteger, nullable=False),
    sa.Column("last_hash", sa.LargeBinary, nullable=False),
    sa.Column("seal", sa.LargeBinary, nullable=False),
    sa.CheckConstraint("id = 1", name="one"),
)
"""Anfang und Ende des Protokolls: where the chain begins and ends, sealed with a key."""

idempotency_key = sa.Table(
    "idempotency_key",
    c.metadata,
    c.own_id("idk"),
    c.text("account_id"),
    c.text("key"),
    sa.Column("body_hash", sa.LargeBinary, nullable=False),
    c.secret("answer"),
    *c.stamps(),
    sa.UniqueConstraint("account_id", "key"),
    sa.Index(None, "created_at"),
)
"""Einmalschlüssel: a request that must count once; `answer` is what the first one was told."""
