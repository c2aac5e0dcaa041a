"""What each slot would mean for a household (Probebuchung): the steps after it booked anew, all else kept.

Every slot that a need could take is tried: the exact program of ``booking`` books the later steps as well as
the seats left allow. Groups in which only the household is missing must not be left behind too small: who of
the household fills them is tried in every way (``Duty``).
"""

from itertools import combinations, product
from typing import NamedTuple

import numpy as np
from numba import njit

from matching.booking import State, new_state, solve_unit
from matching.candidates import Candidates, candidates
from matching.household import Household
from matching.pricing import INFINITE, Longs, base_day, booking_cost, waiting
from matching.problem import NONE, Flags, Floats, Ints

NODES = 400  # overlap branches for one slot
MOST_DUTIES = 200  # ways to fill groups; a person is in one group of a kind at a time, so there is mostly one
KEPT, FREE, BOUND = 0, 1, 2

Duty = tuple[tuple[int, int], ...]  # need and the capacity in which it must take a seat
Scenario = tuple[Duty, frozenset[int]]  # and the capacities that nobody of the household may use


class Trials(NamedTuple):
    """What every pair of the need would cost.

    Parameters
    ----------
    pairs : array of int
        Pairs of the need.
    cost : array of float
        Cost of all bookings of the household, seats free of charge; infinite where the pair cannot be had.
    booked : array of int, pairs x needs
        The bookings: a pair of each need, -1 = none.
    """

    pairs: Longs
    cost: Floats
    booked: Longs


