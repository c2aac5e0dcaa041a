"""A partner region with fictional households, written straight into a store: something to measure on.

Rows are written table by table, so that it takes seconds; no workflow is used, and the audit has one entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from network.model import Region, Slot, Supply
from network.partner_files import find_region, read_region
from plans.consent import Purpose
from plans.generator import fictional_households
from plans.help_plan import Phase
from plans.model import Household, Need, Person
from plans.planning_consent import PLANNING_CATEGORIES, PLANNING_OFFICE
from plans.referral_table import ReferralState
from plans.steps import StepState
from store import tables as t
from store.seats import take
from store.tables import GroupShape
from store.unit_of_work import Agent, Store, UnitOfWork
from workflows.plain import plain
from workflows.planning import HORIZON_DAYS

FILLER = Agent("benchmark")
_ORIGIN = {"source": "benchmark", "illustrative": True, "unstated": []}


@dataclass(frozen=True)
class Stored:
    """What was written: the region, its day, its people and their needs."""

    region_id: str
    today: date
    people: int
    needs: int

    def noon(self) -> datetime:
        """Noon of the region's day, UTC: a clock for the store."""
        return datetime(self.today.year, self.today.month, self.today.day, 12, tzinfo=UTC)


def store_region(
    store: Store, name: str, people: int, *, seed: int = 1, networks: int = 1, consenting: bool = True
) -> Stored:
    """Write a partner region and fictional people into an empty store.

    Parameters
    ----------
    store : Store
        Migrated, without this region.
    name : str
        Of the partner region.
    people : int
        With a help plan each, >= 0.
    seed : int
        Of the fictional people.
    networks : int
        How often the supply of the region is written, >= 1: a county of twice the size has twice of it.
    consenting : bool
        Whether everybody agrees to be planned.
    """
    region = read_region(find_region(name))
    supply = region.slots(region.today, region.today + timedelta(days=HORIZON_DAYS))
    households = fictional_households(region, people, seed, supply=supply)
    with UnitOfWork(store, actor=FILLER, purpose="fill a store to measure on") as unit:
        writer = _Writer(unit, region, supply)
        writer.network(networks)
        writer.people(households)
        if consenting:
            writer.consents(households)
        writer.bookings(households)
        unit.describe("fill", "region", region.id, region_id=region.id)
        unit.commit()
    needs = sum(1 for household in households for _ in household.needs())
    return Stored(region.id, region.today, people, needs)


