from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from plans.case_records import Achievement, ArrivalNotice, Closure, ClosureReason, Talk
from plans.due_dates import erase_due_on, module_review_due_on, overall_review_due_on, review_due_on
from plans.fault import PlanFault
from plans.help_plan import Case, Phase
from plans.needs import Relation
from plans.referral_table import ReferralState
from plans.steps import Finding, PlanStep, Precondition, StepReview, StepState
from plans.waiting import ClockDates
from tests.plans.builders import a_need, an_analysis
from tests.plans.life_builders import a_case, a_referral, a_referral_in, a_step, step

ON = date(2026, 11, 23)
DAY = timedelta(days=1)
NOTICE = ArrivalNotice(date(2026, 10, 12), date(2026, 11, 2), "reception", ("prs",))


def finding(what: Finding = Finding.OPEN, why: str = "") -> StepReview:
    return StepReview(ON, what, why)


def under_way(**changes: object) -> PlanStep:
    return a_step().after_referral(a_referral_in(ReferralState.IN_PROGRESS, **changes))


# ── From the notice to the analysis ──


def test_an_announced_person_becomes_active_by_arrival_and_analysis() -> None:
    case = Case("p1", NOTICE)
    phases = [case.phase]
    case = case.arrive(date(2026, 11, 2))
    phases.append(case.phase)
    phases.append(case.analyse(an_analysis()).phase)
    assert phases == [Phase.ANNOUNCED, Phase.ARRIVED, Phase.ACTIVE]


def test_nobody_is_analysed_before_arrival_and_no_step_comes_before_the_analysis() -> None:
    with pytest.raises(PlanFault, match="note the arrival first"):
        Case("p1", NOTICE).analyse(an_analysis())
    with pytest.raises(PlanFault, match="hold the talk"):
        Case("p1", arrived_on=ON).agree(steps=[a_step()])
    with pytest.raises(PlanFault, match="hold the talk"):
        Case("p1", arrived_on=ON).help_plan()


def test_a_case_begins_with_a_notice_or_an_arrival() -> None:
    with pytest.raises(PlanFault, match="arrived_on"):
        Case("p1")


def test_nobody_arrives_twice_or_before_the_notice() -> None:
    with pytest.raises(PlanFault, match="noted already"):
        a_case().arrive(ON)
    with pytest.raises(PlanFault, match="lies after"):
        Case("p1", NOTICE).arrive(date(2026, 10, 11))


def test_the_reception_centre_may_say_another_day_until_the_arrival() -> None:
    case = Case("p1", NOTICE).expect(date(2026, 11, 30), ["prs", "deu"])
    assert case.notice == replace(NOTICE, expected_on=date(2026, 11, 30), languages=("prs", "deu"))
    for late in (a_case(), case.arrive(ON)):
        with pytest.raises(PlanFault, match="noted already"):
            late.expect(ON, ())
    with pytest.raises(PlanFault, match="lies after"):
        case.expect(NOTICE.announced_on - DAY, ())


def test_nobody_is_expected_before_the_notice() -> None:
    with pytest.raises(PlanFault, match="expected_on"):
        replace(NOTICE, expected_on=date(2026, 10, 11))


def test_a_new_analysis_counts_and_the_old_one_is_kept() -> None:
    later = an_analysis(analysed_on=ON, profession="Tischlerin")
    case = a_case(a_step()).analyse(later)
    assert case.help_plan().analysis is later
    assert len(case.analyses) == 2
    with pytest.raises(PlanFault, match="before the last entry"):
        case.analyse(an_analysis())


# ── Steps ──


def test_a_step_does_not_start_while_something_is_missing() -> None:
    waiting = a_step(preconditions=frozenset({Precondition.VOUCHER}))
    running = a_referral_in(ReferralState.IN_PROGRESS)
    with pytest.raises(PlanFault, match="voucher"):
        waiting.after_referral(running)
    assert waiting.fulfil(Precondition.VOUCHER).after_referral(running).state is StepState.UNDER_WAY
    with pytest.raises(PlanFault, match="certificate"):
        waiting.fulfil(Precondition.CERTIFICATE)


@pytest.mark.parametrize("state", ReferralState)
def test_a_step_follows_its_referral(state: ReferralState) -> None:
    referral = a_referral_in(state)
    followed = a_step().after_referral(referral)
    expected = {ReferralState.IN_PROGRESS: StepState.UNDER_WAY, ReferralState.COMPLETED: StepState.DONE}
    assert followed.state is expected.get(state, StepState.OPEN)
    is_booked = state in (ReferralState.ACCEPTED, ReferralState.IN_PROGRESS, ReferralState.COMPLETED)
    assert followed.need.fixed_slot == (referral.slot_id if is_booked else None)
    assert followed.clocks.registered_on == referral.clocks.registered_on


