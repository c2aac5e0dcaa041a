"""Which slots could serve which need (Kandidaten), everybody else left aside.

A *pair* is a need and a slot that serves it by every rule that does not depend on other bookings. Needs are
renumbered by *unit* (Einheit): people whose needs are tied together by predecessors or by an exclusive
group; inside a unit a predecessor stands before its successors. A unit is the smallest part of the problem
that can be solved by itself once seats have prices.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.pairs import clashes, enumerate_pairs, numbered, rules
from matching.presolve import has_seat, open_seats
from matching.problem import Flags, Floats, Ints, Problem
from matching.units import successors, units


class Candidates(NamedTuple):
    """Everything the kernels read, as flat arrays.

    ``need`` arrays are indexed by the renumbered need i, ``pair`` arrays by p in
    ``pair_ptr[i] : pair_ptr[i + 1]`` (sorted by start day), ``by_end`` lists the same pairs by end day.
    Costs are weighted waiting days; ``static_cost`` holds what does not depend on other bookings.
    """

    today: int
    long_wait_days: float
    long_wait_factor: float
    row: Ints  # need -> row in Problem.needs
    unit_ptr: Ints  # unit -> its needs
    unit: Ints
    after: Ints
    relation: Ints
    lag: Ints
    max_lag: Ints
    earliest: Ints
    weight: Floats
    group: Ints
    fixed: Flags
    unserved_cost: Floats
    child_ptr: Ints
    child: Ints
    pair_ptr: NDArray[np.int64]
    slot: Ints
    start: Ints
    end: Ints
    static_cost: Floats
    by_end: NDArray[np.int64]
    use_ptr: Ints  # slot -> its capacities
    uses: Ints
    times: Ints  # slot -> row and column of time_clash
    time_clash: Flags
    half_days: Flags  # which half-days each row of time_clash holds
    seats: Ints  # free seats after fixed bookings; 0 where a group cannot reach its minimum
    minimum: Ints  # bookings that a group needs to run; 0 = no minimum

    @property
    def needs(self) -> int:
        """Number of needs."""
        return len(self.row)

    @property
    def units(self) -> int:
        """Number of units."""
        return len(self.unit_ptr) - 1

    @property
    def pairs(self) -> int:
        """Number of pairs."""
        return len(self.slot)


def candidates(problem: Problem) -> Candidates:
    """Prepare a problem for the kernels."""
    needs, slots, p = problem.needs, problem.slots, problem.parameters
    row, unit_ptr, after = units(problem)
    seats, minimum, use_ptr, uses = open_seats(problem)
    half_days, clash, clash_row = clashes(problem)
    pair_ptr, slot, cost = enumerate_pairs(
        rules(problem, row, after, has_seat(seats, use_ptr, uses)), unit_ptr
    )
    child_ptr, child = successors(after)
    start, end = slots.start[slot], slots.end[slot]
    return Candidates(
        p.today.toordinal(),
        p.long_wait_days,
        p.long_wait_factor,
        row,
        unit_ptr,
        np.repeat(np.arange(len(unit_ptr) - 1, dtype=np.int32), np.diff(unit_ptr)),
        after,
        needs.relation[row],
        needs.lag_days[row],
        needs.max_lag_days[row],
        needs.earliest[row],
        needs.weight[row],
        numbered(needs.group[row]),
        needs.fixed[row] >= 0,
        _unserved_costs(problem)[row],
        child_ptr,
        child,
        pair_ptr,
        slot,
        start,
        end,
        cost,
        _by_end(pair_ptr, end),
        use_ptr,
        uses,
        clash_row,
        clash,
        half_days,
        seats,
        minimum,
    )


def _unserved_costs(problem: Problem) -> Floats:
    needs, p = problem.needs, problem.parameters
    horizon = p.horizon_end.toordinal()
    wait = np.maximum(0, horizon - needs.earliest)
    late = np.where(needs.target > 0, np.maximum(0, horizon - needs.target), 0)
    days = p.unserved_penalty + wait + p.long_wait_factor * np.maximum(0, wait - p.long_wait_days)
    days = days + p.overdue_factor * late + p.change_penalty * (needs.proposed != -1)
    return np.asarray(needs.weight * days)


@njit(cache=True)
def _by_end(pair_ptr: NDArray[np.int64], end: Ints) -> NDArray[np.int64]:  # pragma: no cover - compiled
    """The pairs of each need sorted by end day, equal ones in their order."""
    order = np.empty(len(end), np.int64)
    for i in range(len(pair_ptr) - 1):
        first, last = pair_ptr[i], pair_ptr[i + 1]
        order[first:last] = first + np.argsort(end[first:last], kind="mergesort")
    return order


def spread(candidates: Candidates, per_slot: Floats) -> NDArray[Any]:
    """Value of every pair's slot; fixed pairs pay nothing, their seats are taken already."""
    values = per_slot[candidates.slot]
    values[candidates.pair_ptr[:-1][candidates.fixed]] = 0.0
    return np.asarray(values)
