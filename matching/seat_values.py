"""What one more seat would save (Wert eines Platzes): the price that a planner reads.

The multipliers that prove a bound are seldom unique. A course of seven modules that is full in all of them
can share one price among the modules in any way, and each of these shares is a correct proof; but one more
seat in module 3 alone saves nothing, because module 4 is still full. So what a seat is worth is measured, not
read off: the seat is added, the master and the exact pass meet again, and what the master costs less is what
one more seat saves. It is never more than any multiplier of the bound, because the bound is convex in the
seats; where a multiplier is zero nothing has to be measured. Nor where another capacity of the same slots is
as full: one more seat in one of the two helps nobody.

Capacities without a free seat have no pairs in the planning problem. Here they get theirs (``widened``), or
nobody would learn what the next seat in a full group is worth.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from matching.ascent import Ascent, markets
from matching.bound import Pricer
from matching.candidates import Candidates, candidates
from matching.columns import Generator
from matching.master import Column
from matching.pricing import Longs
from matching.problem import Flags, Floats, Ints, Problem
from matching.result import Progress, Result

PASSES = 150  # of rising prices, for the first columns
LATE = 0.9  # share of them after which everybody's bookings are columns
NOTHING = 1e-6  # a price below this is none; weighted waiting days
MOST_NEEDS = 20_000  # beyond, the master does not converge in any time that somebody would wait


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
    """
    measuring = _Measuring(problem, known, price, seconds, stop)
    return measuring.values()


