"""Every workflow locks rows in one order, so that no two can wait for each other for ever."""

import re
from contextlib import contextmanager
from datetime import date
from itertools import pairwise

import pytest
import sqlalchemy as sa

from plans.referral_table import Reason
from plans.steps import Finding
from store.engine import make_engine
from store.secrets import KeyRing
from store.unit_of_work import Store
from tests.workflows.agreements.edits import a_signed_one
from tests.workflows.cases.scene import a_home, a_running_case, an_identity
from tests.workflows.desks import the_machine
from tests.workflows.planning_runs.builders import a_place
from tests.workflows.planning_runs.test_deciding import proposal_for
from tests.workflows.planning_runs.test_runs import released
from tests.workflows.referrals.towns import a_town
from workflows.cases.appointments import move_appointment
from workflows.cases.households import edit_household
from workflows.cases.persons import assign_counsellor, edit_person
from workflows.cases.reviews import hold_review, review_step
from workflows.consents.giving import withdraw_consent
from workflows.keeping import LOCK_ORDER
from workflows.planning_runs.deciding import decline_proposal
from workflows.privacy.erasing import Ground, erase_person
from workflows.referrals.office import cancel_referral, draft_referral, request_seat
from workflows.referrals.provider import accept_referral

LOCKS = re.compile(r"^(?:UPDATE|DELETE FROM) (\w+)|FROM (\w+)\s.*FOR (?:NO KEY )?UPDATE", re.S)
MARCH_9 = date(2026, 3, 9)


@pytest.fixture
def store(make_url):
    """PostgreSQL alone: SQLite has one lock for everything."""
    engine = make_engine(make_url("postgresql"))
    yield Store(engine, KeyRing.make())
    engine.dispose()


@contextmanager
def locked_by(store):
    """Tables of which rows are locked meanwhile, each where it comes first."""
    found = []

    def note(_connection, _cursor, statement, *_):
        for match in LOCKS.finditer(statement):
            table = match[1] or match[2]
            if table in LOCK_ORDER and table not in found:
                found.append(table)

    sa.event.listen(store.engine, "before_cursor_execute", note)
    yield found
    sa.event.remove(store.engine, "before_cursor_execute", note)


def out_of_order(locked):
    """The first table that is locked too late, with what was locked before it; None where all is well."""
    ranks = [LOCK_ORDER.index(table) for table in locked]
    for before, after in pairwise(ranks):
        if after < before:
            return LOCK_ORDER[after], locked
    return None


def check(store, run):
    with locked_by(store) as locked:
        told = run()
    assert locked[-1] == "audit_head" and len(locked) > 1
    assert out_of_order(locked) is None
    return told


def edits_of_a_case(scene):
    """Edits that touch several tables, each on what the one before left."""
    ids, anna = scene.ids, scene.anna
    step = {ids["step"]: (Finding.OPEN, "")}
    amina = ids["amina"]
    yield lambda: move_appointment(anna, ids["appointment"], 1, date(2026, 4, 8))
    yield lambda: assign_counsellor(anna, amina, scene.version(), ids["carla"])
    yield lambda: hold_review(anna, amina, scene.version(), MARCH_9, step, date(2026, 4, 9))
    yield lambda: review_step(anna, ids["step"], 2, MARCH_9, Finding.OPEN)
    yield lambda: edit_person(anna, amina, 1, an_identity(tags=frozenset({"refugee"})))
    yield lambda: edit_household(anna, ids["household"], 1, a_home(children=()))
    a_signed_one(scene)
    yield lambda: erase_person(the_machine(scene.store), amina, scene.version(), Ground.REQUEST)


def steps_of_a_referral(town):
    made = {}
    consent = town.with_consent()

    def draft():
        made["id"] = draft_referral(town.anna, town.need, town.slot)["referral_id"]

    def version():
        return town.version(made["id"])

    yield draft
    yield lambda: request_seat(town.anna, made["id"], version())
    yield lambda: accept_referral(town.vhs_desk, made["id"], version())
    yield lambda: cancel_referral(town.anna, made["id"], version(), Reason.CHILDCARE)
    yield draft
    yield lambda: request_seat(town.anna, made["id"], version())
    yield lambda: withdraw_consent(town.anna, consent, 1)


def test_workflows_of_cases_lock_in_one_order(store):
    scene = a_running_case(store)
    for run in edits_of_a_case(scene):
        check(scene.store, run)


def test_workflows_of_referrals_lock_in_one_order(store):
    town = a_town(store)
    for run in steps_of_a_referral(town):
        check(town.store, run)


def test_who_declines_a_proposal_waits_for_whoever_edits_the_help_plan(store):
    """Its mark for a re-plan would be refused as stale otherwise, though nobody read the plan."""
    place = a_place(store)
    place.group()
    (need,) = place.person()
    released(place)
    proposal = proposal_for(place, need)
    with locked_by(store) as locked:
        decline_proposal(place.counsellor(), *proposal, Reason.CLIENT_DECLINED)
    assert locked == ["proposal", "person", "need", "help_plan", "audit_head"]


def test_a_workflow_that_keeps_nobody_first_would_be_found(store, monkeypatch):
    """Control: an appointment is moved, and then the help plan follows it."""
    scene = a_running_case(store)
    monkeypatch.setattr("workflows.cases.appointments.keep_person", lambda *_: None)
    with locked_by(scene.store) as locked:
        next(edits_of_a_case(scene))()
    assert out_of_order(locked)[0] == "help_plan"
