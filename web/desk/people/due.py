"""Heute fällig: what a counsellor has to look after first, for the people she looks after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import g, url_for

from network.kinds import kind_label
from plans.help_plan import Phase
from web.desk.forms import day_of
from workflows.acting import Desk
from workflows.agreements.reading import list_due_agreement_reviews
from workflows.cases.lists import list_due_reviews, list_long_waits, list_missing_follow_ons
from workflows.lists import Listed, Page
from workflows.referrals.lists import list_ending_holds, list_unanswered
from workflows.wording import list_text

SHOWN = 20
"""Entries of one list that are shown at once."""
ANSWER_DAYS = 7
"""A provider that has said neither yes nor no for so many days is to be called (assumption)."""
HOLD_DAYS = 1
"""Holds that end within so many days are urgent."""


@dataclass(frozen=True)
class Entry:
    """Eintrag: one thing that is due.

    Parameters
    ----------
    who : str
        Name of the person.
    what : str
        What is due, in words.
    address : str
        Page on which it is done.
    on : date or None
        The day it is about.
    """

    who: str
    what: str
    address: str
    on: date | None = None


@dataclass(frozen=True)
class Due:
    """Liste des Fälligen: one kind of it.

    Parameters
    ----------
    key : str
        Of its texts, ``desk.people.due.<key>``.
    entries : tuple of Entry
        The most urgent first.
    has_more : bool
        Whether there are more than are shown.
    """

    key: str
    entries: tuple[Entry, ...] = field(default_factory=tuple)
    has_more: bool = False


def everything_due(desk: Desk) -> tuple[Due, ...]:
    """Return every kind of what is due today, in the order of urgency; kinds without entries too."""
    page = Page(limit=SHOWN)
    return (
        _due("holds", list_ending_holds(desk, HOLD_DAYS, page), _hold),
        _due("reviews", list_due_reviews(desk, page), _review),
        _due("agreements", list_due_agreement_reviews(desk, page), _agreement),
        _due("waits", list_long_waits(desk, page), _wait),
        _due("follow-ons", list_missing_follow_ons(desk, page), _follow_on),
        _due("answers", list_unanswered(desk, ANSWER_DAYS, page), _answer),
    )


def _due(key: str, found: Listed, entry: Callable[[Mapping[str, Any]], Entry]) -> Due:
    return Due(key, tuple(entry(row) for row in found.rows), found.after is not None)


def _kind(row: Mapping[str, Any], name: str = "kind") -> str:
    return kind_label(row[name], g.words.lang)


def _case(row: Mapping[str, Any]) -> str:
    return url_for("cases.show", person_id=row["person_id"])


def _hold(row: Mapping[str, Any]) -> Entry:
    return Entry(row["person_name"], _kind(row), _case(row), day_of(row["hold_until_on"]))


def _review(row: Mapping[str, Any]) -> Entry:
    is_expected = row["phase"] == Phase.ANNOUNCED
    what = g.words("desk.people.arrival" if is_expected else "desk.people.review")
    address = url_for("cases.arrival" if is_expected else "cases.talk", person_id=row["person_id"])
    return Entry(row["name"], what, address, day_of(row["review_due_on"]))


def _agreement(row: Mapping[str, Any]) -> Entry:
    what = g.words("desk.people.agreement")
    address = url_for("agreements.show", agreement_id=row["id"])
    return Entry(list_text(row["names"], g.words.lang), what, address, day_of(row["review_due_on"]))


def _wait(row: Mapping[str, Any]) -> Entry:
    return Entry(row["name"], _kind(row), _case(row), day_of(row["registered_on"]))


def _follow_on(row: Mapping[str, Any]) -> Entry:
    what = g.words("desk.people.follow-on", kind=_kind(row), next=_kind(row, "next_kind"))
    address = url_for("referrals.best", need_id=row["next_step_id"])
    return Entry(row["name"], what, address, day_of(row["end_on"]))


def _answer(row: Mapping[str, Any]) -> Entry:
    return Entry(row["person_name"], _kind(row), _case(row), day_of(row["sent_on"]))
