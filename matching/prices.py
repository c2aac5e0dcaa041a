"""Seat prices (Platzpreise): what a seat costs others, and the bound that prices prove.

For any prices >= 0 the cheapest bookings of everyone under the prices, minus what all seats are worth, is a
cost below which no plan exists (Lagrangian relaxation of the seats; ``ascent`` finds good prices).
"""

import numpy as np

from matching.candidates import Candidates, spread
from matching.pricing import Pass
from matching.problem import Floats


def slot_prices(c: Candidates, price: Floats) -> Floats:
    """Sum of the prices of the capacities that each slot uses; of an offer what its cheapest member costs."""
    if not c.slots:
        return np.zeros(0)
    own = np.add.reduceat(price[c.uses], c.use_ptr[: c.slots])
    if not len(c.members):
        return np.asarray(own)
    return np.concatenate([own, np.minimum.reduceat(own[c.members], c.member_ptr[:-1])])


def lower_bound(c: Candidates, working: Pass, price: Floats) -> float:
    """The cost that these prices prove; leaves everyone's cheapest bookings in ``working.choice``."""
    total = working.run(spread(c, slot_prices(c, price)))
    return total - float(price @ c.seats)


def wanted(c: Candidates, choice: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Floats:
    """Bookings of each capacity, fixed ones left out."""
    free = choice[(choice >= 0) & ~c.fixed]
    chosen = np.bincount(c.slot[free], minlength=len(c.use_ptr) - 1)
    load = np.bincount(c.uses, np.repeat(chosen, np.diff(c.use_ptr)), minlength=len(c.seats))
    return np.asarray(load, np.float64)
