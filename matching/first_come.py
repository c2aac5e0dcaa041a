"""Today's practice (Windhundverfahren): who comes first takes the earliest seat, step by step."""

from typing import NamedTuple

import numpy as np
from numba import njit

from matching.booking import room_for_holders
from matching.candidates import Candidates, candidates
from matching.conflicts import meets
from matching.pricing import Longs, base_day
from matching.problem import Flags, Floats, Ints, Problem
from matching.ranking import first_of_most, put, ranking

NOWHERE = -1


class Counter(NamedTuple):
    """Who holds which seat (Schalter): of each need pair and slot, of each capacity what is left and who."""

    choice: Longs
    slot: Ints  # of an offer the member that was taken
    left: Ints
    load: Ints
    closed: Flags
    holder_ptr: Longs
    holders: Ints
    missing: Floats  # participants that each begun group misses, as a ranking
    given_back: Longs  # how many seats have been given back, as the only entry
    known: Longs  # of each offer ``given_back`` when its members were last looked at
    full: Ints  # ... and how many of the first ones had no seat then


def first_come(problem: Problem) -> dict[str, str | None]:
    """Plan by first come, first served.

    People book in the order in which their first need arose; for each step they take the earliest slot that
    has a seat, the nearer one of two on the same day. Groups that stay below their minimum are cancelled, the
    one that misses most first, and their participants, with whatever they had booked after it, book again.
    """
    c = candidates(problem)
    return plan_of(problem, c, first_come_choice(c))


def plan_of(problem: Problem, c: Candidates, choice: Longs) -> dict[str, str | None]:
    """Turn chosen pairs (-1 = none) into a plan by ids."""
    rows = np.full(len(problem.needs.ids), -1, np.int64)
    rows[c.row] = np.where(choice >= 0, c.slot[choice], -1) if c.pairs else -1
    return problem.plan(rows)


def first_come_choice(c: Candidates) -> Longs:
    """Pair of each need, -1 = none; keeps every rule, minimums included."""
    return _booked(c).choice


def first_come_slots(c: Candidates) -> Ints:
    """Slot of each need, -1 = none; of an offer one of the slots it stands for."""
    return _booked(c).slot


def _booked(c: Candidates) -> Counter:
    counter = _opened(c)
    if c.units:
        arrival = c.earliest[c.unit_ptr[:-1]]
        first = np.minimum.reduceat(c.row, c.unit_ptr[:-1])  # who comes first in the order of the ids
        _run(c, counter, np.lexsort((first, arrival)))
    return counter


def _opened(c: Candidates) -> Counter:
    """Before anybody comes: only the fixed bookings stand."""
    room = room_for_holders(c)
    choice, slot = np.full(c.needs, -1, np.int64), np.full(c.needs, NOWHERE, np.int32)
    fixed = c.pair_ptr[:-1][c.fixed]
    choice[c.fixed], slot[c.fixed] = fixed, c.slot[fixed]
    load, closed = np.zeros(len(c.seats), np.int32), np.zeros(len(c.seats), np.bool_)
    holders, missing = np.full(int(room[-1]), -1, np.int32), ranking(len(c.seats))
    offers = len(c.member_ptr) - 1
    known, full = np.zeros(offers, np.int64), np.zeros(offers, np.int32)
    no_seat = np.zeros(1, np.int64)
    return Counter(choice, slot, c.seats.copy(), load, closed, room, holders, missing, no_seat, known, full)


@njit(cache=True)
def _run(c: Candidates, s: Counter, order: Longs) -> None:  # pragma: no cover - compiled
    for unit in order:
        _book(c, s, unit)
    while True:
        worst = first_of_most(s.missing)
        if worst < 0:
            return
        s.closed[worst] = True
        first = s.holder_ptr[worst]
        freed = np.sort(s.holders[first : first + s.load[worst]])
        for i in freed:
            _free(c, s, i)
        for i in freed:
            _book(c, s, c.unit[i])


@njit(cache=True)
def _book(c: Candidates, s: Counter, unit: int) -> None:  # pragma: no cover - compiled
    """Book every step of a unit that is not booked yet, predecessors first."""
    for i in range(c.unit_ptr[unit], c.unit_ptr[unit + 1]):
        if s.choice[i] < 0 and (c.after[i] < 0 or s.choice[c.after[i]] >= 0):
            p, slot = _earliest(c, s, i)
            if p >= 0:
                s.choice[i], s.slot[i] = p, slot
                for x in range(c.use_ptr[slot], c.use_ptr[slot + 1]):
                    u = c.uses[x]
                    s.holders[s.holder_ptr[u] + s.load[u]] = i
                    _change(c, s, u, 1)


