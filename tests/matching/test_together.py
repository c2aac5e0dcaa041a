"""Groups open, fill and close by several people at once, and only where the plan becomes cheaper by it."""

import numpy as np
import pytest

import matching
from matching.annealing import state_of
from matching.booking import booking_costs
from matching.bound import Pricer
from matching.candidates import candidates, part_of
from matching.first_come import plan_of
from matching.guide import Prices
from matching.links import Multipliers
from matching.search import book_all, dissolve
from matching.together import joiners, settle, sweep, try_close, try_fill
from tests.matching.builders import a_capacity, a_need, a_person, a_problem, a_random_crowd, a_slot

NAMES = ("a", "b", "c")


def never():
    return False


def everything(c):
    return np.ones(len(c.seats), np.bool_)


def two_courses(early_minimum, late_start=40):
    """Three people, a course of some minimum in a week, and one without a minimum later on."""
    problem = a_problem(
        needs=[a_need(name, person=name) for name in NAMES],
        people=[a_person(name) for name in NAMES],
        slots=[a_slot("early", start=7), a_slot("late", start=late_start)],
        capacities=[a_capacity("c-early", 5, early_minimum), a_capacity("c-late", 3)],
    )
    return candidates(problem)


def in_slot(c, start):
    """The state in which everybody has the slot that starts on this day."""
    pairs = np.flatnonzero(c.start - c.today == start)
    choice = np.full(c.needs, -1, np.int64)
    choice[np.searchsorted(c.pair_ptr, pairs, side="right") - 1] = pairs
    return state_of(c, choice, np.zeros(len(c.seats)))


def starts(c, state):
    return [int(c.start[p]) - c.today if p >= 0 else None for p in state.choice]


def slot_that_starts(c, start):
    return int(c.slot[np.flatnonzero(c.start - c.today == start)[0]])


def group_of(c):
    return int(np.flatnonzero(c.minimum > 0)[0])


def fill_early(c, state):
    return try_fill(c, state, joiners(c), slot_that_starts(c, 7), np.empty(c.needs, np.int64))


def test_a_group_opens_when_enough_people_gain_by_it_together():
    c = two_courses(early_minimum=3)
    state = in_slot(c, 40)
    assert fill_early(c, state)
    assert starts(c, state) == [7, 7, 7]
    assert state.totals.tolist() == [21.0, 0.0]


def test_a_group_that_too_few_could_join_stays_closed():
    c = two_courses(early_minimum=4)
    state = in_slot(c, 40)
    assert not fill_early(c, state)
    assert starts(c, state) == [40, 40, 40]


def test_an_opening_that_makes_the_plan_dearer_is_undone():
    c = two_courses(early_minimum=3, late_start=3)
    state = in_slot(c, 3)
    assert not fill_early(c, state)
    assert starts(c, state) == [3, 3, 3]
    assert state.totals.tolist() == [9.0, 0.0]


def test_a_group_closes_where_its_people_are_better_off_elsewhere_and_only_there():
    for late_start, closes in ((3, True), (40, False)):
        c = two_courses(early_minimum=2, late_start=late_start)
        state = in_slot(c, 7)
        old = np.empty(c.needs, np.int64)
        assert try_close(c, state, joiners(c), group_of(c), False, old) == closes
        assert starts(c, state) == ([late_start] * 3 if closes else [7] * 3)
        assert not state.closed.any()


def test_a_group_that_must_close_closes_although_that_is_dearer():
    c = two_courses(early_minimum=2)
    state = in_slot(c, 7)
    assert try_close(c, state, joiners(c), group_of(c), True, np.empty(c.needs, np.int64))
    assert starts(c, state) == [40, 40, 40]


