"""Momentaufnahme einer Region: what the store holds on one instant, as a planning problem reads it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import matching
from network.model import Place, Supply
from plans.analysis import Availability
from plans.consent import Consent
from plans.help_plan import need_now
from plans.needs import Need
from plans.planning_consent import PLANNING_OFFICE, may_be_planned
from plans.steps import StepState
from store import tables as t
from store.queries import snapshot as queries
from store.queries.snapshot import OPEN_STEPS, Office, PersonRow
from workflows.acting import Look
from workflows.cases.from_rows import need_from, step_from
from workflows.planning import HORIZON_DAYS, CostParameters, tables_of
from workflows.planning_runs.people import HouseholdToPlan, LeftOut, PersonToPlan
from workflows.planning_runs.stand_ins import left_by, parted, stand_ins
from workflows.planning_runs.supply import supply_of

Row = dict[str, Any]
"""One row, as the store gives it."""

_Planned = dict[str, tuple[Need, str]]
"""Needs by id, with whose they are."""


@dataclass(frozen=True)
class Snapshot:
    """Momentaufnahme: a region on one instant.

    Parameters
    ----------
    region_id : str
        Which region.
    taken_at : datetime
        When, UTC.
    today, horizon_end : date
        Day of planning, and day until which a need without a slot waits.
    supply : Supply
        Ways in and free seats.
    households : tuple of HouseholdToPlan
        Whose needs are planned, with their bookings and announced slots.
    offices : mapping of str to Office
        Organisations by id.
    refused : frozenset of (person id, slot id)
        Who will not get which slot again.
    left_out : LeftOut
        What is not planned.
    marked_plans : int
        Plans that waited to be planned again.
    cost : CostParameters
        How waiting is counted.
    """

    region_id: str
    taken_at: datetime
    today: date
    horizon_end: date
    supply: Supply
    households: tuple[HouseholdToPlan, ...]
    offices: Mapping[str, Office]
    refused: frozenset[tuple[str, str]]
    left_out: LeftOut
    marked_plans: int
    cost: CostParameters

    @cached_property
    def tables(self) -> dict[str, Any]:
        """The planning problem as tables of text."""
        made = tables_of(
            self.region_id, self.supply, self.households, self.today, self.horizon_end, self.cost
        )
        return matching.with_declines(made, sorted(self.refused)) if self.refused else made

    @cached_property
    def problem(self) -> matching.Problem:
        """The planning problem, checked."""
        return matching.problem_from_tables(self.tables)

    @cached_property
    def needs(self) -> dict[str, tuple[Need, PersonToPlan]]:
        """Every planned need with its person, by its id."""
        people = (person for household in self.households for person in household.members)
        return {need.id: (need, person) for person in people for need in person.needs}


def take_snapshot(look: Look, region_id: str) -> Snapshot:
    """Take a region as it is; all of it is seen in one state, since the unit reads one.

    Parameters
    ----------
    look : Look
        Reads; asks for no permission.
    region_id : str
        Which region.

    Raises
    ------
    Missing
        Where there is no such region.
    """
    look.unit.get(t.region, region_id)
    return _snapshot(look, region_id)


def take_household(look: Look, person_id: str) -> Snapshot:
    """Take the household of a person as it is, with the seats that are left for it; see `take_households`.

    Raises
    ------
    Missing
        Where there is no such person.
    """
    person = look.unit.get(t.person, person_id)
    return take_households(look, person["region_id"], {person_id: person["household_id"]})


def take_households(look: Look, region_id: str, household_of: Mapping[str, str]) -> Snapshot:
    """Take the households of some people as they are, with the seats left for them; see `take_snapshot`.

    What the released plan announces to others counts as booked; in groups that it has for the households
    themselves by stand-ins without a name, since such a group may need all of them. The needs of these people
    are taken in without a consent to planning, because the own office asks; those of others in the households
    are not.

    Parameters
    ----------
    look : Look
        Reads; asks for no permission.
    region_id : str
        Where they all are.
    household_of : mapping of person id to household id
        Whose steps are looked at.
    """
    return _snapshot(look, region_id, frozenset(household_of.values()), tuple(household_of))


def _snapshot(
    look: Look, region_id: str, household_ids: queries.Households = None, always: Collection[str] = ()
) -> Snapshot:
    unit, today, which = look.unit, look.today, (region_id, household_ids)
    horizon_end = today + timedelta(days=HORIZON_DAYS)
    slots = queries.ways_in(unit, region_id, today, horizon_end, household_ids)
    offices = {office.id: office for office in queries.offices(unit, region_id)}
    people = queries.people_with_needs(unit, *which)
    agreed = _agreed(queries.planning_consents(unit, *which), offices.values(), today) | set(always)
    needs, waiting = _planned_needs(
        queries.open_needs(unit, *which),
        {person.id for person in people} & agreed,
        {seat.need_id: seat.slot_id for seat in queries.held_seats(unit, *which)},
        {seat.need_id: seat.slot_id for seat in queries.announced(unit, *which)},
    )
    own = [need.fixed_slot for need, _ in needs.values() if need.fixed_slot]
    supply = supply_of(slots, own, today)
    households = _households(people, needs)
    if household_ids is not None:
        others = queries.announced_to_others(unit, region_id, household_ids, today)
        beside, elsewhere = parted(supply, (need.proposed_slot for need, _ in needs.values()), others)
        supply = left_by(supply, own, elsewhere)
        households += stand_ins(supply, beside, today)
    return Snapshot(
        region_id=region_id,
        taken_at=look.now,
        today=today,
        horizon_end=horizon_end,
        supply=supply,
        households=households,
        offices=offices,
        refused=frozenset(queries.refused_slots(unit, *which)),
        left_out=LeftOut(sum(person.id not in agreed for person in people), waiting),
        marked_plans=queries.marked_plans(unit, region_id),
        cost=CostParameters.on(today, look.book),
    )


def _agreed(consents: Iterable[Consent], offices: Iterable[Office], today: date) -> set[str]:
    """Persons who may be planned today."""
    given: dict[str, list[Consent]] = defaultdict(list)
    for consent in consents:
        given[consent.person_id].append(consent)
    planners = [office.id for office in offices if office.type is PLANNING_OFFICE]
    return {person for person, own in given.items() if may_be_planned(own, planners, today)}


def _planned_needs(
    rows: Sequence[Row],
    people: Collection[str],
    held: Mapping[str, str],
    announced: Mapping[str, str],
) -> tuple[_Planned, int]:
    """Needs to plan, and how many wait for a step that is not planned."""
    over = {row["id"]: step_from(row) for row in rows if row["state"] not in OPEN_STEPS}
    planned: _Planned = {}
    for row in rows:
        id, person_id = row["id"], row["person_id"]
        # A step that is under way without a seat of ours has begun elsewhere, and needs no slot.
        is_begun = row["state"] is StepState.UNDER_WAY and id not in held
        if id in over or person_id not in people or is_begun:
            continue
        fixed = held.get(id)
        slots = {"fixed_slot_id": fixed, "proposed_slot_id": None if fixed else announced.get(id)}
        planned[id] = need_now(need_from(row | slots), over), person_id
    return planned, _drop_waiting(planned)


def _drop_waiting(planned: _Planned) -> int:
    """Drop what waits for a step that is not planned, and what waits for that in turn; return how many."""
    dropped = 0
    while gone := [need.id for need, _ in planned.values() if need.after and need.after not in planned]:
        dropped += len(gone)
        for id in gone:
            del planned[id]
    return dropped


def _households(people: Sequence[PersonRow], needs: _Planned) -> tuple[HouseholdToPlan, ...]:
    own: dict[str, list[Need]] = defaultdict(list)
    for need, person_id in needs.values():
        own[person_id].append(need)
    members: dict[str, list[PersonToPlan]] = defaultdict(list)
    rows = {}
    for row in people:
        if row.id in own:
            rows[row.household_id] = row
            members[row.household_id].append(_person(row, tuple(own[row.id])))
    return tuple(
        HouseholdToPlan(
            id=id,
            home=Place(row.home_name, row.home_lat, row.home_lon),
            shared_childcare=row.shared_childcare,
            members=tuple(members[id]),
        )
        for id, row in sorted(rows.items())
    )


def _person(row: PersonRow, needs: tuple[Need, ...]) -> PersonToPlan:
    told = row.analysis["availability"]
    availability = Availability(
        frozenset(told["times"]), float(told["max_travel_km"]), bool(told["can_attend_online"])
    )
    return PersonToPlan(row.id, row.organisation_id, row.tags, availability, needs)
