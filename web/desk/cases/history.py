"""Verlauf eines Falls: what happened and when, from everything that is recorded, the newest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import g

from network.kinds import kind_label
from plans.case_records import Achievement
from plans.referral_table import ReferralState
from plans.steps import Finding
from plans.words import word
from web.desk.forms import day_of

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Happened:
    """Ereignis: one day and what happened on it, in words."""

    on: date
    what: str


def history_of(case: Row) -> tuple[Happened, ...]:
    """Return what happened in a case, the newest first.

    Parameters
    ----------
    case : mapping
        As `workflows.cases.whole_case.read_case` returns it.
    """
    found = [one for part in (_plan, _steps, _referrals, _consents) for one in part(case)]
    return tuple(sorted(found, key=lambda one: one.on, reverse=True))


def _happened(day: str | None, key: str, **values: object) -> Iterator[Happened]:
    on = day_of(day)
    if on is not None:
        yield Happened(on, g.words(f"desk.case.history.{key}", **values))


def _plan(case: Row) -> Iterator[Happened]:
    plan = case["plan"]
    yield from _happened(plan["announced_on"], "announced")
    yield from _happened(plan["arrived_on"], "arrived")
    yield from _happened(plan["closed_on"], "closed")
    for analysis in case["analyses"]:
        yield from _happened(analysis["analysed_on"], "analysis")
    for talk in case["appointments"]:
        if talk["state"] == "held":
            yield from _happened(talk["held_on"], "overall-talk" if talk["is_overall"] else "talk")
        elif talk["state"] == "missed":
            yield from _happened(talk["planned_on"], "missed-talk")
    for one in case["achievements"]:
        what = word(Achievement(one["what"]), g.words.lang)
        yield from _happened(one["achieved_on"], "achieved", what=what)
    for placement in case["placements"]:
        kind = kind_label(placement["kind"], g.words.lang)
        yield from _happened(placement["tested_on"], "tested", kind=kind)


def _steps(case: Row) -> Iterator[Happened]:
    for step in case["steps"]:
        kind = kind_label(step["need"]["kind"], g.words.lang)
        yield from _happened(step["clocks"]["started_on"], "started", kind=kind)
        for review in step["reviews"]:
            finding = word(Finding(review["finding"]), g.words.lang)
            key = "found-because" if review["why"] else "found"
            yield from _happened(review["reviewed_on"], key, kind=kind, finding=finding, why=review["why"])


def _referrals(case: Row) -> Iterator[Happened]:
    for row in case["referrals"]:
        values = {
            "kind": kind_label(row["kind"], g.words.lang),
            "to": case["organisations"][row["recipient_id"]]["name"],
        }
        state = word(ReferralState(row["state"]), g.words.lang)
        yield from _happened(row["sent_on"], "sent", **values)
        yield from _happened(row["placed_on"], "placed", **values)
        yield from _happened(row["ended_on"], "referral-ended", state=state, **values)


def _consents(case: Row) -> Iterator[Happened]:
    for row in case["consents"]:
        yield from _happened(row["from_on"], "consent-given")
        yield from _happened(row["withdrawn_on"], "consent-withdrawn")
