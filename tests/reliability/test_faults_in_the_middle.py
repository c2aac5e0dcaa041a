"""Promises 6 and 10: a fault at any statement leaves nothing behind; what succeeds is one entry.

Every workflow that edits a case or an agreement, and those of referrals, are interrupted at each of their
statements, once and from there on, and at the commit; then they are done.
"""

import importlib
import inspect
import itertools
import pkgutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

import workflows
from plans.actions import Action
from plans.referral_table import Reason
from store import tables as t
from store.faults import NotAllowed
from store.unit_of_work import ReadingUnit
from tests.workflows.agreements.edits import AGREEMENT_EDITS
from tests.workflows.cases.edits import CASE_EDITS
from tests.workflows.cases.scene import a_running_case
from tests.workflows.desks import the_machine
from tests.workflows.referrals.towns import a_town
from workflows.acting import DECLARED, Desk, workflow
from workflows.consents.giving import withdraw_consent
from workflows.privacy.erasing import Ground, erase_person
from workflows.referrals.office import cancel_referral, draft_referral, request_seat
from workflows.referrals.provider import accept_referral, read_incoming_referral

PATIENCE = 400
"""No workflow has so many statements."""


class Injected(Exception):
    """What fails in the middle."""


@dataclass
class Call:
    """A workflow that is ready to be called, and who calls it."""

    name: str
    desk: Desk
    run: Any


@contextmanager
def failing(engine, at, forever):
    """Let the statement of a number fail, or all from there on; the commit counts as the last one."""
    seen = itertools.count(1)

    def fail(*_):
        number = next(seen)
        if number == at or (forever and number > at):
            raise Injected

    for name in ("before_cursor_execute", "commit"):
        sa.event.listen(engine, name, fail)
    try:
        yield
    finally:
        for name in ("before_cursor_execute", "commit"):
            sa.event.remove(engine, name, fail)


def everything(store):
    """All rows of all tables, as they lie in the database; on PostgreSQL a sum over them."""
    tables = [table.name for table in t.metadata.sorted_tables]
    with store.engine.connect() as connection:
        if store.engine.dialect.name == "sqlite":
            raw = connection.connection.driver_connection
            return [raw.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in tables]
        sums = ", ".join(
            f"(SELECT row(count(*), sum(hashtextextended(x::text, 0)))::text FROM {name} x)"
            for name in tables
        )
        return tuple(connection.exec_driver_sql(f"SELECT {sums}").one())


def interrupted_everywhere(store, run):
    """Interrupt a call at each of its statements until none is left and it succeeds; how many there were."""
    before = everything(store)
    for at in range(1, PATIENCE):
        for forever in (False, True):
            try:
                with failing(store.engine, at, forever):
                    run()
            except Injected:
                assert everything(store) == before, f"statement {at} left something behind"
            else:
                return at - 1
    raise AssertionError("it never succeeded")


