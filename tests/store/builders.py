"""Builders of rows: a fictional region with what a test needs; every value can be given."""

from __future__ import annotations

from datetime import date
from typing import Any

from plans.help_plan import Phase
from plans.needs import Relation
from plans.referral_table import OPEN, ReferralState
from plans.steps import StepState
from store import tables as t
from store.tables import RunState
from store.unit_of_work import Agent, Store, UnitOfWork

ANNA = Agent("Muster, Anna")
"""A fictional counsellor at the command line: no account."""

TODAY = date(2026, 3, 2)
ORIGIN = {"source": "", "illustrative": True, "unstated": []}
CONDITIONS = {"requires": [], "features": []}


def a_unit(store: Store, purpose: str = "test") -> UnitOfWork:
    return UnitOfWork(store, actor=ANNA, purpose=purpose)


def described(uow: UnitOfWork, object_id: str = "x", **details: Any) -> UnitOfWork:
    uow.describe("test", "thing", object_id, details=details)
    return uow


def a_region(uow: UnitOfWork, id: str = "musterkreis") -> str:
    return uow.insert(
        t.region,
        id=id,
        name_de="Musterkreis",
        name_en="Sample County",
        population=100_000,
        ags="",
        today_on=TODAY,
        licence="CC0-1.0",
        source="",
        fictional=True,
        towns=[],
    )


def an_organisation(uow: UnitOfWork, region_id: str, key: str = "vhs", **given: Any) -> str:
    values = {
        "name": "VHS Musterstadt",
        "type": "course-provider",
        "place_name": "Musterstadt",
        "lat": 51.5,
        "lon": 7.4,
        "languages": ["deu"],
        "phone": "",
        "email": "",
        "website": "",
        **ORIGIN,
    }
    return uow.insert(t.organisation, region_id=region_id, key=key, **{**values, **given})


def an_account(uow: UnitOfWork, login_name: str = "anna.muster", **given: Any) -> str:
    values = {"display_name": "Anna Muster", "language": "de", "failed_attempts": 0, "is_active": True}
    return uow.insert(t.account, login_name=login_name, **{**values, **given})


def a_group(uow: UnitOfWork, region_id: str, organisation_id: str, key: str = "ik-1", **given: Any) -> str:
    offering_id = uow.insert(
        t.offering,
        region_id=region_id,
        organisation_id=organisation_id,
        key=f"offering-{key}",
        name="Integrationskurs",
        kind="integration-course",
        languages=[],
        online=False,
        **CONDITIONS,
        **ORIGIN,
    )
    values = {
        "row_key": key,
        "shape": "group",
        "start_on": TODAY,
        "end_on": TODAY,
        "modules": 7,
        "module_days": 35,
        "entry_modules": [1, 3],
        "seats": 20,
        "booked_elsewhere": 0,
        "minimum": 12,
        "online": False,
        "times": ["mo-am"],
        **CONDITIONS,
        **ORIGIN,
    }
    return uow.insert(
        t.slot_group, region_id=region_id, offering_id=offering_id, key=key, **{**values, **given}
    )


def a_slot(uow: UnitOfWork, region_id: str, organisation_id: str, group_id: str, **given: Any) -> str:
    group = uow.get(t.slot_group, group_id)
    values = {
        "key": f"{group['key']}-from-1",
        "kind": "integration-course/from-1",
        "entry_module": 1,
        "start_on": TODAY,
        "end_on": TODAY,
        "place_name": "Musterstadt",
        "lat": 51.5,
        "lon": 7.4,
        "online": False,
        "times": ["mo-am"],
        **CONDITIONS,
    }
    return uow.insert(
        t.slot,
        region_id=region_id,
        slot_group_id=group_id,
        offering_id=group["offering_id"],
        organisation_id=organisation_id,
        **{**values, **given},
    )


def a_person(uow: UnitOfWork, region_id: str, organisation_id: str, **given: Any) -> str:
    household_id = uow.insert(
        t.household,
        region_id=region_id,
        organisation_id=organisation_id,
        home_name="Musterstadt",
        home_lat=51.5,
        home_lon=7.4,
        children=[],
        shared_childcare=False,
        address="Musterweg 1, 99999 Musterstadt",
    )
    values = {
        "name": "Sara Muster",
        "birth_on": date(1990, 5, 17),
        "contact": {"phone": "0000 123456", "email": "sara.muster@example.org"},
        "profile": "P1",
        "tags": [],
    }
    return uow.insert(
        t.person,
        region_id=region_id,
        household_id=household_id,
        organisation_id=organisation_id,
        **{**values, **given},
    )


