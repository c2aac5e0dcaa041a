"""Promises 6 and 10: a fault at any statement leaves nothing behind; what succeeds is one entry.

Every workflow of the product is interrupted at each of its statements, once and from there on, and at the
commit; then it is done. A workflow that no life of `tests.reliability.doings` calls fails the test.
"""

import importlib
import inspect
import pkgutil
from unittest.mock import patch

import pytest
import sqlalchemy as sa

import workflows
from plans.actions import Action
from store import tables as t
from store.faults import NotAllowed
from store.unit_of_work import ReadingUnit
from tests.reliability.doings import LIVES
from tests.reliability.interrupting import (
    everything,
    interrupted_everywhere,
    interrupted_here_and_there,
    led,
    standing_still,
)
from tests.store.builders import a_region, a_unit, described
from tests.workflows.cases.scene import a_running_case
from workflows.acting import DECLARED, workflow


def entries(store):
    with ReadingUnit(store) as unit:
        query = sa.select(t.audit_entry).order_by(t.audit_entry.c.sequence)
        return unit.connection.execute(query).all()


def declared():
    """Every workflow and question of the product."""
    for module in pkgutil.walk_packages(workflows.__path__, "workflows."):
        importlib.import_module(module.name)
    return {name: one for name, one in DECLARED.items() if name.startswith("workflows.")}


def never_called(called):
    return {name for name, one in declared().items() if one.changes} - called


class Interrupter:
    """Interrupts calls, lets them succeed, and counts; `points` 0: at every statement."""

    def __init__(self, points):
        self.points, self.called, self.interrupted = points, set(), 0

    def __call__(self, call):
        store, caller = call.desk.store, call.desk.caller
        before = {entry.sequence for entry in entries(store)}
        count, result = (
            interrupted_here_and_there(store, call.run, self.points)
            if self.points
            else interrupted_everywhere(store, call.run)
        )
        (entry,) = (entry for entry in entries(store) if entry.sequence not in before)
        assert (entry.action, entry.actor_label) == (call.action, caller.label)
        assert entry.account_id == caller.account_id
        self.interrupted += count
        self.called.add(call.name)
        return result


def test_a_fault_at_any_statement_leaves_nothing_and_the_next_request_works(store, fresh, sizes, figures):
    is_sqlite = store.engine.dialect.name == "sqlite"
    interrupt = Interrupter(sizes.interrupted_at)
    for life in LIVES if is_sqlite else LIVES[: sizes.postgresql_lives]:
        for _ in led(life(fresh), interrupt):
            pass
    if is_sqlite:
        assert never_called(interrupt.called) == set()

    control = a_running_case(store)
    goal = control.ids["goal"]
    with pytest.raises(AssertionError, match="left something behind"):
        interrupted_everywhere(control.store, lambda: commits_in_the_middle(control.anna, goal))
    with pytest.raises(AssertionError, match="left something behind"):
        interrupted_here_and_there(control.store, lambda: commits_in_the_middle(control.anna, goal), 1)
    figures.keep(
        "6",
        f"{len(interrupt.called)} workflows, which are all of them, interrupted at each of "
        f"{interrupt.interrupted:,} statements and commits, once and from there on: 0 changes, 0 entries of "
        "the audit, the next request works",
        "a workflow that commits in its middle: found; one that is never tried: found",
    )
    figures.keep(
        "10, entries",
        f"{len(interrupt.called)} workflows: one entry each, with the action declared, account and label of "
        "the caller",
        "a workflow that records nothing: refused, and nothing changed",
    )


def test_a_commit_is_seen_also_where_not_all_rows_are_compared(store):
    """Control of the quick look."""
    with standing_still(store) as check:
        check(1)
        check(2)
        with a_unit(store) as uow:
            a_region(uow)
            described(uow)  # and rolled back
        check(3)
        with a_unit(store) as uow:
            a_region(uow)
            described(uow).commit()
        with pytest.raises(AssertionError, match="left something behind"):
            check(4)


def test_a_workflow_that_no_life_calls_is_found():
    called = {name for name, one in declared().items() if one.changes}
    assert never_called(called) == set()
    planted = next(one for one in DECLARED.values() if one.changes)
    with patch.dict(DECLARED, {"workflows.planted": planted}):
        assert never_called(called) == {"workflows.planted"}


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
    own = declared()
    read = {one.action for one in own.values() if one.changes} & READING
    assert read == READING
    for name, one in own.items():
        taken = set(inspect.signature(one.function).parameters)
        assert not taken & {"actor", "actor_label", "account_label", "caller", "label"}, name