def chosen_edits(count):
    """Edits of cases and agreements, evenly chosen."""
    edits = (*CASE_EDITS, *AGREEMENT_EDITS)
    return edits[:: max(1, len(edits) // count)][:count]


def call_of(scene, edit):
    """An edit that is ready to be made on a case."""
    edit.first(scene)
    row = scene.plan(edit.about) if edit.edits is t.help_plan else scene.row(edit.edits, edit.about)
    name = next(known.action for known in DECLARED.values() if known.function is edit.workflow)
    id, version = scene.ids[edit.about], row["version"]
    return Call(name, scene.anna, lambda: edit.call(scene.anna, scene, id, version))


def calls_of_referrals(town):
    """The life of a referral up to the withdrawal and the erasure, each on what the one before left."""
    ids = {}

    def version():
        return town.version(ids["referral"])

    def draft():
        ids["referral"] = draft_referral(town.anna, town.need, town.slot)["referral_id"]

    def withdraw():
        (consent,) = town.rows(t.consent)
        withdraw_consent(town.anna, consent["id"], consent["version"])

    def erase():
        (plan,) = town.rows(t.help_plan)
        erase_person(the_machine(town.store), town.person, plan["version"], Ground.REQUEST)

    yield Call("draft-referral", town.anna, draft)
    yield Call("request-seat", town.anna, lambda: request_seat(town.anna, ids["referral"], version()))
    yield Call(
        "read-incoming-referral",
        town.vhs_desk,
        lambda: read_incoming_referral(town.vhs_desk, ids["referral"]),
    )
    yield Call(
        "accept-referral", town.vhs_desk, lambda: accept_referral(town.vhs_desk, ids["referral"], version())
    )
    yield Call(
        "cancel-referral",
        town.anna,
        lambda: cancel_referral(town.anna, ids["referral"], version(), Reason.CHILDCARE),
    )
    yield Call("withdraw-consent", town.anna, withdraw)
    yield Call("erase-person", the_machine(town.store), erase)


def entries(store):
    with ReadingUnit(store) as unit:
        query = sa.select(t.audit_entry).order_by(t.audit_entry.c.sequence)
        return unit.connection.execute(query).all()


def interrupted_and_done(store, call):
    """Interrupt a call everywhere, then let it succeed: one entry, of whoever called."""
    before = len(entries(store))
    statements = interrupted_everywhere(store, call.run)
    (entry,) = entries(store)[before:]
    caller = call.desk.caller
    assert (entry.action, entry.actor_label, entry.account_id) == (call.name, caller.label, caller.account_id)
    return statements


def test_a_fault_at_any_statement_leaves_nothing_and_the_next_request_works(store, fresh, sizes, figures):
    town, statements, done = a_town(store), 0, 0
    town.with_consent()
    for call in itertools.islice(calls_of_referrals(town), sizes.faulted_referral_steps):
        statements, done = statements + interrupted_and_done(town.store, call), done + 1
    for edit in chosen_edits(sizes.faulted_edits):
        scene = a_running_case(fresh())
        statements += interrupted_and_done(scene.store, call_of(scene, edit))
        done += 1

    control = a_running_case(fresh())
    with pytest.raises(AssertionError, match="left something behind"):
        interrupted_everywhere(
            control.store, lambda: commits_in_the_middle(control.anna, control.ids["goal"])
        )
    figures.keep(
        "6",
        f"{done} workflows interrupted at each of {statements:,} statements and commits, once and from "
        "there on: 0 changes, 0 entries of the audit, the next request works",
        "a workflow that commits in its middle: found",
    )
    figures.keep(
        "10, entries",
        f"{done} workflows: one entry each, with the action declared, account and label of the caller",
        "a workflow that records nothing: refused, and nothing changed",
    )


@workflow(Action.EDIT_PLAN)
def commits_in_the_middle(work, goal_id):
    """Control: what no workflow may do."""
    work.reach()
    goal = work.unit.get(t.goal, goal_id)
    work.unit.change(t.goal, goal_id, goal["version"], text_de="halb")
    work.unit.connection.connection.driver_connection.commit()
    work.unit.get(t.goal, goal_id)
    work.record("goal", goal_id, goal["region_id"])


@workflow(Action.EDIT_PLAN)
def records_nothing(work, goal_id):
    """Control: what no workflow may do."""
    work.reach()
    work.unit.change(t.goal, goal_id, work.unit.get(t.goal, goal_id)["version"], text_de="heimlich")


def test_a_workflow_that_leaves_no_entry_changes_nothing(store):
    scene = a_running_case(store)
    before = everything(scene.store)
    with pytest.raises(NotAllowed, match="has not said"):
        records_nothing(scene.anna, scene.ids["goal"])
    assert everything(scene.store) == before


READING = {Action.READ_PERSON, Action.READ_REFERRAL, Action.READ_INCOMING_REFERRAL, Action.LIST_PARTICIPANTS}


def test_files_are_read_by_workflows_which_leave_an_entry_and_no_request_names_the_actor():
    for module in pkgutil.walk_packages(workflows.__path__, "workflows."):
        importlib.import_module(module.name)
    own = {name: one for name, one in DECLARED.items() if name.startswith("workflows.")}
    read = {one.action for one in own.values() if one.changes} & READING
    assert read == READING
    for name, one in own.items():
        taken = set(inspect.signature(one.function).parameters)
        assert not taken & {"actor", "actor_label", "account_label", "caller", "label"}, name
