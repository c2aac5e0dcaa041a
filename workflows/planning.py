"""Aus Hilfeplänen eine Planungsaufgabe: a region and its households as tables of text.

The tables follow ``docs/model.md``. They carry pseudonyms only: no name, no date of birth, of gender only
the tag ``female`` that slots may require; homes are rounded to about 100 metres.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from network.kinds import kind_label
from network.model import Capacity, Place, Region, Slot, Supply
from plans.fault import Fault, PlanFault
from plans.model import Household, Need, Person
from plans.rules import RuleBook, standard_rules

FORMAT = "support-chain-problem/1"
HORIZON_DAYS = 730
HOME_DECIMALS = 3
"""Decimals of a home's coordinates: about 100 metres, enough for a way in kilometres."""

Row = dict[str, str]


@dataclass(frozen=True)
class CostParameters:
    """Kostenparameter: how waiting is counted, in weighted waiting days (see ``docs/model.md``).

    Parameters
    ----------
    long_wait_days : float
        Waiting beyond so many days counts extra, >= 0.
    long_wait_factor, overdue_factor, km_factor : float
        Extra days for each day of long wait, each day after the target, each kilometre of the way; >= 0.
    change_penalty, unserved_penalty : float
        Days for a changed proposal and for a need without a slot; >= 0.
    """

    long_wait_days: float
    long_wait_factor: float
    overdue_factor: float
    km_factor: float
    change_penalty: float
    unserved_penalty: float

    @classmethod
    def on(cls, day: date, book: RuleBook | None = None) -> CostParameters:
        """Return the parameters that dated rules name for a day; those of the project by default.

        All of them are assumptions.
        """
        rules = book or standard_rules()
        return cls(
            long_wait_days=rules.rule("cost-long-wait-days", day).value,
            long_wait_factor=rules.rule("cost-long-wait-factor", day).value,
            overdue_factor=rules.rule("cost-overdue-factor", day).value,
            km_factor=rules.rule("cost-km-factor", day).value,
            change_penalty=rules.rule("cost-change-days", day).value,
            unserved_penalty=rules.rule("cost-unserved-days", day).value,
        )


class PlannedPerson(Protocol):
    """Person, wie die Planung sie sieht: a pseudonym with tags, half-days, reach and open needs."""

    @property
    def id(self) -> str:
        """Pseudonym."""
        ...

    @property
    def tags(self) -> frozenset[str]:
        """Neutral facts that slots may require."""
        ...

    @property
    def times(self) -> frozenset[str]:
        """Half-days on which the person can attend."""
        ...

    @property
    def max_travel_km(self) -> float:
        """Longest way, km."""
        ...

    @property
    def can_attend_online(self) -> bool:
        """Whether online slots are possible."""
        ...

    @property
    def needs(self) -> tuple[Need, ...]:
        """Open steps."""
        ...


class PlannedHousehold(Protocol):
    """Haushalt, wie die Planung ihn sieht: a pseudonym with a home and members."""

    @property
    def id(self) -> str:
        """Pseudonym."""
        ...

    @property
    def home(self) -> Place:
        """Where they live."""
        ...

    @property
    def shared_childcare(self) -> bool:
        """Whether the members share the care of children."""
        ...

    @property
    def members(self) -> Sequence[PlannedPerson]:
        """Who is planned."""
        ...


@dataclass(frozen=True)
class NeedEntry:
    """Ein Bedarf mit der Person und dem Haushalt, zu denen er gehört."""

    need: Need
    person: Person
    household: Household

    def label(self, lang: str) -> str:
        """What is needed, in German (``de``) or English."""
        return kind_label(self.need.kind, lang)


def household_needs_index(households: Iterable[Household]) -> dict[str, NeedEntry]:
    """Return every need by its id, with its person and household, in the order of the help plans."""
    return {
        need.id: NeedEntry(need, person, household)
        for household in households
        for person in household.members
        for need in person.needs
    }


def planning_tables(
    region: Region,
    households: Sequence[Household],
    *,
    today: date,
    horizon_days: int = HORIZON_DAYS,
    cost: CostParameters | None = None,
) -> dict[str, Any]:
    """Turn a region's supply and the help plans into a planning problem.

    Parameters
    ----------
    region : Region
        Whose slots from `today` on are offered.
    households : sequence of Household
        Whose open needs are planned.
    today : date
        Day of planning.
    horizon_days : int
        A need without a slot waits so many days from today, 1 to 3650; slots that start later are left out.
    cost : CostParameters, optional
        How waiting is counted; by default what the dated rules name for `today`.

    Returns
    -------
    dict
        ``problem`` (the parameters), and lists of rows of text ``capacities``, ``slots``, ``people``,
        ``needs``, each sorted by id: the same input gives the same tables.

    Raises
    ------
    PlanFault
        Where an id occurs twice, a booked slot is not in the supply, or the horizon is out of range.
    """
    if not 1 <= horizon_days <= 3650:
        raise PlanFault(
            Fault("out-of-range", {"field": "horizon_days", "value": horizon_days, "allowed": "1–3650"})
        )
    horizon_end = today + timedelta(days=horizon_days)
    supply = region.slots(today, horizon_end)
    return tables_of(region.id, supply, households, today, horizon_end, cost or CostParameters.on(today))


