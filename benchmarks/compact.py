"""The planning problem as one mixed-integer program, as well as a general solver can be given it.

``x[p]`` books pair p. What makes it strong, and what was left out because it made it larger and no stronger:

* precedence by day: who starts by day d has a predecessor that allows day d, one row for each day at which
  the sides change (not one row for each two slots);
* waiting by two convex rows a need, without any large constant: both are zero by themselves where the need
  is not served;
* groups with a minimum: ``minimum * open <= bookings <= seats * open``, each need's bookings in a group
  ``<= open`` of the narrowest group, and ``open`` nested as the modules are;
* overlaps as cliques: of one exclusive group's pairs that hold one half-day on one day, at most one.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from matching.candidates import Candidates
from matching.links import links_of
from matching.pricing import Longs
from matching.problem import AFTER_START

INFINITY = float("inf")


@dataclass
class Row:
    """``low <= sum of coefficient * column <= high``."""

    low: float
    high: float
    columns: list[int]
    coefficients: list[float]


@dataclass
class Compact:
    """Columns (lower bound 0 unless fixed), rows, a constant, and values of a first plan for every column."""

    constant: float = 0.0
    cost: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    binary: list[bool] = field(default_factory=list)
    hint: list[float] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def column(self, cost: float, upper: float, binary: bool = False, lower: float = 0.0) -> int:
        """Add a column; returns its number."""
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.binary.append(binary)
        self.hint.append(0.0)
        return len(self.cost) - 1

    def row(self, low: float, high: float, *terms: tuple[float, list[int]]) -> None:
        """Add a row; a term is a coefficient and the columns that have it."""
        columns = [k for _, some in terms for k in some]
        self.rows.append(Row(low, high, columns, [a for a, some in terms for _ in some]))


def compact(c: Candidates, hint: Longs) -> Compact:
    """Write the program; its columns 0 to ``c.pairs`` - 1 are the pairs.

    Parameters
    ----------
    hint : array of int, one for each need
        Pair of a feasible plan, -1 = none.
    """
    return _Writer(c, hint).write()


class _Writer:
    def __init__(self, c: Candidates, hint: Longs) -> None:
        self.c, self.m = c, Compact()
        self.uses = [c.uses[c.use_ptr[s] : c.use_ptr[s + 1]].tolist() for s in range(len(c.use_ptr) - 1)]
        self.pairs = [range(c.pair_ptr[i], c.pair_ptr[i + 1]) for i in range(c.needs)]
        self.slot, self.start, self.end = c.slot.tolist(), c.start.tolist(), c.end.tolist()
        self.day_after, self.choice = (c.end + 1).tolist(), hint.tolist()

    def write(self) -> Compact:
        self._bookings()
        for i in range(self.c.needs):
            if self.c.after[i] >= 0:
                self._after(i, int(self.c.after[i]))
        self._capacities()
        self._overlaps()
        return self.m

    def _bookings(self) -> None:
        c, m = self.c, self.m
        m.constant = float(c.unserved_cost.sum())
        for i in range(c.needs):
            for p in self.pairs[i]:
                fixed = 1.0 if c.fixed[i] else 0.0
                m.column(float(c.static_cost[p] - c.unserved_cost[i]), 1.0, binary=True, lower=fixed)
                m.hint[p] = float(self.choice[i] == p)
            if not c.fixed[i] and len(self.pairs[i]):
                m.row(-INFINITY, 1.0, (1.0, list(self.pairs[i])))

    def _after(self, i: int, before: int) -> None:
        """Precedence and waiting of a need with a predecessor."""
        c = self.c
        begin = self.start if c.relation[i] == AFTER_START else self.day_after
        base = [begin[p] for p in self.pairs[before]]
        ready = [max(int(c.earliest[i]), day + int(c.lag[i])) for day in base]
        if not c.fixed[i]:
            latest = [day + int(c.max_lag[i]) for day in base] if c.max_lag[i] >= 0 else None
            self._precedence(i, before, ready, latest)
        self._waiting(i, before, ready)

    def _precedence(self, i: int, before: int, ready: list[int], latest: list[int] | None) -> None:
        """Who starts by a day (or from a day on) has a predecessor that allows it."""
        mine, theirs = self.pairs[i], self.pairs[before]
        by_size: dict[int, tuple[list[int], list[int]]] = {}
        for day in sorted({self.start[q] for q in mine}):
            allowing = [p for p, r in zip(theirs, ready, strict=True) if r <= day]
            by_size[len(allowing)] = ([q for q in mine if self.start[q] <= day], allowing)
        for starting, allowing in by_size.values():
            self.m.row(-INFINITY, 0.0, (1.0, starting), (-1.0, allowing))
        if latest is None:
            return
        by_size.clear()
        for day in sorted({self.start[q] for q in mine}, reverse=True):
            allowing = [p for p, late in zip(theirs, latest, strict=True) if late >= day]
            by_size[len(allowing)] = ([q for q in mine if self.start[q] >= day], allowing)
        for starting, allowing in by_size.values():
            if len(allowing) < len(theirs):
                self.m.row(-INFINITY, 0.0, (1.0, starting), (-1.0, allowing))

    def _waiting(self, i: int, before: int, ready: list[int]) -> None:
        """Two rows: days waited, and those beyond the long wait."""
        c, m, theirs = self.c, self.m, self.pairs[before]
        if not self.pairs[i]:
            return
        first = int(c.earliest[i]) if c.fixed[i] else min(ready, default=int(c.earliest[i]))
        most = max(0, max(self.start[q] for q in self.pairs[i]) - first)
        for threshold, factor in ((0.0, 1.0), (c.long_wait_days, c.long_wait_factor)):
            if factor == 0 or most <= threshold:
                continue
            days = m.column(float(c.weight[i]) * factor, most)
            columns, coefficients = [days], [1.0]
            for q in self.pairs[i]:
                columns.append(q)
                coefficients.append(-(self.start[q] - first - threshold))
            for p, r in zip(theirs, ready, strict=True):
                columns.append(p)
                coefficients.append(float(r - first))
            m.rows.append(Row(0.0, INFINITY, columns, coefficients))
            terms = zip(columns[1:], coefficients[1:], strict=True)
            m.hint[days] = max(0.0, -sum(a * m.hint[k] for k, a in terms))

    def _capacities(self) -> None:
        c, m = self.c, self.m
        booked: dict[int, list[int]] = defaultdict(list)
        for i in range(c.needs):
            if not c.fixed[i]:
                for p in self.pairs[i]:
                    for u in self.uses[self.slot[p]]:
                        booked[u].append(p)
        opening = {
            u: m.column(0.0, 1.0, binary=True) for u in sorted(booked) if c.minimum[u] > 0 and c.seats[u] > 0
        }
        for u, pairs in sorted(booked.items()):
            if u not in opening:
                m.row(-INFINITY, float(c.seats[u]), (1.0, pairs))
                continue
            m.row(-INFINITY, 0.0, (1.0, pairs), (-float(c.seats[u]), [opening[u]]))
            m.row(0.0, INFINITY, (1.0, pairs), (-float(c.minimum[u]), [opening[u]]))
            m.hint[opening[u]] = float(any(m.hint[p] for p in pairs))
        links = links_of(c)
        for inner in links.order.tolist():
            outer = int(links.outer[inner])
            if inner in opening and outer in opening:
                m.row(-INFINITY, 0.0, (1.0, [opening[inner]]), (-1.0, [opening[outer]]))
        self._links(opening, {u: len(pairs) for u, pairs in booked.items()})

    def _links(self, opening: dict[int, int], size: dict[int, int]) -> None:
        """A need's bookings in a group are at most ``open`` of the narrowest group that they use."""
        for i in range(self.c.needs):
            of: dict[int, list[int]] = defaultdict(list)
            for p in self.pairs[i] if not self.c.fixed[i] else ():
                groups = [u for u in self.uses[self.slot[p]] if u in opening]
                if groups:
                    of[min(groups, key=lambda u: (size[u], u))].append(p)
            for u, pairs in of.items():
                self.m.row(-INFINITY, 0.0, (1.0, pairs), (-1.0, [opening[u]]))

    def _overlaps(self) -> None:
        """Cliques of pairs of one exclusive group that hold one half-day on one day."""
        c, members = self.c, defaultdict[int, list[int]](list)
        for i in np.flatnonzero(~c.fixed).tolist():
            members[int(c.group[i])].append(i)
        for needs in members.values():
            if len(needs) > 1:
                for h in range(c.half_days.shape[1]):
                    self._cliques(needs, h)

    def _cliques(self, needs: list[int], half_day: int) -> None:
        c = self.c
        held = [
            (self.start[p], self.end[p], i, p)
            for i in needs
            for p in self.pairs[i]
            if c.half_days[c.times[self.slot[p]], half_day]
        ]
        starts, ends = sorted({x[0] for x in held}), sorted({x[1] for x in held})
        for k, day in enumerate(starts):
            # the clique of a day is maximal if something ends before the next start
            following = starts[k + 1] if k + 1 < len(starts) else None
            if following is not None and not any(day <= end < following for end in ends):
                continue
            clique = [x for x in held if x[0] <= day <= x[1]]
            if len({x[2] for x in clique}) > 1:
                self.m.row(-INFINITY, 1.0, (1.0, [x[3] for x in clique]))
