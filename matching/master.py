"""The master problem (Hauptproblem): which bookings of which unit, as a linear program over columns.

A *column* is one way to book a whole unit without conflicts. The linear program mixes columns of each unit
so that no capacity is overfull and every group that opens reaches its minimum; its duals are the prices from
which new columns are made. Three kinds of rows keep it close to whole numbers:

* ``seats``   bookings <= seats (times ``open`` where the group has a minimum), and >= minimum * ``open``;
* ``nesting`` who uses module 1 uses module 5 too, so ``open_1 <= open_5``;
* ``link``    bookings of one need in one group <= ``open`` of that group, added where violated.

The value of the linear program is never reported: its ``Multipliers`` carry what a bound needs, and the
bound is computed by an exact pass over all units (``bound.py``).
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from matching.bound import FORCE
from matching.candidates import Candidates
from matching.links import Links, Multipliers, pair_prices
from matching.prices import slot_prices
from matching.pricing import Longs
from matching.problem import Floats

ARTIFICIAL = 1e5  # cost of one participant short of a forced group, weighted waiting days
VIOLATED = 0.01  # smallest violation of a link row that is worth a row

_NOTHING = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Column:
    """One way to book a unit: a pair for each of its needs (-1 = none) and what it costs."""

    unit: int
    pairs: Longs
    cost: float


class Master:
    """Columns, rows and the linear program over them."""

    def __init__(self, c: Candidates, links: Links) -> None:
        self.c, self.links = c, links
        self.lp = pywraplp.Solver.CreateSolver("GLOP")
        # either of the two would throw the last basis away: measured 2.3 times the time for a round
        self.lp.SetSolverSpecificParametersAsString("use_preprocessing: false use_scaling: false")
        self.infinity = self.lp.infinity()
        self.objective = self.lp.Objective()
        self.objective.SetMinimization()
        self.uses = [c.uses[c.use_ptr[k] : c.use_ptr[k + 1]].tolist() for k in range(len(c.use_ptr) - 1)]
        self.one = [self.lp.Constraint(1, 1) for _ in range(c.units)]
        self.open: dict[int, pywraplp.Variable] = {}
        self.seat_rows: dict[int, pywraplp.Constraint] = {}
        self.minimum_rows: dict[int, pywraplp.Constraint] = {}
        self._capacity_rows()
        self.nesting = [(u, int(links.outer[u])) for u in links.order.tolist() if links.outer[u] >= 0]
        for inner, outer in self.nesting:
            self._nesting_row(inner, outer)
        self.columns: list[Column] = []
        self.variables: list[pywraplp.Variable] = []
        self.column_links: list[list[int]] = []
        self.of_unit: list[list[int]] = [[] for _ in range(c.units)]
        self.known: set[tuple[int, bytes]] = set()
        self.link_rows: dict[int, pywraplp.Constraint] = {}
        self._held: list[Longs] = []
        self._sizes: list[int] = []
        self.value = 0.0
        self.weights: Floats = np.zeros(0)
        self.opened: dict[int, float] = {}
        self.required: frozenset[int] = frozenset()

    def _capacity_rows(self) -> None:
        c = self.c
        for u in np.flatnonzero(c.seats > 0).tolist():
            seats, minimum = float(c.seats[u]), float(c.minimum[u])
            if minimum == 0:
                self.seat_rows[u] = self.lp.Constraint(-self.infinity, seats)
                continue
            opening = self.open[u] = self.lp.NumVar(0, 1, "")
            self.seat_rows[u] = self.lp.Constraint(-self.infinity, 0)
            self.seat_rows[u].SetCoefficient(opening, -seats)
            row = self.minimum_rows[u] = self.lp.Constraint(0, self.infinity)
            row.SetCoefficient(opening, -minimum)
            short = self.lp.NumVar(0, self.infinity, "")
            row.SetCoefficient(short, 1)
            self.objective.SetCoefficient(short, ARTIFICIAL)

    def _nesting_row(self, inner: int, outer: int) -> None:
        row = self.lp.Constraint(-self.infinity, 0)
        row.SetCoefficient(self.open[inner], 1)
        row.SetCoefficient(self.open[outer], -1)

    def add(self, column: Column) -> bool:
        """Take a column in; false where it is known already."""
        key = (column.unit, column.pairs.tobytes())
        if key in self.known:
            return False
        self.known.add(key)
        variable = self.lp.NumVar(0, self.infinity, "")
        self.objective.SetCoefficient(variable, column.cost + self._force(column))
        self.one[column.unit].SetCoefficient(variable, 1)
        taken: dict[int, int] = defaultdict(int)
        links = []
        begin = int(self.c.unit_ptr[column.unit])
        for k, p in enumerate(column.pairs.tolist()):
            if p < 0 or self.c.fixed[begin + k]:
                continue
            for u in self.uses[self.c.slot[p]]:
                taken[u] += 1
                if u in self.open:
                    links.append(self.link_of(begin + k, u))
        for u, count in taken.items():
            self.seat_rows[u].SetCoefficient(variable, count)
            if u in self.open:
                self.minimum_rows[u].SetCoefficient(variable, count)
        for link in links:
            if link in self.link_rows:
                self.link_rows[link].SetCoefficient(variable, 1)
        self.of_unit[column.unit].append(len(self.columns))
        self.columns.append(column)
        self.variables.append(variable)
        self.column_links.append(links)
        return True

    def _force(self, column: Column) -> float:
        """What a column costs more for needs that have to have a slot and have none."""
        if not self.required:
            return 0.0
        begin = int(self.c.unit_ptr[column.unit])
        without = np.flatnonzero(column.pairs < 0) + begin
        return FORCE * len(self.required.intersection(without.tolist()))

    def add_choice(self, choice: Longs, cost: Floats) -> int:
        """Take in the bookings of every unit; returns how many are new."""
        ptr = self.c.unit_ptr
        return sum(
            self.add(Column(g, choice[ptr[g] : ptr[g + 1]].copy(), float(cost[g])))
            for g in range(self.c.units)
        )

    def link_of(self, need: int, capacity: int) -> int:
        """Number of the link of a need and a group that it could join."""
        first, last = self.links.ptr[need], self.links.ptr[need + 1]
        return int(first) + int(np.flatnonzero(self.links.capacity[first:last] == capacity)[0])

    def cheapest_known(self, m: Multipliers, choice: Longs) -> None:
        """Write the column of each unit that is cheapest under the multipliers."""
        for column in self.columns[len(self._sizes) :]:
            held = column.pairs[column.pairs >= 0]
            self._held.append(held)
            self._sizes.append(len(held))
        pairs, sizes = np.concatenate([*self._held, _NOTHING]), np.array(self._sizes, dtype=np.int64)
        self._held = [pairs]
        unit = np.array([column.unit for column in self.columns], dtype=np.int64)
        cost = np.array([column.cost for column in self.columns])
        price = pair_prices(self.c, self.links, slot_prices(self.c, m.seat - m.minimum), m.link)
        cost += np.bincount(np.repeat(np.arange(len(sizes)), sizes), price[pairs], minlength=len(sizes))
        order = np.lexsort((np.arange(len(unit)), -cost, unit))
        last = order[np.flatnonzero(np.diff(unit[order], append=self.c.units))]
        for k in last.tolist():
            g = int(unit[k])
            choice[self.c.unit_ptr[g] : self.c.unit_ptr[g + 1]] = self.columns[k].pairs

    def solve(self, seconds: float) -> bool:
        """Solve the linear program; false where it did not end in time."""
        self.lp.set_time_limit(max(1, int(1000 * seconds)))
        if self.lp.Solve() != pywraplp.Solver.OPTIMAL:
            return False
        self.value = self.objective.Value()
        self.weights = np.array([v.solution_value() for v in self.variables])
        self.opened = {u: v.solution_value() for u, v in self.open.items()}
        self.duals = self._duals()
        return True

    def _duals(self) -> Multipliers:
        seat, minimum = np.zeros(len(self.c.seats)), np.zeros(len(self.c.seats))
        for u, row in self.seat_rows.items():
            seat[u] = max(0.0, -row.dual_value())
        for u, row in self.minimum_rows.items():
            minimum[u] = max(0.0, row.dual_value())
        link = np.zeros(self.links.total)
        for k, row in self.link_rows.items():
            link[k] = max(0.0, -row.dual_value())
        return Multipliers(seat, minimum, link)

    def cut(self, most: int = 3000) -> int:
        """Add the link rows that the present solution violates; returns how many it found."""
        booked: dict[int, float] = defaultdict(float)
        for k in np.flatnonzero(self.weights > 1e-7).tolist():
            for link in self.column_links[k]:
                booked[link] += float(self.weights[k])
        violated = [
            (value - self.opened[int(self.links.capacity[link])], link)
            for link, value in booked.items()
            if link not in self.link_rows and value > self.opened[int(self.links.capacity[link])] + VIOLATED
        ]
        violated.sort(reverse=True)
        for _, link in violated[:most]:
            self.tie(link)
        return len(violated)

    def tie(self, link: int) -> None:
        """Add the row of a link: who joins a group opens it."""
        row = self.lp.Constraint(-self.infinity, 0)
        row.SetCoefficient(self.open[int(self.links.capacity[link])], -1)
        self.link_rows[link] = row
        for k in self.of_unit[int(self.c.unit[self.links.need[link]])]:
            if link in self.column_links[k]:
                row.SetCoefficient(self.variables[k], 1)

    def restrict(
        self, forbidden: NDArray[np.bool_], forced: dict[int, bool], required: frozenset[int] = frozenset()
    ) -> None:
        """Shut columns that hold a forbidden pair; force groups open or closed, and needs to have a slot."""
        changed = {int(self.c.unit[need]) for need in required ^ self.required}
        self.required = required
        for column, variable in zip(self.columns, self.variables, strict=True):
            held = column.pairs[column.pairs >= 0]
            variable.SetUb(0.0 if forbidden[held].any() else self.infinity)
            if column.unit in changed:
                self.objective.SetCoefficient(variable, column.cost + self._force(column))
        for u, variable in self.open.items():
            low, high = (1.0, 1.0) if forced.get(u) else (0.0, 0.0 if u in forced else 1.0)
            variable.SetBounds(low, high)