def a_plan(uow: UnitOfWork, region_id: str, organisation_id: str, person_id: str, **given: Any) -> str:
    values = {"phase": Phase.ACTIVE, "announced_languages": [], "arrived_on": TODAY}
    return uow.insert(
        t.help_plan,
        region_id=region_id,
        organisation_id=organisation_id,
        person_id=person_id,
        **{**values, **given},
    )


def a_need(uow: UnitOfWork, region_id: str, plan_id: str, **given: Any) -> str:
    person_id = uow.get(t.help_plan, plan_id)["person_id"]
    values = {
        "position": 1,
        "kind": "integration-course/from-1",
        "goal_de": "Deutsch B1",
        "goal_en": "German B1",
        "relation": Relation.END,
        "lag_days": 0,
        "earliest_on": TODAY,
        "weight": 1.0,
        "features": [],
        "responsible": person_id,
        "preconditions": [],
        "state": StepState.OPEN,
    }
    return uow.insert(
        t.need, region_id=region_id, help_plan_id=plan_id, person_id=person_id, **{**values, **given}
    )


def a_referral(
    uow: UnitOfWork, need_id: str, slot_id: str, state: ReferralState = ReferralState.DRAFT, **given: Any
) -> str:
    need, slot = uow.get(t.need, need_id), uow.get(t.slot, slot_id)
    is_open = state in OPEN
    values = {
        "kind": slot["kind"],
        "organisation_id": slot["organisation_id"],
        "recipient_id": slot["organisation_id"],
        "carries": ["reference"],
        "sent_on": None if state is ReferralState.DRAFT else TODAY,
        "hold_until_on": TODAY if state is ReferralState.REQUESTED else None,
        "ended_on": None if is_open else TODAY,
    }
    return uow.insert(
        t.referral,
        region_id=need["region_id"],
        person_id=need["person_id"],
        need_id=need_id,
        slot_id=slot_id,
        slot_group_id=slot["slot_group_id"],
        state=state,
        **{**values, **given},
    )


def a_finished_run(uow: UnitOfWork, region_id: str, state: RunState = RunState.FINISHED, **given: Any) -> str:
    """A planning run that found nothing to propose."""
    waits = {"needs": 0, "served": 0, "median_days": None, "mean_days": None, "p90_days": None}
    figures = {**waits, "within_six_weeks": None}
    summary = {
        "taken_at": uow.now.isoformat(),
        **{"proposals": 0, "planned": figures, "first_come": figures, "earlier": None, "changes": {}},
        **{"left_out": {"without_consent": 0, "waiting_for_unplanned": 0}, "marked_plans": 0},
    }
    settings = {"mode": "new", "time_limit_seconds": 60.0, "process": {"host": "elsewhere", "id": 1}}
    values = {
        **{"state": state, "today_on": TODAY, "horizon_end_on": TODAY, "problem_hash": "x"},
        **{"settings": settings, "started_at": uow.now, "finished_at": uow.now, "status": "optimal"},
        **{"cost_days": 0.0, "bound_days": 0.0, "summary": summary},
    }
    return uow.insert(t.planning_run, region_id=region_id, **{**values, **given})


def a_finished_reckoning(uow: UnitOfWork, region_id: str, **given: Any) -> str:
    """The report of a region, made with nothing in it."""
    settings = {"time_limit_seconds": 60.0, "process": {"host": "elsewhere", "id": 1}}
    values = {
        **{"state": "finished", "question": "report", "asked": {}, "asked_hash": "0", "settings": settings},
        **{"summary": {}, "answer": {"de": {}, "en": {}}, "started_at": uow.now, "finished_at": uow.now},
    }
    return uow.insert(t.reckoning, region_id=region_id, **{**values, **given})


def a_whole_case(uow: UnitOfWork, region_id: str = "musterkreis") -> dict[str, str]:
    """One region with a provider, a group, a slot, a person, a plan, a need and a draft referral."""
    a_region(uow, region_id)
    office = an_organisation(uow, region_id, "office", name="Stadt Musterstadt", type="municipality")
    provider = an_organisation(uow, region_id)
    group = a_group(uow, region_id, provider)
    slot = a_slot(uow, region_id, provider, group)
    person = a_person(uow, region_id, office)
    plan = a_plan(uow, region_id, office, person)
    need = a_need(uow, region_id, plan)
    referral = a_referral(uow, need, slot)
    return {
        "region": region_id,
        "office": office,
        "provider": provider,
        "group": group,
        "slot": slot,
        "person": person,
        "plan": plan,
        "need": need,
        "referral": referral,
    }
