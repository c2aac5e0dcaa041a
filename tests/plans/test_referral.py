from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.consent import DataCategory
from plans.fault import PlanFault
from plans.referral import Referral, apply, draft_after, has_lost_consent
from plans.referral_details import Details
from plans.referral_table import (
    SUGGESTED,
    TABLE,
    TRANSITIONS,
    Consequence,
    Party,
    Reason,
    ReferralAction,
    ReferralOutcome,
    ReferralState,
    SeatEffect,
    possible,
)
from plans.waiting import ClockDates
from tests.plans.life_builders import a_consent, a_referral, a_referral_in, details_for, step

ON = date(2026, 11, 23)
DAY = timedelta(days=1)
SEATS = {SeatEffect.HOLD: 1, SeatEffect.FREE: -1, SeatEffect.KEEP: 0, SeatEffect.NONE: 0}


def refused(referral: Referral, action: ReferralAction, by: Party, on: date = ON, **given: object) -> str:
    with pytest.raises(PlanFault) as caught:
        apply(referral, action, by, on, **given)  # type: ignore[arg-type]
    return caught.value.faults[0].code


@pytest.mark.parametrize("state", ReferralState)
def test_every_state_is_reached(state: ReferralState) -> None:
    assert a_referral_in(state).state is state


def test_the_table_names_each_step_once() -> None:
    assert set(Counter((row.state, row.action) for row in TABLE).values()) == {1}
    assert {row.action for row in TABLE} == set(ReferralAction)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.state}-{row.action}")
def test_each_row_leads_where_it_says_and_says_what_happens_with_the_seat(row: object) -> None:
    assert row in TABLE
    before = a_referral_in(row.state)  # type: ignore[attr-defined]
    on = ON + 10 * DAY if row.action is ReferralAction.EXPIRE else ON  # type: ignore[attr-defined]
    after = step(before, row.action, on)  # type: ignore[attr-defined]
    event = after.events[-1]
    assert (after.state, event.seat) == (row.to, row.seat)  # type: ignore[attr-defined]
    assert SEATS[event.seat] == after.state.has_seat - before.state.has_seat


@pytest.mark.parametrize(("state", "action"), list(product(ReferralState, ReferralAction)))
def test_what_is_not_in_the_table_is_refused(state: ReferralState, action: ReferralAction) -> None:
    if (state, action) not in TRANSITIONS:
        for by in Party:
            assert refused(a_referral_in(state), action, by) == "wrong-state"
    else:
        row = TRANSITIONS[state, action]
        for by in set(Party) - row.by:
            assert refused(a_referral_in(state), action, by, details=details_for(row, ON)) == "not-yours"


def test_nothing_follows_an_end_and_everything_open_can_be_cancelled() -> None:
    for state in ReferralState:
        assert (possible(state) == ()) == state.is_end
        if not state.is_end:
            assert {ReferralAction.CANCEL, ReferralAction.WITHDRAW_CONSENT} <= set(possible(state))


def test_every_end_frees_the_seat_marks_the_plan_and_has_a_consequence_unless_completed() -> None:
    for row in TABLE:
        if row.to.is_end:
            assert row.seat is (SeatEffect.FREE if row.state.has_seat else SeatEffect.NONE)
            assert row.marks_replan
            after = step(a_referral_in(row.state), row.action, ON + 10 * DAY)
            has_consequence = after.events[-1].details.consequence is not None
            assert has_consequence == (row.to is not ReferralState.COMPLETED)
            assert after.ended_on == ON + 10 * DAY


def test_the_provider_answers_and_the_counsellor_asks() -> None:
    answers = {ReferralAction.ACCEPT, ReferralAction.WAITLIST, ReferralAction.REJECT}
    assert set(possible(ReferralState.REQUESTED, Party.PROVIDER)) == answers
    assert ReferralAction.ACCEPT not in possible(ReferralState.REQUESTED, Party.COUNSELLOR)
    assert ReferralAction.REQUEST in possible(ReferralState.DRAFT, Party.COUNSELLOR)