def test_after_a_rejection_the_step_waits_on_since_the_first_registration() -> None:
    failed = a_step().after_referral(a_referral_in(ReferralState.FAILED))
    assert failed.clocks == ClockDates(date(2026, 10, 1), ON)
    assert failed.need.fixed_slot is None


def test_a_referral_of_somebody_else_or_of_another_step_is_refused() -> None:
    with pytest.raises(PlanFault, match="p9"):
        a_case(a_step()).take_over(a_referral(person_id="p9"))
    with pytest.raises(PlanFault, match="p1-7"):
        a_case(a_step()).take_over(a_referral(need_id="p1-7"))
    with pytest.raises(PlanFault, match="p1-7"):
        a_step().after_referral(a_referral(need_id="p1-7"))


def test_a_step_that_is_over_stays_so() -> None:
    done = a_step().review(finding(Finding.DONE))
    assert (done.state, done.done_on) == (StepState.DONE, ON)
    for change in (
        lambda: done.review(finding()),
        lambda: done.drop(ON, "moved"),
        lambda: done.after_referral(a_referral()),
    ):
        with pytest.raises(PlanFault, match="make a new step"):
            change()


def test_an_obstruction_and_giving_up_are_explained() -> None:
    with pytest.raises(PlanFault, match="why"):
        finding(Finding.OBSTRUCTED, " ")
    with pytest.raises(PlanFault, match="why"):
        a_step().drop(ON, "")
    assert a_step().drop(ON, "took a job").state is StepState.DROPPED


@pytest.mark.parametrize(
    "changes",
    [{"state": StepState.DONE}, {"done_on": ON}, {"state": StepState.UNDER_WAY}],
)
def test_a_state_of_a_step_without_its_date_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(PlanFault, match="does not go with"):
        a_step(**changes)


def test_a_step_keeps_its_agreed_date_or_not() -> None:
    need = a_need("p1-1", target_on=ON)
    assert a_step(need=need).kept_its_date is None
    assert under_way().kept_its_date is None
    for days, kept in ((0, True), (1, False)):
        clocks = ClockDates(started_on=ON + days * DAY)
        assert a_step(need=need, state=StepState.UNDER_WAY, clocks=clocks).kept_its_date is kept


# ── Talks ──


def test_a_talk_reviews_every_open_step_and_agrees_the_next() -> None:
    case = a_case(a_step("p1-1"), a_step("p1-2"))
    with pytest.raises(PlanFault, match="p1-2"):
        case.review(Talk(ON), {"p1-1": finding()}, None)
    findings = {"p1-1": finding(Finding.DONE), "p1-2": finding(Finding.OBSTRUCTED, "no childcare")}
    reviewed = case.review(Talk(ON), findings, ON + 28 * DAY)
    assert [step.id for step in reviewed.open_steps] == ["p1-2"]
    assert reviewed.step("p1-2").reviews[-1].why == "no childcare"
    assert reviewed.next_appointment_on == ON + 28 * DAY
    again = reviewed.review(Talk(ON + DAY), {"p1-2": finding()}, None)
    assert [review.reviewed_on for review in again.step("p1-2").reviews] == [ON, ON + DAY]


def test_talks_follow_each_other_and_the_next_one_lies_ahead() -> None:
    case = a_case().review(Talk(ON), {}, ON + DAY)
    with pytest.raises(PlanFault, match="before the last entry"):
        case.review(Talk(ON - DAY), {}, None)
    with pytest.raises(PlanFault, match="next_appointment_on"):
        case.review(Talk(ON + DAY), {}, ON)


def test_a_new_plan_is_reviewed_sooner_than_a_running_one_and_an_appointment_goes_before() -> None:
    arrived_on = date(2026, 11, 2)
    new = a_case(next_appointment_on=None)
    assert review_due_on(new) == arrived_on + 28 * DAY
    assert review_due_on(replace(new, next_appointment_on=arrived_on + 9 * DAY)) == arrived_on + 9 * DAY
    for days, interval in ((89, 28), (90, 56)):
        held_on = arrived_on + days * DAY
        assert review_due_on(replace(new, talks=(Talk(held_on),))) == held_on + interval * DAY


def test_the_whole_plan_is_reviewed_every_half_year() -> None:
    case = a_case()
    assert overall_review_due_on(case) == date(2026, 11, 2) + 182 * DAY
    assert overall_review_due_on(case.review(Talk(ON), {}, None)) == date(2026, 11, 2) + 182 * DAY
    assert overall_review_due_on(case.review(Talk(ON, True), {}, None)) == ON + 182 * DAY


def test_each_end_of_a_module_calls_for_a_review() -> None:
    course = under_way()
    first_end_on = ON + 27 * DAY
    assert module_review_due_on(course, 28, 7) == first_end_on + 7 * DAY
    reviewed = course.review(StepReview(first_end_on, Finding.OPEN))
    assert module_review_due_on(reviewed, 28, 7) == first_end_on + 35 * DAY
    last = course.review(StepReview(ON + 195 * DAY, Finding.OPEN))
    assert module_review_due_on(last, 28, 7) is None
    assert module_review_due_on(a_step(), 28, 7) is None


