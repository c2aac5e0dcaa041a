"""The certificate (Schranke): a cost below which no plan exists, by one exact pass over all units.

Whatever made the multipliers, the bound is recomputed here from the definition: the cheapest bookings of
every unit under the prices, conflicts inside the unit respected, plus the closed form of what the capacities
contribute. Where a unit's program runs out of branches, its own lower bound is used.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numba import njit

from matching.booking import State, scratch, solve_unit
from matching.candidates import Candidates, part_of
from matching.links import (
    Links,
    Multipliers,
    add_links,
    links_of,
    open_worth,
    part_of_links,
    worth_of_groups,
)
from matching.offers import add_links_of_members
from matching.prices import slot_prices
from matching.pricing import INFINITE, Longs, booking_cost, choose, evaluate
from matching.problem import Flags, Floats

NODES = 1500  # branches on conflicts of one unit before its bound is taken instead
FORCE = 1e5  # cost of a need without a slot that has to have one, weighted waiting days
TOLERANCE = 1e-4  # relative to a unit's cost: better bookings by less are not looked for
AT_ONCE = 128  # units priced by one call: their working arrays stay near the processor
_NOTHING = np.zeros(0, np.bool_)


@njit(cache=True)
def load_prices(  # pragma: no cover - compiled
    c: Candidates,
    s: State,
    links: Links,
    slot_price: Floats,
    link: Floats,
    forbidden: Flags,
    unit: int,
    at: Floats,
) -> None:
    """Fill ``own``: what each pair of the unit costs under the multipliers; infinite where forbidden."""
    for i in range(c.unit_ptr[unit], c.unit_ptr[unit + 1]):
        first, last = c.pair_ptr[i], c.pair_ptr[i + 1]
        if c.fixed[i]:
            s.own[first] = c.static_cost[first]  # its seats are taken already
            continue
        for p in range(first, last):
            s.own[p] = c.static_cost[p] + slot_price[c.slot[p]]
        add_links(c, links, i, link, s.own, 0, at)
        add_links_of_members(c, links, i, link, slot_price, s.own, at)
        if len(forbidden):
            for p in range(first, last):
                if forbidden[p]:
                    s.own[p] = INFINITE


@njit(cache=True)
def _price_of(c: Candidates, s: State, unit: int, choice: Longs) -> float:  # pragma: no cover - compiled
    """What the bookings of a unit cost with the prices that ``own`` holds."""
    total = booking_cost(c, unit, choice)
    for i in range(c.unit_ptr[unit], c.unit_ptr[unit + 1]):
        if choice[i] >= 0:
            total += s.own[choice[i]] - c.static_cost[choice[i]]
    return total


@njit(cache=True, nogil=True)
def book_units(  # pragma: no cover - compiled
    c: Candidates,
    s: State,
    links: Links,
    slot_price: Floats,
    link: Floats,
    forbidden: Flags,
    begin: int,
    end: int,
    nodes: int,
    tolerance: float,
    choice: Longs,
    at: Floats,
) -> float:
    """Cheapest bookings of the units ``begin : end`` under the multipliers; the sum of their lower bounds.

    ``choice`` holds bookings that are known and free of conflicts, and receives better ones. Without
    ``nodes`` conflicts are left out of account, and ``choice`` may hold some afterwards. Better bookings by
    less than ``tolerance``, relative to a unit's cost, are not looked for, and the bound is that much lower.
    ``at`` is an array of zeros, one for each capacity, and is left so.
    """
    total = 0.0
    for unit in range(begin, end):
        load_prices(c, s, links, slot_price, link, forbidden, unit, at)
        first, last = c.unit_ptr[unit], c.unit_ptr[unit + 1]
        if nodes == 0:
            p, q = c.pair_ptr[first], c.pair_ptr[last]
            s.value[p:q] = s.own[p:q]
            total += evaluate(c, unit, s.value, s.skipped, s.near, s.far, s.near_key, s.far_key)
            choose(c, unit, s.value, s.skipped, choice)
            continue
        known = _price_of(c, s, unit, choice)
        slack = tolerance * abs(known) if known < INFINITE else 0.0
        found, bound = solve_unit(c, s, unit, nodes, known, slack)
        total += bound
        if found < known:
            choice[first:last] = s.best[first:last]
    return total


class Part(NamedTuple):
    """Some units by themselves, and where their needs, pairs and links stand in the whole."""

    c: Candidates
    links: Links
    needs: slice
    pairs: slice
    held: slice

    @classmethod
    def of(cls, c: Candidates, links: Links, begin: int, end: int) -> "Part":
        """The units ``begin : end`` of a problem."""
        first, last = int(c.unit_ptr[begin]), int(c.unit_ptr[end])
        pairs = slice(int(c.pair_ptr[first]), int(c.pair_ptr[last]))
        part, held = part_of_links(links, first, last)
        return cls(part_of(c, begin, end), part, slice(first, last), pairs, held)

    def linked(self, links: Links) -> "Part":
        """The same part with its links out of others."""
        part, held = part_of_links(links, self.needs.start, self.needs.stop)
        return self._replace(links=part, held=held)

    def counted_from_its_first(self, choice: Longs) -> Longs:
        """Pairs of the whole as pairs of this part, -1 = none."""
        return np.where(choice >= 0, choice - self.pairs.start, choice)


class Interrupted(Exception):
    """Somebody wants the run to end in the middle of a pass; what it has found so far is lost."""


class Pricer:
    """Prices everybody exactly; ``choice`` holds the last bookings, ``wished`` those with conflicts.

    ``tolerance`` is the share of a unit's cost by which its bound may be too low; 0 where that is in the way.

    Parameters
    ----------
    workers : int
        Threads at work, >= 1; the answer is the same for any number.
    asked : callable, optional
        Asked between parts, by any thread: true ends the pass with ``Interrupted``.
    """

    def __init__(
        self,
        c: Candidates,
        workers: int = 1,
        links: Links | None = None,
        asked: Callable[[], bool] = lambda: False,
    ) -> None:
        self.c, self.workers, self.asked = c, workers, asked
        self.links = links_of(c) if links is None else links
        self.parts = [
            Part.of(c, self.links, begin, min(begin + AT_ONCE, c.units))
            for begin in range(0, c.units, AT_ONCE)
        ]
        self.left, self.tolerance = c.seats.copy(), TOLERANCE
        self._idle: list[tuple[State, Floats]] = []  # working arrays that no thread uses
        self.choice: Longs = np.where(c.fixed, c.pair_ptr[:-1], -1)
        self.wished: Longs = self.choice.copy()

    def of(self, c: Candidates, links: Links) -> "Pricer":
        """A pricer of other pairs that works as this one does."""
        return Pricer(c, self.workers, links, self.asked)

    def nothing_known(self) -> None:
        """Forget the last bookings; the next ones do not depend on them."""
        self.choice[:] = np.where(self.c.fixed, self.c.pair_ptr[:-1], -1)

    def cheapest(
        self,
        m: Multipliers,
        nodes: int = NODES,
        forbidden: Flags | None = None,
        closed: Flags | None = None,
    ) -> float:
        """Sum of lower bounds of what every unit costs under the multipliers.

        Parameters
        ----------
        nodes : int
            Branches on conflicts of one unit; 0 leaves conflicts out of account, faster and lower.
        forbidden : array of bool, one for each pair, optional
            Pairs that are not to be had.
        closed : array of bool, one for each capacity, optional
            Capacities that are not to be had.
        """
        price = m.seat - m.minimum
        slot_price = slot_prices(self.c, price if closed is None else np.where(closed, INFINITE, price))
        chosen = self.choice if nodes else self.wished

        def book(part: Part, state: State, at: Floats) -> float:
            shut = _NOTHING if forbidden is None else forbidden[part.pairs]
            choice = part.counted_from_its_first(chosen[part.needs])
            cost = book_units(
                *(part.c, state, part.links, slot_price, m.link[part.held], shut, 0, part.c.units),
                *(nodes, self.tolerance, choice, at),
            )
            chosen[part.needs] = np.where(choice >= 0, choice + part.pairs.start, choice)
            return float(cost)

        return sum(self.in_parts(book, self.parts))

    def in_parts(
        self, work: Callable[[Part, State, Floats], float], parts: Sequence[Part]
    ) -> Sequence[float]:
        """What the work gives for each part, in their order; as many at once as there are workers.

        Parameters
        ----------
        work : callable
            Given a part, working arrays for it, and a zero for each capacity, to be left so.

        Raises
        ------
        Interrupted
            When somebody wants the run to end.
        """

        def one(part: Part) -> float:
            if self.asked():
                raise Interrupted
            state, at = self._idle.pop() if self._idle else self._working_arrays()
            try:
                return work(part, state, at)
            finally:
                self._idle.append((state, at))

        if self.workers == 1 or len(parts) < 2:
            return [one(part) for part in parts]
        with ThreadPoolExecutor(self.workers) as pool:
            return list(pool.map(one, parts))

    def _working_arrays(self) -> tuple[State, Floats]:
        needs = max(part.c.needs for part in self.parts)
        pairs = max(part.c.pairs for part in self.parts)
        return scratch(needs, pairs, self.left), np.zeros(len(self.c.seats))

    def linked(self, links: Links) -> None:
        """Take other links into account from now on, for example only those of some pairs."""
        self.links = links
        self.parts = [part.linked(links) for part in self.parts]

    def bound(
        self,
        m: Multipliers,
        forbidden: Flags | None = None,
        forced: Mapping[int, bool] | None = None,
        nodes: int = NODES,
        required: Sequence[int] = (),
    ) -> float:
        """The cost that the multipliers prove, for plans without forbidden pairs and with forced groups.

        Parameters
        ----------
        required : sequence of int
            Needs that have to have a slot: without one each costs ``FORCE`` more.
        """
        constant, _ = open_worth(self.links, worth_of_groups(self.c, self.links, m), forced or {})
        must = list(required)
        usual = self.c.unserved_cost[must]
        self.c.unserved_cost[must] += FORCE  # all parts see it
        try:
            return self.cheapest(m, nodes, forbidden) + constant
        finally:
            self.c.unserved_cost[must] = usual
