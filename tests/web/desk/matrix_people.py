"""Promise 8 on the pages of counsellors: only they, and only what their office looks after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plans.analysis import Analysis, Availability
from plans.consent import DataCategory, Purpose
from plans.referral_table import ReferralState
from plans.roles import Role
from store import tables as t
from store.unit_of_work import UnitOfWork
from tests.store.builders import (
    TODAY,
    a_finished_run,
    a_group,
    a_need,
    a_person,
    a_plan,
    a_referral,
    a_slot,
    described,
)
from tests.web.desk.matrix_rows import Making, Reach, Row, row
from tests.web.desk.world import Side, World
from tests.workflows.desks import the_machine
from workflows.agreements.drafting import draft_agreement
from workflows.plain import plain


def a_person_of(world: World, side: Side) -> Mapping[str, str]:
    """Somebody whom the office of a side looks after."""
    with world.unit() as uow:
        person_id = a_person(uow, side.region_id, side.office_id)
        a_plan(uow, side.region_id, side.office_id, person_id)
        described(uow).commit()
    return {"person_id": person_id}


def a_part_of(table: t.Table, name: str, **values: Any) -> Making:
    """Makes a row that hangs on the help plan or on the person of somebody of a side."""

    def made(world: World, side: Side) -> Mapping[str, str]:
        person = a_person_of(world, side)
        with world.unit() as uow:
            (plan,) = uow.find(t.help_plan, person_id=person["person_id"])
            hangs_on = {"help_plan_id": plan["id"]} if "help_plan_id" in table.c else person
            given = {key: value(side) if callable(value) else value for key, value in values.items()}
            id = uow.insert(table, region_id=side.region_id, **hangs_on, **given)
            described(uow).commit()
        return {**person, name: id}

    return made


def a_step_of(world: World, side: Side) -> Mapping[str, str]:
    """A step of somebody whom the office of a side looks after."""
    person = a_person_of(world, side)
    with world.unit() as uow:
        (plan,) = uow.find(t.help_plan, person_id=person["person_id"])
        step_id = a_need(uow, side.region_id, plan["id"])
        described(uow).commit()
    return {**person, "step_id": step_id}


def a_step_to_refer(world: World, side: Side) -> Mapping[str, str]:
    """A step with a drafted referral, and the slot that it is to."""
    step = with_analysis(world, side)
    with world.unit() as uow:
        group = a_group(uow, side.region_id, side.provider_id, world.next_name())
        slot = a_slot(uow, side.region_id, side.provider_id, group, key=world.next_name())
        a_referral(
            *(uow, step["step_id"], slot, ReferralState.DRAFT),
            organisation_id=side.office_id,
        )
        described(uow).commit()
    return {"need_id": step["step_id"], "slot_id": slot}


def with_analysis(world: World, side: Side) -> Mapping[str, str]:
    """A step of somebody who has an analysis."""
    step = a_step_of(world, side)
    with world.unit() as uow:
        analysis = Analysis(TODAY, Availability(frozenset(), 30))
        (plan,) = uow.find(t.help_plan, person_id=step["person_id"])
        about = {"region_id": side.region_id, "help_plan_id": plan["id"]}
        uow.insert(t.analysis, **about, number=1, analysed_on=TODAY, content=plain(analysis))
        described(uow).commit()
    return step


def a_proposal_of(world: World, side: Side) -> Mapping[str, str]:
    """A released proposal for somebody whom the office of a side looks after."""
    step = with_analysis(world, side)
    with world.unit() as uow:
        run_id = a_finished_run(uow, side.region_id, t.RunState.RELEASED)
        proposal_id = a_proposal(uow, side, run_id, step["step_id"], world.next_name())
        described(uow).commit()
    return {"proposal_id": proposal_id}


def a_proposal(uow: UnitOfWork, side: Side, run_id: str, need_id: str, key: str) -> str:
    """A proposal of a run for a step: a slot of the provider of a side."""
    group = a_group(uow, side.region_id, side.provider_id, key)
    slot = a_slot(uow, side.region_id, side.provider_id, group, key=key)
    return uow.insert(
        t.proposal,
        region_id=side.region_id,
        planning_run_id=run_id,
        need_id=need_id,
        person_id=uow.get(t.need, need_id)["person_id"],
        slot_id=slot,
        organisation_id=side.office_id,
        state=t.ProposalState.PROPOSED,
        reasons=[],
        alternatives=[],
    )


def an_agreement_of(world: World, side: Side) -> Mapping[str, str]:
    """A drafted agreement of somebody whom the office of a side looks after."""
    person_id = with_analysis(world, side)["person_id"]
    with world.unit() as uow:
        household_id = uow.get(t.person, person_id)["household_id"]
    drafted = draft_agreement(the_machine(world.store), household_id, [person_id], "eng")
    return {"agreement_id": drafted["id"]}


an_appointment_of = a_part_of(
    t.appointment, "appointment_id", planned_on=TODAY, state=t.AppointmentState.PLANNED, is_overall=False
)
a_goal_of = a_part_of(t.goal, "goal_id", position=1, text_de="Arbeit", text_en="Work")
a_consent_of = a_part_of(
    *(t.consent, "consent_id"),
    purpose=Purpose.REFERRAL,
    categories={DataCategory.REFERENCE},
    from_on=TODAY,
    recipient_id=lambda side: side.provider_id,
)
a_placement_of = a_part_of(
    *(t.placement, "placement_id"),
    tested_on=TODAY,
    kind="integration-course/from-1",
    skills={},
    tested_by=lambda side: side.office_id,
)

OWN_OFFICE = {Role.COUNSELLOR: Reach.ORGANISATION}
"""Only counsellors, and only what their office looks after."""

PEOPLE = {
    "people.show": row(Role.COUNSELLOR),
    "people.search": row(Role.COUNSELLOR, form={"name": "Mina Muster", "birth_on": "1990-01-01"}),
    "people.new": row(Role.COUNSELLOR),
    **{
        f"cases.{name}": Row(OWN_OFFICE, of=a_person_of)
        for name in (
            *("show", "analysis", "template", "new_step", "appointment", "talk", "person", "household"),
            *("member", "notice", "arrival", "new_goal", "achievement", "closing", "reopening", "consent"),
            "placement",
        )
    },
    **{
        f"cases.{name}": Row(OWN_OFFICE, of=a_step_of)
        for name in ("step", "earlier", "precondition", "dates", "drop")
    },
    **{f"cases.{name}": Row(OWN_OFFICE, of=an_appointment_of) for name in ("move", "cancel", "missed")},
    **{f"cases.{name}": Row(OWN_OFFICE, of=a_consent_of) for name in ("narrowing", "withdrawal")},
    **{
        f"referrals.{name}": Row(OWN_OFFICE, of=a_step_to_refer)
        for name in ("best", "ask", "wait", "call_up", "take_back", "answer_link")
    },
    **{
        f"agreements.{name}": Row(OWN_OFFICE, of=an_agreement_of)
        for name in ("show", "paper", "signature", "review", "change", "discard", "end")
    },
    "agreements.new": Row(OWN_OFFICE, of=a_person_of),
    "cases.sheet": Row(OWN_OFFICE, of=a_person_of),
    "referrals.proposals": row(Role.COUNSELLOR),
    **{f"referrals.{name}": Row(OWN_OFFICE, of=a_proposal_of) for name in ("proposal", "accept", "decline")},
    "cases.goal": Row(OWN_OFFICE, of=a_goal_of),
    "cases.choosing": Row(OWN_OFFICE, of=a_placement_of),
}
