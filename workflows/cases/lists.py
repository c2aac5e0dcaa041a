"""Listen einer Beraterin: what is due, late or agreed for the people she looks after herself."""

from __future__ import annotations

from datetime import date, timedelta

from plans.actions import Action
from plans.roles import Whose
from store.queries import people
from store.queries.paging import Page
from store.queries.people import Own
from workflows.acting import Look, question
from workflows.lists import Listed, listed

FIRST_PAGE = Page()


@question(Action.LIST_PEOPLE)
def list_own_people(look: Look, page: Page = FIRST_PAGE) -> Listed:
    """List everybody whose help plan is open."""
    return listed(people.own_people(look.unit, own(look), page), page, "id")


@question(Action.LIST_PEOPLE)
def list_due_reviews(look: Look, page: Page = FIRST_PAGE, within_days: int = 0) -> Listed:
    """List plans whose review is due today or within some days, the most urgent first."""
    until_on = look.today + timedelta(days=within_days)
    return listed(people.due_reviews(look.unit, own(look), until_on, page), page, "review_due_on")


@question(Action.LIST_PEOPLE)
def list_long_waits(look: Look, page: Page = FIRST_PAGE) -> Listed:
    """List steps that wait for longer than a course should (six weeks, IntV § 7(4)), the longest first.

    The length is that of the rule that holds today, also for those who registered under an earlier one.
    """
    days = look.book.rule("course-start-days", look.today).days
    until_on = look.today - timedelta(days=days + 1)
    rows = people.waiting_since(look.unit, own(look), until_on, page)
    return listed(rows, page, "registered_on", "step_id")


@question(Action.LIST_PEOPLE)
def list_missing_follow_ons(look: Look, page: Page = FIRST_PAGE, within_days: int = 56) -> Listed:
    """List steps that end within some days though the one that follows has no seat yet."""
    until_on = look.today + timedelta(days=within_days)
    rows = people.ending_without_follow_on(look.unit, own(look), until_on, page)
    return listed(rows, page, "end_on", "next_step_id")


@question(Action.LIST_PEOPLE)
def list_next_appointments(look: Look, page: Page = FIRST_PAGE, from_on: date | None = None) -> Listed:
    """List the talks agreed from a day on, today by default, the next first."""
    rows = people.next_appointments(look.unit, own(look), from_on or look.today, page)
    return listed(rows, page, "planned_on")


@question(Action.LIST_PEOPLE)
def list_todays_appointments(look: Look, page: Page = FIRST_PAGE) -> Listed:
    """List the talks agreed for today."""
    rows = people.next_appointments(look.unit, own(look), look.today, page)
    return listed([row for row in rows if row["planned_on"] == look.today], page, "planned_on")


@question(Action.LIST_PEOPLE)
def list_replan_marks(look: Look, page: Page = FIRST_PAGE) -> Listed:
    """List plans that are marked for a re-plan, the longest marked first."""
    return listed(people.marked_for_replan(look.unit, own(look), page), page, "replan_marked_at")


def own(look: Look) -> Own:
    """Return whom the caller looks after; the machine looks after nobody."""
    grants = [grant for whose, grant in look.reach() if whose is Whose.OWN_PERSON and grant is not None]
    organisation_ids = {grant.organisation_id for grant in grants if grant.organisation_id is not None}
    return Own(look.caller.account_id or "", organisation_ids)