class Desk:
    """A household's candidates and bookings, numbered as in ``Candidates``, and what is left for it.

    Raises
    ------
    ValueError
        The plan gives the household a slot that breaks a rule.
    """

    def __init__(self, household: Household) -> None:
        self.household = household
        self.c: Candidates = candidates(household.problem)
        c = self.c
        place = np.empty(c.needs, np.int64)
        place[c.row] = np.arange(c.needs)
        self.need = int(place[household.need])
        self.free: Flags = household.free[c.row]
        self.planned = np.array([self._pair(i) for i in range(c.needs)], np.int64)
        self.kept = np.where(self.free, -1, self.planned)
        self.load = self._load_of(self.kept)
        self.own_fixed = self._load_of(self.kept[c.fixed])
        self.minimum: Ints = np.where(self.own_fixed > 0, 0, household.problem.capacities.minimum)
        #: Seats that neither others nor the bookings that stand hold.
        self.left: Ints = household.room - self.load

    def _pair(self, i: int) -> int:
        """The pair of a need in the plan, -1 = none."""
        c, slot = self.c, int(self.household.planned[self.c.row[i]])
        if slot == NONE:
            return -1
        found = np.flatnonzero(c.slot[c.pair_ptr[i] : c.pair_ptr[i + 1]] == slot)
        if not found.size:
            name = self.household.problem.needs.ids[c.row[i]]
            raise ValueError(f"the plan gives {name} a slot that breaks a rule")
        return int(c.pair_ptr[i] + found[0])

    def uses(self, slot: int) -> Ints:
        """Capacities of a slot."""
        return self.household.problem.uses_of(slot)

    def using(self, capacity: int) -> Flags:
        """Slots that use a capacity."""
        slots = self.household.problem.slots
        return np.asarray(np.logical_or.reduceat(slots.uses == capacity, slots.use_ptr[:-1]))

    def _load_of(self, pairs: Longs) -> Ints:
        """Seats that some bookings of the household take in each capacity; -1 = none."""
        load = np.zeros(len(self.household.room), np.int32)
        for pair in pairs[pairs >= 0]:
            load[self.uses(int(self.c.slot[pair]))] += 1
        return load

    def kept_cost(self) -> float:
        """Cost of the needs that neither are the need nor come after it, their bookings as in the plan."""
        c, later = self.c, {self.need}
        for i in range(self.need + 1, c.needs):
            if int(c.after[i]) in later:
                later.add(i)
        return float(sum(need_cost(c, i, self.planned) for i in range(c.needs) if i not in later))

    @property
    def missing(self) -> Ints:
        """Bookings that each group still needs; 0 where it runs already or has no minimum."""
        least = self.minimum - self.load
        return np.maximum(0, least).astype(np.int32)

    @property
    def closed(self) -> Flags:
        """Groups that have seats left, but too few to reach their minimum."""
        seats = self.household.room - self.own_fixed
        return np.asarray((seats < self.minimum) & (self.left > 0))

    @property
    def waited_for(self) -> Flags:
        """Groups that others or the kept bookings hold, and that would be too small without the household."""
        return np.asarray((self.missing > 0) & (self.household.others + self.load > 0))

    def held(self) -> set[int]:
        """Capacities in which the needs to be booked anew have seats in the plan."""
        pairs = self.planned[self.free & (self.planned >= 0)]
        return {int(u) for pair in pairs for u in self.uses(int(self.c.slot[pair]))}

    def clashes(self, i: int, slots: Ints) -> Flags:
        """Which slots overlap a booking of need i's exclusive group that stands."""
        found = np.zeros(len(slots), np.bool_)
        for j in self._group(i):
            found |= self._meets(j, slots)
        return found

    def _group(self, i: int) -> list[int]:
        """Needs of the same exclusive group that have a booking that stands."""
        return np.flatnonzero((self.c.group == self.c.group[i]) & (self.kept >= 0)).tolist()

    def _meets(self, j: int, slots: Ints) -> Flags:
        """Which slots overlap the booking of need j in days and in a half-day."""
        c, of, pair = self.c, self.household.problem.slots, self.kept[j]
        days = (c.start[pair] <= of.end[slots]) & (of.start[slots] <= c.end[pair])
        return np.asarray(days & c.time_clash[c.times[c.slot[pair]], c.times[slots]])

    def in_the_way(self, i: int, slot: int) -> list[int]:
        """Needs of the same exclusive group whose bookings stand and overlap a slot."""
        row = np.array([slot], np.int32)
        return [j for j in self._group(i) if self._meets(j, row)[0]]

    def roomy(self) -> Flags:
        """Slots that have a seat left in every capacity they use."""
        return self.all_uses((self.left > 0) & ~self.closed)

    def all_uses(self, good: Flags) -> Flags:
        """Slots of which every capacity is good."""
        slots = self.household.problem.slots
        if not len(slots.ids):
            return np.zeros(0, np.bool_)
        return np.asarray(np.logical_and.reduceat(good[slots.uses], slots.use_ptr[:-1]))

    def open_pairs(self, i: int) -> Flags:
        """Pairs of a need that can be had by seats, minimums and overlaps, its own chain left aside.

        A group that is not open can only be joined where the household itself is what it waits for.
        """
        pairs = self.c.slot[self.c.pair_ptr[i] : self.c.pair_ptr[i + 1]]
        if not self.free[i]:
            return np.ones(len(pairs), np.bool_)
        joined = self.missing <= 1
        joined[list(self.held())] = True
        return np.asarray((self.roomy() & self.all_uses(joined))[pairs] & ~self.clashes(i, pairs))

    def allowed(self) -> Flags:
        """``open_pairs`` of all needs."""
        parts = [self.open_pairs(i) for i in range(self.c.needs)]
        return np.concatenate(parts) if parts else np.zeros(0, np.bool_)

    def scenarios(self, allowed: Flags) -> list[Scenario]:
        """All ways in which the household does its part for the groups that wait for it."""
        missing, waited = self.missing, self.waited_for
        choices: list[list[Scenario]] = []
        for u in sorted(self.held() | set(np.flatnonzero(waited).tolist())):
            if missing[u] == 0:
                continue
            able = [i for i in np.flatnonzero(self.free).tolist() if self._can_use(i, u, allowed)]
            ways: list[Scenario] = [
                (tuple((i, u) for i in chosen), frozenset()) for chosen in combinations(able, int(missing[u]))
            ]
            if not waited[u]:
                ways.append(((), frozenset({u})))
            choices.append(ways)
        found: list[Scenario] = []
        for ways_taken in product(*choices):
            duty = tuple(one for way, _ in ways_taken for one in way)
            found.append((duty, frozenset().union(*(shut for _, shut in ways_taken))))
            if len(found) == MOST_DUTIES:
                break
        return found

    def _can_use(self, i: int, capacity: int, allowed: Flags) -> bool:
        pairs = slice(self.c.pair_ptr[i], self.c.pair_ptr[i + 1])
        return bool(np.any(allowed[pairs] & self.using(capacity)[self.c.slot[pairs]]))

    def try_all(self) -> Trials:
        """Book the household anew around every pair of the need."""
        c, i = self.c, self.need
        pairs = np.arange(c.pair_ptr[i], c.pair_ptr[i + 1])
        best = Trials(pairs, np.full(len(pairs), INFINITE), np.full((len(pairs), c.needs), -1, np.int64))
        allowed, state = self.allowed(), new_state(c)
        force = 1e3 + 4 * float(c.unserved_cost.sum() + state.totals[0] + booking_cost(c, 0, self.planned))
        for duty, shut in self.scenarios(allowed):
            role = np.where(self.free, FREE, KEPT)
            now = allowed & self._without(shut)
            for k, capacity in duty:
                role[k] = BOUND
                begin, end = c.pair_ptr[k], c.pair_ptr[k + 1]
                now[begin:end] &= self.using(capacity)[c.slot[begin:end]]
            cost = np.full(len(pairs), INFINITE)
            booked = np.full((len(pairs), c.needs), -1, np.int64)
            try_pairs(c, state, i, role, self.kept, now, force, cost, booked)
            better = cost < best.cost
            best.cost[better], best.booked[better] = cost[better], booked[better]
        return best

    def _without(self, shut: frozenset[int]) -> Flags:
        """Pairs that use none of some capacities."""
        good = np.ones(len(self.household.room), np.bool_)
        good[list(shut)] = False
        return np.asarray(self.all_uses(good)[self.c.slot]) if shut else np.ones(self.c.pairs, np.bool_)


