"""Vereinbarung aufnehmen: how a workflow takes one up to change it, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plans.agreement import Agreement
from store import tables as t
from workflows.acting import Work
from workflows.agreements.records import load_agreement
from workflows.scopes import admit
from workflows.versions import check_read


def take_agreement(work: Work, agreement_id: str, version: int) -> tuple[dict[str, Any], Agreement]:
    """Take up an agreement to change it.

    Parameters
    ----------
    work, agreement_id : Work, str
        The workflow, and which agreement.
    version : int
        The version of its row that was read.

    Returns
    -------
    tuple of dict and Agreement
        Its row, and what all its rows say.

    Raises
    ------
    Missing, Forbidden
        See `workflows.scopes.admit`.
    Stale, NotAllowed
        See `workflows.versions.check_read`.
    """
    row = admit(work, t.agreement, agreement_id)
    check_read(t.agreement, row, version)
    return row, load_agreement(work.unit, agreement_id)


def told(work: Work, row: Mapping[str, Any], **details: Any) -> dict[str, Any]:
    """Note in the audit that an agreement was changed, and return its id and new version."""
    work.record("agreement", row["id"], row["region_id"], state=row["state"], **details)
    return {"id": row["id"], "version": row["version"]}
