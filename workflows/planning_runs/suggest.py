"""Terminvorschläge: the best slots for one need right now, given the last released plan and its prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import matching
from plans.actions import Action
from plans.needs import Need
from store import tables as t
from workflows.acting import Look, question
from workflows.planned import PlannedRegion
from workflows.planning_runs.engine import planned_region
from workflows.planning_runs.runs import released_prices
from workflows.planning_runs.snapshot import Snapshot, take_household
from workflows.planning_runs.words import excluded_words, offer_words, said
from workflows.reasons import Reason, slot_reasons
from workflows.refusal import Refusal
from workflows.scopes import admit

BEST = 5
Told = TypeVar("Told")


@question(Action.SUGGEST_SLOTS)
def suggest_slots(look: Look, need_id: str, top: int = BEST) -> dict[str, Any]:
    """Answer which slots are best for a need now, and why no other slot of its kind is offered.

    Seats are those free at this moment, less those that the released plan has for others; one just taken is
    not offered. The person need not have agreed to planning: the own office asks.

    Parameters
    ----------
    look : Look
        Who asks.
    need_id : str
        For which step.
    top : int
        At most so many, >= 1.

    Returns
    -------
    dict
        ``offers``, best first: start, wait, way, effect on later steps, what it costs others, reasons;
        ``more``: how many further ones there are; ``excluded``: every other slot of the kind with its rule,
        by start; ``booked``: what is said where the need has a seat already; ``run_id``: the plan asked.

    Raises
    ------
    Missing
        Where there is no such need, or it is not the caller's.
    Refusal
        Where the step is over, or waits for one without any date.
    """
    row = admit(look, t.need, need_id)
    snapshot = take_household(look, row["person_id"])
    if need_id not in snapshot.needs:
        raise Refusal("nothing-to-suggest", step=need_id)
    need = snapshot.needs[need_id][0]
    run_id, seat_prices = released_prices(look.unit, row["region_id"])
    region, found = under_the_plan(
        snapshot, need, seat_prices, lambda planned: planned.advice.recommendation(need_id)
    )
    booked = [said("booked", Reason("booked").text)] if need.fixed_slot else []
    return {
        "need_id": need_id,
        "run_id": run_id,
        "booked": booked,
        "offers": [] if booked else [_offer(region, need, one) for one in found.offers[:top]],
        "more": 0 if booked else max(0, len(found.offers) - top),
        "excluded": sorted(
            (excluded_words(region, one) for one in found.excluded), key=lambda one: one["start_on"]
        ),
    }


def _offer(region: PlannedRegion, need: Need, offer: matching.Offer) -> dict[str, Any]:
    slot = region.slots[offer.slot]
    reasons = [said(one.code, one.text) for one in slot_reasons(region, need, slot)]
    return {**offer_words(region, offer), "reasons": reasons}


def under_the_plan(
    snapshot: Snapshot, need: Need, seat_prices: Mapping[str, float], ask: Callable[[PlannedRegion], Told]
) -> tuple[PlannedRegion, Told]:
    """Ask under the released plan; where it no longer suits the household, without its proposals.

    Parameters
    ----------
    snapshot : Snapshot
        With the household of the need.
    need : Need
        For whom.
    seat_prices : mapping of capacity id to float
        Of the released plan.
    ask : callable
        Asks the advice of a planned region.

    Returns
    -------
    PlannedRegion, answer
        Which plan was asked, and what it answers.
    """
    plan = {id: one.fixed_slot or one.proposed_slot for id, (one, _) in snapshot.needs.items()}
    known = {slot.id for slot in snapshot.supply.slots}
    plan = {id: slot if slot in known else None for id, slot in plan.items()}
    region = planned_region(snapshot, plan, seat_prices)
    try:
        return region, ask(region)
    except ValueError:
        own = _needs_of_household(snapshot, need.id)
        plan |= {id: snapshot.needs[id][0].fixed_slot for id in own}
        region = planned_region(snapshot, plan, seat_prices)
        return region, ask(region)


def _needs_of_household(snapshot: Snapshot, need_id: str) -> set[str]:
    for household in snapshot.households:
        own = {need.id for member in household.members for need in member.needs}
        if need_id in own:
            return own
    raise KeyError(need_id)
