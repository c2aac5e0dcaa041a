"""Protokoll lesen: entries of the audit, newest first, by region, object or account."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from store.rows import ReadRows
from store.tables import audit_entry

_SHOWN = ("sequence", "at", "account_id", "actor_label", "purpose", "action")
_SHOWN_TOO = ("object_type", "object_id", "region_id", "details")


def newest_entries(
    rows: ReadRows,
    *,
    limit: int,
    before: int | None = None,
    region_ids: Collection[str] | None = None,
    about: tuple[str | None, str | None] | None = None,
    about_any: Collection[tuple[str, str]] | None = None,
    actions: Collection[str] | None = None,
    account_id: str | None = None,
) -> list[dict[str, Any]]:
    """Return entries of the audit, newest first.

    Parameters
    ----------
    rows : ReadRows
        A unit.
    limit : int
        At most so many.
    before : int, optional
        Only entries with a smaller number, for the next page.
    region_ids : collection of str, optional
        Only entries of these regions; all by default, also those of none.
    about : tuple of str, optional
        Only entries about this object: its type and id, or one of both.
    about_any : collection of (str, str), optional
        Only entries about one of these objects.
    actions : collection of str, optional
        Only entries of these actions.
    account_id : str, optional
        Only entries of this account.

    Returns
    -------
    list of dict
        With the columns of the entry but its hashes; ``at`` is an instant, ``details`` a dict.
    """
    columns = [audit_entry.c[name] for name in (*_SHOWN, *_SHOWN_TOO)]
    query = sa.select(*columns).order_by(audit_entry.c.sequence.desc()).limit(limit)
    if before is not None:
        query = query.where(audit_entry.c.sequence < before)
    if region_ids is not None:
        query = query.where(audit_entry.c.region_id.in_(region_ids))
    if about is not None:
        named = dict(zip(("object_type", "object_id"), about, strict=True))
        query = query.filter_by(**{name: value for name, value in named.items() if value is not None})
    if about_any is not None:
        ids = [id for _, id in about_any]
        query = query.where(audit_entry.c.object_id.in_(ids))
        query = query.where(audit_entry.c.object_type.in_({type for type, _ in about_any}))
    if actions is not None:
        query = query.where(audit_entry.c.action.in_(list(actions)))
    if account_id is not None:
        query = query.where(audit_entry.c.account_id == account_id)
    found = [dict(row._mapping) for row in rows.execute(query)]
    return [{**row, "details": json.loads(row["details"])} for row in found]


def entries_about(rows: ReadRows, object_ids: Collection[str]) -> list[dict[str, Any]]:
    """Instant, action and purpose of every entry about one of some objects, oldest first."""
    entry = audit_entry.c
    query = (
        sa.select(entry.at, entry.action, entry.purpose)
        .where(entry.object_id.in_(object_ids))
        .order_by(entry.sequence)
    )
    return [dict(row._mapping) for row in rows.execute(query)]
