"""Bookings in turn: every booking moves the prices, what blocks see fits together, and prices rise soon."""

import numpy as np
import pytest

import matching
from matching.ascent import Ascent, markets
from matching.booking import scratch
from matching.bound import Interrupted, Pricer
from matching.candidates import candidates
from matching.in_turn import InTurn, book_in_turn, slots_taken
from matching.large import COARSE_HEAT
from matching.links import without_links
from matching.offers import without_offers
from matching.prices import slot_prices
from tests.matching.builders import a_crowd_with_twins, a_random_crowd
from tests.shared_files import reference

HEAT = (300.0, 10.0)
CROWD = matching.problem_from_tables(a_random_crowd(3, households=40))


def with_twins(seed):
    return matching.problem_from_tables(a_crowd_with_twins(seed))


def an_ascent(problem, workers=1, by_offer=False, asked=lambda: False):
    c = candidates(problem, by_offer=by_offer)
    return Ascent(Pricer(c, workers, without_links(c), asked), markets(problem, without_offers(c)))


def bookings(c, slots):
    """Bookings of each capacity when needs have these slots, -1 = none."""
    load = np.zeros(len(c.seats))
    for slot in slots[slots >= 0].tolist():
        load[c.uses[c.use_ptr[slot] : c.use_ptr[slot + 1]]] += 1
    return load


@pytest.mark.parametrize("instance", ["city-600-1", "rural-600-1", "squeeze-600-1"])
def test_twelve_passes_in_turn_prove_more_than_forty_of_everybody_at_once(instance):
    problem = matching.read_problem(reference("instances") / instance)
    at_once, in_turn = an_ascent(problem), an_ascent(problem)
    proven = at_once.rise(40, lambda: 0.0, blind=1.0).lower_bound
    InTurn(in_turn).rise(12, lambda: 0.0, lambda: False, COARSE_HEAT)
    assert in_turn.pricer.bound(in_turn.now, nodes=0) > proven


@pytest.mark.parametrize("seed", range(4))
def test_the_bookings_that_are_counted_are_those_of_the_slots_taken(seed):
    turn = InTurn(an_ascent(with_twins(seed), by_offer=True))
    turn.rise(5, lambda: 0.0, lambda: False, HEAT)
    assert np.array_equal(turn.load, bookings(turn.c, turn.taken))
    assert turn.load.sum() > 0
    assert (turn.taken[turn.c.fixed] < 0).all()


@pytest.mark.parametrize("seed", range(6))
def test_prices_of_slots_and_offers_follow_every_booking(seed):
    turn = InTurn(an_ascent(with_twins(seed), by_offer=True))
    c, terms = turn.c, turn._terms(50.0)
    market = turn._market(terms)._replace(load=turn.load.copy())
    (part,) = turn.pricer.parts
    book_in_turn(part.c, scratch(c.needs, c.pairs, c.seats), terms, turn.reach, market, turn.taken)
    load = bookings(c, turn.taken)
    assert np.array_equal(market.load, load)
    bookable = c.seats > 0
    expected = np.maximum(0.0, 50.0 * np.log((load + 1)[bookable] / c.seats[bookable]))
    assert market.price[bookable] == pytest.approx(expected)
    assert market.slot_price == pytest.approx(slot_prices(c, market.price))
    of_offer = market.slot_price[market.cheapest]
    assert of_offer == pytest.approx(market.slot_price[c.slots :])


def test_a_group_that_is_decided_runs_or_has_nobody():
    ascent = an_ascent(CROWD)
    turn, groups = InTurn(ascent), np.flatnonzero(ascent.links.grouped)
    turn.rise(4, lambda: 0.0, lambda: False, HEAT)
    wanted = groups[turn.load[groups] > 0]
    assert len(wanted) > 1
    closed, opened = int(wanted[0]), [int(u) for u in groups if ascent.links.outer[u] < 0][-1]
    assert closed != opened
    turn.rise(2, lambda: 0.0, lambda: False, HEAT, {closed: False, opened: True})
    assert turn.load[closed] == 0
    assert (ascent.opened[closed], ascent.opened[opened]) == (0, 1)
    turn.rise(2, lambda: 0.0, lambda: False, HEAT)
    assert turn.load[closed] > 0


def test_bookings_known_at_the_beginning_are_given_back_when_their_unit_books():
    ascent = an_ascent(CROWD)
    ascent.pricer.cheapest(ascent.now)
    turn = InTurn(ascent, slots_taken(ascent.c, ascent.now, ascent.pricer.choice))
    assert turn.load.sum() > 0
    turn.rise(1, lambda: 0.0, lambda: False, HEAT)
    assert np.array_equal(turn.load, bookings(turn.c, turn.taken))


def test_one_worker_and_two_find_the_same_prices(monkeypatch):
    monkeypatch.setattr("matching.bound.AT_ONCE", 3)
    found = []
    for workers in (1, 2):
        ascent = an_ascent(with_twins(3), workers, by_offer=True)
        assert len(ascent.pricer.parts) > 4
        InTurn(ascent).rise(4, lambda: 0.0, lambda: False, HEAT)
        found.append(ascent.now)
    assert np.array_equal(found[0].seat, found[1].seat)
    assert np.array_equal(found[0].minimum, found[1].minimum)
    assert found[0].seat.any()


def test_a_pass_ends_in_the_middle_when_somebody_asks_for_it():
    ascent = an_ascent(CROWD, asked=lambda: True)
    with pytest.raises(Interrupted):
        InTurn(ascent).rise(3, lambda: 0.0, lambda: False, HEAT)


def overfull(turn):
    return float(np.maximum(0, turn.load - turn.c.seats).sum())


@pytest.mark.parametrize("seed", range(4))
def test_when_a_booking_too_many_gets_dear_hardly_anybody_sits_where_no_seat_is(seed):
    turn = InTurn(an_ascent(matching.problem_from_tables(a_random_crowd(seed, households=60))))
    turn.rise(3, lambda: 0.0, lambda: False, (10.0, 3.0))
    too_many = overfull(turn)
    closed = np.zeros(len(turn.c.seats), np.bool_)
    closed[np.flatnonzero((turn.load > 0) & (turn.c.minimum > 0))[:2]] = True
    turn.fill(closed, 3.0, (50.0, 500.0, 50_000.0), lambda: False)
    assert np.array_equal(turn.load[~closed], bookings(turn.c, turn.taken)[~closed])
    assert overfull(turn) < 0.2 * too_many  # a unit sees the price of a seat once, and may book it twice
    assert not bookings(turn.c, turn.taken)[closed].any()
