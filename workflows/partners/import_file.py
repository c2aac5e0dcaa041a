"""Einspielung ansehen: one import with everything it changes, and whose files somebody may hand in."""

from __future__ import annotations

from typing import Any

from plans.actions import Action
from plans.roles import ObjectScope, may
from store import tables as t
from store.faults import Missing
from workflows.acting import Look, question
from workflows.partners.imports import outline_of


@question(Action.PREVIEW_IMPORT)
def read_import(look: Look, import_id: str) -> dict[str, Any]:
    """Einspielung lesen: an import of the caller's region, or of the caller's own organisation.

    Returns
    -------
    dict
        As an entry of `list_imports`, with its `region_id` and its `differences`
        (see `comparison.differences_between`).

    Raises
    ------
    Missing
        Where there is none, or it is none of the caller's.
    """
    look.reach()
    run = look.unit.get(t.import_run, import_id)
    key = run["differences"]["organisation"]
    own = look.unit.find(t.organisation, region_id=run["region_id"], key=key) if key else []
    look.allow(ObjectScope(run["region_id"], own[0]["id"] if own else None), t.import_run, import_id)
    differences = run["differences"]
    outline = outline_of({**run, **differences})
    return {**outline, "region_id": run["region_id"], "differences": differences["rows"]}


@question(Action.PREVIEW_IMPORT)
def list_senders(look: Look, region_id: str) -> dict[str, Any]:
    """Absender: whose partner files the caller may hand in for a region.

    Returns
    -------
    dict
        ``whole_region``: whether files of the whole region; ``organisations``: `key` and `name` of each one.

    Raises
    ------
    Missing
        Where the caller may hand in none, or there is no such region.
    """
    look.reach()
    rows = look.unit.find(t.organisation, region_id=region_id, gone_on=None, order_by=t.organisation.c.name)
    found = [
        {"key": row["key"], "name": row["name"]}
        for row in rows
        if _may(look, ObjectScope(region_id, row["id"]))
    ]
    whole = look.unit.count(t.region, id=region_id) > 0 and _may(look, ObjectScope(region_id))
    if not found and not whole:
        raise Missing("missing", table=t.region.name, id=region_id)
    return {"whole_region": whole, "organisations": found}


def _may(look: Look, scope: ObjectScope) -> bool:
    return look.caller.is_machine or may(look.caller.grants, look.action, scope)
