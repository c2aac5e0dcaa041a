"""Where a plan pays more than prices ask (Wegweiser): who is far from what they would have at the prices.

At the multipliers that prove a bound every unit has cheapest bookings. What a plan costs above the bound is
nearly all of it the *regret* of units: how much more their bookings cost, prices included, than those. Few
units hold most of it, mostly people who came too late for a seat, so the search looks there more often than
elsewhere, and frees those who hold the seats that such units wish for.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from matching.booking import booking_costs
from matching.bound import Pricer
from matching.candidates import Candidates
from matching.links import Multipliers, carried, links_of, pair_prices
from matching.prices import slot_prices
from matching.pricing import Longs
from matching.problem import Flags, Floats

NODES = 60  # branches on conflicts inside a unit


class Guide(NamedTuple):
    """Where a search looks, as the kernels read it.

    Parameters
    ----------
    wish : array of int, one for each need, or empty
        The pair that it has in the cheapest bookings of its unit at the prices, -1 = none.
    regret : array of float, one for each unit, or empty
        Running sum of the square roots of what each unit pays above those bookings.
    """

    wish: Longs
    regret: Floats


NO_GUIDE = Guide(np.zeros(0, np.int64), np.zeros(0))


@dataclass(frozen=True)
class Wishes:
    """What everybody would have at the prices.

    Parameters
    ----------
    pair : array of int, one for each need
        As ``Guide.wish``.
    paid : array of float, one for each unit
        What the unit would pay for these, prices included, weighted waiting days.
    price : array of float, one for each pair
        What its seats cost.
    """

    c: Candidates
    pair: Longs
    paid: Floats
    price: Floats

    def of_part(self, part: Candidates, begin: int, end: int) -> "Wishes":
        """The same for the units ``begin : end`` by themselves, which are ``part``."""
        c, needs = self.c, slice(int(self.c.unit_ptr[begin]), int(self.c.unit_ptr[end]))
        first, last = int(c.pair_ptr[needs.start]), int(c.pair_ptr[needs.stop])
        pair = np.where(self.pair[needs] >= 0, self.pair[needs] - first, -1)
        return Wishes(part, pair, self.paid[begin:end], self.price[first:last])

    def guide(self, choice: Longs, unit_cost: Floats) -> Guide:
        """Where to look.

        Parameters
        ----------
        choice : array of int
            Everybody's pairs, -1 = none.
        unit_cost : array of float
            What they cost each unit, prices left out.
        """
        regret = np.maximum(0.0, unit_cost + _prices_of(self.c, self.price, choice) - self.paid)
        return Guide(self.pair, np.cumsum(np.sqrt(regret) + 1e-9))


class Prices:
    """Multipliers that tell what everybody would have at them."""

    def __init__(self, pricer: Pricer, m: Multipliers) -> None:
        self.pricer, self.m, self.c = pricer, m, pricer.c
        price = slot_prices(self.c, m.seat - m.minimum)
        self.price = pair_prices(self.c, pricer.links, price, m.link)

    @classmethod
    def of_some(cls, pricer: Pricer, m: Multipliers, c: Candidates) -> "Prices":
        """The same multipliers where only some pairs of those that the pricer has are left."""
        links = links_of(c, pricer.links)
        link = carried(pricer.links, m.link, links)
        return cls(pricer.of(c, links), replace(m, link=link))

    def wishes(self, closed: Flags) -> Wishes:
        """The cheapest bookings; nobody can wish for the capacities that are closed."""
        self.pricer.nothing_known()
        self.pricer.cheapest(self.m, NODES, closed=closed)
        pair = self.pricer.choice.copy()
        paid = booking_costs(self.c, pair) + _prices_of(self.c, self.price, pair)
        return Wishes(self.c, pair, paid, self.price)


def _prices_of(c: Candidates, price: Floats, choice: Longs) -> Floats:
    """Price of the pairs of each unit."""
    if not c.pairs:
        return np.zeros(c.units)
    return np.asarray(np.add.reduceat(np.where(choice >= 0, price[choice], 0.0), c.unit_ptr[:-1]))
