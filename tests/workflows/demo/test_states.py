"""A filled store holds every state that anything can be in, so that every page has honest content.

The states are those that the tables know: a new one without content fails, and so does a new column of terms
that nobody has said to be a state or none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from plans.referral_table import TABLE, ReferralState
from store import tables as t
from store.tables import ImportState, ProposalState, ReckoningState, RunState
from store.tables.columns import Term
from store.unit_of_work import ReadingUnit
from tests.workflows.demo.conftest import TODAY, Demo, a_demo

HOUSEHOLDS, DAYS = 30, 240

STATES = {"state", "phase", "finding", "action", "to_state", "seat", "shape"}
"""Columns that say where something stands."""

NO_STATES = {
    *("type", "kind", "role", "recipient_type", "purpose", "gender"),  # who or what it is
    *("relation", "side", "by", "ended_by"),  # between whom
    *("reason", "consequence", "outcome", "closure_reason", "what"),  # why, and with what result
}
"""Columns of terms that say something else."""

NEVER_LEFT = {
    ("planning_run", "state", RunState.RUNNING): "a run is over before the next day",
    **{("seat_record", "state", state): "left by an erasure only" for state in ReferralState},
    **{("reckoning", "state", state): "kept for whoever asked for it" for state in ReckoningState},
}


def term_columns() -> Iterator[sa.Column[Any]]:
    for table in t.metadata.sorted_tables:
        yield from (column for column in table.columns if isinstance(column.type, Term))


def possible(column: sa.Column[Any]) -> set[Any]:
    """Terms that a column can have: an event leads only to where the table of transitions does."""
    if column is t.referral_event.c.to_state:
        return {row.to for row in TABLE}
    return set(column.type.terms)


@pytest.fixture(scope="module")
def year(tmp_path_factory) -> Iterator[Demo]:
    made = a_demo(tmp_path_factory.mktemp("year") / "demo.db", HOUSEHOLDS, DAYS)
    yield made
    made.store.engine.dispose()


def test_every_column_of_terms_is_a_state_or_said_to_be_none():
    names = {column.name for column in term_columns()}
    assert names == STATES | NO_STATES
    assert STATES.isdisjoint(NO_STATES)


def test_every_state_of_every_table_is_there(year: Demo):
    missing = []
    with ReadingUnit(year.store) as unit:
        for column in term_columns():
            if column.name in STATES:
                found = set(unit.execute(sa.select(column).distinct()).scalars())
                missing += [(column.table.name, column.name, term) for term in possible(column) - found]
    assert sorted(row for row in missing if row not in NEVER_LEFT) == []


def holds(row: dict[str, Any]) -> bool:
    return row["withdrawn_on"] is None and (row["until_on"] is None or row["until_on"] >= TODAY)


MORE: dict[str, tuple[t.Table, Callable[[dict[str, Any]], bool]]] = {
    "a consent that holds for good": (t.consent, lambda row: holds(row) and row["until_on"] is None),
    "a consent that holds until a day": (t.consent, lambda row: holds(row) and row["until_on"] is not None),
    "a consent that was withdrawn": (t.consent, lambda row: row["withdrawn_on"] is not None),
    "a hold that somebody still answers": (
        t.referral,
        lambda row: row["hold_until_on"] is not None and row["hold_until_on"] >= TODAY,
    ),
    "a link that can be answered": (
        t.answer_link,
        lambda row: row["answered_at"] is None and row["ended_at"] is None,
    ),
    "a link that was answered": (t.answer_link, lambda row: row["answered_at"] is not None),
    "somebody who waits for a group": (t.waiting_list_entry, lambda row: row["left_on"] is None),
    "somebody who waited for a group": (t.waiting_list_entry, lambda row: row["left_on"] is not None),
    "a group that is full": (
        t.slot_group,
        lambda row: row["taken"] > 0 and row["taken"] + row["booked_elsewhere"] >= row["seats"],
    ),
    "a group that was given up": (t.slot_group, lambda row: row["gone_on"] is not None),
    "a group that is still to begin": (t.slot_group, lambda row: (row["start_on"] or TODAY) > TODAY),
    "a test that was followed": (t.placement, lambda row: row["decided_kind"] == row["kind"]),
    "a test that was not followed": (t.placement, lambda row: row["reason"] is not None),
    "somebody announced who is to come": (
        t.help_plan,
        lambda row: row["arrived_on"] is None and row["closed_on"] is None and row["expected_on"] >= TODAY,
    ),
    "a plan to be planned again": (t.help_plan, lambda row: row["replan_marked_at"] is not None),
    "a plan whose review is overdue": (
        t.help_plan,
        lambda row: row["review_due_on"] is not None and row["review_due_on"] < TODAY,
    ),
    "a plan looked at as a whole": (t.appointment, lambda row: row["is_overall"]),
    "figures looked at and not applied": (t.import_run, lambda row: row["state"] is ImportState.PREVIEWED),
    "a proposal to decide on": (t.proposal, lambda row: row["state"] is ProposalState.PROPOSED),
}
"""What is no term of a column, but stands on a page of its own."""


@pytest.mark.parametrize("what", MORE)
def test_what_shows_in_dates_and_counts_is_there_too(year: Demo, what: str):
    table, is_so = MORE[what]
    with ReadingUnit(year.store) as unit:
        assert any(is_so(row) for row in unit.find(table)), what
