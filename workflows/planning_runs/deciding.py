"""Über Vorschläge entscheiden: a counsellor accepts a proposal or declines it; nobody else, and no machine.

Between plan and decision the world goes on: seat and consent are looked at again in the transaction that
holds the seat. What was lost is said, and the plan's alternatives that can still be had are offered.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from plans.actions import Action
from plans.consent import Purpose, missing_categories
from plans.fault import PlanFault
from plans.referral_details import Details, complete_details
from plans.referral_table import TRANSITIONS, Consequence, Reason, ReferralAction, ReferralState
from store import tables as t
from store.faults import Missing, NoSeat
from store.queries import planning as queries
from store.queries.locks import keep_to_itself
from store.tables import ProposalState, RunState
from workflows.acting import Look, Work, workflow
from workflows.cases.records import mark_replan
from workflows.consents.records import consents_from_store, recipient_from_store
from workflows.keeping import keep_person
from workflows.planning_runs.words import said_plainly
from workflows.referrals.asking import draft, hold_seat, outline
from workflows.referrals.carries import needed_for
from workflows.refusal import Refusal
from workflows.scopes import plan_of, scope_of
from workflows.versions import check_read

UNDECIDED = (ProposalState.PROPOSED, ProposalState.LOST)
"""States in which a proposal can be accepted or declined; what was lost may have become free again."""

_LOST_BY = {"slot-gone": "gone", "slot-begun": "begun"}
_DECLINE = TRANSITIONS[ReferralState.DRAFT, ReferralAction.CANCEL]

Row = dict[str, Any]


@workflow(Action.ACCEPT_PROPOSAL)
def accept_proposal(work: Work, proposal_id: str, version: int, slot_id: str | None = None) -> dict[str, Any]:
    """Accept a proposal (Vorschlag annehmen): a seat is held, and its provider is asked.

    Parameters
    ----------
    work : Work
        Called with a `Desk`.
    proposal_id, version : str, int
        Which proposal, as it was read.
    slot_id : str, optional
        One of its alternatives; its own slot by default.

    Returns
    -------
    dict
        ``accepted``; if so, the referral (`workflows.referrals.asking.outline`). If not, the proposal is
        lost: ``why`` and ``next`` in German and English, and ``instead``: its alternatives that can be had
        right now, best first.

    Raises
    ------
    Missing
        Where there is no such proposal, it is not released, or it is not the caller's.
    Stale
        Where it was changed since it was read.
    Refusal
        Where it is decided, names no slot, or a referral of the step is open already.
    """
    row = _admit(work, proposal_id, version)
    wanted = slot_id or row["slot_id"]
    if wanted is None or wanted not in _slots_of(row):
        raise Refusal("proposal-no-slot", proposal=proposal_id)
    try:
        with work.unit.attempt():
            held, _ = hold_seat(work, draft(work, row["need_id"], wanted))
    except (NoSeat, Refusal, PlanFault) as error:
        why = _lost_by(error)
        if why is None:
            raise
        return _lose(work, row, wanted, why)
    version = _decide(work, row, ProposalState.ACCEPTED, referral_id=held.id)
    work.record("proposal", proposal_id, row["region_id"], referral=held.id, slot=held.row["slot_id"])
    return {"accepted": True, "proposal_id": proposal_id, "proposal_version": version, **outline(held)}


@workflow(Action.DECLINE_PROPOSAL)
def decline_proposal(
    work: Work,
    proposal_id: str,
    version: int,
    reason: Reason,
    text: str = "",
    consequence: Consequence | None = None,
) -> dict[str, Any]:
    """Decline a proposal (Vorschlag ablehnen) with a reason; the person will not get that slot again.

    Parameters
    ----------
    work : Work
        Called with a `Desk`.
    proposal_id, version : str, int
        Which proposal, as it was read.
    reason : Reason
        One of those with which a referral can be cancelled.
    text : str
        In words; must be given for some reasons.
    consequence : Consequence, optional
        What happens next; the one suggested for the reason by default.

    Returns
    -------
    dict
        ``state``, ``version`` and ``consequence``.

    Raises
    ------
    Missing, Stale
        See `accept_proposal`.
    Refusal
        Where it is decided already, or names no slot.
    PlanFault
        Where the reason is not possible, or needs words.
    """
    row = _admit(work, proposal_id, version)
    if row["slot_id"] is None:
        raise Refusal("proposal-no-slot", proposal=proposal_id)
    details = complete_details(Details(reason, text, consequence), _DECLINE, work.today, proposal_id)
    assert details.consequence is not None  # a reason has one
    why = {"reason": reason.value, "text": text, "consequence": details.consequence.value}
    version = _decide(work, row, ProposalState.DECLINED, decline_why=why)
    mark_replan(work, plan_of(work.unit, row["person_id"]))
    facts = {"reason": reason.value, "consequence": details.consequence.value}
    work.record("proposal", proposal_id, row["region_id"], **facts)
    return {
        "state": ProposalState.DECLINED.value,
        "version": version,
        "consequence": details.consequence.value,
    }


def _admit(work: Work, proposal_id: str, version: int) -> Row:
    """Take up a proposal that is released, the caller's, as it was read, and not decided."""
    work.reach()
    # Before anything else, in the order in which a release locks: proposals, then help plans.
    keep_to_itself(work.unit, t.proposal, proposal_id)
    row = work.unit.get(t.proposal, proposal_id)
    need = work.unit.get(t.need, row["need_id"])
    work.allow(scope_of(work.unit, t.need, need), t.proposal, proposal_id)
    # Whoever edits the help plan meanwhile is waited for: its mark for a re-plan is no edit that was read.
    keep_person(work, row["person_id"])
    if work.unit.get(t.planning_run, row["planning_run_id"])["state"] is not RunState.RELEASED:
        raise Missing("missing", table=t.proposal.name, id=proposal_id)
    check_read(t.proposal, row, version)
    if row["state"] not in UNDECIDED:
        raise Refusal("proposal-decided", proposal=proposal_id, state=row["state"])
    return row