def test_before_the_arrival_the_day_expected_is_due_or_an_earlier_talk() -> None:
    expected = Case("p1", NOTICE)
    assert review_due_on(expected) == NOTICE.expected_on
    first_talk_on = NOTICE.expected_on - 3 * DAY
    assert review_due_on(expected.meet(first_talk_on)) == first_talk_on
    assert overall_review_due_on(expected) is None


def test_nothing_is_due_after_closure() -> None:
    for case in (a_case(), Case("p1", NOTICE)):
        closed = case.close(Closure(ON, ClosureReason.OWN_WISH))
        assert (review_due_on(closed), overall_review_due_on(closed)) == (None, None)


# ── Outcome and closure ──


def test_living_without_benefits_is_an_achievement() -> None:
    assert not a_case().lives_without_benefits
    assert a_case().achieve(ON, Achievement.WITHOUT_BENEFITS).lives_without_benefits


def test_a_plan_closes_with_a_reason_once_no_step_is_open() -> None:
    case = a_case(a_step())
    with pytest.raises(PlanFault, match="p1-1"):
        case.close(Closure(ON, ClosureReason.MOVED_AWAY))
    closed = case.with_step(a_step().drop(ON, "moved")).close(Closure(ON, ClosureReason.MOVED_AWAY))
    assert (closed.phase, closed.next_appointment_on) == (Phase.CLOSED, None)
    assert erase_due_on(closed) == ON + 730 * DAY
    assert erase_due_on(case) is None
    with pytest.raises(PlanFault, match="text"):
        Closure(ON, ClosureReason.OTHER_REASON)


def test_nothing_changes_in_a_closed_plan_until_it_is_reopened() -> None:
    closed = a_case().close(Closure(ON, ClosureReason.GOALS_REACHED))
    for change in (
        lambda: closed.analyse(an_analysis()),
        lambda: closed.agree(steps=[a_step()]),
        lambda: closed.review(Talk(ON), {}, None),
        lambda: closed.achieve(ON, Achievement.OWN_HOME),
        lambda: closed.close(Closure(ON, ClosureReason.OWN_WISH)),
    ):
        with pytest.raises(PlanFault, match="closed since 2026-11-23"):
            change()
    assert closed.reopen(ON + DAY).phase is Phase.ACTIVE
    with pytest.raises(PlanFault, match="lies after"):
        closed.reopen(ON - DAY)
    with pytest.raises(PlanFault, match="not closed"):
        a_case().reopen(ON)


# ── What planning reads ──


def test_planning_reads_the_open_steps_and_what_had_to_pass_after_the_end_of_the_one_before() -> None:
    first = a_step("p1-1").review(finding(Finding.DONE))
    second = a_step(need=a_need("p1-2", after="p1-1", lag_days=35, max_lag_days=99, target_on=ON))
    plan = a_case(first, second).help_plan()
    (need,) = plan.needs
    assert (need.after, need.lag_days, need.max_lag_days) == (None, 0, None)
    assert need.earliest_on == ON + 35 * DAY
    assert need.target_on == need.earliest_on


def test_a_step_beside_one_that_is_over_or_after_one_that_was_dropped_need_not_wait() -> None:
    for before, relation in (
        (a_step("p1-1").review(finding(Finding.DONE)), Relation.START),
        (a_step("p1-1").drop(ON, "moved"), Relation.END),
    ):
        after = a_step(need=a_need("p1-2", after="p1-1", lag_days=35, relation=relation))
        (need,) = a_case(before, after).help_plan().needs
        assert need.earliest_on == a_need().earliest_on


def test_a_step_after_one_that_is_still_open_keeps_its_predecessor() -> None:
    after = a_step(need=a_need("p1-2", after="p1-1", lag_days=35))
    needs = a_case(a_step("p1-1"), after).help_plan().needs
    assert needs[1] == after.need


def test_a_step_twice_and_an_unknown_one_are_refused() -> None:
    with pytest.raises(PlanFault, match="occurs more than once"):
        a_case(a_step("p1-1"), a_step("p1-1"))
    with pytest.raises(PlanFault, match="p1-9"):
        a_case(a_step("p1-1")).step("p1-9")


def test_a_referral_carries_the_plan_from_request_to_completion() -> None:
    case, referral = a_case(a_step()), a_referral()
    states = []
    for days, action in ((0, "request"), (2, "accept"), (14, "start"), (200, "complete")):
        referral = step(referral, action, ON + days * DAY)
        case = case.take_over(referral)
        states.append(case.step("p1-1").state)
    assert states == [StepState.OPEN, StepState.OPEN, StepState.UNDER_WAY, StepState.DONE]
    assert case.step("p1-1").done_on == ON + 200 * DAY
    assert case.help_plan().needs == ()
