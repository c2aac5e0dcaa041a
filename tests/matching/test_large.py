"""Problems with too many units for the linear program: few pairs, regions, and a bound from all pairs."""

import importlib
from dataclasses import replace

import numpy as np
import pytest

import matching
from matching.annealing import state_of
from matching.ascent import Ascent, markets
from matching.booking import release
from matching.bound import Interrupted, Pricer
from matching.candidates import candidates, part_of, with_its_capacities
from matching.first_come import first_come_choice
from matching.guide import Prices
from matching.links import Multipliers, carried, links_of, without_links
from matching.regions import Regions, Wave
from matching.shortlist import best_pairs, shortlist
from matching.units import by_home, place_key, units
from tests.matching.builders import a_random_crowd

CROWD = matching.problem_from_tables(a_random_crowd(3, households=60))
STEPS = matching.SolveOptions(time_limit_seconds=100_000, gap=0.0, steps=3000, seed=5)


@pytest.fixture
def as_if_large(monkeypatch):
    """Let the engine treat every problem as one with too many units for the linear program."""
    solve, candidates = (importlib.import_module(f"matching.{name}") for name in ("solve", "candidates"))
    monkeypatch.setattr(solve, "MANY_UNITS", 0)
    monkeypatch.setattr(candidates, "SOME_UNITS", 0)


def priced():
    """A pricer of the crowd and prices that have risen a little."""
    pricer = Pricer(candidates(CROWD), 2)
    return pricer, Ascent(pricer, markets(CROWD, pricer.c)).rise(20, lambda: 0.0).multipliers


def test_a_large_problem_gets_a_feasible_plan_and_a_bound_below_any_plan(as_if_large, monkeypatch):
    large = matching.solve(CROWD, STEPS)
    monkeypatch.undo()
    exact = matching.solve(CROWD, STEPS)
    assert matching.check(CROWD, large.plan).feasible
    assert 0 < large.lower_bound <= min(large.cost, exact.cost) * (1 + 1e-9)
    assert large.cost < large.first_come_cost


def test_a_problem_that_is_searched_by_region_after_the_dive_gets_the_same_on_one_worker_and_two(monkeypatch):
    for name in ("solve", "candidates"):
        monkeypatch.setattr(importlib.import_module(f"matching.{name}"), "SOME_UNITS", 0)
    one, two = (matching.solve(CROWD, replace(STEPS, workers=workers)) for workers in (1, 2))
    assert (one.plan, one.lower_bound) == (two.plan, two.lower_bound)
    assert matching.check(CROWD, one.plan).feasible
    assert 0 < one.lower_bound <= one.cost < one.first_come_cost


def test_one_worker_and_two_find_the_same_for_a_large_problem(as_if_large):
    one, two = (matching.solve(CROWD, replace(STEPS, workers=workers)) for workers in (1, 2))
    assert (one.plan, one.lower_bound, one.seat_prices) == (two.plan, two.lower_bound, two.seat_prices)


@pytest.mark.parametrize("calls", [0, 3, 40, 300, 500])
def test_a_large_problem_that_is_stopped_returns_what_there_is(as_if_large, calls):
    asked = iter([False] * calls)
    options = matching.SolveOptions(time_limit_seconds=60, gap=0.0)
    result = matching.solve(CROWD, options, stop=lambda: next(asked, True))
    assert matching.check(CROWD, result.plan).feasible
    assert result.lower_bound <= result.cost <= result.first_come_cost
    assert result.status == matching.Status.INTERRUPTED


def test_a_pass_ends_in_the_middle_when_somebody_asks_for_it():
    asked = iter([False, False])
    pricer = Pricer(candidates(CROWD), 2, asked=lambda: next(asked, True))
    part = pricer.parts[0]
    pricer.parts = [part] * 40
    priced = []
    with pytest.raises(Interrupted):
        pricer.in_parts(lambda *_: priced.append(part) or 0.0, pricer.parts)
    assert len(priced) == 2


def test_a_region_has_the_slots_and_capacities_of_its_own_pairs():
    c = candidates(CROWD)
    part = part_of(c, 2, 9)
    small, here = with_its_capacities(part)
    assert len(small.seats) == len(here) < len(c.seats)
    assert np.array_equal(small.seats, c.seats[here])
    assert np.array_equal(small.minimum, c.minimum[here])
    for p, (slot, former) in enumerate(zip(small.slot, part.slot, strict=True)):
        uses = here[small.uses[small.use_ptr[slot] : small.use_ptr[slot + 1]]]
        assert np.array_equal(uses, c.uses[c.use_ptr[former] : c.use_ptr[former + 1]]), p
        assert small.times[slot] == c.times[former]


