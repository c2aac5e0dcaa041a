"""What one more seat would save (Wert eines Platzes): the price that a planner reads.

The multipliers that prove a bound are seldom unique. A course of seven modules that is full in all of them
can share one price among the modules in any way, and each of these shares is a correct proof; but one more
seat in module 3 alone saves nothing, because module 4 is still full. So what a seat is worth is measured, not
read off: the seat is added, master and exact pass meet again, and the difference of the two proven bounds is
what one more seat saves. It is never more than any multiplier of the bound, because the bound is convex in
the seats; where a multiplier is zero nothing has to be measured.

Capacities without a free seat have no pairs in the planning problem. Here they get theirs (``widened``), or
nobody would learn what the next seat in a full group is worth.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from matching.candidates import Candidates, candidates, spread
from matching.columns import Generator
from matching.master import Column, Duals
from matching.prices import find_prices, slot_prices
from matching.pricing import Longs
from matching.problem import Flags, Floats, Ints, Problem

PASSES = 150  # where no earlier prices are given
VARIED = 12
VARIATION = 0.03
NOTHING = 1e-6  # a price below this is none; weighted waiting days


@dataclass(frozen=True)
class SeatValues:
    """What one more seat in each capacity would save.

    Parameters
    ----------
    worth : array of float, one for each capacity
        Weighted waiting days, >= 0.
    measured : array of bool, one for each capacity
        True where ``worth`` was measured or is proven to be zero; elsewhere time was over and it is the
        multiplier of the bound, which is never too small but may be too large.
    multiplier : array of float, one for each capacity
        The multipliers of the bound from which it was measured.
    """

    worth: Floats
    measured: Flags
    multiplier: Floats


def seat_values(
    problem: Problem,
    known: Generator | None = None,
    price: Floats | None = None,
    seconds: Callable[[], float] = lambda: 1e6,
    stop: Callable[[], bool] = lambda: False,
    seed: int = 0,
) -> SeatValues:
    """Measure what one more seat in each capacity would save, the highest multipliers first.

    Parameters
    ----------
    known : Generator, optional
        A generator of the same problem whose columns and rows are taken over; saves most of the time.
    price : array of float, one for each capacity, optional
        Prices to begin with, for example those of the last run; found anew where they are missing.
    seconds : callable
        Seconds that are left; capacities that are not reached keep their multiplier.
    stop : callable
        True ends the work at the next occasion.
    seed : int
        Of the varied prices that give the first columns, >= 0.
    """
    measuring = _Measuring(problem, known, price, seconds, stop, seed)
    return measuring.values()


def widened(problem: Problem) -> tuple[Candidates, Ints]:
    """Candidates in which capacities that cannot be used have one seat more, and those capacities."""
    held, usable = problem.capacities, candidates(problem).seats > 0
    seats = np.where(usable, held.seats, held.seats + 1).astype(np.int32)
    wide = candidates(replace(problem, capacities=held._replace(seats=seats)))
    return wide, np.flatnonzero(~usable & (wide.seats > 0)).astype(np.int32)


class _Measuring:
    def __init__(
        self,
        problem: Problem,
        known: Generator | None,
        price: Floats | None,
        seconds: Callable[[], float],
        stop: Callable[[], bool],
        seed: int,
    ) -> None:
        self.seconds, self.stop = seconds, stop
        self.c, self.full = widened(problem)
        self.generator = Generator(self.c, stop)
        self.master = self.generator.master
        self.more = self.c.seats + 1
        self.more[self.full] -= 1
        for u in self.full.tolist():
            self._set_seats(u, 0)
        if known is not None:
            self._take_over(known)
        if known is None or len(self.full):
            self._first_columns(price, seed)

    def _set_seats(self, u: int, seats: int) -> None:
        """Change the seats of a capacity in the master and in the constant of the bound."""
        self.c.seats[u] = seats
        row = self.master.seat_rows[u]
        if u in self.master.open:
            row.SetCoefficient(self.master.open[u], -float(seats))
        else:
            row.SetUb(float(seats))

    def _take_over(self, known: Generator) -> None:
        """Columns and link rows of another generator, in the numbers of these candidates."""
        of = _pairs_in(known.c, self.c)
        for link in known.master.links:
            self.master._link_row(link)
        for column in known.master.columns:
            pairs = np.where(column.pairs >= 0, of[column.pairs], -1)
            self.master.add(Column(column.unit, pairs, column.cost))

    def _first_columns(self, price: Floats | None, seed: int) -> None:
        rng = np.random.default_rng(seed)
        found = find_prices(self.c, PASSES, start=price, stop=self.stop).price
        for _ in range(VARIED):
            varied = np.maximum(0.0, found * (1 + VARIATION * rng.standard_normal(len(found))))
            self.generator.learn_from(spread(self.c, slot_prices(self.c, varied)))

    def values(self) -> SeatValues:
        bound = self.generator.converge(-np.inf, self.seconds)
        duals = self.generator.duals
        if duals is None:
            nothing = np.zeros(len(self.c.seats))
            return SeatValues(nothing, np.zeros(len(nothing), np.bool_), nothing)
        worth, measured = duals.seat.copy(), duals.seat <= NOTHING
        worth[measured] = 0.0
        for u in np.argsort(-duals.seat, kind="stable").tolist():
            if measured[u] or self.seconds() <= 0 or self.stop():
                break
            worth[u] = min(worth[u], self.saving(u, bound, duals))
            measured[u] = self.seconds() > 0
        return SeatValues(worth, measured, duals.seat.copy())

    def saving(self, u: int, bound: float, duals: Duals) -> float:
        """By how much the proven bound falls when capacity u has one more seat."""
        with self._one_more(u):
            self.generator.duals = duals
            return max(0.0, bound - self.generator.converge(-np.inf, self.seconds))

    @contextmanager
    def _one_more(self, u: int) -> Iterator[None]:
        seats, state = int(self.c.seats[u]), self.generator.pricer.state
        left, state.left[u] = int(state.left[u]), self.more[u]
        self._set_seats(u, int(self.more[u]))
        try:
            yield
        finally:
            self._set_seats(u, seats)
            state.left[u] = left


def _pairs_in(old: Candidates, new: Candidates) -> Longs:
    """Number in ``new`` of every pair of ``old``; the needs are numbered alike."""
    slots = len(new.use_ptr)
    keys = [
        np.repeat(np.arange(c.needs, dtype=np.int64), np.diff(c.pair_ptr)) * slots + c.slot
        for c in (old, new)
    ]
    order = np.argsort(keys[1], kind="stable")
    return np.asarray(order[np.searchsorted(keys[1], keys[0], sorter=order)], np.int64)
