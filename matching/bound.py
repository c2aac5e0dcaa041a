"""The certificate (Schranke): a cost below which no plan exists, by one exact pass over all units.

Whatever made the multipliers, the bound is recomputed here from the definition: the cheapest bookings of
every unit under the prices, conflicts inside the unit respected, plus the closed form of what the capacities
contribute. Where a unit's program runs out of branches, its own lower bound is used.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numba import njit

from matching.booking import State, new_state, solve_unit
from matching.candidates import Candidates
from matching.links import Links, Multipliers, add_links, links_of, open_worth, worth_of_groups
from matching.prices import slot_prices
from matching.pricing import INFINITE, Longs, booking_cost, choose, evaluate
from matching.problem import Flags, Floats

NODES = 1500  # branches on conflicts of one unit before its bound is taken instead
SLACK = 1e-4  # relative to a unit's cost: better bookings by less are not looked for
AT_ONCE = 256  # units priced by one call; the sums are the same on one worker and on several
_NOTHING = np.zeros(0, np.bool_)


@njit(cache=True)
def _load_prices(  # pragma: no cover - compiled
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
    choice: Longs,
) -> float:
    """Cheapest bookings of the units ``begin : end`` under the multipliers; the sum of their lower bounds.

    ``choice`` holds bookings that are known and free of conflicts, and receives better ones. Without
    ``nodes`` conflicts are left out of account, and ``choice`` may hold some afterwards.
    """
    total, at = 0.0, np.zeros(len(c.seats))
    for unit in range(begin, end):
        _load_prices(c, s, links, slot_price, link, forbidden, unit, at)
        first, last = c.unit_ptr[unit], c.unit_ptr[unit + 1]
        if nodes == 0:
            p, q = c.pair_ptr[first], c.pair_ptr[last]
            s.value[p:q] = s.own[p:q]
            total += evaluate(c, unit, s.value, s.skipped, s.near, s.far, s.near_key, s.far_key)
            choose(c, unit, s.value, s.skipped, choice)
            continue
        known = _price_of(c, s, unit, choice)
        slack = SLACK * abs(known) if known < INFINITE else 0.0
        found, bound = solve_unit(c, s, unit, nodes, known, slack)
        total += bound
        if found < known:
            choice[first:last] = s.best[first:last]
    return total


@njit(cache=True)
def booking_costs(c: Candidates, choice: Longs) -> Floats:  # pragma: no cover - compiled
    """Cost of every unit's bookings, prices left out."""
    cost = np.empty(len(c.unit_ptr) - 1)
    for unit in range(len(cost)):
        cost[unit] = booking_cost(c, unit, choice)
    return cost


class Pricer:
    """Prices everybody exactly; ``choice`` holds the last bookings, ``wished`` those with conflicts.

    Parameters
    ----------
    workers : int
        Threads at work, >= 1; the answer is the same for any number.
    """

    def __init__(self, c: Candidates, workers: int = 1) -> None:
        self.c, self.workers, self.links = c, workers, links_of(c)
        self.state = new_state(c)
        self.choice: Longs = np.where(c.fixed, c.pair_ptr[:-1], -1)
        self.wished: Longs = self.choice.copy()

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
        shut = _NOTHING if forbidden is None else forbidden

        def part(begin: int) -> float:
            end = min(begin + AT_ONCE, self.c.units)
            return float(
                book_units(
                    self.c, self.state, self.links, slot_price, m.link, shut, begin, end, nodes, chosen
                )
            )

        return sum(_all(part, range(0, self.c.units, AT_ONCE), self.workers))

    def bound(
        self,
        m: Multipliers,
        forbidden: Flags | None = None,
        forced: Mapping[int, bool] | None = None,
        nodes: int = NODES,
    ) -> float:
        """The cost that the multipliers prove, for plans without forbidden pairs and with forced groups."""
        constant, _ = open_worth(self.links, worth_of_groups(self.c, self.links, m), forced or {})
        return self.cheapest(m, nodes, forbidden) + constant


def _all(work: Callable[[int], float], begins: range, workers: int) -> list[float]:
    """The work for each beginning, in their order."""
    if workers == 1 or len(begins) == 1:
        return [work(begin) for begin in begins]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(work, begins))