class _Writer:
    def __init__(self, unit: UnitOfWork, region: Region, supply: Supply) -> None:
        self.unit, self.region, self.supply = unit, region, supply
        self.row_of = {**region.groups, **region.services, **region.stock}
        self.seats = {capacity.id: capacity for capacity in supply.capacities}

    def id(self, kind: str, key: str, copy: int = 1) -> str:
        """Id of a row of the network: its key in the partner files, and the number of the copy."""
        return f"{kind}-{key}" if copy == 1 else f"{kind}-{key}-{copy}"

    def group_key(self, slot: Slot) -> str:
        """A course group is one group; of a service each date is one, as of stock each row."""
        return slot.row_id if slot.row_id in self.region.groups else slot.id

    def network(self, copies: int) -> None:
        region = self.region
        self.unit.insert(
            t.region,
            id=region.id,
            name_de=region.name_de,
            name_en=region.name_en,
            population=region.population,
            ags=region.ags,
            today_on=region.today,
            licence=region.licence,
            source=region.source,
            fictional=region.fictional,
            towns=[],
        )
        for copy in range(1, copies + 1):
            self.unit.insert_all(t.organisation, self._organisations(copy))
            self.unit.insert_all(t.offering, self._offerings(copy))
            self.unit.insert_all(t.slot_group, self._groups(copy))
            self.unit.insert_all(t.slot, (self._slot(slot, copy) for slot in self.supply.slots))

    def _organisations(self, copy: int) -> Iterator[dict[str, Any]]:
        for actor in self.region.actors.values():
            yield {
                **_ORIGIN,
                "id": self.id("org", actor.id, copy),
                "region_id": self.region.id,
                "key": self.id("a", actor.id, copy),
                "place_name": actor.place.name,
                "lat": actor.place.lat,
                "lon": actor.place.lon,
                **{name: getattr(actor, name) for name in ("name", "type", "languages")},
                **{name: getattr(actor, name) for name in ("phone", "email", "website")},
            }

    def _offerings(self, copy: int) -> Iterator[dict[str, Any]]:
        names = ("name", "kind", "level_in", "level_out", "requires", "features", "languages", "online")
        for offering in self.region.offerings.values():
            yield {
                **_ORIGIN,
                "id": self.id("off", offering.id, copy),
                "region_id": self.region.id,
                "organisation_id": self.id("org", offering.actor_id, copy),
                "key": self.id("o", offering.id, copy),
                **{name: getattr(offering, name) for name in names},
            }

    def _groups(self, copy: int) -> Iterator[dict[str, Any]]:
        """One group for each course group, date of a service and row of stock that has a way in."""
        slots = {self.group_key(slot): slot for slot in self.supply.slots}
        for key, slot in slots.items():
            row = self.row_of[slot.row_id]
            is_course = slot.row_id in self.region.groups
            capacity = self.seats[slot.uses[-1]]
            yield {
                **_ORIGIN,
                **_conditions(slot),
                "id": self.id("grp", key, copy),
                "region_id": self.region.id,
                "offering_id": self.id("off", slot.offering_id, copy),
                "key": self.id("g", key, copy),
                "row_key": slot.row_id,
                "shape": self._shape(slot),
                "start_on": row.start_on if is_course else slot.start_on,
                "end_on": slot.end_on,
                "modules": row.modules if is_course else 1,
                "module_days": row.module_days if is_course else (slot.end_on - slot.start_on).days + 1,
                "entry_modules": list(row.entry_modules) if is_course else [1],
                "seats": row.seats if is_course else capacity.seats,
                "booked_elsewhere": row.booked if is_course else 0,
                "minimum": row.minimum if is_course else 0,
            }

    def _shape(self, slot: Slot) -> GroupShape:
        if slot.row_id in self.region.groups:
            return GroupShape.GROUP
        return GroupShape.SERVICE if slot.row_id in self.region.services else GroupShape.STOCK

    def _slot(self, slot: Slot, copy: int) -> dict[str, Any]:
        return {
            **_conditions(slot),
            "id": self.id("slt", slot.id, copy),
            "region_id": self.region.id,
            "slot_group_id": self.id("grp", self.group_key(slot), copy),
            "offering_id": self.id("off", slot.offering_id, copy),
            "organisation_id": self.id("org", slot.actor_id, copy),
            "key": self.id("s", slot.id, copy),
            "kind": slot.kind,
            "entry_module": int(slot.id.rpartition("-")[2]) if slot.row_id in self.region.groups else 1,
            "start_on": slot.start_on,
            "end_on": slot.end_on,
        }

    def people(self, households: Iterable[Household]) -> None:
        office = next(a.id for a in self.region.actors.values() if a.type is PLANNING_OFFICE)
        self.office = self.id("org", office)
        own = {"region_id": self.region.id, "organisation_id": self.office}
        members = [(household, person) for household in households for person in household.members]
        self.unit.insert_all(t.household, ({**own, **_household(household)} for household in households))
        self.unit.insert_all(t.person, ({**own, **_person(*pair)} for pair in members))
        self.unit.insert_all(t.help_plan, ({**own, **_plan(person)} for _, person in members))
        self.unit.insert_all(t.analysis, (self._analysis(person) for _, person in members))
        self.unit.insert_all(
            t.need,
            (self._need(need, person, n) for _, person in members for n, need in enumerate(person.needs, 1)),
        )

    def _analysis(self, person: Person) -> dict[str, Any]:
        return {
            "region_id": self.region.id,
            "help_plan_id": f"pln-{person.id}",
            "number": 1,
            "analysed_on": person.analysis.analysed_on,
            "content": plain(person.analysis),
        }

    def _need(self, need: Need, person: Person, position: int) -> dict[str, Any]:
        names = ("kind", "relation", "lag_days", "max_lag_days", "earliest_on", "target_on", "entitled_on")
        return {
            "id": f"ned-{need.id}",
            "region_id": self.region.id,
            "help_plan_id": f"pln-{person.id}",
            "person_id": f"per-{person.id}",
            "position": position,
            "goal_de": need.goal.text_de,
            "goal_en": need.goal.text_en,
            "after_need_id": f"ned-{need.after}" if need.after else None,
            "registered_on": need.earliest_on,
            "weight": need.weight,
            "features": need.features,
            "responsible": f"per-{person.id}",
            "preconditions": [],
            "state": StepState.OPEN,
            **{name: getattr(need, name) for name in names},
        }

    def consents(self, households: Iterable[Household]) -> None:
        """Everybody lets the planning office plan."""
        people = (person for household in households for person in household.members)
        self.unit.insert_all(
            t.consent,
            (
                {
                    "region_id": self.region.id,
                    "person_id": f"per-{person.id}",
                    "recipient_type": PLANNING_OFFICE,
                    "purpose": Purpose.PLANNING,
                    "categories": PLANNING_CATEGORIES,
                    "from_on": self.region.today,
                }
                for person in people
            ),
        )

    def bookings(self, households: Iterable[Household]) -> None:
        """Whoever is booked already has a referral that was accepted, and its seat."""
        slots = {slot.id: slot for slot in self.supply.slots}
        booked = [
            (need, person, slots[need.fixed_slot])
            for household in households
            for person in household.members
            for need in person.needs
            if need.fixed_slot
        ]
        self.unit.insert_all(t.referral, (self._referral(*one) for one in booked))
        for _, _, slot in booked:
            take(self.unit, self.id("grp", self.group_key(slot)))

    def _referral(self, need: Need, person: Person, slot: Slot) -> dict[str, Any]:
        return {
            "region_id": self.region.id,
            "person_id": f"per-{person.id}",
            "need_id": f"ned-{need.id}",
            "slot_id": self.id("slt", slot.id),
            "slot_group_id": self.id("grp", self.group_key(slot)),
            "kind": slot.kind,
            "organisation_id": self.office,
            "recipient_id": self.id("org", slot.actor_id),
            "carries": ["reference"],
            "state": ReferralState.ACCEPTED,
            "registered_on": self.region.today,
            "sent_on": self.region.today,
            "placed_on": self.region.today,
        }


def _conditions(slot: Slot) -> Mapping[str, Any]:
    place = slot.place
    return {
        "place_name": place.name if place else None,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "online": slot.online,
        "requires": slot.requires,
        "features": slot.features,
        "times": slot.times,
    }


def _household(household: Household) -> dict[str, Any]:
    return {
        "id": f"hsh-{household.id}",
        "home_name": household.home.name,
        "home_lat": household.home.lat,
        "home_lon": household.home.lon,
        "children": plain(household.children),
        "shared_childcare": household.shared_childcare,
        "address": "Musterweg 1",
    }


def _person(household: Household, person: Person) -> dict[str, Any]:
    return {
        "id": f"per-{person.id}",
        "household_id": f"hsh-{household.id}",
        **{name: getattr(person, name) for name in ("name", "birth_on", "gender", "profile", "tags")},
    }


def _plan(person: Person) -> dict[str, Any]:
    return {
        "id": f"pln-{person.id}",
        "person_id": f"per-{person.id}",
        "phase": Phase.ACTIVE,
        "announced_languages": [],
        "arrived_on": person.arrived_on,
    }
