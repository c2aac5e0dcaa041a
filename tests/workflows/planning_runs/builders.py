"""Builders of a small fictional region to plan: an office, a provider, groups, people who agreed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from network.model import HALF_DAYS
from plans.actions import Action
from plans.analysis import Analysis, Availability
from plans.consent import DataCategory, Purpose
from plans.planning_consent import PLANNING_CATEGORIES, PLANNING_OFFICE
from plans.referral_table import ReferralState
from plans.roles import Role
from store import tables as t
from store.engine import make_engine
from store.seats import take
from store.secrets import KeyRing
from store.unit_of_work import Store, UnitOfWork, utc_now
from tests.store.builders import (
    TODAY,
    a_group,
    a_need,
    a_person,
    a_plan,
    a_referral,
    a_region,
    a_slot,
    a_unit,
    an_account,
    an_organisation,
    described,
)
from tests.workflows.desks import REGION, a_caller, the_machine
from workflows.acting import Desk, Look, question
from workflows.plain import plain
from workflows.planning_runs.snapshot import Snapshot, take_household, take_snapshot

KIND = "integration-course/from-1"
ALL_TIMES = frozenset(HALF_DAYS)


def at(store: Store, day: date = TODAY, hour: int = 12) -> Store:
    """The same store on another day."""
    return replace(store, now=lambda: datetime(day.year, day.month, day.day, hour, tzinfo=UTC))


@dataclass
class Place:
    """A region in a store, to which things are added; each addition is committed at once."""

    store: Store
    office: str
    provider: str

    def unit(self) -> UnitOfWork:
        return a_unit(self.store)

    def counsellor(self, organisation_id: str | None = None) -> Desk:
        return Desk(self.store, a_caller(Role.COUNSELLOR, "acc-anna", organisation_id or self.office))

    def planner(self) -> Desk:
        return Desk(self.store, a_caller(Role.PLANNER, "acc-paula"))

    def machine(self) -> Desk:
        return the_machine(self.store)

    def group(self, seats: int = 20, minimum: int = 0, start_in_days: int = 7, days: int = 35) -> str:
        """A course group with one way in; returns its slot."""
        start_on = TODAY + timedelta(days=start_in_days)
        end_on = start_on + timedelta(days=days - 1)
        with self.unit() as uow:
            key = f"g{uow.count(t.slot_group) + 1}"
            dates = {"start_on": start_on, "end_on": end_on}
            group = a_group(
                uow,
                REGION,
                self.provider,
                key,
                **dates,
                seats=seats,
                minimum=minimum,
                modules=1,
                module_days=days,
                entry_modules=[1],
            )
            slot = a_slot(uow, REGION, self.provider, group, **dates)
            described(uow).commit()
        return slot

    def person(
        self,
        needs: int = 1,
        categories: Iterable[DataCategory] = PLANNING_CATEGORIES,
        times: frozenset[str] = ALL_TIMES,
        **consent: Any,
    ) -> list[str]:
        """A person whose steps follow each other; returns the needs. No categories: no consent."""
        with self.unit() as uow:
            person = a_person(uow, REGION, self.office)
            plan = a_plan(uow, REGION, self.office, person)
            analysis = Analysis(TODAY, Availability(times, 30))
            uow.insert(
                t.analysis,
                region_id=REGION,
                help_plan_id=plan,
                number=1,
                analysed_on=TODAY,
                content=plain(analysis),
            )
            made: list[str] = []
            for position in range(1, needs + 1):
                after = made[-1] if made else None
                made.append(a_need(uow, REGION, plan, position=position, kind=KIND, after_need_id=after))
            if categories:
                values = {"recipient_type": PLANNING_OFFICE, "from_on": TODAY, "purpose": Purpose.PLANNING}
                uow.insert(
                    t.consent,
                    region_id=REGION,
                    person_id=person,
                    categories=categories,
                    **{**values, **consent},
                )
            described(uow).commit()
        return made

    def lets_refer(self, *need_ids: str, **consent: Any) -> list[str]:
        """The persons agree that their data go to every course provider; returns the consents."""
        made = []
        with self.unit() as uow:
            for need_id in need_ids:
                values = {"recipient_type": "course-provider", "from_on": TODAY, "purpose": Purpose.REFERRAL}
                made.append(
                    uow.insert(
                        t.consent,
                        region_id=REGION,
                        person_id=uow.get(t.need, need_id)["person_id"],
                        categories=set(DataCategory) - {DataCategory.INTERNAL},
                        **{**values, **consent},
                    )
                )
            described(uow).commit()
        return made

    def booked(self, need_id: str, slot_id: str, state: ReferralState = ReferralState.ACCEPTED) -> str:
        """A referral that has a seat."""
        with self.unit() as uow:
            dates = {"registered_on": TODAY, "placed_on": TODAY}
            referral = a_referral(uow, need_id, slot_id, state, **dates)
            take(uow, uow.get(t.slot, slot_id)["slot_group_id"])
            described(uow).commit()
        return referral

    def changed(self, table: t.Table, id: str, **values: Any) -> None:
        """Change a row."""
        with self.unit() as uow:
            version = uow.get(table, id)["version"] if "version" in table.c else None
            uow.change(table, id, version, **values)
            described(uow).commit()

    def row(self, table: t.Table, id: str) -> dict[str, Any]:
        """A row as it is now."""
        with self.unit() as uow:
            return uow.get(table, id)

    def snapshot(self) -> Snapshot:
        return snapshot_of(self.machine(), REGION)

    def household(self, person_id: str) -> Snapshot:
        return household_of(self.machine(), person_id)


@question(Action.RUN_PLANNING)
def snapshot_of(look: Look, region_id: str) -> Snapshot:
    look.reach()
    return take_snapshot(look, region_id)


@question(Action.RUN_PLANNING)
def household_of(look: Look, person_id: str) -> Snapshot:
    look.reach()
    return take_household(look, person_id)


def a_place(store: Store) -> Place:
    """The fictional county with its office and one provider."""
    store = at(store)
    with a_unit(store) as uow:
        a_region(uow)
        office = an_organisation(uow, REGION, "office", name="Stadt Musterstadt", type=PLANNING_OFFICE)
        provider = an_organisation(uow, REGION)
        for name in ("anna", "paula"):
            an_account(uow, f"{name}.muster", id=f"acc-{name}")
        described(uow).commit()
    return Place(store, office, provider)


@contextmanager
def a_place_of_processes(url: str) -> Iterator[Place]:
    """The same in a store that other processes can open: it has the clock of the machine, as they have."""
    engine = make_engine(url)
    place = a_place(Store(engine, KeyRing.make()))
    place.store = replace(place.store, now=utc_now)
    yield place
    engine.dispose()