@njit(cache=True)
def need_cost(c: Candidates, i: int, choice: Longs) -> float:  # pragma: no cover - compiled
    """What one need's booking costs, seats free of charge."""
    p, before = choice[i], c.after[i]
    if p < 0:
        return c.unserved_cost[i]
    if before < 0:
        return c.static_cost[p]
    ready = c.earliest[i]
    if choice[before] >= 0:
        ready = max(ready, base_day(c, choice[before], c.relation[i]) + c.lag[i])
    return c.static_cost[p] + c.weight[i] * waiting(c, max(0, c.start[p] - ready))


@njit(cache=True)
def try_pairs(  # pragma: no cover - compiled
    c: Candidates,
    s: State,
    i: int,
    role: Longs,
    kept: Longs,
    allowed: Flags,
    force: float,
    cost: Floats,
    booked: Longs,
) -> None:
    """Cost and bookings of the only unit for each allowed pair of need i; ``force`` beats any cost."""
    first = c.pair_ptr[i]
    for p in range(first, c.pair_ptr[i + 1]):
        if not allowed[p]:
            continue
        for k in range(len(c.row)):
            for q in range(c.pair_ptr[k], c.pair_ptr[k + 1]):
                s.own[q] = c.static_cost[q]
                if c.fixed[k]:
                    continue
                if k == i or role[k] == KEPT:
                    s.own[q] = c.static_cost[q] - force if q == (p if k == i else kept[k]) else INFINITE
                elif not allowed[q]:
                    s.own[q] = INFINITE
                elif role[k] == BOUND:
                    s.own[q] -= force
        solve_unit(c, s, 0, NODES)
        good = s.best[i] == p
        for k in range(len(c.row)):
            if not c.fixed[k] and role[k] == KEPT and k != i and s.best[k] != kept[k]:
                good = False
            if role[k] == BOUND and s.best[k] < 0:
                good = False
        if good:
            cost[p - first] = booking_cost(c, 0, s.best)
            booked[p - first, :] = s.best
