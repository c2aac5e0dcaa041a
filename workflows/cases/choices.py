"""Auswahl für Formulare einer Beraterin: her offices, the towns and the organisations of the region."""

from __future__ import annotations

from typing import Any

from plans.actions import Action
from plans.roles import Role
from store import tables as t
from store.rows import ReadRows
from workflows.acting import Look, question


@question(Action.CREATE_HOUSEHOLD)
def list_choices(look: Look) -> dict[str, Any]:
    """List what a counsellor chooses from when a household or a step is entered.

    Returns
    -------
    dict
        ``offices``: the organisations for which the caller counsels; ``towns`` of their regions with
        ``name``, ``lat`` and ``lon``; ``organisations`` of their regions with ``id``, ``name`` and ``type``;
        all by name.
    """
    look.reach()
    grants = [grant for grant in look.caller.grants if grant.role is Role.COUNSELLOR]
    office_ids = {grant.organisation_id for grant in grants}
    region_ids = sorted({grant.region_id for grant in grants if grant.region_id is not None})
    rows = look.unit.find(t.organisation, t.organisation.c.region_id.in_(region_ids))
    shown = [{"id": row["id"], "name": row["name"], "type": row["type"].value} for row in rows]
    shown.sort(key=lambda one: (one["name"].casefold(), one["id"]))
    return {
        "offices": [one for one in shown if one["id"] in office_ids],
        "organisations": shown,
        "towns": [town for region_id in region_ids for town in towns_of(look.unit, region_id)],
    }


def towns_of(unit: ReadRows, region_id: str) -> list[dict[str, Any]]:
    """Return the towns of a region by name, each with ``name``, ``lat`` and ``lon``.

    Where it names none, those in which its organisations are.
    """
    named = unit.get(t.region, region_id)["towns"] or [
        {"name": row["place_name"], "lat": row["lat"], "lon": row["lon"]}
        for row in unit.find(t.organisation, region_id=region_id)
        if row["lat"] is not None
    ]
    towns = {town["name"]: {name: town[name] for name in ("name", "lat", "lon")} for town in named}
    return [towns[name] for name in sorted(towns, key=str.casefold)]
