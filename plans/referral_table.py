"""Zustände einer Vermittlung: one table of who may do what in which state, and what it means for the seat.

The states follow FHIR Task as Gravity SDOH uses it (requested, accepted, rejected, in progress, completed,
failed, cancelled), with a waiting list and an expiry added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ReferralState(StrEnum):
    """Zustand einer Vermittlung."""

    DRAFT = "draft"
    REQUESTED = "requested"
    WAITLISTED = "waitlisted"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_end(self) -> bool:
        """Whether nothing can follow."""
        return self not in OPEN

    @property
    def has_seat(self) -> bool:
        """Whether the referral takes one seat of its slot."""
        return self in WITH_SEAT


OPEN = frozenset(ReferralState) & {
    ReferralState.DRAFT,
    ReferralState.REQUESTED,
    ReferralState.WAITLISTED,
    ReferralState.ACCEPTED,
    ReferralState.IN_PROGRESS,
}
WITH_SEAT = frozenset({ReferralState.REQUESTED, ReferralState.ACCEPTED, ReferralState.IN_PROGRESS})


class ReferralAction(StrEnum):
    """Schritt einer Vermittlung: what can be done with it."""

    REQUEST = "request"
    JOIN_WAITLIST = "join-waitlist"
    ACCEPT = "accept"
    WAITLIST = "waitlist"
    REJECT = "reject"
    EXPIRE = "expire"
    START = "start"
    COMPLETE = "complete"
    FAIL = "fail"
    CANCEL = "cancel"
    CALL_OFF = "call-off"
    WITHDRAW_CONSENT = "withdraw-consent"


class Party(StrEnum):
    """Beteiligte: who acts; the clock stands for what happens by itself in time."""

    PERSON = "person"
    COUNSELLOR = "counsellor"
    PROVIDER = "provider"
    CLOCK = "clock"


class SeatEffect(StrEnum):
    """Wirkung auf den Platz: HOLD takes one, KEEP leaves it taken, FREE gives it back; NONE = no seat."""

    HOLD = "hold"
    KEEP = "keep"
    FREE = "free"
    NONE = "none"


class Reason(StrEnum):
    """Grund: why a referral did not lead to its goal."""

    NO_CAPACITY = "no-capacity"
    GROUP_NOT_REACHED = "group-not-reached"
    LEVEL_MISMATCH = "level-mismatch"
    NOT_ELIGIBLE = "not-eligible"
    MISSING_DOCUMENTS = "missing-documents"
    CHILDCARE = "childcare"
    DISTANCE_OR_TIME = "distance-or-time"
    COULD_NOT_CONTACT = "could-not-contact"
    CLIENT_DECLINED = "client-declined"
    TOOK_A_JOB = "took-a-job"
    MOVED = "moved"
    OTHER = "other"
    NO_SHOW = "no-show"
    DROPPED_OUT = "dropped-out"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    NO_ANSWER = "no-answer"


NEED_TEXT = frozenset({Reason.NOT_ELIGIBLE, Reason.OTHER})
"""Reasons that say nothing without words: which rule, or what else."""


class Consequence(StrEnum):
    """Folge: what happens after an end without completion."""

    PAUSE = "pause"
    ANOTHER_PROVIDER = "another-provider"
    REASSESS = "reassess"


SUGGESTED: Mapping[Reason, Consequence] = {
    **dict.fromkeys(Reason, Consequence.ANOTHER_PROVIDER),
    **dict.fromkeys(
        (
            *(Reason.LEVEL_MISMATCH, Reason.NOT_ELIGIBLE, Reason.COULD_NOT_CONTACT, Reason.CLIENT_DECLINED),
            *(Reason.TOOK_A_JOB, Reason.NO_SHOW, Reason.DROPPED_OUT, Reason.CONSENT_WITHDRAWN, Reason.OTHER),
        ),
        Consequence.REASSESS,
    ),
    **dict.fromkeys((Reason.MISSING_DOCUMENTS, Reason.CHILDCARE, Reason.MOVED), Consequence.PAUSE),
}
"""Consequence that is taken where nobody chooses another."""


class ReferralOutcome(StrEnum):
    """Ergebnis: how a completed step ended."""

    GOAL_REACHED = "goal-reached"
    PARTLY_REACHED = "partly-reached"
    NO_FINAL_TEST = "no-final-test"
    NOT_REACHED = "not-reached"


@dataclass(frozen=True)
class Transition:
    """Übergang: one row of the table.

    Parameters
    ----------
    state, action, to : ReferralState, ReferralAction, ReferralState
        From where, by what, to where.
    by : frozenset of Party
        Who may.
    seat : SeatEffect
        What happens with the seat.
    reasons : frozenset of Reason
        One of them must be given; empty = none is asked for.
    marks_replan : bool
        Whether the plan is marked for a stable re-plan.
    """

    state: ReferralState
    action: ReferralAction
    to: ReferralState
    by: frozenset[Party]
    seat: SeatEffect
    reasons: frozenset[Reason] = frozenset()
    marks_replan: bool = False

    @property
    def asks_consent(self) -> bool:
        """Whether data of the person leave, so that a consent must hold."""
        return self.action in (ReferralAction.REQUEST, ReferralAction.JOIN_WAITLIST)

    @property
    def asks_expected_start(self) -> bool:
        """Whether the day must be named on which a seat is expected."""
        return self.to is ReferralState.WAITLISTED

    @property
    def asks_outcome(self) -> bool:
        """Whether the result must be named."""
        return self.to is ReferralState.COMPLETED


_S, _A, _P, _E, _R = ReferralState, ReferralAction, Party, SeatEffect, Reason
_COUNSELLOR = frozenset({_P.COUNSELLOR})
_PROVIDER = frozenset({_P.PROVIDER})
_CLOCK = frozenset({_P.CLOCK})
_CLIENT_SIDE = frozenset({_P.COUNSELLOR, _P.PERSON})
_DOMAIN_REASONS = frozenset(_R) - {_R.NO_SHOW, _R.DROPPED_OUT, _R.CONSENT_WITHDRAWN, _R.NO_ANSWER}
_CANCEL_REASONS = _DOMAIN_REASONS - {_R.NO_CAPACITY, _R.GROUP_NOT_REACHED}
_CALL_OFF_REASONS = frozenset({_R.NO_CAPACITY, _R.GROUP_NOT_REACHED, _R.MISSING_DOCUMENTS, _R.OTHER})
_WITHDRAWN = frozenset({_R.CONSENT_WITHDRAWN})


def _ends(state: ReferralState) -> tuple[Transition, ...]:
    """The two ways in which everything open can be cancelled by the side of the person."""
    seat = _E.FREE if state.has_seat else _E.NONE
    withdrawers = _CLIENT_SIDE | _CLOCK
    return (
        Transition(state, _A.CANCEL, _S.CANCELLED, _CLIENT_SIDE, seat, _CANCEL_REASONS, True),
        Transition(state, _A.WITHDRAW_CONSENT, _S.CANCELLED, withdrawers, seat, _WITHDRAWN, True),
    )


TABLE: tuple[Transition, ...] = (
    Transition(_S.DRAFT, _A.REQUEST, _S.REQUESTED, _COUNSELLOR, _E.HOLD),
    Transition(_S.DRAFT, _A.JOIN_WAITLIST, _S.WAITLISTED, _COUNSELLOR, _E.NONE),
    Transition(_S.REQUESTED, _A.ACCEPT, _S.ACCEPTED, _PROVIDER, _E.KEEP),
    Transition(_S.REQUESTED, _A.WAITLIST, _S.WAITLISTED, _PROVIDER, _E.FREE, marks_replan=True),
    Transition(_S.REQUESTED, _A.REJECT, _S.REJECTED, _PROVIDER, _E.FREE, _DOMAIN_REASONS, True),
    Transition(
        _S.REQUESTED, _A.EXPIRE, _S.EXPIRED, _CLOCK, _E.FREE, frozenset({_R.NO_ANSWER}), marks_replan=True
    ),
    Transition(_S.WAITLISTED, _A.ACCEPT, _S.ACCEPTED, _PROVIDER, _E.HOLD),
    Transition(_S.WAITLISTED, _A.REJECT, _S.REJECTED, _PROVIDER, _E.NONE, _DOMAIN_REASONS, True),
    Transition(_S.ACCEPTED, _A.START, _S.IN_PROGRESS, _PROVIDER, _E.KEEP),
    Transition(_S.ACCEPTED, _A.FAIL, _S.FAILED, _PROVIDER, _E.FREE, frozenset({_R.NO_SHOW}), True),
    Transition(_S.ACCEPTED, _A.CALL_OFF, _S.CANCELLED, _PROVIDER, _E.FREE, _CALL_OFF_REASONS, True),
    Transition(_S.IN_PROGRESS, _A.COMPLETE, _S.COMPLETED, _PROVIDER, _E.FREE, marks_replan=True),
    Transition(
        *(_S.IN_PROGRESS, _A.FAIL, _S.FAILED, _PROVIDER, _E.FREE),
        frozenset({_R.NO_SHOW, _R.DROPPED_OUT}),
        True,
    ),
    Transition(_S.IN_PROGRESS, _A.CALL_OFF, _S.CANCELLED, _PROVIDER, _E.FREE, _CALL_OFF_REASONS, True),
    *(row for state in _S if not state.is_end for row in _ends(state)),
)
"""Every transition there is; what is not in the table is refused."""

TRANSITIONS: Mapping[tuple[ReferralState, ReferralAction], Transition] = {
    (row.state, row.action): row for row in TABLE
}
"""The table by state and action."""


def possible(state: ReferralState, by: Party | None = None) -> tuple[ReferralAction, ...]:
    """Return what can be done in a state, by anybody or by one party, in the order of the table."""
    return tuple(row.action for row in TABLE if row.state is state and (by is None or by in row.by))