@njit(cache=True)
def _change(c: Candidates, s: Counter, u: int, more: int) -> None:  # pragma: no cover - compiled
    """Count one booking of a capacity more, or one less."""
    s.left[u] -= more
    s.load[u] += more
    if c.minimum[u] > 0:
        put(s.missing, u, max(0, c.minimum[u] - s.load[u]) if s.load[u] > 0 else 0)


@njit(cache=True)
def _earliest(c: Candidates, s: Counter, i: int) -> tuple[int, int]:  # pragma: no cover - compiled
    """The earliest pair that can be had and its slot, the cheapest of those on one day; -1 = none."""
    ready, latest, best, taken = c.earliest[i], np.int64(2**31), -1, NOWHERE
    if c.after[i] >= 0:
        base = base_day(c, s.choice[c.after[i]], c.relation[i])
        ready = max(ready, base + c.lag[i])
        if c.max_lag[i] >= 0:
            latest = base + c.max_lag[i]
    first, last = c.pair_ptr[i], c.pair_ptr[i + 1]
    for p in range(first + np.searchsorted(c.start[first:last], ready), last):
        if c.start[p] > latest or (best >= 0 and c.start[p] > c.start[best]):
            break
        if best >= 0 and c.static_cost[p] >= c.static_cost[best]:
            continue
        slot = _with_a_seat(c, s, c.slot[p])
        if slot >= 0 and _has_time(c, s, i, p):
            best, taken = p, slot
    return best, taken


@njit(cache=True)
def _with_a_seat(c: Candidates, s: Counter, slot: int) -> int:  # pragma: no cover - compiled
    """The slot, or the first member of the offer, that has a seat and runs; -1 = none.

    A member that was full is full until somebody gives a seat back, so nobody looks at it again before.
    """
    offer = slot - (len(c.use_ptr) - len(c.member_ptr))
    if offer < 0:
        return slot if _has_seat(c, s, slot) else NOWHERE
    if s.known[offer] != s.given_back[0]:
        s.known[offer], s.full[offer] = s.given_back[0], 0
    while c.member_ptr[offer] + s.full[offer] < c.member_ptr[offer + 1]:
        member = c.members[c.member_ptr[offer] + s.full[offer]]
        if _has_seat(c, s, member):
            return member
        s.full[offer] += 1
    return NOWHERE


@njit(cache=True)
def _has_seat(c: Candidates, s: Counter, slot: int) -> bool:  # pragma: no cover - compiled
    """True where every capacity of a slot has a seat and is open."""
    for x in range(c.use_ptr[slot], c.use_ptr[slot + 1]):
        if s.left[c.uses[x]] <= 0 or s.closed[c.uses[x]]:
            return False
    return True


@njit(cache=True)
def _has_time(c: Candidates, s: Counter, i: int, p: int) -> bool:  # pragma: no cover - compiled
    """True where the pair overlaps nothing else of the need's group."""
    for j in range(c.unit_ptr[c.unit[i]], c.unit_ptr[c.unit[i] + 1]):
        if s.choice[j] >= 0 and c.group[j] == c.group[i] and meets(c, p, s.choice[j]):
            return False
    return True


@njit(cache=True)
def _free(c: Candidates, s: Counter, i: int) -> None:  # pragma: no cover - compiled
    """Give back the seat of a need and of all that follows it."""
    waiting = [i]
    while len(waiting) > 0:
        k = waiting.pop()
        if s.choice[k] < 0 or c.fixed[k]:
            continue
        _give_back(c, s, k)
        for x in range(c.child_ptr[k], c.child_ptr[k + 1]):
            waiting.append(c.child[x])


@njit(cache=True)
def _give_back(c: Candidates, s: Counter, i: int) -> None:  # pragma: no cover - compiled
    """Free the seats of a served need."""
    slot = s.slot[i]
    s.choice[i], s.slot[i] = -1, NOWHERE
    s.given_back[0] += 1
    for x in range(c.use_ptr[slot], c.use_ptr[slot + 1]):
        u = c.uses[x]
        _change(c, s, u, -1)
        for k in range(s.holder_ptr[u], s.holder_ptr[u] + s.load[u]):
            if s.holders[k] == i:
                s.holders[k] = s.holders[s.holder_ptr[u] + s.load[u]]
                break
