"""Compile the kernels once, after the installation, so that the first plan does not wait for it."""

import numpy as np

from matching.annealing import FROM_PRICES, Round, state_of
from matching.bound import Pricer
from matching.branching import branch
from matching.candidates import candidates
from matching.columns import Generator
from matching.compiled import forget_other_kernels
from matching.diving import dive, rounded
from matching.filling import book
from matching.first_come import first_come_choice, first_come_slots
from matching.guide import Prices
from matching.large import Large
from matching.links import without_links
from matching.offers import pairs_of_slots
from matching.opening_bookings import booked_in_turn
from matching.prices import lower_bound
from matching.pricing import Longs, Pass
from matching.problem import Problem
from matching.reading import problem_from_tables
from matching.recommend import recommend
from matching.regions import Regions, Wave
from matching.replan import Mode, replan
from matching.result import SolveOptions
from matching.search import book_all
from matching.second_chance import added, free_of_charge, with_a_seat
from matching.solve import solve

_PLACE = {"lat": "50.0", "lon": "8.0"}


def small_problem() -> Problem:
    """Four people who want one of two test dates, then a course that needs three."""
    slot = {"online": "0", "times": "mo-am", **_PLACE}
    test = {**slot, "kind": "test"}
    course = {**slot, "slot": "course", "kind": "course", "uses": "m1;m2"}
    need = {"earliest": "2026-01-01", "weight": "1"}
    people = ["a", "b", "c", "d"]
    return problem_from_tables(
        {
            "problem": {
                "format": "support-chain-problem/1",
                "today": "2026-01-05",
                "horizon_end": "2026-12-31",
                "long_wait_days": 42,
                "long_wait_factor": 0.5,
                "overdue_factor": 0.5,
                "km_factor": 0.2,
                "change_penalty": 14,
                "unserved_penalty": 60,
            },
            "capacities": [
                {"capacity": "t1", "seats": "1", "min_participants": "0"},
                {"capacity": "t2", "seats": "5", "min_participants": "0"},
                {"capacity": "m1", "seats": "5", "min_participants": "3"},
                {"capacity": "m2", "seats": "5", "min_participants": "3"},
            ],
            "slots": [
                {**test, "slot": "t1", "start": "2026-01-12", "end": "2026-01-12", "uses": "t1"},
                {**test, "slot": "t2", "start": "2026-02-12", "end": "2026-02-12", "uses": "t2"},
                {**course, "start": "2026-03-01", "end": "2026-06-30"},
            ],
            "people": [{"person": p, "max_km": "5", "times": "mo-am", **_PLACE} for p in people],
            "needs": [{**need, "need": f"{p}1", "person": p, "kind": "test"} for p in people]
            + [{**need, "need": f"{p}2", "person": p, "kind": "course", "after": f"{p}1"} for p in people],
        }
    )


def _walk_large(problem: Problem, choice: Longs) -> None:
    """What only large problems need."""
    c = candidates(problem)
    large = Large(problem, Pricer(c, links=without_links(c)), lambda: False, lambda _: None)
    large.coarse(lambda: 0.9)
    short = large.shortened(choice)
    large.fine(lambda: 0.9)
    forced = large.decided(lambda: 0.9)
    prices = Prices(large.ascent.pricer, large.ascent.now)
    booked_in_turn(large.turn, forced, lambda: 0.9, lambda: False)
    state = state_of(short.c, short.here(choice), prices.m.seat)
    regions = Regions(problem, prices, state, 0, 1)
    for push in (20.0, np.inf):
        regions.search(state.choice, Wave(2.0, 1.0, push, 0.3, np.inf, 5, push == np.inf), lambda: False)
    alone = np.full(short.c.needs, -1, np.int64)  # one participant of a course that needs three
    alone[:2] = short.c.pair_ptr[1:3] - 1
    regions.settled(alone, lambda: False)


def _walk_vast(problem: Problem) -> None:
    """What only problems need whose pairs have offers."""
    c = candidates(problem, by_offer=True)
    slots = first_come_slots(c)
    large = Large(problem, Pricer(c, links=without_links(c)), lambda: False, lambda _: None)
    large.coarse(lambda: 0.9)
    few = large.shortened_to_slots(slots[np.newaxis])
    choice = pairs_of_slots(few, slots)
    free = free_of_charge(few, choice)
    few = added(few, np.ones(few.units, np.bool_), c, with_a_seat(c, free, 1), free)
    choice = pairs_of_slots(few, slots)
    book(few, state_of(few, choice, free), np.arange(few.units), 0.0, np.inf)


def main() -> None:
    """Walk every compiled path on a problem of four people; the compiled code stays in the cache."""
    forget_other_kernels()
    problem = small_problem()
    c = candidates(problem)
    choice = first_come_choice(c)
    price = np.ones(len(c.seats))
    lower_bound(c, Pass(c), price)
    state = state_of(c, choice, price)
    book_all(c, state, np.arange(c.units), 1.0, 20.0)
    Round(c, state, FROM_PRICES, 0, choice.copy(), np.inf).run(50, 10.0, lambda: False, timed=False)
    _walk_large(problem, choice)
    _walk_vast(problem)
    generator = Generator(Pricer(c), lambda: False)
    generator.learn(choice)
    rounded(c, generator.master, price, dive(generator, lambda: 10.0))
    branch(generator, 0.0, lambda: np.inf, lambda: 10.0, lambda _: None, lambda _: None)
    result = solve(problem, SolveOptions(time_limit_seconds=60, gap=0.0))
    recommend(problem, result.plan, result.seat_prices, "a1")
    for mode in (Mode.NEW, Mode.FEWEST):
        replan(problem, {"a1": "t1", "b1": "t1", "c2": "course"}, options=SolveOptions(steps=50), mode=mode)


if __name__ == "__main__":
    main()
