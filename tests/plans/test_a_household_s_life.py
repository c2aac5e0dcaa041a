"""One household from the notice of the reception centre to the closure, with every date of both clocks.

Amina and Karim Muster arrive with a small child. The first nursery place is refused, the course begins late,
one agreement covers both, one consent is withdrawn, and in the end both live without benefits.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from network.model import ActorType
from plans.agreement import AgreementState, contents_of, draft_agreement
from plans.agreement_records import MeasureFinding, Side, Signature
from plans.analysis import Childcare
from plans.case_records import Achievement, ArrivalNotice, Closure, ClosureReason, Talk
from plans.consent import Consent, DataCategory, Purpose, Recipient
from plans.disclosure import visible_fields
from plans.due_dates import agreement_review_due_on, erase_due_on, review_due_on
from plans.fault import PlanFault
from plans.help_plan import Case, Phase
from plans.model import Child, Household
from plans.placement import PlacementResult, decide
from plans.referral import Referral, apply, draft_after, has_lost_consent
from plans.referral_details import Details
from plans.referral_table import (
    Consequence,
    Party,
    Reason,
    ReferralAction,
    ReferralOutcome,
    ReferralState,
    SeatEffect,
)
from plans.steps import Finding, PlanStep, Precondition, StepReview, StepState
from plans.waiting import (
    Clock,
    ClockDates,
    ClockState,
    Reading,
    is_overdue,
    read_clock,
    read_clocks,
    start_due_on,
)
from tests.plans.builders import TOWN, a_goal, a_need, a_person, an_analysis

VHS = Recipient("vhs", ActorType.COURSE_PROVIDER)
KITA = Recipient("kita-sonne", ActorType.NURSERY)
KITA_2 = Recipient("kita-mond", ActorType.NURSERY)
FOR_COURSE = frozenset({DataCategory.REFERENCE, DataCategory.IDENTITY, DataCategory.LANGUAGE})
FOR_KITA = frozenset({DataCategory.REFERENCE, DataCategory.IDENTITY, DataCategory.FAMILY})
OPEN, DONE = Finding.OPEN, Finding.DONE


SIGNERS = ((Side.PERSON, "p1", "p1"), (Side.PERSON, "p2", "p2"), (Side.OFFICE, "kim", "Frau Muster"))


def a_consent_of(person_id: str, number: int, to: Recipient, what: frozenset[DataCategory]) -> Consent:
    return Consent(f"c{number}", person_id, to, Purpose.REFERRAL, what, from_on=date(2026, 3, 9))


def found(finding: Finding, why: str = "") -> StepReview:
    return StepReview(date(2026, 1, 1), finding, why)


def test_a_household_s_life_from_notice_to_closure() -> None:
    # ── The reception centre announces the household three weeks ahead. ──
    notice = ArrivalNotice(date(2026, 2, 9), date(2026, 3, 2), "reception", ("prs",))
    amina, karim = Case("p1", notice), Case("p2", notice)
    assert amina.phase is Phase.ANNOUNCED
    assert review_due_on(amina) == date(2026, 3, 2)

    amina, karim = (case.arrive(date(2026, 3, 3)) for case in (amina, karim))
    assert review_due_on(amina) == date(2026, 3, 31)

    # ── The first talk: analysis, goals, steps. ──
    talk_on = date(2026, 3, 9)
    amina = amina.analyse(an_analysis(analysed_on=talk_on, childcare=Childcare.PLACE_NEEDED))
    karim = karim.analyse(an_analysis(analysed_on=talk_on))
    nursery = PlanStep(
        a_need("p1-1", kind="childcare/place", earliest_on=talk_on, target_on=date(2026, 4, 30)), "kim"
    )
    course = PlanStep(
        a_need("p1-2", earliest_on=talk_on, target_on=date(2026, 5, 4), entitled_on=date(2026, 3, 5)),
        "vhs",
        frozenset({Precondition.CHILDCARE_PLACE}),
    )
    intake = PlanStep(a_need("p2-1", kind="job/intake", earliest_on=talk_on), "job-centre")
    amina = replace(amina.agree([a_goal()], [nursery, course]), next_appointment_on=date(2026, 4, 7))
    karim = replace(
        karim.agree([a_goal(text_de="Arbeit", text_en="Work")], [intake]),
        next_appointment_on=date(2026, 4, 9),
    )
    assert amina.phase is Phase.ACTIVE

    # ── One agreement for both, in force once both and the municipality have signed. ──
    agreement = draft_agreement("a1", "h1", "kim", [amina, karim], date(2026, 3, 10), "prs")
    for side, party, by in SIGNERS:
        assert agreement.state is AgreementState.DRAFTED
        agreement = agreement.sign(Signature(side, party, by, date(2026, 3, 12), "anna"))
    assert agreement.state is AgreementState.IN_FORCE
    assert agreement_review_due_on(agreement) == date(2026, 4, 7)

    # ── The placement test; the course has childcare only from module 1. ──
    test = PlacementResult(
        "p1", date(2026, 3, 11), "integration-course/from-3", an_analysis().german, "tests"
    )
    with pytest.raises(PlanFault, match="written reason"):
        decide(test, "integration-course/from-1", "anna", date(2026, 3, 12))
    reason = "Her script is slow; the test centre agrees to module 1."
    decision = decide(test, "integration-course/from-1", "anna", date(2026, 3, 12), reason)
    assert decision.deviates

    # ── Amina's consents; the nursery sees the family, not the German. ──
    to_kita = a_consent_of("p1", 1, KITA, FOR_KITA)
    to_kita_2 = a_consent_of("p1", 2, KITA_2, FOR_KITA)
    to_vhs = a_consent_of("p1", 3, VHS, FOR_COURSE)
    home = Household(
        "h1",
        (a_person("p1", (nursery.need, course.need)), a_person("p2", (intake.need,))),
        TOWN,
        children=(Child(2024, 5, True),),
    )
    views = visible_fields(home, "p1", ["p1-1"], [to_kita], KITA, Purpose.REFERRAL, date(2026, 3, 12))
    shown = {view.path for view in views if view.is_visible}
    assert "household.children" in shown
    assert not shown & {"analysis.german", "person.arrived_on", "analysis.barriers"}

    # ── The first nursery refuses; the second has a place. ──
    first = Referral("r1", "p1", "p1-1", "kita-sonne-1", "childcare/place", KITA, FOR_KITA)
    with pytest.raises(PlanFault, match="no consent"):
        apply(first, ReferralAction.REQUEST, Party.COUNSELLOR, date(2026, 3, 12), consents=[to_vhs])
    first = apply(first, ReferralAction.REQUEST, Party.COUNSELLOR, date(2026, 3, 12), consents=[to_kita])
    assert first.hold_until_on == date(2026, 3, 19)
    no_place = Details(Reason.NO_CAPACITY)
    first = apply(first, ReferralAction.REJECT, Party.PROVIDER, date(2026, 3, 16), no_place)
    assert (first.events[-1].seat, first.events[-1].marks_replan) == (SeatEffect.FREE, True)
    assert first.events[-1].details.consequence is Consequence.ANOTHER_PROVIDER
    amina = amina.take_over(first)

    second = draft_after(first, "r2", "kita-mond-1", KITA_2)
    second = apply(second, ReferralAction.REQUEST, Party.COUNSELLOR, date(2026, 3, 17), consents=[to_kita_2])
    second = apply(second, ReferralAction.ACCEPT, Party.PROVIDER, date(2026, 3, 24))
    assert second.clocks == ClockDates(None, date(2026, 3, 12), date(2026, 3, 24), None)
    amina = amina.take_over(second)
    assert amina.step("p1-1").need.fixed_slot == "kita-mond-1"

    # ── The course: waiting list first, then a seat. ──
    course_referral = Referral(
        *("r3", "p1", "p1-2", "kurs-from-1", decision.kind, VHS, FOR_COURSE),
        clocks=ClockDates(entitled_on=date(2026, 3, 5)),
    )
    course_referral = apply(
        course_referral, ReferralAction.REQUEST, Party.COUNSELLOR, date(2026, 3, 17), consents=[to_vhs]
    )
    assert course_referral.hold_until_on == date(2026, 3, 20)
    expected = Details(expected_start_on=date(2026, 5, 11))
    course_referral = apply(
        course_referral, ReferralAction.WAITLIST, Party.PROVIDER, date(2026, 3, 19), expected
    )
    assert course_referral.events[-1].seat is SeatEffect.FREE
    waiting = read_clock(course_referral.clocks, Clock.WAITING, date(2026, 3, 31))
    assert waiting == Reading(Clock.WAITING, ClockState.RUNNING, 14)

    # ── The review of 7 April: the nursery is done, the course obstructed. ──
    started = apply(second, ReferralAction.START, Party.PROVIDER, date(2026, 4, 1))
    amina = amina.take_over(started)
    assert read_clock(started.clocks, Clock.WAITING, date(2026, 4, 7)).days == 20
    assert read_clock(started.clocks, Clock.ACCESS, date(2026, 4, 7)).state is ClockState.UNKNOWN
    findings = {"p1-1": found(DONE), "p1-2": found(Finding.OBSTRUCTED, "no seat yet")}
    amina = amina.review(Talk(date(2026, 4, 7)), findings, date(2026, 5, 5))
    amina = amina.with_step(amina.step("p1-2").fulfil(Precondition.CHILDCARE_PLACE))
    assert review_due_on(amina) == date(2026, 5, 5)
    agreement = agreement.review(
        date(2026, 4, 7),
        [
            MeasureFinding("p1-1", DONE),
            MeasureFinding("p1-2", Finding.OBSTRUCTED, "no seat yet"),
            MeasureFinding("p2-1", OPEN),
        ],
    )
    assert [agreement.reviews[-1].count(finding) for finding in Finding] == [1, 1, 1]

    # ── A seat at last; the start comes after the six weeks. ──
    course_referral = apply(course_referral, ReferralAction.ACCEPT, Party.PROVIDER, date(2026, 4, 27))
    assert course_referral.events[-1].seat is SeatEffect.HOLD
    assert start_due_on(course_referral.clocks) == date(2026, 4, 28)
    assert not is_overdue(course_referral.clocks, date(2026, 4, 28))
    assert is_overdue(course_referral.clocks, date(2026, 4, 29))
    course_referral = apply(course_referral, ReferralAction.START, Party.PROVIDER, date(2026, 5, 11))
    amina = amina.take_over(course_referral)
    assert amina.step("p1-2").clocks == ClockDates(
        entitled_on=date(2026, 3, 5),
        registered_on=date(2026, 3, 17),
        placed_on=date(2026, 4, 27),
        started_on=date(2026, 5, 11),
    )
    access, waited = read_clocks(amina.step("p1-2").clocks, date(2026, 12, 1))
    assert access == Reading(Clock.ACCESS, ClockState.STOPPED, 67)
    assert waited == Reading(Clock.WAITING, ClockState.STOPPED, 55)
    assert amina.step("p1-2").kept_its_date is False

    # ── Karim withdraws his consent; what was sent is cancelled at once. ──
    job_centre = Recipient("job-centre", ActorType.JOB_CENTRE)
    to_job_centre = a_consent_of("p2", 4, job_centre, FOR_COURSE)
    job = Referral("r4", "p2", "p2-1", "intake-1", "job/intake", job_centre, FOR_COURSE)
    job = apply(job, ReferralAction.REQUEST, Party.COUNSELLOR, date(2026, 4, 13), consents=[to_job_centre])
    withdrawn = to_job_centre.withdraw(date(2026, 4, 14))
    assert has_lost_consent(job, [withdrawn], date(2026, 4, 14))
    job = apply(job, ReferralAction.WITHDRAW_CONSENT, Party.CLOCK, date(2026, 4, 14))
    assert (job.state, job.events[-1].seat) == (ReferralState.CANCELLED, SeatEffect.FREE)
    karim = karim.take_over(job)
    reading = read_clock(job.clocks, Clock.WAITING, date(2026, 6, 1), job.ended_on)
    assert reading == Reading(Clock.WAITING, ClockState.ENDED, 1)

    # ── Karim finds work by himself: the agreement is amended, both sides sign again. ──
    karim = karim.with_step(karim.step("p2-1").drop(date(2026, 6, 1), "found work by himself"))
    karim = karim.achieve(date(2026, 6, 1), Achievement.WORK_BEGUN)
    contents = contents_of([amina, karim])
    assert [measure.step_id for measure in contents.measures] == ["p1-2"]
    agreement = agreement.amend(contents, date(2026, 6, 2), "Karim found work")
    assert agreement.state is AgreementState.BEING_AMENDED
    for side, party, by in SIGNERS:
        agreement = agreement.sign(Signature(side, party, by, date(2026, 6, 4), "anna"))
    assert agreement.in_force is agreement.versions[1]

    # ── The course ends with its goal; the family lives without benefits. ──
    reached = Details(outcome=ReferralOutcome.GOAL_REACHED)
    course_referral = apply(
        course_referral, ReferralAction.COMPLETE, Party.PROVIDER, date(2026, 12, 4), reached
    )
    amina = amina.take_over(course_referral)
    assert amina.step("p1-2").state is StepState.DONE
    amina = amina.achieve(date(2026, 12, 4), Achievement.LANGUAGE_GOAL)
    agreement = agreement.review(date(2026, 12, 7), [MeasureFinding("p1-2", DONE)])
    closure = Closure(date(2027, 3, 1), ClosureReason.GOALS_REACHED)
    amina, karim = (
        case.achieve(date(2027, 3, 1), Achievement.WITHOUT_BENEFITS).close(closure) for case in (amina, karim)
    )
    for case in (amina, karim):
        assert case.lives_without_benefits
        assert (case.phase, review_due_on(case)) == (Phase.CLOSED, None)
        assert erase_due_on(case) == date(2029, 2, 28)
