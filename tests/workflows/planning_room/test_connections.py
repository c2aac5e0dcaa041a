"""How one step met the next in our own data: counted by hand, and never about fewer than five persons."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from plans.referral_table import ReferralOutcome, ReferralState
from plans.steps import StepState
from store import tables as t
from store.queries.planning_room import Passage
from tests.store.builders import TODAY, a_referral, described
from tests.workflows.planning_runs.builders import a_place
from workflows.planning_room.connections import Passages, connection_table, read_passages
from workflows.planning_room.tables import table_data
from workflows.small_cells import SMALLEST_SHOWN

DAY = date(2026, 2, 2)
COURSE, B2, TEST = "integration-course/from-3", "vocational-language/B2", "placement-test"


def a_passage(person, gap=30, placed=None, outcome=ReferralOutcome.GOAL_REACHED, kind=COURSE, after=B2):
    def day(number):
        return None if number is None else DAY + timedelta(days=number)

    return Passage(f"p{person}", kind, DAY, outcome, after, day(placed), day(gap))


def rows_of(steps):
    return table_data(connection_table(Passages(tuple(steps)), {}))


def test_gaps_and_seats_held_before_the_end_are_counted_by_hand():
    steps = [*(a_passage(n, 20, placed=-3) for n in range(5)), *(a_passage(n, 60, 5) for n in range(5, 10))]
    steps += [a_passage(n, None) for n in range(10, 20)]
    (row,) = rows_of(steps)
    assert (row["kind"], row["next_kind"], row["people"]) == ("integration-course", B2, 20)
    assert (row["gap_median"], row["gap_six_weeks"], row["placed_before_end"]) == (40, 0.25, 0.25)


def test_a_level_is_missing_where_the_goal_was_not_reached():
    """The course leads from A2 to B1, and B2 asks for B1."""
    outcomes = [ReferralOutcome.GOAL_REACHED] * 5 + [ReferralOutcome.NOT_REACHED] * 5 + [None] * 5
    (row,) = rows_of(a_passage(n, outcome=outcome) for n, outcome in enumerate(outcomes))
    assert row["level_missing"] == 0.5, "what has no result is not counted"
    (row,) = rows_of(a_passage(n, kind=TEST) for n in range(5))
    assert row["level_missing"] is None, "a test leads to no level"


@given(st.lists(st.tuples(st.sampled_from([COURSE, TEST]), st.sampled_from([None, 10, 60])), max_size=25))
def test_no_row_is_about_fewer_than_five(steps):
    found = {
        row["kind"]: row for row in rows_of(a_passage(n, gap, kind=k) for n, (k, gap) in enumerate(steps))
    }
    for kind in (COURSE, TEST):
        gaps = [gap for k, gap in steps if k == kind]
        row = found.get(kind.partition("/")[0])
        if 0 < len(gaps) < SMALLEST_SHOWN:
            assert list(row.values())[2:] == ["hidden"] + [None] * 4
        elif gaps and row["people"] != "hidden":
            late = sum(gap != 10 for gap in gaps)
            shown = row["gap_six_weeks"] is not None
            assert shown == all(n == 0 or n >= SMALLEST_SHOWN for n in (late, len(gaps) - late))


def test_passages_are_read_from_the_store(store):
    place = a_place(store)
    slot = place.group(start_in_days=-200)
    done, after = place.person(needs=2)
    ended, placed = TODAY - timedelta(days=50), TODAY - timedelta(days=60)
    with place.unit() as uow:
        uow.change(t.need, done, 1, state=StepState.DONE, done_on=ended)
        uow.change(t.need, after, 1, placed_on=placed)
        goal = ReferralOutcome.GOAL_REACHED
        a_referral(uow, done, slot, ReferralState.COMPLETED, started_on=ended, ended_on=ended, outcome=goal)
        described(uow).commit()
    (step,) = read_passages(place.planner(), "musterkreis").steps
    assert (step.done_on, step.outcome, step.next_placed_on, step.next_started_on) == (
        ended,
        goal,
        placed,
        None,
    )
