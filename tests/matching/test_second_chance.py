"""A second chance: who was left without a slot sees the seats that are free, and only those."""

import numpy as np
import pytest

import matching
from matching.annealing import state_of
from matching.bound import Pricer
from matching.candidates import by_end_day, candidates, candidates_of, some_units
from matching.filling import book
from matching.first_come import first_come_choice
from matching.links import Multipliers
from matching.offers import pairs_of_slots, slots_of
from matching.prices import wanted
from matching.pricing import INFINITE
from matching.second_chance import MOST, TAKEN, added, free_of_charge, losers, with_a_seat
from matching.shortlist import shortlist
from tests.matching.builders import (
    a_capacity,
    a_crowd_with_twins,
    a_need,
    a_person,
    a_problem,
    a_random_crowd,
    a_slot,
)

NAMES = ("a", "b", "c")


def need_and_slot(c):
    """Of every pair."""
    need = np.repeat(np.arange(c.needs), np.diff(c.pair_ptr))
    return list(zip(need.tolist(), c.slot.tolist(), strict=True))


def two_courses():
    """Three people, a course of one seat in a week, and one for all of them later on."""
    return candidates(
        a_problem(
            needs=[a_need(name, person=name) for name in NAMES],
            people=[a_person(name) for name in NAMES],
            slots=[a_slot("early", start=7), a_slot("late", start=40)],
            capacities=[a_capacity("c-early", 1), a_capacity("c-late", 3)],
        )
    )


def test_who_had_only_the_full_course_on_the_list_gets_the_free_one():
    c = two_courses()
    early = c.start - c.today == 7
    short = shortlist(c, early)
    choice = np.array([0, -1, -1])
    lost = losers(short.c, choice, np.arange(3))
    assert lost.tolist() == [False, True, True]
    more, pairs = some_units(c, lost)
    kept = with_a_seat(more, free_of_charge(c, short.in_all(choice)), 1)
    assert (more.start[kept] - c.today).tolist() == [40, 40]
    both = shortlist(c, early | np.isin(np.arange(c.pairs), pairs[kept]))
    state = state_of(both.c, both.here(short.in_all(choice)), np.zeros(2))
    book(both.c, state, np.flatnonzero(lost), 0.0, INFINITE)
    assert (both.c.start[state.choice] - c.today).tolist() == [7, 40, 40]


def test_nobody_has_lost_what_the_prices_do_not_give_either():
    c = two_courses()
    assert not losers(c, np.full(3, -1), np.full(3, -1)).any()


@pytest.mark.parametrize("seed", range(4))
def test_only_seats_that_are_free_in_groups_that_run_are_seen(seed):
    c = candidates(matching.problem_from_tables(a_random_crowd(seed, households=60)))
    choice = first_come_choice(c)
    price, load = free_of_charge(c, choice), wanted(c, choice)
    kept = with_a_seat(c, price, 2)
    assert kept.any()
    need = np.repeat(np.arange(c.needs), np.diff(c.pair_ptr))
    assert np.bincount(need[kept]).max() <= MOST + 1
    for slot in np.unique(c.slot[kept]).tolist():
        used = c.uses[c.use_ptr[slot] : c.use_ptr[slot + 1]]
        assert (load[used] < c.seats[used]).all()
        assert (load[used] >= c.minimum[used]).all()


@pytest.mark.parametrize("seed", range(4))
def test_pairs_are_added_for_some_units_and_everybody_else_keeps_what_there_was(seed):
    problem = matching.problem_from_tables(a_crowd_with_twins(seed))
    c = candidates(problem)
    of_fixed = np.repeat(c.fixed, np.diff(c.pair_ptr))
    few = shortlist(c, of_fixed | (np.arange(c.pairs) % 3 == 0)).c
    units = np.arange(c.units) % 2 == 0
    part, _ = some_units(few, units)
    more = candidates_of(problem, part.row, part.unit_ptr, part.after, by_offer=True)
    price = np.where(np.arange(len(c.seats)) % 3 == 0, TAKEN, 0.0)
    kept = with_a_seat(more, price, 1)
    whole = added(few, units, more, kept, price)
    had, has = set(need_and_slot(few)), set(need_and_slot(whole))
    assert len(has) == whole.pairs
    assert had <= has
    assert has <= set(need_and_slot(c))
    free = np.logical_and.reduceat(price[c.uses] < TAKEN, c.use_ptr[: c.slots])
    new = has - had
    assert all(units[c.unit[need]] and free[slot] for need, slot in new)
    assert new
    assert np.array_equal(whole.by_end, by_end_day(whole.pair_ptr, whole.end))
    for i in range(whole.needs):
        starts = whole.start[whole.pair_ptr[i] : whole.pair_ptr[i + 1]]
        assert (np.diff(starts) >= 0).all()
    cost = dict(zip(need_and_slot(c), c.static_cost, strict=True))
    assert [cost[pair] for pair in need_and_slot(whole)] == pytest.approx(whole.static_cost.tolist())
    choice = first_come_choice(few)
    again = pairs_of_slots(whole, slots_of(few, choice))
    assert np.array_equal(slots_of(whole, again), slots_of(few, choice))


def test_some_units_as_a_problem_of_their_own_have_the_pairs_that_they_have_among_all():
    problem = matching.problem_from_tables(a_random_crowd(2, households=40))
    c = candidates(problem)
    part, _ = some_units(c, np.arange(c.units) % 3 > 0)
    again = candidates_of(problem, part.row, part.unit_ptr, part.after, by_offer=False)
    for name in ("slot", "start", "end", "static_cost", "pair_ptr", "weight", "child", "child_ptr", "fixed"):
        assert np.array_equal(getattr(part, name), getattr(again, name)), name
    assert Pricer(part).cheapest(zero_for(part)) == pytest.approx(Pricer(again).cheapest(zero_for(again)))


def zero_for(c):
    pricer = Pricer(c)
    none = np.zeros(len(c.seats))
    return Multipliers(none, none, np.zeros(pricer.links.total))
