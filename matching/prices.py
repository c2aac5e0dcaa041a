"""Seat prices (Platzpreise): what a seat costs others, and the bound that prices prove.

For any prices >= 0 the cheapest bookings of everyone under the prices, minus what all seats are worth, is a
cost below which no plan exists (Lagrangian relaxation of the seats). Prices rise where more people want a
seat than there are, and fall where seats stay empty: ``price += tau * log(load / seats)`` with falling
``tau`` (soft-min prices; ``docs/model.md``).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching.candidates import Candidates, spread
from matching.pricing import Pass
from matching.problem import Floats

FIRST_TAU, LAST_TAU = 40.0, 0.5  # weighted waiting days
MEMORY = 0.85  # weight of the earlier passes in the averaged load


@dataclass(frozen=True)
class Priced:
    """Prices and what they prove.

    Parameters
    ----------
    price : array of float, one for each capacity
        Weighted waiting days that one more seat would save, >= 0.
    lower_bound : float
        No plan costs less.
    passes : int
        Pricing passes made.
    """

    price: Floats
    lower_bound: float
    passes: int


def slot_prices(c: Candidates, price: Floats) -> Floats:
    """Sum of the prices of the capacities that each slot uses."""
    if len(c.use_ptr) < 2:
        return np.zeros(0)
    return np.asarray(np.add.reduceat(price[c.uses], c.use_ptr[:-1]))


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


def find_prices(
    c: Candidates,
    passes: int,
    start: Floats | None = None,
    stop: Callable[[], bool] = lambda: False,
    spent: Callable[[], float] = lambda: 0.0,
) -> Priced:
    """Soft-min prices after at most ``passes`` passes; the best bound met and its prices.

    Parameters
    ----------
    start : array of float, one for each capacity, optional
        Prices to begin with, for example last week's.
    stop : callable
        Asked after every pass; true ends the search for prices.
    spent : callable
        Share of the time for prices that is gone, 0 to 1: they cool by passes or by time, whichever is ahead.
    """
    working = Pass(c)
    price = np.zeros(len(c.seats)) if start is None else start.copy()
    open_seats = c.seats > 0
    seats = np.maximum(c.seats, 1).astype(np.float64)
    best, best_price = lower_bound(c, working, price), price
    load = wanted(c, working.choice)
    done = 1
    while done < passes and spent() < 1 and not stop():
        tau = FIRST_TAU * (LAST_TAU / FIRST_TAU) ** max(done / passes, spent())
        step = tau * np.log(np.maximum(load, 0.02 * seats) / seats)
        price = np.where(open_seats, np.maximum(0.0, price + step), 0.0)
        bound = lower_bound(c, working, price)
        load = MEMORY * load + (1 - MEMORY) * wanted(c, working.choice)
        if bound > best:
            best, best_price = bound, price
        done += 1
    return Priced(best_price, best, done)