# ── Holds ──


def test_a_request_holds_a_seat_for_three_days_after_the_day_of_the_request() -> None:
    requested = step(a_referral(), "request", ON)
    assert requested.hold_until_on == ON + 3 * DAY
    assert requested.events[-1].seat is SeatEffect.HOLD


def test_a_childcare_place_is_held_for_a_week() -> None:
    assert step(a_referral(kind="childcare/place"), "request", ON).hold_until_on == ON + 7 * DAY


def test_a_hold_is_answered_to_the_end_of_its_last_day_and_expires_after_it() -> None:
    requested = step(a_referral(), "request", ON)
    last_on = ON + 3 * DAY
    assert step(requested, "accept", last_on).state is ReferralState.ACCEPTED
    assert refused(requested, ReferralAction.EXPIRE, Party.CLOCK, last_on) == "hold-runs"
    assert refused(requested, ReferralAction.ACCEPT, Party.PROVIDER, last_on + DAY) == "hold-expired"
    expired = step(requested, "expire", last_on + DAY)
    assert (expired.state, expired.hold_until_on) == (ReferralState.EXPIRED, None)
    assert expired.events[-1].details.reason is Reason.NO_ANSWER


# ── The waiting list ──


def test_the_waiting_list_frees_the_seat_and_names_the_expected_start() -> None:
    requested = step(a_referral(), "request", ON)
    expected_on = ON + 30 * DAY
    waiting = step(requested, "waitlist", ON, details=Details(expected_start_on=expected_on))
    assert waiting.events[-1].seat is SeatEffect.FREE
    assert waiting.events[-1].details.expected_start_on == expected_on
    assert refused(requested, ReferralAction.WAITLIST, Party.PROVIDER) == "needed-for"
    past = Details(expected_start_on=ON - DAY)
    assert refused(requested, ReferralAction.WAITLIST, Party.PROVIDER, details=past) == "out-of-range"


def test_from_the_waiting_list_a_seat_is_taken_on_acceptance() -> None:
    accepted = step(a_referral_in(ReferralState.WAITLISTED), "accept", ON + 20 * DAY)
    assert accepted.events[-1].seat is SeatEffect.HOLD
    assert accepted.clocks.placed_on == ON + 20 * DAY


def test_where_every_seat_is_taken_the_waiting_list_is_joined_without_a_hold() -> None:
    waiting = step(a_referral(), "join-waitlist", ON)
    assert (waiting.state, waiting.hold_until_on) == (ReferralState.WAITLISTED, None)
    assert waiting.clocks.registered_on == ON
    expected = Details(expected_start_on=ON)
    code = refused(a_referral(), ReferralAction.JOIN_WAITLIST, Party.COUNSELLOR, details=expected)
    assert code == "no-consent"


# ── Reasons and consequences ──


@pytest.mark.parametrize(
    "reason", sorted(TRANSITIONS[ReferralState.REQUESTED, ReferralAction.REJECT].reasons)
)
def test_a_rejection_has_a_reason_and_a_consequence(reason: Reason) -> None:
    rejected = step(a_referral_in(ReferralState.REQUESTED), "reject", ON, details=Details(reason, "IntV § 4"))
    assert rejected.events[-1].details.consequence is SUGGESTED[reason]
    chosen = Details(reason, "IntV § 4", Consequence.PAUSE)
    paused = step(a_referral_in(ReferralState.REQUESTED), "reject", ON, details=chosen)
    assert paused.events[-1].details.consequence is Consequence.PAUSE


def test_a_rejection_without_a_reason_is_refused() -> None:
    requested = a_referral_in(ReferralState.REQUESTED)
    assert refused(requested, ReferralAction.REJECT, Party.PROVIDER) == "reason-needed"
    no_show = Details(Reason.NO_SHOW)
    assert refused(requested, ReferralAction.REJECT, Party.PROVIDER, details=no_show) == "reason-needed"


