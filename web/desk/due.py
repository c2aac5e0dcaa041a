"""Heute fällig: what each role has to see to today, counted; the pages it leads to name what is behind it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from flask import current_app, url_for

from plans.referral_table import ReferralState
from plans.roles import Grant, Role
from workflows.access.accounts import list_accounts
from workflows.acting import Desk
from workflows.agreements.reading import list_due_agreement_reviews
from workflows.cases.lists import (
    list_due_reviews,
    list_long_waits,
    list_missing_follow_ons,
    list_todays_appointments,
)
from workflows.lists import Listed, Page
from workflows.partners.reading import count_old_figures
from workflows.planning_runs.proposals import list_proposals
from workflows.planning_runs.runs import count_marked_plans, list_runs
from workflows.referrals.lists import list_ending_holds, list_incoming_referrals, list_unanswered

COUNTED_UP_TO = 50
"""Lists are counted so far; what is longer is said to be more than this."""
ANSWER_DAYS = 7
"""A provider that has said neither yes nor no for so many days is to be called (assumption)."""

Counting = Callable[[Desk, Collection[str]], int]
"""Counts for a desk and the regions of its role."""


@dataclass(frozen=True)
class Due:
    """Fälliges: one kind of it.

    Parameters
    ----------
    key : str
        Of its words, below ``desk.due``.
    count : int
        How many, at most `COUNTED_UP_TO` + 1.
    address : str
        Where it is done; empty where nothing leads there.
    """

    key: str
    count: int
    address: str

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted."""
        return self.count > COUNTED_UP_TO


def due_today(desk: Desk, grants: Collection[Grant]) -> list[Due]:
    """Return what is due today for somebody with these roles, in their order; nothing that is not due."""
    return [
        Due(key, min(count, COUNTED_UP_TO + 1), _address(endpoint))
        for role, kinds in KINDS.items()
        if (regions := _regions(role, grants)) is not None
        for key, endpoint, counting in kinds
        if (count := counting(desk, regions))
    ]


def _regions(role: Role, grants: Collection[Grant]) -> frozenset[str] | None:
    """Regions in which somebody holds a role; None where not at all."""
    held = [grant for grant in grants if grant.role is role]
    return frozenset(grant.region_id for grant in held if grant.region_id) if held else None


def _address(page: str) -> str:
    """Address of a page, and of a part of it behind ``#``."""
    endpoint, _, part = page.partition("#")
    return url_for(endpoint, _anchor=part or None) if endpoint in current_app.view_functions else ""


def _page() -> Page:
    return Page(limit=COUNTED_UP_TO)


def _length(found: Listed) -> int:
    return len(found.rows) + (found.after is not None)


def _count_incoming(desk: Desk) -> int:
    return _length(list_incoming_referrals(desk, ReferralState.REQUESTED, _page()))


def _count_called(desk: Desk) -> int:
    waiting = list_incoming_referrals(desk, ReferralState.WAITLISTED, _page())
    return sum(row["is_called"] for row in waiting.rows)


def _finished_runs(desk: Desk, region_ids: Collection[str]) -> Iterator[str]:
    """Runs whose proposals wait to be released: the newest of a region."""
    for run in chain.from_iterable(list_runs(desk, region_id, 1) for region_id in sorted(region_ids)):
        if run["state"] == "finished":
            yield run["id"]


def _count_marked(desk: Desk, region_ids: Collection[str]) -> int:
    return sum(count_marked_plans(desk, region_id) for region_id in region_ids)


def _count_finished(desk: Desk, region_ids: Collection[str]) -> int:
    return len(list(_finished_runs(desk, region_ids)))


def _count_old(desk: Desk, region_ids: Collection[str]) -> int:
    return sum(count_old_figures(desk, region_id) for region_id in region_ids)


def _count_locked(desk: Desk) -> int:
    return sum(account["is_locked"] for account in list_accounts(desk))


KINDS: Mapping[Role, tuple[tuple[str, str, Counting], ...]] = {
    Role.COUNSELLOR: (
        (
            "talks",
            "people.show#talks-title",
            lambda desk, _: _length(list_todays_appointments(desk, _page())),
        ),
        ("holds", "people.show#due-holds", lambda desk, _: _length(list_ending_holds(desk, 1, _page()))),
        ("reviews", "people.show#due-reviews", lambda desk, _: _length(list_due_reviews(desk, _page()))),
        (
            "agreements",
            "people.show#due-agreements",
            lambda desk, _: _length(list_due_agreement_reviews(desk, _page())),
        ),
        (
            "proposals",
            "referrals.proposals",
            lambda desk, _: len(list_proposals(desk, limit=COUNTED_UP_TO + 1)),
        ),
        ("waits", "people.show#due-waits", lambda desk, _: _length(list_long_waits(desk, _page()))),
        (
            "follow-ons",
            "people.show#due-follow-ons",
            lambda desk, _: _length(list_missing_follow_ons(desk, _page())),
        ),
        (
            "answers",
            "people.show#due-answers",
            lambda desk, _: _length(list_unanswered(desk, ANSWER_DAYS, _page())),
        ),
    ),
    Role.PROVIDER: (
        ("incoming", "provider.show", lambda desk, _: _count_incoming(desk)),
        ("called", "provider.show", lambda desk, _: _count_called(desk)),
    ),
    Role.COORDINATOR: (
        ("old-figures", "network.regions", _count_old),
        ("marked", "planning.regions", _count_marked),
    ),
    Role.PLANNER: (
        ("unreleased", "planning.regions", _count_finished),
        ("marked", "planning.regions", _count_marked),
    ),
    Role.ADMINISTRATOR: (("locked", "admin.accounts", lambda desk, _: _count_locked(desk)),),
    Role.AUDITOR: (),
}
"""For each role the kinds of what it sees to: key, page, and how they are counted."""
