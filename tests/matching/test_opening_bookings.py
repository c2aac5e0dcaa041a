"""First bookings in turn: seats are kept, and who loses most by waiting gets them."""

import numpy as np
import pytest

import matching
from matching.ascent import Ascent, markets
from matching.booking import booking_costs
from matching.bound import Pricer
from matching.candidates import candidates, some_units
from matching.first_come import plan_of
from matching.in_turn import InTurn
from matching.opening_bookings import booked_in_turn
from matching.prices import wanted
from tests.matching.builders import a_capacity, a_need, a_problem, a_random_crowd, a_slot


def risen(problem, passes=40):
    """Prices of a problem that have risen."""
    c = candidates(problem)
    ascent = Ascent(Pricer(c), markets(problem, c))
    ascent.rise(passes, lambda: 0.0)
    return c, ascent


def booked(problem, forced=None, spent=0.0, stops=False):
    c, ascent = risen(problem)
    return c, booked_in_turn(InTurn(ascent), forced or {}, lambda: spent, lambda: stops)


def test_the_seat_goes_to_whom_waiting_costs_most():
    problem = a_problem(
        needs=[a_need(name, name, weight=weight) for name, weight in (("a", "1"), ("b", "2"), ("c", "5"))],
        slots=[a_slot("early", start=7), a_slot("late", start=200)],
        capacities=[a_capacity("c-early", 1), a_capacity("c-late", 3)],
    )
    c, state = booked(problem)
    early = c.start[state.choice] - c.today == 7
    assert c.weight[early].tolist() == [5.0]
    assert state.totals[0] == pytest.approx(5 * 7 + 3 * 200)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("spent", "stops"), [(0.0, False), (1.0, False), (0.0, True)])
def test_no_capacity_is_overfull_and_no_closed_group_has_anybody(seed, spent, stops):
    problem = matching.problem_from_tables(a_random_crowd(seed, households=40))
    c = candidates(problem)
    closed = np.flatnonzero(c.minimum > 0)[:2].tolist()
    _, state = booked(problem, dict.fromkeys(closed, False), spent, stops)
    load = wanted(c, state.choice)
    assert (load <= c.seats).all()
    assert not load[closed].any()
    assert state.totals[0] == pytest.approx(booking_costs(c, state.choice).sum())


def test_no_step_is_booked_whose_step_before_has_lost_its_pair():
    problem = matching.problem_from_tables(a_random_crowd(1, households=40))
    c, ascent = risen(problem)
    turn = InTurn(ascent)
    turn.rise(1, lambda: 0.0, lambda: False, (3.0, 3.0))
    later = np.flatnonzero((turn.taken >= 0) & (c.after >= 0))
    before = c.after[later]
    assert len(later[turn.taken[before] >= 0]) > 10
    turn.taken[before] = c.slot[c.pair_ptr[later]]  # of another kind, as if the pair were on the list no more
    state = booked_in_turn(turn, {}, lambda: 1.0, lambda: False)
    found = matching.check(problem, plan_of(problem, c, state.choice))
    assert (state.choice[later] >= 0).any()
    assert "served before its predecessor" not in found.violations


def test_units_by_themselves_are_what_they_are_among_all():
    c = candidates(matching.problem_from_tables(a_random_crowd(1, households=40)))
    kept = np.arange(c.units) % 3 > 0
    part, pairs = some_units(c, kept)
    whole, few = Pricer(c), Pricer(part)
    zero = Ascent(whole, np.zeros(len(c.seats), np.int32)).now
    whole.cheapest(zero)
    few.cheapest(Ascent(few, np.zeros(len(c.seats), np.int32)).now)
    assert np.array_equal(part.slot, c.slot[pairs])
    assert np.array_equal(part.row, c.row[kept[c.unit]])
    assert booking_costs(part, few.choice) == pytest.approx(booking_costs(c, whole.choice)[kept])