def test_a_shortlist_costs_no_less_than_all_pairs_and_the_same_where_it_holds_all():
    pricer, m = priced()
    all_pairs = pricer.bound(m, nodes=0)
    short = shortlist(pricer.c, best_pairs(pricer, m, 3))
    assert short.c.pairs < pricer.c.pairs
    assert np.array_equal(short.here(short.in_all(np.arange(short.c.pairs))), np.arange(short.c.pairs))
    few = Pricer(short.c, links=links_of(short.c, pricer.links))
    link = carried(pricer.links, m.link, few.links)
    assert few.bound(replace(m, link=link), nodes=0) >= all_pairs - 1e-6
    everything = shortlist(pricer.c, np.ones(pricer.c.pairs, np.bool_))
    assert Pricer(everything.c, links=pricer.links).bound(m, nodes=0) == pytest.approx(all_pairs)


def test_what_everybody_would_take_is_on_the_shortlist():
    pricer, m = priced()
    pricer.bound(m, nodes=0)
    kept = best_pairs(pricer, m, 1)
    assert kept[pricer.wished[pricer.wished >= 0]].all()


def test_links_keep_their_values_among_others():
    c = candidates(CROWD)
    links = links_of(c)
    values = np.arange(links.total) + 1.0
    none = without_links(c)
    assert np.array_equal(carried(links, values, links), values)
    assert len(carried(links, values, none)) == 0
    assert not carried(none, np.zeros(0), links).any()


def test_units_stand_by_home_with_their_needs_in_order():
    row, ptr, after = by_home(CROWD, *units(CROWD))
    assert sorted(row.tolist()) == list(range(len(CROWD.needs.ids)))
    former = CROWD.needs.after[row]
    assert np.array_equal(np.where(after >= 0, row[after], -1), former)
    assert (after < np.arange(len(after))).all()
    home = CROWD.needs.person[row[ptr[:-1]]]
    keys = place_key(CROWD.people.lat[home], CROWD.people.lon[home])
    assert (np.diff(keys) >= 0).all()


def test_neighbours_have_nearer_places_on_the_curve_than_far_homes():
    here, near, far = place_key(np.array([50.0, 50.001, 53.0]), np.array([8.0, 8.001, 13.0])).tolist()
    assert abs(near - here) < abs(far - here)


def test_regions_that_come_to_their_turn_after_the_end_stay_as_they_are(monkeypatch):
    monkeypatch.setattr("matching.regions.UNITS", 10)
    c = candidates(CROWD)
    pricer, choice = Pricer(c), first_come_choice(c)
    prices = Prices(
        pricer, Multipliers(np.zeros(len(c.seats)), np.zeros(len(c.seats)), np.zeros(pricer.links.total))
    )
    regions = Regions(CROWD, prices, state_of(c, choice, np.zeros(len(c.seats))), 0, 1)
    wave = Wave(2.0, 1.0, np.inf, 0.3, np.inf, 5)
    built = []
    monkeypatch.setattr(regions, "_region", lambda *given: built.append(given))
    assert np.array_equal(regions.search(choice, wave, lambda: True), choice)
    assert not built
    assert len(regions._cuts(10)) > 3


def test_the_people_of_a_region_cannot_all_leave_a_group_that_belongs_to_another():
    c = candidates(CROWD)
    pricer, choice = Pricer(c), first_come_choice(c)
    none = np.zeros(len(c.seats))
    prices = Prices(pricer, Multipliers(none, none, np.zeros(pricer.links.total)))
    regions = Regions(CROWD, prices, state_of(c, choice, none), 0, 1)
    load = regions._loads(c, choice)
    for own, missing in ((True, False), (False, True)):
        whole = regions._region(0, 0, c.units, np.full(len(c.seats), own), load, choice)
        grouped = (whole.c.minimum > 0) & (whole.state.load > 0)
        assert grouped.any()
        assert (whole.state.left[grouped] == 0).any() or own
        for unit in range(whole.c.units):
            release(whole.c, whole.state, unit)
        assert bool(whole.state.totals[1] > 0.5) == missing