def _slots_of(row: Row) -> list[str]:
    return [row["slot_id"], *(one["slot_id"] for one in row["alternatives"])]


def _lost_by(error: NoSeat | Refusal | PlanFault) -> str | None:
    """What was lost; None where the proposal itself is not touched by the refusal."""
    if isinstance(error, NoSeat):
        return "full"
    if isinstance(error, Refusal):
        return _LOST_BY.get(error.code)
    return "consent" if any(fault.code == "no-consent" for fault in error.faults) else None


def _lose(work: Work, row: Row, slot_id: str, why: str) -> dict[str, Any]:
    version = _decide(work, row, ProposalState.LOST)
    mark_replan(work, plan_of(work.unit, row["person_id"]))
    work.record("proposal", row["id"], row["region_id"], lost=why, slot=slot_id)
    instead = _still_possible(work, row, slot_id)
    return {
        "accepted": False,
        "proposal_id": row["id"],
        "proposal_version": version,
        "why": said_plainly(f"lost.{why}"),
        "instead": instead,
        "next": said_plainly("lost.next" if instead else "lost.none"),
    }


def _decide(work: Work, row: Row, state: ProposalState, **more: Any) -> int:
    changed = work.unit.change(
        t.proposal,
        row["id"],
        row["version"],
        state=state,
        decided_by=work.caller.account_id,
        decided_at=work.now,
        **more,
    )
    return int(changed["version"])


def _still_possible(look: Look, row: Row, but_slot_id: str) -> list[dict[str, Any]]:
    """The alternatives of a proposal that have a seat now, start in time, and may be told of the person."""
    others = [one for one in row["alternatives"] if one["slot_id"] != but_slot_id]
    free = queries.free_seats(look.unit, [one["slot_id"] for one in others])
    return [
        one
        for one in others
        if free.get(one["slot_id"], 0) > 0
        and date.fromisoformat(one["start_on"]) >= look.today
        and _may_be_told(look, row["person_id"], one["slot_id"])
    ]


def _may_be_told(look: Look, person_id: str, slot_id: str) -> bool:
    """Whether consents cover what the provider of a slot needs to know."""
    slot = look.unit.get(t.slot, slot_id)
    consents = consents_from_store(look.unit, person_id)
    recipient = recipient_from_store(look.unit, slot["organisation_id"])
    needed = needed_for(slot["kind"])
    return not missing_categories(consents, recipient, Purpose.REFERRAL, needed, look.today)
