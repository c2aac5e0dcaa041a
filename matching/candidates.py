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

from matching.alike import merged, one_by_one
from matching.pairs import clashes, enumerate_pairs, numbered, pointers, rules
from matching.presolve import has_seat, open_seats
from matching.problem import Flags, Floats, Ints, Problem
from matching.units import by_home, successors, units

SOME_UNITS = 1000  # from here on units stand in the order of their homes, and are searched by region
MANY_UNITS = 4000  # from here on no linear program is made
OF_NEEDS = ("row", "relation", "lag", "max_lag", "earliest", "weight", "group", "fixed", "unserved_cost")
OF_PAIRS = ("slot", "start", "end", "static_cost", "by_end")


class Candidates(NamedTuple):
    """Everything the kernels read, as flat arrays.

    ``need`` arrays are indexed by the renumbered need i, ``pair`` arrays by p in
    ``pair_ptr[i] : pair_ptr[i + 1]`` (sorted by start day), ``by_end`` lists the same pairs by end day, each
    counted from the first pair of its need.
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
    by_end: Ints
    use_ptr: Ints  # slot -> its capacities
    uses: Ints
    times: Ints  # slot -> row and column of time_clash
    time_clash: Flags
    half_days: Flags  # which half-days each row of time_clash holds
    seats: Ints  # free seats after fixed bookings; 0 where a group cannot reach its minimum
    minimum: Ints  # bookings that a group needs to run; 0 = no minimum
    member_ptr: Ints  # offer -> the slots it stands for; offers are numbered behind the slots (``alike``)
    members: Ints

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

    @property
    def slots(self) -> int:
        """Number of slots; what is numbered from here on is an offer."""
        return len(self.use_ptr) - len(self.member_ptr)


def candidates(problem: Problem, by_offer: bool = False) -> Candidates:
    """Prepare a problem for the kernels.

    Parameters
    ----------
    by_offer : bool
        Online slots alike stand in one pair of a need, as an offer: far fewer pairs in a nation. Prices and
        bounds can be had from them (``offers``), bookings only when each offer has been replaced by slots.
    """
    row, unit_ptr, after = units(problem)
    if len(unit_ptr) > SOME_UNITS:
        row, unit_ptr, after = by_home(problem, row, unit_ptr, after)
    return candidates_of(problem, row, unit_ptr, after, by_offer)


def candidates_of(problem: Problem, row: Ints, unit_ptr: Ints, after: Ints, by_offer: bool) -> Candidates:
    """The same for some units by themselves, given as by ``units``: rows, where each begins, predecessors."""
    needs, p = problem.needs, problem.parameters
    seats, minimum, use_ptr, uses = open_seats(problem)
    listed = (merged if by_offer else one_by_one)(problem, has_seat(seats, use_ptr, uses))
    slots = listed.problem.slots
    half_days, clash, clash_row = clashes(listed.problem)
    pair_ptr, slot, cost = enumerate_pairs(rules(listed, row, after), unit_ptr)
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
        by_end_day(pair_ptr, end),
        np.concatenate([use_ptr, np.full(len(listed.member_ptr) - 1, use_ptr[-1], np.int32)]),
        uses,
        clash_row,
        clash,
        half_days,
        seats,
        minimum,
        listed.member_ptr,
        listed.members,
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
def by_end_day(pair_ptr: NDArray[np.int64], end: Ints) -> Ints:  # pragma: no cover - compiled
    """The pairs of each need sorted by end day, equal ones in their order; counted from its first pair."""
    order = np.empty(len(end), np.int32)
    for i in range(len(pair_ptr) - 1):
        first, last = pair_ptr[i], pair_ptr[i + 1]
        order[first:last] = np.argsort(end[first:last], kind="mergesort")
    return order


def part_of(c: Candidates, begin: int, end: int) -> Candidates:
    """The units ``begin : end`` by themselves: needs and pairs counted from theirs, capacities from all."""
    first, last = int(c.unit_ptr[begin]), int(c.unit_ptr[end])
    p, q = int(c.pair_ptr[first]), int(c.pair_ptr[last])
    needs, pairs, children = slice(first, last), slice(p, q), slice(c.child_ptr[first], c.child_ptr[last])
    after = c.after[needs]
    return c._replace(
        **{name: getattr(c, name)[needs] for name in OF_NEEDS},
        **{name: getattr(c, name)[pairs] for name in OF_PAIRS},
        unit_ptr=c.unit_ptr[begin : end + 1] - np.int32(first),
        unit=c.unit[needs] - np.int32(begin),
        after=np.where(after >= 0, after - np.int32(first), after),
        child_ptr=c.child_ptr[first : last + 1] - c.child_ptr[first],
        child=c.child[children] - np.int32(first),
        pair_ptr=c.pair_ptr[first : last + 1] - p,
    )


def some_units(c: Candidates, kept: Flags) -> tuple[Candidates, NDArray[np.int64]]:
    """Some units by themselves, capacities as they are, and what each pair is called among all."""
    mine = kept[c.unit]
    needs, place = np.flatnonzero(mine), (np.cumsum(mine) - 1).astype(np.int32)
    pairs = np.flatnonzero(np.repeat(mine, np.diff(c.pair_ptr)))
    after, units = c.after[needs], np.diff(c.unit_ptr)[kept]
    part = c._replace(
        **{name: getattr(c, name)[needs] for name in OF_NEEDS},
        **{name: getattr(c, name)[pairs] for name in OF_PAIRS},
        unit_ptr=pointers(units),
        unit=np.repeat(np.arange(len(units), dtype=np.int32), units),
        after=np.where(after >= 0, place[after], after),
        child_ptr=pointers(np.diff(c.child_ptr)[needs]),
        child=place[c.child[np.repeat(mine, np.diff(c.child_ptr))]],
        pair_ptr=np.concatenate([[0], np.cumsum(np.diff(c.pair_ptr)[needs])]),
    )
    return part, pairs


def with_its_capacities(part: Candidates) -> tuple[Candidates, NDArray[np.int64]]:
    """Pairs without offers and only the slots and capacities that they use, numbered from 0 in their order.

    Returns
    -------
    Candidates
        The part by itself: what is done for every capacity takes no longer than the part is large.
    array of int
        What each of its capacities is called among all.
    """
    slots, slot = np.unique(part.slot, return_inverse=True)
    first, counts = part.use_ptr[slots], (part.use_ptr[1:] - part.use_ptr[:-1])[slots]
    ptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    places = np.repeat(first - ptr[:-1], counts) + np.arange(ptr[-1], dtype=np.int32)
    here, uses = np.unique(part.uses[places], return_inverse=True)
    part = part._replace(
        slot=slot.astype(np.int32),
        use_ptr=ptr,
        uses=uses.astype(np.int32),
        times=part.times[slots],
        seats=part.seats[here],
        minimum=part.minimum[here],
    )
    return part, here


def spread(candidates: Candidates, per_slot: Floats) -> NDArray[Any]:
    """Value of every pair's slot; fixed pairs pay nothing, their seats are taken already."""
    values = per_slot[candidates.slot]
    values[candidates.pair_ptr[:-1][candidates.fixed]] = 0.0
    return np.asarray(values)
