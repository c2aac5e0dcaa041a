"""Today's practice (Windhundverfahren): who comes first takes the earliest seat, step by step."""

import numpy as np
from numba import njit

from matching.booking import State, give_back, new_state, take
from matching.candidates import Candidates, candidates
from matching.conflicts import meets
from matching.pricing import Longs, base_day
from matching.problem import Problem


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
    if not c.units:
        return np.zeros(0, np.int64)
    state = new_state(c)
    arrival = c.earliest[c.unit_ptr[:-1]]
    first = np.minimum.reduceat(c.row, c.unit_ptr[:-1])  # who comes first in the order of the ids
    _run(c, state, np.lexsort((first, arrival)))
    return state.choice


@njit(cache=True)
def _run(c: Candidates, s: State, order: Longs) -> None:  # pragma: no cover - compiled
    for unit in order:
        _book(c, s, unit)
    while True:
        worst, most = -1, 0
        for u in range(len(s.load)):
            if 0 < s.load[u] < c.minimum[u] and c.minimum[u] - s.load[u] > most:
                worst, most = u, c.minimum[u] - s.load[u]
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
def _book(c: Candidates, s: State, unit: int) -> None:  # pragma: no cover - compiled
    """Book every step of a unit that is not booked yet, predecessors first."""
    for i in range(c.unit_ptr[unit], c.unit_ptr[unit + 1]):
        if s.choice[i] < 0 and (c.after[i] < 0 or s.choice[c.after[i]] >= 0):
            p = _earliest(c, s, i)
            if p >= 0:
                take(c, s, i, p)


@njit(cache=True)
def _earliest(c: Candidates, s: State, i: int) -> int:  # pragma: no cover - compiled
    """The earliest pair that can be had, the cheapest of those on one day; -1 = none."""
    ready, latest, best = c.earliest[i], np.int64(2**31), -1
    if c.after[i] >= 0:
        base = base_day(c, s.choice[c.after[i]], c.relation[i])
        ready = max(ready, base + c.lag[i])
        if c.max_lag[i] >= 0:
            latest = base + c.max_lag[i]
    for p in range(c.pair_ptr[i], c.pair_ptr[i + 1]):
        if c.start[p] > latest or (best >= 0 and c.start[p] > c.start[best]):
            break
        if c.start[p] < ready or (best >= 0 and c.static_cost[p] >= c.static_cost[best]):
            continue
        if _can_be_had(c, s, i, p):
            best = p
    return best


@njit(cache=True)
def _can_be_had(c: Candidates, s: State, i: int, p: int) -> bool:  # pragma: no cover - compiled
    """True where the slot has a seat, runs, and overlaps nothing else of the group."""
    slot, unit = c.slot[p], c.unit[i]
    for x in range(c.use_ptr[slot], c.use_ptr[slot + 1]):
        if s.left[c.uses[x]] <= 0 or s.closed[c.uses[x]]:
            return False
    for j in range(c.unit_ptr[unit], c.unit_ptr[unit + 1]):
        if s.choice[j] >= 0 and c.group[j] == c.group[i] and meets(c, p, s.choice[j]):
            return False
    return True


@njit(cache=True)
def _free(c: Candidates, s: State, i: int) -> None:  # pragma: no cover - compiled
    """Give back the seat of a need and of all that follows it."""
    waiting = [i]
    while len(waiting) > 0:
        k = waiting.pop()
        if s.choice[k] < 0 or c.fixed[k]:
            continue
        give_back(c, s, k)
        for x in range(c.child_ptr[k], c.child_ptr[k + 1]):
            waiting.append(c.child[x])
