"""What agreements have come to: counted by hand, and never about fewer than five persons."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from plans.agreement import AgreementState
from plans.case_records import Achievement
from plans.steps import Finding, StepState
from store import tables as t
from store.queries.balance import AgreedStep, Met, Party
from store.tables.people import AppointmentState
from tests.store.builders import TODAY, described
from tests.workflows.planning_room.stored_agreements import an_agreement
from tests.workflows.planning_runs.builders import a_place
from workflows.planning_room.balance import (
    OUTCOMES,
    Balance,
    balance_report,
    balance_table,
    outcome,
    read_balance,
)
from workflows.planning_room.tables import table_data
from workflows.small_cells import SMALLEST_SHOWN

DAY = date(2026, 3, 2)
NOBODY = Balance(DAY, (), (), (), (), ())


def a_party(person, agreement=None, month=1, town="Musterstadt", signed=True):
    day = date(2026, month, 15) if signed else None
    state = AgreementState.IN_FORCE if signed else AgreementState.DRAFTED
    return Party(
        f"a{person if agreement is None else agreement}", "office", f"p{person}", town, state, DAY, day
    )


def a_step(person, state=StepState.OPEN, due_in=None, done_in=0):
    due = None if due_in is None else DAY + timedelta(days=due_in)
    done = DAY + timedelta(days=done_in) if state is not StepState.OPEN else None
    return AgreedStep(f"n{person}", f"p{person}", "vhs", due, state, done)


def figures(balance):
    tables = {table.key: table_data(table) for table in balance_report(balance, "Musterkreis").tables}
    return {row["figure"]: row["number_of"] for row in tables["balance"]}, tables


def test_the_interim_balance_is_counted_by_hand():
    parties = [a_party(n, agreement=n // 2) for n in range(12)]
    prepared = [a_party(n, signed=False) for n in range(20, 26)]
    met = [Met(f"p{n}", 2026, 2, 3) for n in range(12)]
    free = [(f"p{n}", Achievement.WITHOUT_BENEFITS) for n in range(7)]
    found, _ = figures(Balance(DAY, (*parties, *prepared), (), (), tuple(met), tuple(free)))
    assert found == {
        "contacts": 36,
        "agreements": 6,
        "agreement-people": 12,
        "agreements-prepared": 6,
        "prepared-people": 6,
        "without-benefits": 7,
    }


def test_agreements_that_tell_how_few_share_one_are_hidden():
    """Ten agreements for twelve persons: two are the second of a couple."""
    parties = [a_party(n, agreement=min(n, 9)) for n in range(12)]
    found, _ = figures(replace(NOBODY, parties=tuple(parties)))
    assert (found["agreements"], found["agreement-people"]) == ("hidden", 12)


def test_what_became_of_a_step_is_told_from_its_dates():
    assert [
        outcome(a_step(1, StepState.DONE, due_in=0, done_in=0), DAY),
        outcome(a_step(1, StepState.DONE, due_in=-3, done_in=0), DAY),
        outcome(a_step(1, due_in=0), DAY),
        outcome(a_step(1, due_in=-1), DAY),
        outcome(a_step(1, StepState.DROPPED, due_in=-1), DAY),
    ] == list(OUTCOMES)
    assert outcome(a_step(1), DAY) == "not-yet-due"


def test_the_evaluation_says_how_many_goals_were_reached_and_who_works_together():
    reached = [a_step(n, StepState.DONE, due_in=0) for n in range(15)]
    late = [a_step(n, due_in=-9) for n in range(15, 20)]
    parties = [a_party(n, town=("Musterstadt", "Probeheim")[n % 2]) for n in range(20)]
    findings = [(f"p{n}", Finding.OBSTRUCTED if n < 5 else Finding.DONE) for n in range(20)]
    _, tables = figures(
        replace(NOBODY, parties=tuple(parties), steps=(*reached, *late), findings=tuple(findings))
    )
    found = {row["figure"]: row["share_of"] or row["number_of"] for row in tables["evaluation"]}
    assert found == {
        **{"goals-reached": 0.75, "reached-on-time": 1.0, "reviews-kept": 1.0, "obstructed": 0.25},
        **{"offices": 1, "towns": 2, "partners": 1},
    }
    people = {row["outcome"]: row["people"] for row in tables["balance-outcomes"]}
    assert (people["reached-in-time"], people["overdue"]) == (15, 5)


MANY = st.lists(st.integers(0, 8), min_size=3, max_size=3)


@given(MANY, MANY, st.integers(1, 3))
def test_no_number_of_the_balance_is_about_fewer_than_five_or_completes_a_table(signed, done, share):
    """Months are a partition of the persons: with their number a single hidden month would be known."""
    persons = [(month, n) for month, many in enumerate(signed, 1) for n in range(many)]
    parties = [a_party(f"{m}-{n}", f"{m}-{n // share}", m) for m, n in persons]
    states = (StepState.DONE, StepState.OPEN, StepState.DROPPED)
    steps = [
        a_step(f"{number}-{n}", states[number], 5) for number, many in enumerate(done) for n in range(many)
    ]
    talks = [Met(f"p{m}-{n}", 2026, m, 2) for m, n in persons]
    found, tables = figures(replace(NOBODY, parties=tuple(parties), steps=tuple(steps), talks=tuple(talks)))
    real = {date(2026, month, 1).isoformat(): many for month, many in enumerate(signed, 1) if many}
    shown = {row["month"]: row["people"] for row in tables["balance-months"]}
    hidden = [month for month, cell in shown.items() if cell == "hidden"]
    assert all(shown[month] == "hidden" for month, many in real.items() if many < SMALLEST_SHOWN)
    if found["agreement-people"] != "hidden" and hidden:
        assert len(hidden) >= 2
        assert sum(real[month] for month in hidden) > len(hidden)
    together = len(persons) - len({one.agreement_id for one in parties})
    if 0 < together < SMALLEST_SHOWN:
        assert "hidden" in (found["agreements"], found["agreement-people"])
    hidden_talks = [row["month"] for row in tables["contact-months"] if row["talks"] == "hidden"]
    assert found["contacts"] == "hidden" or len(hidden_talks) != 1
    cells = [row["people"] for row in tables["balance-outcomes"]]
    assert not any(isinstance(cell, int) and 0 < cell < SMALLEST_SHOWN for cell in cells)


def test_a_share_is_not_shown_where_a_number_that_it_is_made_of_is_hidden():
    """Six late ones are hidden beside three overdue; twenty of twenty-six would say six."""
    steps = [a_step(n, StepState.DONE, due_in=0) for n in range(20)]
    steps += [a_step(n, StepState.DONE, due_in=-3) for n in range(20, 26)]
    steps += [a_step(n, due_in=-9) for n in range(26, 29)]
    parties = tuple(a_party(n) for n in range(29))
    for many, share in ((29, None), (26, 0.77)):
        _, tables = figures(replace(NOBODY, parties=parties, steps=tuple(steps[:many])))
        found = {row["figure"]: row["share_of"] for row in tables["evaluation"]}
        assert found["reached-on-time"] == share


def test_months_do_not_complete_another_table():
    """Four done and four open of eight can only be that; the months must not say that they are eight."""
    steps = [a_step(n, StepState.DONE if n < 4 else StepState.DROPPED, due_in=0) for n in range(8)]
    parties = tuple(a_party(n, month=1) for n in range(8))
    found, tables = figures(replace(NOBODY, parties=parties, steps=tuple(steps)))
    assert found["agreement-people"] == "hidden"
    assert [row["people"] for row in tables["balance-months"]] == ["hidden"]


def test_without_hiding_beside_it_a_month_would_be_known():
    """Control: 2 beside 9 and 8 of 19 persons; one more month must be hidden."""
    parties = [a_party(f"{m}-{n}", month=m) for m, many in enumerate((2, 9, 8), 1) for n in range(many)]
    found, tables = figures(replace(NOBODY, parties=tuple(parties)))
    assert found["agreement-people"] == 19
    assert Counter(row["people"] for row in tables["balance-months"])["hidden"] == 2


def test_without_agreements_the_balance_says_nought():
    assert {row[1] for row in balance_table(NOBODY).rows} == {0}


def test_the_balance_is_read_from_the_store(store):
    place = a_place(store)
    with place.unit() as uow:
        for n in range(6):
            plans = an_agreement(uow, place.office, persons=2, done=n < 5, due_on=TODAY)
            held = {"state": AppointmentState.HELD, "held_on": TODAY, "is_overall": False}
            uow.insert(t.appointment, region_id="musterkreis", help_plan_id=plans[0], **held)
            reached = {"what": Achievement.WITHOUT_BENEFITS, "achieved_on": TODAY}
            uow.insert(t.achievement, region_id="musterkreis", help_plan_id=plans[0], **reached)
        an_agreement(uow, place.office, signed_on=None)
        described(uow).commit()
    balance = read_balance(place.planner(), "musterkreis")
    assert len(balance.concluded) == 12 and len(balance.parties) == 13
    assert Counter(outcome(step, balance.today) for step in balance.steps) == {
        "reached-in-time": 10,
        "not-yet-due": 2,
    }
    found, _ = figures(balance)
    assert (found["contacts"], found["without-benefits"]) == (6, 6)
    assert found["agreements-prepared"] == "hidden"
