"""Today's practice (Windhundverfahren): who comes first takes the earliest seat, step by step."""

from collections import defaultdict

import numpy as np

from matching.candidates import Candidates, candidates
from matching.problem import AFTER_START, Problem

Choice = list[int]


def first_come(problem: Problem) -> dict[str, str | None]:
    """Plan by first come, first served.

    People book in the order in which their first need arose; for each step they take the earliest slot that
    has a seat, the nearer one of two on the same day. Groups that stay below their minimum are cancelled, the
    smallest first, and their participants, with whatever they had booked after it, book again.
    """
    c = candidates(problem)
    return plan_of(problem, c, np.array(first_come_choice(c), np.int64))


def plan_of(
    problem: Problem, c: Candidates, choice: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> dict[str, str | None]:
    """Turn chosen pairs (-1 = none) into a plan by ids."""
    rows = np.full(len(problem.needs.ids), -1, np.int64)
    rows[c.row] = np.where(choice >= 0, c.slot[choice], -1) if c.pairs else -1
    return problem.plan(rows)


def first_come_choice(c: Candidates) -> Choice:
    """Pair of each need, -1 = none; keeps every rule, minimums included."""
    return _FirstCome(c).run()


class _FirstCome:
    def __init__(self, c: Candidates) -> None:
        self.c = c
        self.left = c.seats.tolist()
        self.bookings: dict[int, list[int]] = defaultdict(list)
        self.choice: Choice = [-1] * c.needs
        self.closed: set[int] = set()
        self.held: dict[int, list[int]] = defaultdict(list)  # exclusive group -> its served needs
        self.pairs = [range(c.pair_ptr[i], c.pair_ptr[i + 1]) for i in range(c.needs)]
        self.uses = [
            tuple(c.uses[c.use_ptr[s] : c.use_ptr[s + 1]].tolist()) for s in range(len(c.use_ptr) - 1)
        ]
        self.slot, self.start, self.end = c.slot.tolist(), c.start.tolist(), c.end.tolist()

    def run(self) -> Choice:
        for i in np.flatnonzero(self.c.fixed).tolist():
            self.choice[i] = self.c.pair_ptr[i]
            self.held[int(self.c.group[i])].append(i)
        units = np.arange(self.c.units)
        arrival = self.c.earliest[self.c.unit_ptr[:-1]] if self.c.units else units
        waiting = [int(u) for u in np.lexsort((units, arrival))]
        while waiting:
            for unit in waiting:
                self.book(unit)
            waiting = self.cancel_one()
        return self.choice

    def book(self, unit: int) -> None:
        """Book every step of a unit that is not booked yet, predecessors first."""
        for i in range(self.c.unit_ptr[unit], self.c.unit_ptr[unit + 1]):
            if self.choice[i] < 0:
                self.take(i)

    def take(self, i: int) -> None:
        c, before = self.c, int(self.c.after[i])
        ready, latest = int(c.earliest[i]), None
        if before >= 0:
            if self.choice[before] < 0:
                return
            p = self.choice[before]
            base = self.start[p] if c.relation[i] == AFTER_START else self.end[p] + 1
            ready = max(ready, base + int(c.lag[i]))
            latest = base + int(c.max_lag[i]) if c.max_lag[i] >= 0 else None
        best, best_key = -1, (0, 0.0)
        for p in self.pairs[i]:
            if self.start[p] < ready or not self.open(i, p):
                continue
            if latest is not None and self.start[p] > latest:
                break
            if best >= 0 and self.start[p] > best_key[0]:
                break
            key = (self.start[p], float(c.static_cost[p]))
            if best < 0 or key < best_key:
                best, best_key = p, key
        if best >= 0:
            self.choice[i] = best
            self.held[int(c.group[i])].append(i)
            for u in self.uses[self.slot[best]]:
                self.left[u] -= 1
                self.bookings[u].append(i)

    def open(self, i: int, p: int) -> bool:
        """True where the slot has a seat, runs, and overlaps nothing else of the group."""
        uses = self.uses[self.slot[p]]
        if any(self.left[u] <= 0 or u in self.closed for u in uses):
            return False
        times = self.c.times[self.slot[p]]
        for other in self.held[int(self.c.group[i])]:
            q = self.choice[other]
            meet = self.start[q] <= self.end[p] and self.start[p] <= self.end[q]
            if meet and self.c.time_clash[times, self.c.times[self.slot[q]]]:
                return False
        return True

    def cancel_one(self) -> list[int]:
        """Close the group that misses most; returns the units that must book again."""
        short = [
            (len(held) - int(self.c.minimum[u]), u)
            for u, held in self.bookings.items()
            if 0 < len(held) < self.c.minimum[u]
        ]
        if not short:
            return []
        closed = min(short)[1]
        self.closed.add(closed)
        freed = sorted(self.bookings[closed])
        for i in freed:
            self.free(i)
        return list(dict.fromkeys(int(self.c.unit[i]) for i in freed))

    def free(self, i: int) -> None:
        """Give back the seat of a need and of all that follows it."""
        if self.choice[i] < 0 or self.c.fixed[i]:
            return
        for u in self.uses[self.slot[self.choice[i]]]:
            self.left[u] += 1
            self.bookings[u].remove(i)
        self.choice[i] = -1
        self.held[int(self.c.group[i])].remove(i)
        for x in range(self.c.child_ptr[i], self.c.child_ptr[i + 1]):
            self.free(int(self.c.child[x]))