def tables_of(
    name: str,
    supply: Supply,
    households: Sequence[PlannedHousehold],
    today: date,
    horizon_end: date,
    cost: CostParameters,
) -> dict[str, Any]:
    """Turn ways in and the open needs of people into a planning problem, like `planning_tables`.

    Parameters
    ----------
    name : str
        Begins the name of the problem, usually the region.
    supply : Supply
        What can be booked; a booked slot that began before `today` belongs to it as well.
    households : sequence
        Whose open needs are planned.
    today, horizon_end : date
        Day of planning, and day until which a need without a slot waits.
    cost : CostParameters
        How waiting is counted.

    Raises
    ------
    PlanFault
        Where an id occurs twice, or a booked slot is not in the supply.
    """
    _check(households, supply)
    used = {capacity for slot in supply.slots for capacity in slot.uses}
    return {
        "problem": _problem(name, households, today, horizon_end, cost),
        "capacities": _sorted(_capacity_row(c) for c in supply.capacities if c.id in used),
        "slots": _sorted(_slot_row(slot) for slot in supply.slots),
        "people": _sorted(_person_row(p, household) for household in households for p in household.members),
        "needs": _sorted(
            _need_row(need, person, household)
            for household in households
            for person in household.members
            for need in person.needs
        ),
    }


def _check(households: Sequence[PlannedHousehold], supply: Supply) -> None:
    offered = {slot.id for slot in supply.slots}
    faults = []
    for ids in (
        [household.id for household in households],
        [person.id for household in households for person in household.members],
        [need.id for need in _needs(households)],
    ):
        seen: set[str] = set()
        for id_ in ids:
            if id_ in seen:
                faults.append(Fault("duplicate-id", {"value": id_}, column=id_))
            seen.add(id_)
    for need in _needs(households):
        if need.fixed_slot and need.fixed_slot not in offered:
            faults.append(Fault("slot-not-offered", {"value": need.fixed_slot}, column=need.id))
    if faults:
        raise PlanFault(*faults)


def _needs(households: Iterable[PlannedHousehold]) -> Iterator[Need]:
    return (need for household in households for person in household.members for need in person.needs)


def _problem(
    name: str,
    households: Sequence[PlannedHousehold],
    today: date,
    horizon_end: date,
    cost: CostParameters,
) -> dict[str, Any]:
    people = sum(len(household.members) for household in households)
    return {
        "format": FORMAT,
        "name": f"{name}-{people}",
        "today": today.isoformat(),
        "horizon_end": horizon_end.isoformat(),
        "long_wait_days": cost.long_wait_days,
        "long_wait_factor": cost.long_wait_factor,
        "overdue_factor": cost.overdue_factor,
        "km_factor": cost.km_factor,
        "change_penalty": cost.change_penalty,
        "unserved_penalty": cost.unserved_penalty,
    }


def _capacity_row(capacity: Capacity) -> Row:
    return {
        "capacity": capacity.id,
        "seats": str(capacity.seats),
        "min_participants": str(capacity.min_participants),
    }


def _slot_row(slot: Slot) -> Row:
    place = None if slot.online else slot.place
    return {
        "slot": slot.id,
        "offering": slot.offering_id,
        "actor": slot.actor_id,
        "kind": slot.kind,
        "start": slot.start_on.isoformat(),
        "end": slot.end_on.isoformat(),
        "uses": ";".join(slot.uses),
        "lat": "" if place is None else _number(place.lat),
        "lon": "" if place is None else _number(place.lon),
        "online": _flag(slot.online),
        "requires": _list(slot.requires),
        "features": _list(slot.features),
        "times": _list(slot.times),
    }


def _person_row(person: PlannedPerson, household: PlannedHousehold) -> Row:
    return {
        "person": person.id,
        "lat": _number(round(household.home.lat, HOME_DECIMALS)),
        "lon": _number(round(household.home.lon, HOME_DECIMALS)),
        "max_km": _number(person.max_travel_km),
        "online": _flag(person.can_attend_online),
        "tags": _list(person.tags),
        "times": _list(person.times),
    }


def _need_row(need: Need, person: PlannedPerson, household: PlannedHousehold) -> Row:
    return {
        "need": need.id,
        "person": person.id,
        "kind": need.kind,
        "after": need.after or "",
        "relation": need.relation.value,
        "lag_days": str(need.lag_days),
        "max_lag_days": "" if need.max_lag_days is None else str(need.max_lag_days),
        "earliest": need.earliest_on.isoformat(),
        "target": "" if need.target_on is None else need.target_on.isoformat(),
        "weight": _number(need.weight),
        "features": _list(need.features),
        "exclusive": household.id if household.shared_childcare else "",
        "fixed_slot": need.fixed_slot or "",
        "proposed_slot": need.proposed_slot or "",
    }


def _sorted(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: next(iter(row.values())))


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _flag(value: bool) -> str:
    return "1" if value else "0"


def _list(words: Iterable[str]) -> str:
    return ";".join(sorted(words))