def test_no_group_closes_if_its_people_leave_another_one_short_however_much_they_gain():
    problem = a_problem(
        needs=[a_need(name, person=name, weight="1000") for name in ("a", "b")],
        people=[a_person(name) for name in ("a", "b")],
        slots=[a_slot("early", start=7), a_slot("late", start=300)],
        capacities=[a_capacity("c-early", 5, 4), a_capacity("c-late", 3, 2)],
    )
    c = candidates(problem)._replace(seats=np.array([5, 3], np.int32), minimum=np.array([4, 2], np.int32))
    state = in_slot(c, 300)
    late = int(c.uses[c.use_ptr[slot_that_starts(c, 300)]])
    assert not try_close(c, state, joiners(c), late, False, np.empty(c.needs, np.int64))
    assert starts(c, state) == [300, 300]


def test_a_short_group_is_filled_or_closed_whichever_is_cheaper():
    for joining, expected in ((0.0, 7), (500.0, 40)):
        c = two_courses(early_minimum=3)
        early = in_slot(c, 7).choice
        c.static_cost[early[1:]] += joining
        state = state_of(c, np.array([early[0], *in_slot(c, 40).choice[1:]]), np.zeros(len(c.seats)))
        assert state.totals[1] > 0
        settle(c, state, everything(c), never)
        assert starts(c, state) == [expected] * 3
        assert state.totals[1] == 0


def crowded(seed):
    """A crowd booked so that some groups miss participants, and its problem."""
    problem = matching.problem_from_tables(a_random_crowd(seed, households=60))
    c = candidates(problem)
    state = state_of(c, np.where(c.fixed, c.pair_ptr[:-1], -1), np.zeros(len(c.seats)))
    book_all(c, state, np.arange(c.units), 0.0, 20.0)
    return problem, c, state


@pytest.mark.parametrize("seed", range(4))
def test_what_settling_and_sweeping_leave_is_a_plan_that_a_sweep_only_makes_cheaper(seed):
    problem, c, state = crowded(seed)
    settle(c, state, everything(c), never)
    dissolve(c, state, len(c.seats))
    settled = matching.check(problem, plan_of(problem, c, state.choice))
    assert settled.feasible, settled.violations
    for turn in range(3):
        sweep(c, state, everything(c), turn, never)
    swept = matching.check(problem, plan_of(problem, c, state.choice))
    assert swept.feasible, swept.violations
    assert swept.cost <= settled.cost + 1e-6
    assert swept.cost == pytest.approx(state.totals[0])


def test_settling_that_is_stopped_changes_nothing_more():
    _, c, state = crowded(1)
    before = state.choice.copy()
    settle(c, state, everything(c), lambda: True)
    assert np.array_equal(state.choice, before)


def test_groups_of_others_neither_open_nor_close():
    _, c, state = crowded(2)
    dissolve(c, state, len(c.seats))
    before = state.choice.copy()
    settle(c, state, ~everything(c), never)
    sweep(c, state, ~everything(c), 0, never)
    assert np.array_equal(state.choice, before)


def wishes(c, closed):
    """What everybody would have were all seats free of charge."""
    pricer, zero = Pricer(c), np.zeros(len(c.seats))
    return Prices(pricer, Multipliers(zero, zero, np.zeros(pricer.links.total))).wishes(closed)


def test_who_has_what_prices_ask_for_has_no_regret_and_who_has_nothing_the_most():
    c = two_courses(early_minimum=0)
    wanted = wishes(c, np.zeros(len(c.seats), np.bool_))
    assert np.array_equal(wanted.pair, in_slot(c, 7).choice)
    choice = np.array([wanted.pair[0], in_slot(c, 40).choice[1], -1])
    regret = np.diff(wanted.guide(choice, booking_costs(c, choice)).regret, prepend=0.0) ** 2
    assert regret == pytest.approx([0, 33, 365 + 60 - 7], abs=1e-3)


def test_nobody_wishes_for_a_closed_group_and_a_part_counts_from_its_first():
    c = two_courses(early_minimum=2)
    wanted = wishes(c, c.minimum > 0)
    assert np.array_equal(wanted.pair, in_slot(c, 40).choice)
    part = wanted.of_part(part_of(c, 1, 3), 1, 3)
    assert np.array_equal(part.pair, wanted.pair[1:] - c.pair_ptr[1])
    assert not part.guide(part.pair, part.paid).regret[-1] > 1e-6
