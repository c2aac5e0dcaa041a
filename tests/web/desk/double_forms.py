"""Promise 3 over forms, how each is tried: on which page it stands, with which object, what is typed."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from network.model import Place
from plans.agreement_records import Side as Party
from plans.case_records import ArrivalNotice, Closure, ClosureReason
from plans.identity import Home, Identity
from plans.roles import Role
from plans.steps import Precondition, StepState
from store import tables as t
from tests.store.builders import TODAY, a_finished_run, described
from tests.web.desk.admin.test_admin_pages import RULES
from tests.web.desk.counselling import Counsel, a_counsel
from tests.web.desk.matrix import SOON, an_actor
from tests.web.desk.matrix_people import with_analysis
from tests.web.desk.matrix_rows import Making
from tests.web.desk.world import Side, World
from tests.workflows.desks import the_machine
from workflows.agreements.drafting import amend_agreement, draft_agreement
from workflows.agreements.life import record_signature
from workflows.agreements.reading import read_agreement
from workflows.cases.closing import close_plan
from workflows.cases.households import announce_household
from workflows.partners.imports import apply_import, preview_import
from workflows.planning_room.reckonings import start_reckoning
from workflows.referrals.offers import ask_for_seat

WITHOUT_KEY = frozenset(
    (
        *(
            f"sign_in.{name}"
            for name in ("enter", "code", "new_password", "enrol", "confirm", "stay", "leave")
        ),
        "people.search",
        "audit.verify",
        "by_link.answer",
    )
)
"""Forms that change nothing but the own session, or nothing at all; a link takes one answer, and says so."""

TELLS_ONCE = frozenset({"admin.password"})
"""Forms whose answer is shown once and kept nowhere: the second is told that it was done."""

PAGES: Mapping[str, str] = {
    **{f"cases.{name}": "cases.show" for name in ("cancel", "earlier", "missed")},
    **{f"admin.{name}": "admin.account" for name in ("act", "password", "revoke")},
    **{f"imports.{name}": "imports.read" for name in ("apply", "undo")},
    "imports.preview": "imports.show",
    "network.add": "network.new",
    "network.confirm": "network.actor",
    "network.end": "network.edit",
    "network.save": "network.edit",
    "planning.begin": "planning.show",
    "planning.reckon": "planning.report",
    "planning.reckoning_stop": "planning.reckoning",
    "planning.release": "planning.run",
    "planning.travel_times_back": "planning.travel_times",
    "planning.stop": "planning.run",
    "provider.answer": "provider.read",
    "provider.save": "provider.table",
    "referrals.accept": "referrals.proposal",
}
"""Pages on which a form stands that has none of its own."""


def a_counsel_of(world: World, side: Side) -> Counsel:
    """A household on its way, looked after by the counsellor of the world, with everything by workflows."""
    account_id = world.visitor(Role.COUNSELLOR).account_id
    return a_counsel(world.store, account_id, side.office_id, side.provider_id)


def a_case_without_steps(world: World, side: Side) -> Mapping[str, str]:
    """Somebody with an analysis whose only step is done."""
    values = with_analysis(world, side)
    with world.unit() as uow:
        (plan,) = uow.find(t.help_plan, person_id=values["person_id"])
        counsellor_id = world.visitor(Role.COUNSELLOR).account_id
        uow.change(t.help_plan, plan["id"], plan["version"], counsellor_id=counsellor_id)
        (need,) = uow.find(t.need, person_id=values["person_id"])
        uow.change(t.need, need["id"], need["version"], state=StepState.DONE, done_on=TODAY)
        described(uow).commit()
    return values


def a_closed_case(world: World, side: Side) -> Mapping[str, str]:
    """Somebody whose help plan is closed."""
    values = a_case_without_steps(world, side)
    with world.unit() as uow:
        (plan,) = uow.find(t.help_plan, person_id=values["person_id"])
        version = plan["version"]
        described(uow).commit()
    closure = Closure(TODAY, ClosureReason.MOVED_AWAY, "")
    close_plan(the_machine(world.store), values["person_id"], version, closure)
    return values


def somebody_announced(world: World, side: Side) -> Mapping[str, str]:
    """Somebody who is expected."""
    person = Identity("Nina Muster", date(1990, 5, 17))
    notice = ArrivalNotice(TODAY, TODAY, side.provider_id, ())
    home = Home(Place("Musterstadt", 51.5, 7.4), "", ())
    made = announce_household(the_machine(world.store), side.office_id, home, [person], notice)
    return {"person_id": made["person_ids"][0]}


def a_step_after_another(world: World, side: Side) -> Mapping[str, str]:
    """An open step that waits for another open one."""
    counsel = a_counsel_of(world, side)
    return {"person_id": counsel.person_id, "step_id": counsel.step()["id"]}


def a_step_with_a_precondition(world: World, side: Side) -> Mapping[str, str]:
    """A step for which a document is missing."""
    values = with_analysis(world, side)
    with world.unit() as uow:
        need = uow.get(t.need, values["step_id"])
        uow.change(t.need, need["id"], need["version"], preconditions=[Precondition.DOCUMENTS])
        described(uow).commit()
    return values


def a_free_seat(world: World, side: Side, **given: Any) -> tuple[Counsel, Mapping[str, str]]:
    """A step that may be asked for now, and a slot for it."""
    counsel = a_counsel_of(world, side)
    counsel.is_done("placement-test")
    counsel.agrees()
    return counsel, {"need_id": counsel.step()["id"], "slot_id": counsel.group(80, **given)}


def a_proposal_with_consent(world: World, side: Side) -> Mapping[str, str]:
    """A released proposal of a free seat, for somebody who has consented."""
    counsel, values = a_free_seat(world, side)
    with world.unit() as uow:
        run_id = a_finished_run(uow, side.region_id, t.RunState.RELEASED)
        about = {"need_id": values["need_id"], "slot_id": values["slot_id"], "person_id": counsel.person_id}
        more = {"state": t.ProposalState.PROPOSED, "reasons": [], "alternatives": []}
        ids = {"region_id": side.region_id, "planning_run_id": run_id, "organisation_id": side.office_id}
        proposal_id = uow.insert(t.proposal, **ids, **about, **more)
        described(uow).commit()
    return {"proposal_id": proposal_id}


def a_request(world: World, side: Side) -> Mapping[str, str]:
    """A seat that was asked for and is held."""
    counsel, values = a_free_seat(world, side)
    asked = ask_for_seat(counsel.desk, values["need_id"], values["slot_id"])
    return {"referral_id": asked["referral_id"], "answer": "accept", "need_id": values["need_id"]}


def a_draft_agreement(world: World, side: Side) -> Mapping[str, str]:
    """A drafted agreement with a chain of steps."""
    counsel = a_counsel_of(world, side)
    (person,) = counsel.find(t.person, id=counsel.person_id)
    made = draft_agreement(counsel.desk, person["household_id"], [counsel.person_id], "eng")
    return {"agreement_id": made["id"], "person_id": counsel.person_id}


def a_signed_agreement(world: World, side: Side) -> Mapping[str, str]:
    """An agreement in force."""
    values = a_draft_agreement(world, side)
    desk = the_machine(world.store)
    version = 1
    parties = (
        (Party.PERSON, values["person_id"]),
        *((Party.OFFICE, side.office_id),) * 2,
    )
    for number, (party, id) in enumerate(parties):
        told = read_agreement(desk, values["agreement_id"])["agreement"]
        if told["state"] == "in-force":
            break
        signed = (party, id, f"Muster {number}", TODAY)
        version = record_signature(desk, values["agreement_id"], told["version"], *signed)["version"]
    assert version > 1
    return values


def an_amended_agreement(world: World, side: Side) -> Mapping[str, str]:
    """An agreement in force with an amendment that nobody has signed."""
    values = a_signed_agreement(world, side)
    desk = the_machine(world.store)
    version = read_agreement(desk, values["agreement_id"])["agreement"]["version"]
    amend_agreement(desk, values["agreement_id"], version, "andere Zeiten")
    return values


def a_preview(world: World, side: Side) -> Mapping[str, str]:
    """Files of the provider of a side that would change something."""
    key = an_actor(world, side)["key"]
    found = preview_import(the_machine(world.store), side.region_id, {"actors.csv": a_file(world, key)}, key)
    assert not found["problems"]
    return {"import_id": found["import_id"], "region_id": side.region_id}


def an_applied_import(world: World, side: Side) -> Mapping[str, str]:
    """An import that was applied."""
    values = a_preview(world, side)
    apply_import(the_machine(world.store), values["import_id"], 1)
    return values


def a_running_run(world: World, side: Side) -> Mapping[str, str]:
    """The planning run of a side that is at work; one is begun where there is none."""
    with world.unit() as uow:
        running = uow.find(t.planning_run, region_id=side.region_id, state=t.RunState.RUNNING)
        given = {"finished_at": None, "status": None}
        id = running[0]["id"] if running else a_finished_run(uow, side.region_id, t.RunState.RUNNING, **given)
        described(uow).commit()
    return {"run_id": id}


def a_running_reckoning(world: World, side: Side) -> Mapping[str, str]:
    """A question about the region of a side that is at work."""
    id = start_reckoning(the_machine(world.store), side.region_id, "report", {"form": world.next_name()})
    return {"reckoning_id": id}


def a_file(world: World, key: str) -> bytes:
    """A file of actors with one of them under a name that it never had."""
    head = "id,name,type,place,lat,lon,source"
    row = f"{key},VHS {world.next_name()},course-provider,Musterstadt,51.5,7.4,Anruf"
    return f"{head}\n{row}\n".encode()


OF: Mapping[str, Making] = {
    **dict.fromkeys(
        (f"cases.{name}" for name in ("dates", "drop", "step", "new_step", "template")), with_analysis
    ),
    **dict.fromkeys(("cases.arrival", "cases.notice"), somebody_announced),
    "cases.closing": a_case_without_steps,
    "cases.reopening": a_closed_case,
    "cases.earlier": a_step_after_another,
    "cases.precondition": a_step_with_a_precondition,
    "referrals.ask": lambda world, side: a_free_seat(world, side)[1],
    "referrals.wait": lambda world, side: a_free_seat(world, side, seats=1, booked_elsewhere=1)[1],
    "referrals.take_back": a_request,
    "referrals.answer_link": a_request,
    "referrals.accept": a_proposal_with_consent,
    "provider.answer": a_request,
    **dict.fromkeys((f"agreements.{name}" for name in ("new", "end", "signature")), a_draft_agreement),
    "agreements.review": a_signed_agreement,
    "agreements.discard": an_amended_agreement,
    "imports.apply": a_preview,
    "imports.undo": an_applied_import,
    "planning.reckoning_stop": a_running_reckoning,
    "planning.stop": a_running_run,
}
"""Objects with which a form can be sent where that of the matrix is not enough."""

AS: Mapping[str, Role] = {"provider.save": Role.PROVIDER}
"""Who sends a form, where not the first role that may."""


def somebody(world: World) -> dict[str, str]:
    """A person of a form."""
    return {"name": f"Muster {world.next_name()}", "birth_on": "1990-05-17"}


def uploaded(content: bytes) -> Callable[[], tuple[io.BytesIO, str]]:
    """A file, anew for every time it is sent."""
    return lambda: (io.BytesIO(content), "actors.csv")


TYPED: Mapping[str, Callable[[World, Mapping[str, str]], Mapping[str, Any]]] = {
    "admin.grant": lambda world, _: {"role": "coordinator", "organisation": ""},
    "admin.new_account": lambda world, _: {
        **{"login_name": f"konto-{world.next_name()}", "display_name": "Nina Muster"},
        **{"role": "counsellor", "organisation": world.own.office_id},
    },
    "admin.new_organisation": lambda world, _: {"key": world.next_name(), "lat": "51,5", "lon": "7.4"},
    "admin.new_rules": lambda *_: {"content": RULES},
    "agreements.end": lambda *_: {"why": "Umzug"},
    "people.new": lambda world, _: {**somebody(world), "arrived_on": str(TODAY), "town": "Musterstadt"},
    "cases.member": lambda world, _: {**somebody(world), "arrived_on": str(TODAY)},
    "cases.consent": lambda world, _: {"recipient": world.own.provider_id, "categories": ["reference"]},
    "imports.preview": lambda world, _: {"files": uploaded(a_file(world, "vhs-a")), "sender": "vhs-a"},
    "planning.travel_times": lambda *_: {"file": uploaded(b"from,to,minutes\nA,B,1\n")},
    "network.add": lambda world, _: {
        "id": world.next_name(),
        "name": "Kurs",
        "kind": "counselling/youth",
        "source": "Anruf",
    },
    "network.save": lambda world, _: {"name": f"VHS {world.next_name()}"},
    "provider.save": lambda *_: {"start": str(SOON), "seats": "21", "booked": "1", "minimum": "9"},
}
"""What is typed where it is not enough to fill in what is asked for."""
