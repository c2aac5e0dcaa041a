"""Bookings in turn (Reihum): prices that answer every booking at once.

Where everybody books at the same prices, whoever wavers does so together with everybody else, and prices
have to move in small steps. Here units book one after another, and a seat costs

    seat = max(0, base + tau * log(bookings / (seats * open))),

so every booking makes it dearer for the next, and only as many change over as there is room. After a pass
``base`` is what seats cost then, and ``tau`` falls from pass to pass. That is the multiplier method with an
entropic penalty, the bookings found by coordinate descent (Bertsekas, Constrained Optimization and Lagrange
Multiplier Methods, 1982, chapter 5). Twenty passes get as far as some two hundred of ``ascent``, which takes
over from there with links and averages. ``bound`` finds out what the multipliers prove.

The units are cut into blocks that book at the same time. Until the end of a round a block sees its own
bookings alone; where several blocks book the same group, it takes the others to do as it does. Blocks and
rounds are the same for any number of workers, and so is what comes out.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numba import njit

from matching.ascent import LOWEST, Ascent, log_ratio
from matching.booking import State, scratch
from matching.bound import Interrupted
from matching.candidates import Candidates
from matching.links import Multipliers
from matching.offers import homes_of
from matching.prices import slot_prices
from matching.pricing import INFINITE, Longs, choose, evaluate
from matching.problem import Flags, Floats, Ints

BLOCKS = 4
ROUNDS = 16  # in which the parts of a block come to their turn, after each of which all see all bookings
LEAST_OPEN = 0.02  # a group is open by this share at least
GROUP_HEAT = 40.0  # most of tau for groups, weighted waiting days
GROUP_MEMORY = 0.5  # weight of the earlier passes in the share by which a group is open


class Terms(NamedTuple):
    """What seats cost in a pass: base price of each capacity, its open seats, what joining it earns, tau.

    ``blocks`` tells from how many blocks each capacity is booked: what one does there, all are taken to do.
    ``beyond`` is what a booking costs more where no seat is left.
    """

    base: Floats
    seats: Floats
    minimum: Floats
    tau: float
    blocks: Floats
    beyond: float


class Reach(NamedTuple):
    """Slots that use each capacity (``slots[ptr[u] : ptr[u + 1]]``), and the offers that hold each slot."""

    ptr: Ints
    slots: Ints
    home_ptr: Ints
    homes: Ints


class Market(NamedTuple):
    """What a block sees: bookings and price of each capacity, price of each slot and offer, its cheapest."""

    load: Floats
    price: Floats
    slot_price: Floats
    cheapest: Ints

    def copy(self) -> "Market":
        """The same, to be changed by one block alone."""
        return Market(self.load.copy(), self.price.copy(), self.slot_price.copy(), self.cheapest.copy())


class InTurn:
    """Passes in which units book one after another; moves the multipliers of an ascent, links left out.

    Parameters
    ----------
    ascent : Ascent
        Its prices are the beginning.
    taken : array of int, one for each need, optional
        Slots, -1 = none, that are booked at the beginning, none by fixed needs; without it nobody is. Passes
        keep their bookings here.
    """

    def __init__(self, ascent: Ascent, taken: Ints | None = None) -> None:
        self.ascent, self.pricer, self.c = ascent, ascent.pricer, ascent.c
        c, caps = self.c, len(self.c.seats)
        by_capacity = np.argsort(c.uses, kind="stable")
        slot = np.repeat(np.arange(c.slots, dtype=np.int32), np.diff(c.use_ptr[: c.slots + 1]))
        ptr = np.concatenate([[0], np.cumsum(np.bincount(c.uses, minlength=caps))]).astype(np.int32)
        self.reach = Reach(ptr, slot[by_capacity], *homes_of(c))
        self.taken = np.full(c.needs, -1, np.int32) if taken is None else taken
        held = np.bincount(self.taken[self.taken >= 0], minlength=len(c.use_ptr) - 1)
        self.load = np.bincount(c.uses, np.repeat(held, np.diff(c.use_ptr)), minlength=caps).astype(float)
        self.forced: Mapping[int, bool] = {}
        self.blocks = np.array_split(np.arange(len(self.pricer.parts)), BLOCKS)
        self.shared = self._blocks_of_capacities()

    def rise(
        self,
        passes: int,
        spent: Callable[[], float],
        stop: Callable[[], bool],
        heat: tuple[float, float],
        forced: Mapping[int, bool] | None = None,
    ) -> None:
        """Make up to ``passes`` passes.

        Parameters
        ----------
        spent : callable
            Share of the time for this that is gone: ``tau`` falls by passes or by time, whichever is ahead.
        stop : callable
            Asked after every pass, true ends.
        heat : pair of float
            First and last ``tau``, weighted waiting days.
        forced : mapping, optional
            Groups that are decided: capacity -> runs.

        Raises
        ------
        Interrupted
            When somebody wants the run to end.
        """
        self.forced = forced or {}
        for done in range(passes):
            share = max(done / passes, spent())
            if share >= 1 or (done and stop()):
                break
            tau = heat[0] * (heat[1] / heat[0]) ** share
            self._pass(self._terms(tau))
            self._move(tau)
            self.ascent.passes += 1  # its averages go on from here

    def _blocks_of_capacities(self) -> Floats:
        """From how many blocks each capacity is booked, >= 1."""
        c, many = self.c, np.zeros(len(self.c.seats))
        offers = np.repeat(np.arange(c.slots, len(c.use_ptr) - 1), np.diff(c.member_ptr))
        for block in self.blocks:
            near = np.zeros(len(c.use_ptr) - 1, np.bool_)
            for k in block.tolist():
                near[self.pricer.parts[k].c.slot] = True
            near[c.members[near[offers]]] = True
            used = np.zeros(len(c.seats), np.bool_)
            used[c.uses[np.repeat(near[: c.slots], np.diff(c.use_ptr[: c.slots + 1]))]] = True
            many += used
        return np.maximum(many, 1.0)

    def fill(self, closed: Flags, heat: float, beyond: Sequence[float], stop: Callable[[], bool]) -> None:
        """Book as seats are, not only at their prices: a pass for each price of a booking beyond the seats.

        Parameters
        ----------
        closed : array of bool, one for each capacity
            Groups that do not run; all others have all their seats.
        heat : float
            ``tau``, weighted waiting days; base prices stay as they are.
        beyond : sequence of float
            What a booking costs more where no seat is left, pass by pass, weighted waiting days.
        """
        seats = np.where(closed, 0.0, self.c.seats)
        for price in beyond:
            if stop():
                break
            self._pass(self._terms(heat)._replace(seats=seats, beyond=price))

    def _terms(self, tau: float) -> Terms:
        seats = np.asarray(self.c.seats * np.maximum(self.ascent.opened, LEAST_OPEN), np.float64)
        seats[self._closed()] = 0.0
        return Terms(self.ascent.now.seat, seats, self.ascent.now.minimum, tau, self.shared, 0.0)

    def _closed(self) -> list[int]:
        return [u for u, opens in self.forced.items() if not opens]

    def _pass(self, terms: Terms) -> None:
        """Everybody books once."""
        for number in range(ROUNDS):
            seen, parts = self._market(terms), [block[number::ROUNDS] for block in self.blocks]
            with ThreadPoolExecutor(self.pricer.workers) as pool:
                markets = list(pool.map(self._round, parts, [terms] * BLOCKS, [seen] * BLOCKS))
            self.load = self.load + sum((market.load - self.load) / self.shared for market in markets)

    def _round(self, numbers: Ints, terms: Terms, seen: Market) -> Market:
        """Some parts book, one after another; returns what has become of what they have seen."""
        market, parts = (
            seen.copy(),
            [self.pricer.parts[k] for k in numbers.tolist()],
        )
        needs = max((part.c.needs for part in parts), default=0)
        state = scratch(needs, max((part.c.pairs for part in parts), default=0), self.c.seats)
        for part in parts:
            if self.pricer.asked():
                raise Interrupted
            book_in_turn(part.c, state, terms, self.reach, market, self.taken[part.needs])
        return market

    def _market(self, terms: Terms) -> Market:
        c, seat = self.c, np.maximum(0.0, _seat_price(terms, self.load + 1))
        seat += np.where(self.load + 1 > terms.seats, terms.beyond, 0.0)
        price = np.where(terms.seats > 0, seat - terms.minimum, INFINITE)
        of_slot = slot_prices(c, price)
        return Market(self.load, price, of_slot, cheapest_members(c, of_slot))

    def _move(self, tau: float) -> None:
        """Prices are what seats cost now; groups open where that pays, and ask for participants."""
        c, ascent = self.c, self.ascent
        terms = self._terms(tau)
        seat = np.where(c.seats > 0, np.maximum(0.0, _seat_price(terms, self.load)), 0.0)
        ascent.now = Multipliers(seat, ascent.now.minimum, ascent.now.link)
        heat, least = min(tau, GROUP_HEAT), np.maximum(c.minimum, 1)
        share = ascent.open_shares(heat, self.forced)
        ascent.opened = GROUP_MEMORY * ascent.opened + (1 - GROUP_MEMORY) * share
        decided = list(self.forced)
        ascent.opened[decided] = share[decided]
        lack = log_ratio(least * ascent.opened, self.load, least)
        minimum = np.where(ascent.links.grouped, np.maximum(0.0, ascent.now.minimum + heat * lack), 0.0)
        ascent.now = Multipliers(seat, minimum, ascent.now.link)
        ascent.load = self.load


def _seat_price(terms: Terms, load: Floats) -> Floats:
    """Price of a seat with so many bookings; below 0 where there are enough seats."""
    whole = np.maximum(terms.seats, 1e-9)
    return np.asarray(terms.base + terms.tau * np.log(np.maximum(load, LOWEST * whole) / whole))


def slots_taken(c: Candidates, now: Multipliers, choice: Longs) -> Ints:
    """Slot of each need under some multipliers, of an offer its cheapest one; -1 = none, or fixed.

    Parameters
    ----------
    choice : array of int, one for each need
        Pairs, -1 = none.
    """
    if not c.pairs:
        return np.full(c.needs, -1, np.int32)
    slot = c.slot[choice]
    if len(c.members):
        cheapest = cheapest_members(c, slot_prices(c, now.seat - now.minimum))
        slot = np.where(slot < c.slots, slot, cheapest[np.maximum(slot - c.slots, 0)])
    return np.where((choice >= 0) & ~c.fixed, slot, np.int32(-1))


def cheapest_members(c: Candidates, slot_price: Floats) -> Ints:
    """Cheapest slot of each offer."""
    offers = len(c.member_ptr) - 1
    found = np.zeros(offers, np.int32)
    _find_cheapest(c, slot_price, found)
    return found


@njit(cache=True)
def _find_cheapest(c: Candidates, slot_price: Floats, found: Ints) -> None:  # pragma: no cover - compiled
    for offer in range(len(found)):
        found[offer] = _cheapest(c, slot_price, offer)


@njit(cache=True)
def _cheapest(c: Candidates, slot_price: Floats, offer: int) -> int:  # pragma: no cover - compiled
    best = c.members[c.member_ptr[offer]]
    for x in range(c.member_ptr[offer] + 1, c.member_ptr[offer + 1]):
        if slot_price[c.members[x]] < slot_price[best]:
            best = c.members[x]
    return best


@njit(cache=True, nogil=True)
def book_in_turn(  # pragma: no cover - compiled
    c: Candidates, s: State, t: Terms, reach: Reach, market: Market, taken: Ints
) -> None:
    """Each unit in turn gives its seats back and takes the cheapest ones; ``taken`` holds slots of needs."""
    slots, choice = len(c.use_ptr) - len(c.member_ptr), np.full(len(c.row), -1, np.int64)
    for unit in range(len(c.unit_ptr) - 1):
        begin, stop = c.unit_ptr[unit], c.unit_ptr[unit + 1]
        for i in range(begin, stop):
            _count(c, t, reach, market, taken[i], -1.0)
        for i in range(begin, stop):
            for p in range(c.pair_ptr[i], c.pair_ptr[i + 1]):
                s.value[p] = c.static_cost[p]
                if not c.fixed[i]:  # its seats are taken already
                    s.value[p] += market.slot_price[c.slot[p]]
        evaluate(c, unit, s.value, s.skipped, s.near, s.far, s.near_key, s.far_key)
        choose(c, unit, s.value, s.skipped, choice)
        for i in range(begin, stop):
            taken[i] = -1
            if choice[i] >= 0 and not c.fixed[i]:
                slot = c.slot[choice[i]]
                taken[i] = slot if slot < slots else market.cheapest[slot - slots]
            _count(c, t, reach, market, taken[i], 1.0)


@njit(cache=True)
def _count(  # pragma: no cover - compiled
    c: Candidates, t: Terms, reach: Reach, market: Market, slot: int, booking: float
) -> None:
    """Add a booking of a slot, or take it back, and let prices answer; -1 is no slot."""
    if slot < 0:
        return
    for x in range(c.use_ptr[slot], c.use_ptr[slot + 1]):
        u = c.uses[x]
        market.load[u] += booking * t.blocks[u]
        if t.seats[u] <= 0:
            continue
        share = max((market.load[u] + 1) / t.seats[u], LOWEST)
        price = max(0.0, t.base[u] + t.tau * np.log(share)) - t.minimum[u]
        if market.load[u] + 1 > t.seats[u]:
            price += t.beyond
        change = price - market.price[u]
        if change == 0.0:
            continue
        market.price[u] = price
        for y in range(reach.ptr[u], reach.ptr[u + 1]):
            _change(c, reach, market, reach.slots[y], change)


@njit(cache=True)
def _change(  # pragma: no cover - compiled
    c: Candidates, reach: Reach, market: Market, slot: int, change: float
) -> None:
    """Change the price of a slot, and of the offers that hold it."""
    market.slot_price[slot] += change
    slots = len(c.use_ptr) - len(c.member_ptr)
    for x in range(reach.home_ptr[slot], reach.home_ptr[slot + 1]):
        offer = reach.homes[x]
        now = market.cheapest[offer]
        if now == slot and change > 0:
            market.cheapest[offer] = _cheapest(c, market.slot_price, offer)
        elif market.slot_price[slot] < market.slot_price[now]:
            market.cheapest[offer] = slot
        market.slot_price[slots + offer] = market.slot_price[market.cheapest[offer]]
