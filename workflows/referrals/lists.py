"""Listen: referrals of an office, incoming ones of a provider, holds that end, what has no answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from plans.actions import Action
from plans.referral_table import ReferralState
from store import tables as t
from store.queries import referrals as queries
from store.queries.paging import Page
from store.rows import ReadRows
from workflows.acting import Look, question
from workflows.lists import Listed, listed
from workflows.referrals.scopes import without_person
from workflows.referrals.waiting_list import called
from workflows.scopes import scope_of

FIRST_PAGE = Page()
Row = Mapping[str, Any]


@question(Action.LIST_OWN_REFERRALS)
def list_own_referrals(look: Look, state: ReferralState, page: Page = FIRST_PAGE) -> Listed:
    """List the referrals of the caller's office in one state, the longest unchanged first.

    Returns
    -------
    Listed
        Rows with the person's name; ``is_called`` where somebody waits and a seat is free now.
    """
    rows = queries.of_office(look.unit, _organisations(look), state, page)
    return listed(_with_names(look.unit, _with_called(look.unit, rows)), page, "updated_at")


@question(Action.LIST_OWN_REFERRALS)
def list_ending_holds(look: Look, within_days: int = 1, page: Page = FIRST_PAGE) -> Listed:
    """List the referrals of the caller's office whose hold ends within some days, the most urgent first."""
    until_on = look.today + timedelta(days=within_days)
    rows = queries.holds_ending(look.unit, _organisations(look), until_on, page)
    return listed(_with_names(look.unit, rows), page, "hold_until_on")


@question(Action.LIST_OWN_REFERRALS)
def list_unanswered(look: Look, since_days: int, page: Page = FIRST_PAGE) -> Listed:
    """List the referrals of the caller's office without a yes or no since so many days, the longest first."""
    until_on = look.today - timedelta(days=since_days)
    rows = queries.unanswered(look.unit, _organisations(look), until_on, page)
    return listed(_with_names(look.unit, rows), page, "sent_on")


@question(Action.LIST_OWN_REFERRALS)
def list_referrals_of_person(look: Look, person_id: str, page: Page = FIRST_PAGE) -> Listed:
    """List all referrals of one person of the caller's office, oldest first.

    Raises
    ------
    Missing
        Where there is no such person, or the person is none of the caller's.
    """
    look.reach()
    person = look.unit.get(t.person, person_id)
    look.allow(scope_of(look.unit, t.person, person), t.person, person_id)
    return listed(queries.of_person(look.unit, person_id, page), page, "created_at")


@question(Action.LIST_INCOMING_REFERRALS)
def list_incoming_referrals(look: Look, state: ReferralState, page: Page = FIRST_PAGE) -> Listed:
    """List what was sent to the caller's organisation and is in one state, the longest unchanged first.

    Returns
    -------
    Listed
        Rows that say nothing about the person: whoever needs more reads the referral, which is noted;
        ``is_called`` where somebody waits and a seat is free now.
    """
    rows = queries.sent_to(look.unit, _organisations(look), state, page)
    shown = [without_person(row) for row in rows]
    return listed(_with_called(look.unit, shown), page, "updated_at")


def _organisations(look: Look) -> frozenset[str]:
    """Organisations of the caller for which the question is allowed; the machine has none."""
    grants = [grant for _, grant in look.reach()]
    return frozenset(grant.organisation_id for grant in grants if grant and grant.organisation_id)


def _with_names(unit: ReadRows, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The same rows with the name of the person, read once for all."""
    ids = {row["person_id"] for row in rows}
    persons = unit.find(t.person, t.person.c.id.in_(ids)) if ids else []
    names = {person["id"]: person["name"] for person in persons}
    return [{**row, "person_name": names[row["person_id"]]} for row in rows]


def _with_called(unit: ReadRows, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The same rows, and where somebody waits whether a seat is free for that one now."""
    groups = {row["slot_group_id"] for row in rows if row["state"] is ReferralState.WAITLISTED}
    next_ones = called(unit, groups)
    return [{**row, "is_called": row["id"] in next_ones} for row in rows]
