"""Nachrücken: who of an office could take a seat that somebody gave back or did not come to."""

from __future__ import annotations

from datetime import date
from typing import Any

from plans.actions import Action
from store import tables as t
from store.faults import Missing
from store.queries.calling_up import Waiting, waiting_longest
from store.queries.waiting_lists import free_seats
from workflows.acting import Look, question
from workflows.planning_runs.runs import released_prices
from workflows.planning_runs.snapshot import Snapshot, take_households
from workflows.planning_runs.suggest import under_the_plan
from workflows.planning_runs.words import offer_words
from workflows.scopes import admit

LOOKED_AT = 12
"""So many of those who would begin last are asked about; with more the page would be slow."""
BEST = 5


@question(Action.SUGGEST_SLOTS)
def who_could_begin(look: Look, need_id: str, slot_id: str, top: int = BEST) -> dict[str, Any]:
    """Answer who of the office of a step could take a slot sooner than proposed, best first.

    Only people for whose step nothing was asked yet; what the released plan has for others is left to them.
    The gain is the days sooner times the weight of the step (``docs/model.md``); of equals who came first.

    Parameters
    ----------
    look : Look
        Who asks.
    need_id : str
        The step whose seat has become free; its office is asked about.
    slot_id : str
        A slot of the same region and kind.
    top : int
        At most so many, >= 1.

    Returns
    -------
    dict
        ``free_seats`` of the group; ``waiting``: how many are on its waiting list, who are called before;
        ``people``: ``need_id``, ``person_id``, ``planned_on`` (None: no date yet), ``days_sooner``, and what
        `workflows.planning_runs.words.offer_words` says of the slot for them; none where no seat is free.

    Raises
    ------
    Missing
        Where there is no such need or slot, or it is not the caller's.
    """
    row = admit(look, t.need, need_id)
    slot = look.unit.get(t.slot, slot_id)
    if slot["region_id"] != row["region_id"] or slot["kind"] != row["kind"]:
        raise Missing("missing", table=t.slot.name, id=slot_id)
    free = free_seats(look.unit, slot["slot_group_id"])
    people = _people(look, row, slot) if free > 0 and slot["start_on"] >= look.today else []
    waiting = look.unit.count(t.waiting_list_entry, slot_group_id=slot["slot_group_id"], left_on=None)
    return {"free_seats": max(0, free), "waiting": waiting, "people": people[:top]}


def _people(look: Look, step: dict[str, Any], slot: dict[str, Any]) -> list[dict[str, Any]]:
    """Who could take the slot, best first, without whose step it was."""
    office_id = look.unit.get(t.help_plan, step["help_plan_id"])["organisation_id"]
    found = waiting_longest(look.unit, office_id, slot["kind"], slot["start_on"], LOOKED_AT)
    waiting = [one for one in found if one.need_id != step["id"]]
    household_of = {one.person_id: one.household_id for one in waiting}
    snapshot = take_households(look, slot["region_id"], household_of)
    _, prices = released_prices(look.unit, slot["region_id"])
    gains = [one for each in waiting if (one := _person(snapshot, prices, each, slot)) is not None]
    return [said for _, said in sorted(gains, key=lambda one: -one[0])]


def _person(
    snapshot: Snapshot, prices: dict[str, float], waiting: Waiting, slot: dict[str, Any]
) -> tuple[float, dict[str, Any]] | None:
    """What somebody gains by a slot, and what is said of it; None where it does not fit."""
    if waiting.need_id not in snapshot.needs:
        return None
    need = snapshot.needs[waiting.need_id][0]
    region, offer = under_the_plan(
        snapshot, need, prices, lambda planned: planned.advice.offer(need.id, slot["id"])
    )
    if offer is None:
        return None
    begins_on: date = waiting.planned_on or snapshot.horizon_end
    days_sooner = (begins_on - slot["start_on"]).days
    return need.weight * days_sooner, {
        "need_id": waiting.need_id,
        "person_id": waiting.person_id,
        "planned_on": waiting.planned_on and waiting.planned_on.isoformat(),
        "days_sooner": days_sooner if waiting.planned_on else None,
        **offer_words(region, offer),
    }
