"""Promise 8, declared: which role may use which page, and whose objects it sees there; one row an endpoint.

A role that a row does not name is refused. Whoever adds a page adds its row to the table of its area; a
page without a row fails ``test_matrix.py``, which asks every page as every role.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
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
    an_organisation,
    described,
)
from tests.web.desk.sessions import a_signed_in_account
from tests.web.desk.world import Side, World
from tests.workflows.desks import the_machine
from workflows.agreements.drafting import draft_agreement
from workflows.plain import plain

SOON = TODAY + timedelta(days=30)

Making = Callable[[World, Side], Mapping[str, str]]
"""Makes an object that belongs to a side of the world; returns the values of its address."""


class Reach(Enum):
    """Reichweite: whose objects a role sees on a page."""

    ALL = "whatever there is; also pages without an object"
    REGION = "its own region's; those of another region look as if they were not there"
    ORGANISATION = "its own organisation's; those of another one of the region look as if they were not there"


@dataclass(frozen=True)
class Row:
    """Zeile: one endpoint.

    Parameters
    ----------
    reach : mapping of Role to Reach
        The roles that may.
    of : callable, optional
        Makes the object that its address names.
    form : mapping
        What is sent where it takes a form, so that nothing but the permission can refuse it.
    ends_session : bool
        Whether whoever uses it is signed out.
    """

    reach: Mapping[Role, Reach]
    of: Making | None = None
    form: Mapping[str, Any] = field(default_factory=dict)
    ends_session: bool = False


def row(
    *everything: Role,
    of: Making | None = None,
    form: Mapping[str, Any] | None = None,
    ends_session: bool = False,
    **reach: Reach,
) -> Row:
    """Declare a row: roles that see everything there, and ``role=Reach.…`` for those that see their own.

    >>> row(*Role)  # a page without an object that every role may open
    >>> row(planner=Reach.REGION, of=a_run)
    """
    named = {Role(name): given for name, given in reach.items()}
    return Row({**dict.fromkeys(everything, Reach.ALL), **named}, of, form or {}, ends_session)


OPEN = frozenset({"static", "health.show", "sign_in.show", "sign_in.enter"})
"""Endpoints for everybody, signed in or not."""

FRAME = {
    "start.show": row(*Role),
    "sign_in.next_step": row(*Role),
    "sign_in.code": row(*Role),
    "sign_in.new_password": row(*Role),
    "sign_in.enrol": row(*Role),
    "sign_in.confirm": row(*Role),
    "sign_in.stay": row(*Role),
    "sign_in.leave": row(*Role, ends_session=True),
}


def a_region_of(world: World, side: Side) -> Mapping[str, str]:
    """The region of a side."""
    return {"region_id": side.region_id}


def an_actor(world: World, side: Side) -> Mapping[str, str]:
    """The provider of a side, by its key in the partner files."""
    with world.unit() as uow:
        key = uow.get(t.organisation, side.provider_id)["key"]
    return {"region_id": side.region_id, "key": key}


def a_row_of_an_actor(world: World, side: Side) -> Mapping[str, str]:
    """The row of the provider of a side itself."""
    return {**an_actor(world, side), "table": "actors", "id": side.provider_id}


def a_cooperation(world: World, side: Side) -> Mapping[str, str]:
    """A new cooperation of the provider of a side."""
    with world.unit() as uow:
        other = an_organisation(uow, side.region_id, world.next_name())
        ends = {"from_organisation_id": side.provider_id, "to_organisation_id": other}
        origin = {"agreement": "", "source": "", "illustrative": True}
        id = uow.insert(t.cooperation, region_id=side.region_id, kind="refers", **ends, **origin)
        described(uow).commit()
    return {**an_actor(world, side), "table": "cooperation", "id": id}


def a_table_of_an_actor(world: World, side: Side) -> Mapping[str, str]:
    """A table of the provider of a side, for a new row."""
    return {**an_actor(world, side), "table": "offerings"}


OF_THE_PARTNER = {Role.COORDINATOR: Reach.REGION, Role.PROVIDER: Reach.ORGANISATION}
"""The provider keeps its own rows, the coordinator those of the region."""

EVERYBODY = dict.fromkeys(Role, Reach.REGION)
"""Every role sees what belongs to its region."""


def an_import(world: World, side: Side) -> Mapping[str, str]:
    """A preview of files of the provider of a side."""
    key = an_actor(world, side)["key"]
    with world.unit() as uow:
        values = {"state": "previewed", "content": b"", "content_hash": "", "imported_by": None}
        differences = {"organisation": key, "rows": []}
        id = uow.insert(t.import_run, region_id=side.region_id, differences=differences, **values)
        described(uow).commit()
    return {"import_id": id}


NETWORK = {
    "network.regions": row(*Role),
    "network.show": Row(EVERYBODY, of=a_region_of),
    "network.actor": Row(EVERYBODY, of=an_actor),
    "network.weak": Row(EVERYBODY, of=a_region_of),
    "network.old": Row(EVERYBODY, of=a_region_of),
    "network.graph": Row(EVERYBODY, of=a_region_of),
    "network.graph_data": Row(EVERYBODY, of=a_region_of),
    "network.process": row(
        **dict.fromkeys(("counsellor", "provider", "coordinator", "planner"), Reach.REGION), of=a_region_of
    ),
    "network.edit": Row(OF_THE_PARTNER, of=a_row_of_an_actor),
    "network.save": Row(OF_THE_PARTNER, of=a_row_of_an_actor),
    "network.confirm": Row(OF_THE_PARTNER, of=a_row_of_an_actor),
    "network.end": row(coordinator=Reach.REGION, of=a_cooperation),
    "network.new": Row(OF_THE_PARTNER, of=a_table_of_an_actor),
    "network.add": Row(OF_THE_PARTNER, of=a_table_of_an_actor),
}


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
            *("member", "arrival", "new_goal", "achievement", "closing", "reopening", "consent", "placement"),
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
        for name in ("best", "ask", "wait", "take_back")
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

IMPORTS = {
    "imports.regions": row(*Role),
    "imports.show": row(coordinator=Reach.REGION, provider=Reach.REGION, of=a_region_of),
    "imports.preview": row(coordinator=Reach.REGION, provider=Reach.REGION, of=a_region_of),
    "imports.read": Row(OF_THE_PARTNER, of=an_import),
    "imports.apply": row(coordinator=Reach.REGION, of=an_import),
    "imports.undo": row(coordinator=Reach.REGION, of=an_import),
    "imports.export": Row(EVERYBODY, of=a_region_of),
}


def a_run(world: World, side: Side) -> Mapping[str, str]:
    """A planning run of the region of a side, finished and not released."""
    with world.unit() as uow:
        run_id = a_finished_run(uow, side.region_id)
        described(uow).commit()
    return {"run_id": run_id}


WHO_PLANS = {Role.PLANNER: Reach.REGION, Role.COORDINATOR: Reach.REGION}
"""Planners and coordinators, for their region."""

PLANNING = {
    "planning.regions": row(Role.PLANNER, Role.COORDINATOR),
    "planning.show": Row(WHO_PLANS, of=a_region_of),
    "planning.begin": Row(WHO_PLANS, of=a_region_of),
    "planning.figures": Row(WHO_PLANS, of=a_region_of),
    "planning.gaps": Row(WHO_PLANS, of=a_region_of),
    "planning.run": Row(WHO_PLANS, of=a_run),
    "planning.progress": Row(WHO_PLANS, of=a_run),
    "planning.stop": Row(WHO_PLANS, of=a_run),
    "planning.release": Row(WHO_PLANS, of=a_run),
}


def a_group_of(world: World, side: Side) -> Mapping[str, str]:
    """A course group of the provider of a side."""
    with world.unit() as uow:
        id = a_group(uow, side.region_id, side.provider_id, world.next_name(), start_on=SOON, end_on=SOON)
        described(uow).commit()
    return {"slot_group_id": id}


def a_referral_to(world: World, side: Side) -> Mapping[str, str]:
    """A referral that the office of a side has sent to its provider."""
    group_id = a_group_of(world, side)["slot_group_id"]
    with world.unit() as uow:
        person = a_person(uow, side.region_id, side.office_id)
        need = a_need(uow, side.region_id, a_plan(uow, side.region_id, side.office_id, person))
        slot = a_slot(uow, side.region_id, side.provider_id, group_id, start_on=SOON, end_on=SOON)
        id = a_referral(uow, need, slot, state="requested", sent_on=TODAY, hold_until_on=SOON)
        described(uow).commit()
    return {"referral_id": id, "answer": "accept"}


OWN_INBOX = {Role.PROVIDER: Reach.ORGANISATION}
"""Only what was sent to the own organisation."""

PROVIDER = {
    "provider.show": row(Role.PROVIDER),
    "provider.read": Row(OWN_INBOX, of=a_referral_to),
    "provider.answer": Row(OWN_INBOX, of=a_referral_to),
    "provider.table": row(Role.PROVIDER, Role.COORDINATOR),
    "provider.save": Row(OF_THE_PARTNER, of=a_group_of, form={"seats": "20", "booked": "1", "minimum": "9"}),
    "provider.participants": Row(OWN_INBOX, of=a_group_of),
}


def an_account_of(world: World, side: Side) -> Mapping[str, str]:
    """The account of a planner in the region of a side."""
    account_id, _ = a_signed_in_account(
        world.store, Role.PLANNER, f"konto-{world.next_name()}", region=side.region_id
    )
    with world.unit() as uow:
        (grant,) = uow.find(t.role_grant, account_id=account_id)
    return {"account_id": account_id, "grant_id": grant["id"], "deed": "stilllegen"}


ADMINISTERS = {Role.ADMINISTRATOR: Reach.REGION}
SEES_ACCOUNTS = {Role.ADMINISTRATOR: Reach.REGION, Role.AUDITOR: Reach.REGION}

ADMIN = {
    "admin.accounts": row(Role.ADMINISTRATOR, Role.AUDITOR),
    "admin.new_account": row(Role.ADMINISTRATOR),
    "admin.account": Row(SEES_ACCOUNTS, of=an_account_of),
    "admin.grant": Row(ADMINISTERS, of=an_account_of),
    "admin.revoke": Row(ADMINISTERS, of=an_account_of),
    "admin.password": Row(ADMINISTERS, of=an_account_of),
    "admin.act": Row(ADMINISTERS, of=an_account_of),
    "admin.organisations": row(Role.ADMINISTRATOR, Role.COORDINATOR),
    "admin.new_organisation": row(Role.ADMINISTRATOR, Role.COORDINATOR),
    "admin.rules": row(*Role),
    "admin.new_rules": row(Role.ADMINISTRATOR),
    "audit.show": row(Role.AUDITOR),
    "audit.export": row(Role.AUDITOR),
    "audit.verify": row(Role.AUDITOR, Role.ADMINISTRATOR),
}

AREAS_OF_ROWS = (FRAME, PEOPLE, NETWORK, IMPORTS, PLANNING, PROVIDER, ADMIN)
ROWS: Mapping[str, Row] = {name: one for area in AREAS_OF_ROWS for name, one in area.items()}
