"""The certificate (Schranke): a cost below which no plan exists, by one exact pass over all units.

Whatever made the multipliers, the bound is recomputed here from the definition: the cheapest bookings of
every unit under the prices, conflicts inside the unit respected, plus the closed form of what the capacities
contribute. Where a unit's program runs out of branches, its own lower bound is used.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from matching.booking import State, new_state, solve_unit
from matching.candidates import Candidates
from matching.master import Duals, Master
from matching.pricing import INFINITE, Longs, booking_cost
from matching.problem import Flags, Floats

NODES = 1500  # branches on conflicts of one unit before its bound is taken instead
SLACK = 1e-4  # relative to a unit's cost: better bookings by less are not looked for


@njit(cache=True)
def book_everyone(  # pragma: no cover - compiled
    c: Candidates,
    s: State,
    pair_price: Floats,
    nodes: int,
    choice: Longs,
    cost: Floats,
    reduced: Floats,
) -> float:
    """Cheapest bookings of every unit under the prices.

    ``choice`` holds bookings that are known and ``reduced`` what they cost with prices (infinite: none are
    known); both receive better ones where there are any, and ``cost`` what they cost without prices.
    Returns the sum of the units' lower bounds.
    """
    total = 0.0
    for unit in range(len(c.unit_ptr) - 1):
        begin, stop = c.unit_ptr[unit], c.unit_ptr[unit + 1]
        for p in range(c.pair_ptr[begin], c.pair_ptr[stop]):
            s.own[p] = c.static_cost[p] + pair_price[p]
        known = reduced[unit]
        slack = SLACK * abs(known) if known < INFINITE else 0.0
        found, bound = solve_unit(c, s, unit, nodes, known, slack)
        total += bound
        if found < known:
            reduced[unit] = found
            choice[begin:stop] = s.best[begin:stop]
        cost[unit] = booking_cost(c, unit, choice)
    return total


@dataclass
class Pricer:
    """Working arrays of the exact pass; ``choice``, ``cost``, ``reduced`` hold the last bookings."""

    c: Candidates

    def __post_init__(self) -> None:
        self.state = new_state(self.c)
        self.choice: Longs = np.full(self.c.needs, -1, np.int64)
        self.cost: Floats = np.zeros(self.c.units)
        self.reduced: Floats = np.zeros(self.c.units)

    def bound(
        self,
        master: Master,
        duals: Duals,
        forbidden: Flags | None = None,
        forced: dict[int, bool] | None = None,
    ) -> float:
        """The cost that the multipliers prove, for plans without forbidden pairs and with forced groups."""
        price = master.pair_price(duals)
        if forbidden is not None:
            price = np.where(forbidden, np.inf, price)
        master.cheapest_known(price, self.choice, self.reduced)
        total = book_everyone(self.c, self.state, price, NODES, self.choice, self.cost, self.reduced)
        return float(total) + master.constant(duals, forced or {})
