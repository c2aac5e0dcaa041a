"""Die Uhr: holds that have run out expire; what no consent covers any more is cancelled.

Each referral or person is one transaction of its own, so that one that fails keeps nothing from the others;
to run it again does no harm.
"""

from __future__ import annotations

from dataclasses import dataclass

from plans.actions import Action
from plans.referral_table import Party, ReferralAction, ReferralState
from plans.roles import ObjectScope
from store import tables as t
from store.queries import referrals as queries
from workflows.acting import Desk, Look, Work, question, workflow
from workflows.consents.giving import cancel_uncovered, uncovered_referrals
from workflows.keeping import keep_person
from workflows.referrals.advancing import end_referral
from workflows.referrals.records import take_up


@dataclass(frozen=True)
class Ended:
    """Abgelaufen: what one run of the clock has ended.

    Parameters
    ----------
    expired : int
        Holds that expired without an answer.
    uncovered : int
        Referrals that no consent covers any more.
    """

    expired: int
    uncovered: int


def run_clock(desk: Desk) -> Ended:
    """End every referral of the caller's regions whose hold or consent has run out by today.

    Returns
    -------
    Ended
        How many; a second run of the same day ends none.
    """
    expired = sum(expire_hold(desk, referral_id) for referral_id in holds_run_out(desk))
    ended = [id for id in people_whose_consent_ended(desk) if is_uncovered(desk, id)]
    uncovered = sum(end_uncovered(desk, person_id) for person_id in ended)
    return Ended(expired, uncovered)


@question(Action.EXPIRE_HOLDS)
def holds_run_out(look: Look) -> tuple[str, ...]:
    """Return the ids of the referrals whose hold has run out, the longest first."""
    return queries.holds_until(look.unit, _regions(look), look.today)


@question(Action.EXPIRE_HOLDS)
def people_whose_consent_ended(look: Look) -> tuple[str, ...]:
    """Return the ids of people of whom a consent has ended by its last day since a referral was sent."""
    return queries.people_with_ended_consents(look.unit, _regions(look), look.today)


@question(Action.EXPIRE_HOLDS)
def is_uncovered(look: Look, person_id: str) -> bool:
    """Answer whether a person has a referral that was sent and that no consent covers any more.

    Most have not: another consent covers them, or what the ended one was for is over.
    """
    _admit(look, t.person, person_id)
    return bool(uncovered_referrals(look.unit, person_id, look.today))


@workflow(Action.EXPIRE_HOLDS)
def expire_hold(work: Work, referral_id: str) -> int:
    """Let the hold of one referral expire, unless it was answered meanwhile. Returns how many ended."""
    region_id = _admit(work, t.referral, referral_id)
    file = take_up(work, referral_id)
    until_on = file.row["hold_until_on"]
    is_due = file.row["state"] is ReferralState.REQUESTED and until_on < work.today
    if is_due:
        end_referral(work, file, ReferralAction.EXPIRE, Party.CLOCK)
    work.record("referral", referral_id, region_id, expired=is_due)
    return int(is_due)


@workflow(Action.EXPIRE_HOLDS)
def end_uncovered(work: Work, person_id: str) -> int:
    """Cancel the referrals of one person that no consent covers any more. Returns how many."""
    region_id = _admit(work, t.person, person_id)
    keep_person(work, person_id)
    cancelled = cancel_uncovered(work, person_id, Party.CLOCK)
    work.record("person", person_id, region_id, cancelled=cancelled)
    return len(cancelled)


def _admit(look: Look, table: t.Table, id: str) -> str:
    row = look.unit.get(table, id)
    look.allow(ObjectScope(row["region_id"]), table, id)
    return str(row["region_id"])


def _regions(look: Look) -> frozenset[str] | None:
    """Regions in which the caller may do this; None = everywhere."""
    grants = [grant for _, grant in look.reach()]
    regions = {grant.region_id for grant in grants if grant is not None and grant.region_id is not None}
    return None if any(grant is None or grant.region_id is None for grant in grants) else frozenset(regions)