@pytest.mark.parametrize("reason", [Reason.NOT_ELIGIBLE, Reason.OTHER])
def test_which_rule_and_what_else_is_said_in_words(reason: Reason) -> None:
    requested = a_referral_in(ReferralState.REQUESTED)
    assert (
        refused(requested, ReferralAction.REJECT, Party.PROVIDER, details=Details(reason, " "))
        == "needed-for"
    )


def test_what_a_step_does_not_ask_for_is_refused() -> None:
    requested = a_referral_in(ReferralState.REQUESTED)
    for details in (
        Details(Reason.MOVED),
        Details(consequence=Consequence.PAUSE),
        Details(outcome=ReferralOutcome.GOAL_REACHED),
        Details(expected_start_on=ON),
    ):
        assert refused(requested, ReferralAction.ACCEPT, Party.PROVIDER, details=details) == "not-asked"


def test_completion_names_its_outcome() -> None:
    running = a_referral_in(ReferralState.IN_PROGRESS)
    assert refused(running, ReferralAction.COMPLETE, Party.PROVIDER) == "needed-for"
    without_test = Details(outcome=ReferralOutcome.NO_FINAL_TEST)
    done = apply(running, ReferralAction.COMPLETE, Party.PROVIDER, ON, without_test)
    assert done.events[-1].details.outcome is ReferralOutcome.NO_FINAL_TEST


def test_whoever_did_not_come_fails_before_the_start_and_nobody_drops_out_before_it() -> None:
    accepted = a_referral_in(ReferralState.ACCEPTED)
    failed = apply(accepted, ReferralAction.FAIL, Party.PROVIDER, ON)
    assert failed.events[-1].details.reason is Reason.NO_SHOW
    dropped = Details(Reason.DROPPED_OUT)
    assert refused(accepted, ReferralAction.FAIL, Party.PROVIDER, details=dropped) == "reason-needed"


def test_a_message_speaks_the_language_of_the_reader() -> None:
    with pytest.raises(PlanFault) as caught:
        apply(a_referral_in(ReferralState.ACCEPTED), ReferralAction.REJECT, Party.PROVIDER, ON)
    assert "„angenommen“" in caught.value.text("de")
    assert "Beginn melden" in caught.value.text("de")
    assert "in state “accepted”" in caught.value.text("en")


# ── Dates ──


def test_the_four_dates_are_kept_as_they_come() -> None:
    referral = a_referral()
    for days, action in ((0, "request"), (2, "accept"), (14, "start"), (200, "complete")):
        referral = step(referral, action, ON + days * DAY)
    assert referral.clocks == ClockDates(date(2026, 10, 1), ON, ON + 2 * DAY, ON + 14 * DAY)


def test_no_step_lies_before_the_last_one() -> None:
    requested = step(a_referral(), "request", ON)
    assert refused(requested, ReferralAction.ACCEPT, Party.PROVIDER, ON - DAY) == "before-last"


def test_whoever_is_rejected_goes_on_waiting_since_the_first_registration() -> None:
    rejected = a_referral_in(ReferralState.REJECTED)
    again = draft_after(rejected, "r2", "kurs2-from-1", a_referral().recipient)
    assert again.clocks == ClockDates(entitled_on=date(2026, 10, 1), registered_on=ON)
    assert step(again, "request", ON + 9 * DAY).clocks.registered_on == ON


@pytest.mark.parametrize("state", [ReferralState.REQUESTED, ReferralState.COMPLETED])
def test_no_second_referral_while_the_first_is_open_or_when_it_was_completed(state: ReferralState) -> None:
    with pytest.raises(PlanFault, match="draft a new one only after"):
        draft_after(a_referral_in(state), "r2", "kurs2-from-1", a_referral().recipient)


# ── Consent ──