def with_savings(
    problem: Problem,
    result: Result,
    seconds: float,
    progress: Callable[[Progress], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Result:
    """Add to a result what one more seat in each capacity saves, as far as it can be measured in time.

    A capacity of which the plan leaves a seat free saves nothing, whatever the master thinks of it.

    Parameters
    ----------
    seconds : float
        Time for it; without any, or with more than ``MOST_NEEDS`` needs, nothing is measured.
    progress, stop : callable
        As in ``solve``.
    """
    if seconds <= 0 or len(problem.needs.ids) > MOST_NEEDS:
        return result
    began = time.monotonic()

    def stopped() -> bool:
        spent = result.seconds + time.monotonic() - began
        progress(Progress(spent, "seat-prices", result.cost, result.lower_bound))
        return stop()

    values = seat_values(problem, seconds=lambda: seconds - (time.monotonic() - began), stop=stopped)
    worth = np.where(_seats_left(problem, result) > 0, 0.0, values.worth)
    ids = problem.capacities.ids
    return replace(result, savings={ids[u]: float(worth[u]) for u in np.flatnonzero(values.measured)})


def _seats_left(problem: Problem, result: Result) -> Ints:
    """Seats of each capacity that the plan leaves free."""
    left = problem.capacities.seats.copy()
    for slot in problem.rows(result.plan).tolist():
        if slot >= 0:
            left[problem.uses_of(slot)] -= 1
    return left


class Classes(NamedTuple):
    """Capacities that the same slots use: they always hold the same bookings, and the tightest decides.

    ``of`` is the class of each capacity, ``free`` its seats beside fixed bookings, ``alone`` true where no
    other capacity of its class has as few.
    """

    of: Ints
    free: Ints
    alone: Flags


def classes(problem: Problem) -> Classes:
    """Sort the capacities into classes; one that no slot uses is never alone."""
    slots, seats = problem.slots, problem.capacities.seats
    fixed = problem.needs.fixed[problem.needs.fixed >= 0]
    free = seats.copy()
    users: list[list[int]] = [[] for _ in seats]
    for slot in range(len(slots.ids)):
        for u in problem.uses_of(slot).tolist():
            users[u].append(slot)
    for slot in fixed.tolist():
        free[problem.uses_of(slot)] -= 1
    numbers: dict[tuple[int, ...], int] = {}
    of = np.array([numbers.setdefault(tuple(slots), len(numbers)) for slots in users], np.int32)
    least = np.full(len(numbers), np.iinfo(np.int32).max, np.int32)
    np.minimum.at(least, of, free)
    tight = free == least[of]
    alone = tight & (np.bincount(of, tight, len(numbers))[of] == 1) & np.array([bool(x) for x in users])
    return Classes(of, free, np.asarray(alone))


def widened(problem: Problem, kinds: Classes) -> tuple[Candidates, Ints]:
    """Candidates in which a capacity that alone shuts its slots has one seat more, and those capacities."""
    held = problem.capacities
    shut = kinds.alone & (candidates(problem).seats <= 0)
    wide = candidates(replace(problem, capacities=held._replace(seats=(held.seats + shut).astype(np.int32))))
    return wide, np.flatnonzero(shut).astype(np.int32)


class _Measuring:
    def __init__(
        self,
        problem: Problem,
        known: Generator | None,
        price: Floats | None,
        seconds: Callable[[], float],
        stop: Callable[[], bool],
    ) -> None:
        self.seconds, self.stop = seconds, stop
        self.kinds = classes(problem)
        self.c, shut = widened(problem, self.kinds)
        self.row = self._rows()
        self.generator = Generator(Pricer(self.c), stop)
        self.master = self.generator.master
        for u in shut.tolist():
            if self.c.seats[self.row[u]] > 0:
                self._set_seats(int(self.row[u]), 0)
        if known is not None:
            self._take_over(known)
        if known is None or len(shut):
            self._first_columns(problem, price)

    def _rows(self) -> Ints:
        """The capacity whose row in the master stands for each capacity."""
        used = np.unique(self.c.uses)
        row = np.full(int(self.kinds.of.max(initial=-1)) + 1, -1, np.int32)
        row[self.kinds.of[used]] = used
        return np.where(row[self.kinds.of] >= 0, row[self.kinds.of], np.arange(len(self.kinds.of))).astype(
            np.int32
        )

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
        of = np.append(_pairs_in(known.c, self.c), -1)  # so that no booking (-1) stays none
        links = known.master.links
        for k in known.master.link_rows:
            u = int(links.capacity[k])
            if u in self.master.open:
                self.master.tie(self.master.link_of(int(links.need[k]), u))
        for column in known.master.columns:
            self.master.add(Column(column.unit, of[column.pairs], column.cost))

    def _first_columns(self, problem: Problem, price: Floats | None) -> None:
        """The bookings of the late passes of rising prices."""
        ascent = Ascent(self.generator.pricer, markets(problem, self.c), price)

        def keep(share: float, choice: Longs) -> None:
            if share >= LATE:
                self.generator.learn(choice)

        ascent.rise(PASSES, lambda: 0.0, self.over, seen=keep)

    def over(self) -> bool:
        """True where the work is to end."""
        return self.seconds() <= 0 or self.stop()

    def values(self) -> SeatValues:
        self.generator.converge(-np.inf, self.seconds)
        duals, before = self.generator.duals, self.master.value
        if duals is None or self.over():  # a multiplier of zero proves nothing before the two have met
            upper = np.zeros(len(self.c.seats)) if duals is None else duals.seat.copy()
            return SeatValues(upper, np.zeros(len(upper), np.bool_), upper)
        worth = np.where(self.kinds.alone, duals.seat[self.row], 0.0)
        measured = np.asarray(worth <= NOTHING)
        worth[measured] = 0.0
        for u in np.argsort(-worth, kind="stable").tolist():
            if measured[u] or self.over():
                break
            after = self.value_with_one_more(u)
            measured[u] = not self.over()
            if measured[u]:
                worth[u] = min(worth[u], max(0.0, before - after))
        return SeatValues(worth, measured, duals.seat.copy())

    def value_with_one_more(self, u: int) -> float:
        """What the master costs when capacity u has one more seat; leaves the seats as they were."""
        row, left = int(self.row[u]), self.generator.pricer.left
        seats, free = int(self.c.seats[row]), int(left[row])
        more = int(self.kinds.free[u]) + 1
        self._set_seats(row, more)
        left[row] = more
        try:
            self.generator.converge(-np.inf, self.seconds)
            return float(self.master.value)
        finally:
            self._set_seats(row, seats)
            left[row] = free


def _pairs_in(old: Candidates, new: Candidates) -> Longs:
    """Number in ``new`` of every pair of ``old``; the needs are numbered alike."""
    slots = len(new.use_ptr)
    keys = [
        np.repeat(np.arange(c.needs, dtype=np.int64), np.diff(c.pair_ptr)) * slots + c.slot
        for c in (old, new)
    ]
    order = np.argsort(keys[1], kind="stable")
    return np.asarray(order[np.searchsorted(keys[1], keys[0], sorter=order)], np.int64)
