"""What the counsellor sees (Kettenansicht): a person's steps, the slot chosen for each, the waits between.

Two clocks, always named: the waiting time (Wartezeit) counts from the day the step could have started – at
the earliest its registration –, the access time (Zugangszeit) from the entitlement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from network.distance import distance_km
from network.model import Actor, Offering, Slot
from plans.model import Household, Need, Person
from workflows.reasons import Reason, reasons
from workflows.session import RegionDesk


class StepState(StrEnum):
    """Where a step stands: booked already, proposed by the plan, or without a seat."""

    BOOKED = "booked"
    PROPOSED = "proposed"
    OPEN = "open"


@dataclass(frozen=True)
class ChainStep:
    """One step of a chain with the slot the optimised plan proposes.

    Parameters
    ----------
    ready_on : date or None
        From this day the step could start; None where its predecessor has no slot.
    waiting_days : int or None
        Days from `ready_on` to the start (Wartezeit), >= 0.
    access_days : int or None
        Days from the entitlement to the start (Zugangszeit); None where no entitlement is dated.
    days_late : int or None
        Days from the target date to the start; None without target or slot, negative = early.
    travel_km : float or None
        Great-circle way, km; None where online.
    """

    need: Need
    state: StepState
    ready_on: date | None
    slot: Slot | None
    offering: Offering | None
    actor: Actor | None
    waiting_days: int | None
    access_days: int | None
    days_late: int | None
    travel_km: float | None
    reasons: tuple[Reason, ...]

    @property
    def late(self) -> bool:
        """Whether it starts after the date agreed in the help plan."""
        return (self.days_late or 0) > 0


@dataclass(frozen=True)
class ChainView:
    """A person's chain, from the first step to the last, and the span of days that shows it all."""

    household: Household
    person: Person
    steps: tuple[ChainStep, ...]
    from_on: date
    until_on: date

    @property
    def next_step(self) -> ChainStep | None:
        """What to do first: the step that starts next, else the first without a seat."""
        dated = [step for step in self.steps if step.slot is not None]
        return min(dated, key=lambda step: step.slot.start_on if step.slot else date.max, default=None) or (
            self.steps[0] if self.steps else None
        )

    @property
    def open_steps(self) -> tuple[ChainStep, ...]:
        """Steps without a seat."""
        return tuple(step for step in self.steps if step.state is StepState.OPEN)

    @property
    def waiting_days(self) -> int:
        """Days waited between all steps that have a seat."""
        return sum(step.waiting_days or 0 for step in self.steps)


def chain_view(desk: RegionDesk, person_id: str, *, with_reasons: bool = True) -> ChainView | None:
    """Return the chain of a person, or None where nobody has that id.

    Parameters
    ----------
    with_reasons : bool
        Whether to say for every step why this slot; it asks the engine for the alternatives.
    """
    if person_id not in desk.people:
        return None
    household, person = desk.people[person_id]
    steps = [_step(desk, household, need, with_reasons) for need in person.needs]
    steps.sort(key=lambda step: step.slot.start_on if step.slot else step.ready_on or date.max)
    days = [desk.today]
    for step in steps:
        days += [step.need.entitled_on or step.need.earliest_on, step.need.target_on or desk.today]
        days += [step.slot.start_on, step.slot.end_on] if step.slot else []
    return ChainView(household, person, tuple(steps), min(days), max(days))


def _step(desk: RegionDesk, household: Household, need: Need, with_reasons: bool) -> ChainStep:
    slot, ready_on = desk.slot_of(need.id), desk.ready_on(need)
    start_on = slot.start_on if slot else None
    state = StepState.BOOKED if need.fixed_slot else StepState.PROPOSED if slot else StepState.OPEN
    place = slot.place if slot else None
    return ChainStep(
        need=need,
        state=state,
        ready_on=ready_on,
        slot=slot,
        offering=desk.region.offerings[slot.offering_id] if slot else None,
        actor=desk.region.actors[slot.actor_id] if slot else None,
        waiting_days=max(0, (start_on - ready_on).days) if start_on and ready_on else None,
        access_days=(start_on - need.entitled_on).days if start_on and need.entitled_on else None,
        days_late=(start_on - need.target_on).days if start_on and need.target_on else None,
        travel_km=distance_km(household.home, place) if place else None,
        reasons=reasons(desk, need) if with_reasons else (),
    )
