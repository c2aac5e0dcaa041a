"""Arbeitsplatz einer Region: one region, its help plans, and the plan computed for them; only read then.

Pages, command line and demo show the same desk, so the same question gets the same answer everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import matching
from network.graph import SupportNetwork
from network.model import Region, Slot
from network.partner_files import find_region, read_region
from plans.generator import fictional_households
from plans.model import Household, Need, Person, Relation
from workflows.planned import Advice, PlannedRegion, bookings_of
from workflows.planning import HORIZON_DAYS, NeedEntry, household_needs_index, planning_tables
from workflows.planning_households import read_households

SHARED_PEOPLE = 150
SHARED_SEED = 1
SHARED_SECONDS = 20.0


@dataclass(frozen=True)
class Outcome:
    """A plan and what an independent check says of it."""

    plan: Mapping[str, str | None]
    check: matching.Check


@dataclass(frozen=True)
class RegionDesk(PlannedRegion):
    """A region with its help plans, the plan first come, first served, and the optimised plan.

    What it shares with every planned region is said there.

    Parameters
    ----------
    today : date
        The day of planning.
    problem : matching.Problem
        The planning problem behind both plans.
    first_come, best : Outcome
        First come, first served; and the optimised plan.
    result : matching.Result
        How good the optimised plan is proven to be, and what one more seat would save.
    steps : mapping of need id to NeedEntry
        Every need, in the order of the help plans.
    people : mapping of person id to household and person
        Everybody with a help plan.
    """

    region: Region
    network: SupportNetwork
    households: tuple[Household, ...]
    today: date
    problem: matching.Problem
    first_come: Outcome
    best: Outcome
    result: matching.Result
    steps: Mapping[str, NeedEntry]
    people: Mapping[str, tuple[Household, Person]]

    def slot_of(self, need_id: str, outcome: Outcome | None = None) -> Slot | None:
        """Return the slot that a plan gives a need (the optimised plan unless told), or None."""
        slot_id = (outcome or self.best).plan.get(need_id)
        return self.slots.get(slot_id) if slot_id else None

    def ready_on(self, need: Need, outcome: Outcome | None = None) -> date | None:
        """Return the day from which a need could start, given its predecessor's slot.

        None where the predecessor has no slot: then nobody can say. The rule is that of ``docs/model.md``.
        """
        if need.after is None:
            return need.earliest_on
        before = self.slot_of(need.after, outcome)
        if before is None:
            return need.earliest_on if need.fixed_slot else None
        from_on = before.start_on if need.relation is Relation.START else before.end_on + timedelta(days=1)
        return max(need.earliest_on, from_on + timedelta(days=need.lag_days))


Progressing = Callable[[matching.Progress], None]
Stopping = Callable[[], bool]


def open_desk(
    region: Region,
    households: tuple[Household, ...],
    *,
    today: date,
    options: matching.SolveOptions,
    progress: Progressing | None = None,
    stop: Stopping | None = None,
) -> RegionDesk:
    """Compute both plans for a region's help plans and lay everything on one desk.

    Parameters
    ----------
    region : Region
        The partners and what they offer.
    households : tuple of Household
        Whose help plans are planned.
    today : date
        The day of planning; no new booking starts before it.
    options : matching.SolveOptions
        Time limit in seconds, accepted gap, workers, seed.
    progress, stop : callable, optional
        Told of every improvement; asked whether to end early.

    Returns
    -------
    RegionDesk
        With both plans checked.
    """
    problem = matching.problem_from_tables(
        planning_tables(region, households, today=today, horizon_days=HORIZON_DAYS)
    )
    first = matching.first_come(problem)
    result = matching.solve(problem, options, progress=progress, stop=stop)
    supply = region.slots(today, today + timedelta(days=HORIZON_DAYS))
    slots = {slot.id: slot for slot in supply.slots}
    steps = household_needs_index(households)
    return RegionDesk(
        region=region,
        network=SupportNetwork(region, supply),
        households=households,
        today=today,
        problem=problem,
        first_come=Outcome(first, matching.check(problem, first)),
        best=Outcome(result.plan, matching.check(problem, result.plan)),
        result=result,
        steps=steps,
        people={person.id: (household, person) for household in households for person in household.members},
        slots=slots,
        capacities={capacity.id: capacity for capacity in supply.capacities},
        plan=result.plan,
        bookings=bookings_of(result.plan, slots),
        seat_prices=result.seat_prices,
        actor_names={actor.id: actor.name for actor in region.actors.values()},
        kinds={id: entry.need.kind for id, entry in steps.items()},
        person_of={id: entry.person.id for id, entry in steps.items()},
        advice=Advice(problem, result.plan, result.seat_prices),
    )


def open_region_desk(
    name: str,
    *,
    people: int = SHARED_PEOPLE,
    seed: int = SHARED_SEED,
    options: matching.SolveOptions | None = None,
    progress: Progressing | None = None,
    stop: Stopping | None = None,
) -> RegionDesk:
    """Open the desk of a partner region (name or folder) for `people` fictional people.

    Raises
    ------
    PartnerFault
        When the partner files are faulty or the region is unknown.
    """
    region = read_region(find_region(name))
    supply = region.slots(region.today, region.today + timedelta(days=HORIZON_DAYS))
    households = fictional_households(region, people, seed, supply=supply)
    options = options or matching.SolveOptions(time_limit_seconds=SHARED_SECONDS, seed=seed)
    return open_desk(
        region, tuple(households), today=region.today, options=options, progress=progress, stop=stop
    )


def open_saved_desk(
    name: str,
    folder: Path,
    *,
    options: matching.SolveOptions,
    progress: Progressing | None = None,
    stop: Stopping | None = None,
) -> RegionDesk:
    """Open the desk of a partner region for the households of a problem folder.

    Raises
    ------
    PartnerFault, PlanFault
        When the region or the households cannot be read, or do not fit together.
    """
    region = read_region(find_region(name))
    households = read_households(folder)
    return open_desk(region, households, today=region.today, options=options, progress=progress, stop=stop)


def planning_options(time_limit_seconds: float, gap: float, workers: int, seed: int) -> matching.SolveOptions:
    """Return the engine's options for a desk: seconds > 0, gap 0 to 1, workers >= 1, seed >= 0."""
    return matching.SolveOptions(time_limit_seconds, gap, workers, seed)
