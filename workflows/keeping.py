"""Zurückhalten: what a workflow keeps to itself before it changes it, in the one order in which all do.

Two workflows that lock the same rows in different orders can wait for each other for ever; PostgreSQL then
ends one of them. So every workflow locks in the order of `LOCK_ORDER`: whoever changes something of a person
keeps person, steps and help plan before anything else of it. SQLite has one lock for all.
"""

from __future__ import annotations

from store import tables as t
from store.queries.locks import has_all_to_itself, keep_to_itself
from workflows.acting import Work

LOCK_ORDER = (
    *("reckoning", "planning_run", "proposal", "household", "person", "need", "help_plan"),
    *("appointment", "placement", "consent", "referral", "slot_group", "waiting_list_entry"),
    *("answer_link", "agreement", "agreement_version", "audit_head"),
)
"""Tables in the order in which rows are locked; within one table by id. A test follows the workflows."""


def keep_person(work: Work, *person_ids: str) -> None:
    """Let nobody else change consents, referrals or help plans of people before this unit of work ends.

    Parameters
    ----------
    work : Work
        The workflow; it reads what it changes after this.
    *person_ids : str
        All of them at once, so that all lock in one order.
    """
    if has_all_to_itself(work.unit):
        return  # nor need the rows be looked up
    person, need, plan = t.person, t.need, t.help_plan
    keep_to_itself(work.unit, person, *person_ids)
    for table in (need, plan):
        rows = work.unit.find(table, table.c.person_id.in_(person_ids)) if person_ids else []
        keep_to_itself(work.unit, table, *(row["id"] for row in rows))


def keep_household(work: Work, household_id: str) -> None:
    """Let nobody else change a household, or anybody of it (`keep_person`), before this unit of work ends."""
    keep_to_itself(work.unit, t.household, household_id)
    keep_person(work, *(row["id"] for row in work.unit.find(t.person, household_id=household_id)))