def test_nothing_is_requested_without_consent() -> None:
    """Control: the same request with the consent goes through."""
    narrow = a_consent(categories=frozenset({DataCategory.IDENTITY}))
    withdrawn = a_consent().withdraw(ON)
    for consents in ([], [narrow], [withdrawn], [a_consent(person_id="p2")]):
        code = refused(a_referral(), ReferralAction.REQUEST, Party.COUNSELLOR, consents=consents)
        assert code == "no-consent"
    requested = apply(a_referral(), ReferralAction.REQUEST, Party.COUNSELLOR, ON, consents=[a_consent()])
    assert requested.state is ReferralState.REQUESTED


@pytest.mark.parametrize("state", [state for state in ReferralState if not state.is_end])
def test_the_withdrawal_of_the_consent_cancels_whatever_is_open(state: ReferralState) -> None:
    referral = a_referral_in(state)
    cancelled = apply(referral, ReferralAction.WITHDRAW_CONSENT, Party.CLOCK, ON)
    assert cancelled.state is ReferralState.CANCELLED
    assert cancelled.events[-1].details.reason is Reason.CONSENT_WITHDRAWN
    assert not cancelled.state.has_seat


def test_a_sent_referral_that_is_no_longer_covered_is_noticed() -> None:
    requested = step(a_referral(), "request", ON)
    assert not has_lost_consent(requested, [a_consent()], ON)
    assert has_lost_consent(requested, [a_consent().withdraw(ON)], ON)
    assert has_lost_consent(requested, [a_consent(until_on=ON)], ON + DAY)
    assert not has_lost_consent(a_referral(), [], ON)
    assert not has_lost_consent(a_referral_in(ReferralState.REJECTED), [], ON)


# ── What cannot be ──


@pytest.mark.parametrize(
    "changes",
    [
        {"state": ReferralState.ACCEPTED},
        {"hold_until_on": ON},
        {"state": ReferralState.REQUESTED, "hold_until_on": ON},
    ],
)
def test_a_state_that_nobody_brought_about_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(PlanFault, match="does not go with"):
        a_referral(**changes)


@pytest.mark.parametrize("date_", ["placed_on", "started_on"])
def test_a_running_referral_without_its_dates_is_refused(date_: str) -> None:
    running = a_referral_in(ReferralState.IN_PROGRESS)
    with pytest.raises(PlanFault, match="does not go with"):
        replace(running, clocks=replace(running.clocks, **{date_: None}))


STEPS = st.tuples(
    st.sampled_from(ReferralAction),
    st.sampled_from(Party),
    st.integers(-1, 5),
    st.sampled_from([None, *Reason]),
    st.sampled_from([None, ReferralOutcome.GOAL_REACHED]),
    st.sampled_from([None, ON + 400 * DAY]),
    st.booleans(),
)


@given(st.lists(STEPS, max_size=25))
def test_no_sequence_of_steps_brings_about_what_cannot_be(steps: list[tuple]) -> None:  # type: ignore[type-arg]
    referral, on, seats = a_referral(), ON, 0
    for action, by, days, reason, outcome, expected_on, has_consent in steps:
        on += days * DAY
        details = Details(reason, "text", None, outcome, expected_on)
        try:
            after = apply(referral, action, by, on, details, [a_consent()] if has_consent else [])
        except PlanFault as fault:
            assert fault.text("de") and fault.text("en")
            continue
        assert not referral.state.is_end
        assert on >= (referral.events[-1].on if referral.events else on)
        seats += SEATS[after.events[-1].seat]
        assert seats == after.state.has_seat
        assert len(after.events) == len(referral.events) + 1
        referral = after


@given(st.data())
def test_every_walk_along_the_table_ends_without_a_seat(data: st.DataObject) -> None:
    referral, on, seats = a_referral(), ON, 0
    while not referral.state.is_end:
        action = data.draw(st.sampled_from(possible(referral.state)))
        on += 10 * DAY if action is ReferralAction.EXPIRE else 0 * DAY
        referral = step(referral, action, on)
        seats += SEATS[referral.events[-1].seat]
        assert seats == referral.state.has_seat
    assert seats == 0
    assert referral.hold_until_on is None
