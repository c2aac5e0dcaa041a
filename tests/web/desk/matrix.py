"""Promise 8, declared: which role may use which page, and whose objects it sees there; one row an endpoint.

A role that a row does not name is refused. Whoever adds a page adds its row to the table of its area; a
page without a row fails ``test_matrix.py``, which asks every page as every role.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from plans.roles import Role
from store import tables as t
from tests.store.builders import (
    TODAY,
    a_finished_reckoning,
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
from tests.web.desk.matrix_people import PEOPLE
from tests.web.desk.matrix_rows import Reach, Row, row
from tests.web.desk.sessions import a_signed_in_account
from tests.web.desk.world import Side, World
from tests.workflows.desks import the_machine
from workflows.planning_room.travel_times import keep_travel_times

SOON = TODAY + timedelta(days=30)

OPEN = frozenset({"static", "health.show", "sign_in.show", "sign_in.enter", "by_link.show", "by_link.answer"})
"""Endpoints for everybody, signed in or not; `by_link` asks for a token (`provider/test_by_link.py`)."""

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
        differences = {
            "organisation": key,
            "counts": dict.fromkeys(("added", "changed", "gone"), 0),
            "rows": [],
        }
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


def a_question(world: World, side: Side) -> Mapping[str, str]:
    """A question about the region of a side."""
    return {**a_region_of(world, side), "page": "bericht"}


def a_reckoning(world: World, side: Side) -> Mapping[str, str]:
    """A report about the region of a side, made with nothing in it."""
    with world.unit() as uow:
        id = a_finished_reckoning(uow, side.region_id)
        described(uow).commit()
    return {"reckoning_id": id}


def a_table_of_travel_times(world: World, side: Side) -> Mapping[str, str]:
    """Travel times of the region of a side."""
    id = keep_travel_times(the_machine(world.store), side.region_id, "x.csv", [["A", "B", 1.0]])
    return {**a_region_of(world, side), "travel_times_id": id}


WHO_PLANS = {Role.PLANNER: Reach.REGION, Role.COORDINATOR: Reach.REGION}
"""Planners and coordinators, for their region."""

PLANNING = {
    "planning.regions": row(Role.PLANNER, Role.COORDINATOR),
    "planning.show": Row(WHO_PLANS, of=a_region_of),
    "planning.begin": Row(WHO_PLANS, of=a_region_of),
    "planning.figures": Row(WHO_PLANS, of=a_region_of),
    "planning.balance": Row(WHO_PLANS, of=a_region_of),
    "planning.forecast": Row(WHO_PLANS, of=a_region_of),
    "planning.gaps": Row(WHO_PLANS, of=a_region_of),
    "planning.savings": Row(WHO_PLANS, of=a_region_of),
    "planning.what_if": Row(WHO_PLANS, of=a_region_of),
    "planning.analysis": Row(WHO_PLANS, of=a_region_of),
    "planning.simulation": Row(WHO_PLANS, of=a_region_of),
    "planning.report": Row(WHO_PLANS, of=a_region_of),
    "planning.reckon": Row(WHO_PLANS, of=a_question),
    "planning.reckoning": Row(WHO_PLANS, of=a_reckoning),
    "planning.reckoning_progress": Row(WHO_PLANS, of=a_reckoning),
    "planning.reckoning_stop": Row(WHO_PLANS, of=a_reckoning),
    "planning.report_file": Row(WHO_PLANS, of=a_reckoning),
    "planning.travel_times": Row(WHO_PLANS, of=a_region_of),
    "planning.travel_times_back": Row(WHO_PLANS, of=a_table_of_travel_times, form={"version": "1"}),
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
    "provider.save": Row(
        OF_THE_PARTNER, of=a_group_of, form={"start": f"{SOON}", "seats": "20", "booked": "1", "minimum": "9"}
    ),
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
