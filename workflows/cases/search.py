"""Suche: somebody is found by exact name and day of birth, without any name in the index."""

from __future__ import annotations

from datetime import date
from typing import Any

from plans.actions import Action
from store import tables as t
from workflows.acting import Look, question
from workflows.scopes import plan_of


@question(Action.SEARCH_PEOPLE)
def search_people(look: Look, name: str, birth_on: date) -> list[dict[str, Any]]:
    """Find people of the own office by name and day of birth.

    Parameters
    ----------
    look : Look
        Who asks.
    name : str
        Full name; upper case, accents, hyphens and umlauts written out make no difference.
    birth_on : date
        Day of birth.

    Returns
    -------
    list of dict
        ``person_id``, ``household_id`` and ``phase`` of the help plan; often none, rarely more than one.
    """
    found = []
    for _, grant in look.reach():
        regions = [grant.region_id] if grant else [row["id"] for row in look.unit.find(t.region)]
        office = {"organisation_id": grant.organisation_id} if grant else {}
        for region_id in regions:
            index = t.person.c.name_birth_index
            found += look.unit.look_up(index, name, birth_on, region_id=region_id, **office)
    persons = {row["id"]: row for row in found}
    return [
        {
            "person_id": id,
            "household_id": row["household_id"],
            "phase": plan_of(look.unit, id)["phase"].value,
        }
        for id, row in persons.items()
    ]
