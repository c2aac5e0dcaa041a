"""Step by step (Schritt für Schritt): everybody's first steps at once, exactly; then all second steps; ...

Each step is a min-cost flow from needs through slots and capacities to a sink. A person who joins a course
at module 3 passes modules 3 to 7 one after the other, so the capacities of a slot form a path; paths that
share capacities run together towards the last module. What a step costs the steps after it nobody sees: that
is the comparison. Groups that stay below their minimum are cancelled, the one that misses most first, and
whoever was in it books again with the seats that are left, as in ``first_come``.
"""

from collections import defaultdict

import numpy as np
from ortools.graph.python import min_cost_flow

from matching.candidates import Candidates
from matching.pricing import Longs
from matching.problem import AFTER_START

SCALE = 100  # the flow counts in hundredths of a weighted waiting day


def step_by_step(c: Candidates) -> Longs:
    """Pair of each need, -1 = none; keeps every rule, minimums included."""
    return np.array(_StepByStep(c).run(), np.int64)


class _StepByStep:
    def __init__(self, c: Candidates) -> None:
        self.c, self.choice = c, [-1] * c.needs
        self.left = c.seats.tolist()
        self.bookings: dict[int, list[int]] = defaultdict(list)  # capacity -> needs that hold a seat
        self.held: dict[int, list[int]] = defaultdict(list)  # exclusive group -> its served needs
        self.closed: set[int] = set()
        self.slot, self.start, self.end = c.slot.tolist(), c.start.tolist(), c.end.tolist()
        self.uses = [c.uses[c.use_ptr[s] : c.use_ptr[s + 1]].tolist() for s in range(len(c.use_ptr) - 1)]
        self.paths = self._paths()

    def run(self) -> list[int]:
        c = self.c
        for i in np.flatnonzero(c.fixed).tolist():
            self.choice[i] = int(c.pair_ptr[i])
            self.held[int(c.group[i])].append(i)
        depth = [0] * c.needs
        for i in range(c.needs):
            if c.after[i] >= 0:
                depth[i] = depth[c.after[i]] + 1
        steps = [[i for i in range(c.needs) if depth[i] == d] for d in range(max(depth, default=-1) + 1)]
        units = set(range(c.units))
        while units:
            for step in steps:
                self.book_step([i for i in step if self.choice[i] < 0 and int(c.unit[i]) in units])
            units = self.cancel_one()
        return self.choice

    def _paths(self) -> list[list[int]]:
        """The capacities of each slot, the one that fewest slots use first."""
        count = np.bincount(self.c.uses, minlength=len(self.c.seats))
        return [sorted(uses, key=lambda u: (count[u], u)) for uses in self.uses]

    def book_step(self, needs: list[int]) -> None:
        """Book one step of many; who overlaps with a booking of the same step goes through it again."""
        while needs:
            chosen = self.flow(needs)
            needs = [i for i, p in chosen.items() if not self.accept(i, p)]

    def accept(self, i: int, p: int) -> bool:
        """Book a pair if it is still to be had."""
        if not self.open(i, p):
            return False
        self.choice[i] = p
        self.held[int(self.c.group[i])].append(i)
        for u in self.uses[self.slot[p]]:
            self.left[u] -= 1
            self.bookings[u].append(i)
        return True

    def flow(self, needs: list[int]) -> dict[int, int]:
        """Cheapest bookings of these needs together, given all earlier ones."""
        arcs, node = _Arcs(), dict[object, int]()

        def number(key: object) -> int:
            return node.setdefault(key, len(node))

        sink, of_arc = number("sink"), {}
        for i in needs:
            arcs.add(number(("need", i)), sink, 1, self.skipping(i))
            for p, cost in self.offers(i):
                slot = self.slot[p]
                of_arc[arcs.add(number(("need", i)), number(("slot", slot)), 1, cost)] = (i, p)
        for slot in sorted({self.slot[p] for _, p in of_arc.values()}):
            path = self.paths[slot]
            arcs.add(number(("slot", slot)), number(("in", path[0])), len(needs), 0)
            for u, v in zip(path, [*path[1:], -1], strict=True):
                arcs.once(number(("in", u)), number(("out", u)), self.left[u], ("seats", u))
                target = sink if v < 0 else number(("in", v))
                arcs.once(number(("out", u)), target, len(needs), ("next", u, v))
        solver = arcs.solver()
        for i in needs:
            solver.set_node_supply(node[("need", i)], 1)
        solver.set_node_supply(sink, -len(needs))
        if solver.solve() != solver.OPTIMAL:
            raise AssertionError("not serving anybody is always a flow")
        return {i: p for arc, (i, p) in of_arc.items() if solver.flow(arc)}

    def skipping(self, i: int) -> int:
        """What it costs to serve neither this need nor anything after it."""
        total, waiting = 0.0, [i]
        while waiting:
            j = waiting.pop()
            total += float(self.c.unserved_cost[j])
            waiting += self.c.child[self.c.child_ptr[j] : self.c.child_ptr[j + 1]].tolist()
        return round(SCALE * total)

    def offers(self, i: int) -> list[tuple[int, int]]:
        """Pairs that the need may take after its predecessor's booking, and what they cost it."""
        c, before = self.c, int(self.c.after[i])
        if before >= 0 and self.choice[before] < 0:
            return []
        ready, latest = int(c.earliest[i]), 2**40
        if before >= 0:
            p = self.choice[before]
            base = self.start[p] if c.relation[i] == AFTER_START else self.end[p] + 1
            ready = max(ready, base + int(c.lag[i]))
            latest = base + int(c.max_lag[i]) if c.max_lag[i] >= 0 else latest
        found = []
        for p in range(c.pair_ptr[i], c.pair_ptr[i + 1]):
            if ready <= self.start[p] <= latest and self.open(i, p):
                days = self.start[p] - ready if before >= 0 else 0
                wait = days + c.long_wait_factor * max(0.0, days - c.long_wait_days)
                found.append((p, round(SCALE * float(c.static_cost[p] + c.weight[i] * wait))))
        return found

    def open(self, i: int, p: int) -> bool:
        """True where the slot has a seat, is not cancelled, and overlaps nothing else of the group."""
        c, uses = self.c, self.uses[self.slot[p]]
        if any(self.left[u] <= 0 or u in self.closed for u in uses):
            return False
        times = c.times[self.slot[p]]
        held = [self.choice[other] for other in self.held[int(c.group[i])]]
        return not any(
            self.start[q] <= self.end[p]
            and self.start[p] <= self.end[q]
            and c.time_clash[times, c.times[self.slot[q]]]
            for q in held
        )

    def cancel_one(self) -> set[int]:
        """Close the group that misses most; returns the units that must book again."""
        short = [
            (len(held) - int(self.c.minimum[u]), u)
            for u, held in self.bookings.items()
            if 0 < len(held) < self.c.minimum[u]
        ]
        if not short:
            return set()
        closed = min(short)[1]
        self.closed.add(closed)
        freed = list(self.bookings[closed])
        for i in freed:
            self.free(i)
        return {int(self.c.unit[i]) for i in freed}

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


class _Arcs:
    """Arcs of a flow; ``once`` adds an arc only the first time."""

    def __init__(self) -> None:
        self.all: list[tuple[int, int, int, int]] = []
        self.named: set[object] = set()

    def add(self, tail: int, head: int, most: int, cost: int) -> int:
        self.all.append((tail, head, most, cost))
        return len(self.all) - 1

    def once(self, tail: int, head: int, most: int, name: object) -> None:
        if name not in self.named:
            self.named.add(name)
            self.add(tail, head, most, 0)

    def solver(self) -> min_cost_flow.SimpleMinCostFlow:
        solver = min_cost_flow.SimpleMinCostFlow()
        solver.add_arcs_with_capacity_and_unit_cost(*np.array(self.all, np.int64).reshape(-1, 4).T)
        return solver
