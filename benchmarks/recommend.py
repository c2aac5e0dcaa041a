"""How fast and how right is a recommendation? ``python -m benchmarks.recommend``.

Speed: wall time of one ``Adviser.recommend`` call, adviser loaded, over needs drawn at random. Rightness: for
served needs drawn at random, the first choice against what planning again would take with that need and all
that follow it free: once with everybody else as in the plan, by trying every slot; once with others free to
move as well, by a search around the household, whose earlier steps stay. The search begins where the need
has the slot that is best while others stay, as a repaired plan does, or (``--worst``) with its worst slot.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import matching
from benchmarks.instances import folder_of
from matching.annealing import state_of
from matching.booking import State, copy_of, occupy, release
from matching.candidates import Candidates, candidates
from matching.nearby import improve_near
from matching.pricing import Longs
from matching.problem import Problem
from matching.recommend import Case

INSTANCE = "land-2000-1"
NEEDS, REPLANS, STEPS = 500, 120, 2000
A_DAY = 1.0  # weighted waiting days; a smaller gain is called the same


@dataclass(frozen=True)
class Speed:
    """Milliseconds of one call."""

    p50: float
    p95: float
    longest: float


@dataclass(frozen=True)
class Agreement:
    """How often the first choice is what planning again takes, of ``many``.

    Parameters
    ----------
    kept : int
        Everybody else as in the plan: no slot is cheaper for the household.
    moving : int
        Others free to move: the same slot.
    moving_a_day : int
        The same slot, or one by which all together gain less than ``A_DAY``.
    in_plan : int
        The first choice is the slot of the plan.
    """

    many: int
    kept: int
    moving: int
    moving_a_day: int
    in_plan: int


def speed(adviser: matching.Adviser, needs: Sequence[str]) -> Speed:
    """Time one call for each need."""
    adviser.recommend(needs[0])
    spent = []
    for need in needs:
        began = time.perf_counter()
        adviser.recommend(need)
        spent.append(1000 * (time.perf_counter() - began))
    p50, p95, longest = np.percentile(spent, [50, 95, 100])
    return Speed(float(p50), float(p95), float(longest))


class Replanner:
    """Plans around one household at a time."""

    def __init__(self, problem: Problem, plan: matching.Plan, adviser: matching.Adviser) -> None:
        self.problem, self.adviser = problem, adviser
        self.c: Candidates = candidates(problem)
        self.place = np.empty(self.c.needs, np.int64)
        self.place[self.c.row] = np.arange(self.c.needs)
        slots = problem.rows(plan)
        choice = [self.pair(i, int(slots[self.c.row[i]])) for i in range(self.c.needs)]
        self.state: State = state_of(self.c, np.array(choice, np.int64), adviser.households.price)

    def pair(self, i: int, slot: int) -> int:
        """The pair of need i and a slot (row), -1 = none."""
        begin, end = self.c.pair_ptr[i], self.c.pair_ptr[i + 1]
        return -1 if slot < 0 else int(begin + np.flatnonzero(self.c.slot[begin:end] == slot)[0])

    def agrees(self, need: str, seed: int, worst: bool) -> tuple[bool, bool, bool]:
        """Whether the first choice is best with others kept, with others moving, and within a day."""
        case = Case(self.adviser.households.of(self.problem.need_row[need]))
        offers = case.offers()
        by_kept = sorted(offers, key=lambda one: (one.own_cost + one.chain_cost, one.start_on, one.slot))
        kept = by_kept[0].own_cost + by_kept[0].chain_cost
        first = offers[0]
        state = copy_of(self.state)
        self.book(state, case, first.slot)
        cost = float(state.totals[0])
        self.book(state, case, by_kept[-1 if worst else 0].slot)
        i = int(self.place[self.problem.need_row[need]])
        near = self.c.unit[i : i + 1].astype(np.int64)
        found, _ = improve_near(self.only(case), state, near, seed, STEPS, lambda: 1.0, lambda: False)
        better = cost_of(self.c, state, found)
        same = found[i] >= 0 and self.problem.slots.ids[self.c.slot[found[i]]] == first.slot
        return first.own_cost + first.chain_cost <= kept + 1e-6, same, same or better > cost - A_DAY

    def only(self, case: Case) -> Candidates:
        """The candidates, with nothing but their present pair for the household's needs that are not free."""
        cost = self.c.static_cost.copy()
        for k in np.flatnonzero(~case.desk.free).tolist():
            i = int(self.place[case.household.rows[case.desk.c.row[k]]])
            begin, end, held = self.c.pair_ptr[i], self.c.pair_ptr[i + 1], int(self.state.choice[i])
            others = np.arange(begin, end) != held
            cost[begin:end][others] = np.inf
        return self.c._replace(static_cost=cost)

    def book(self, state: State, case: Case, slot: str) -> None:
        """Give the household the bookings that go with a slot."""
        household, pairs = case.household, case.bookings_with(slot)
        choice = state.choice.copy()
        for k, pair in enumerate(pairs.tolist()):
            i = int(self.place[household.rows[case.desk.c.row[k]]])
            choice[i] = self.pair(i, int(household.slots[case.desk.c.slot[pair]]) if pair >= 0 else -1)
        unit = int(self.c.unit[self.place[household.rows[0]]])
        release(self.c, state, unit)
        occupy(self.c, state, unit, choice)


def cost_of(c: Candidates, state: State, choice: Longs) -> float:
    """Cost of all bookings."""
    return float(state_of(c, choice, state.price).totals[0])


def agreement(
    replanner: Replanner, plan: matching.Plan, needs: Sequence[str], worst: bool = False
) -> Agreement:
    """Plan again around each need."""
    kept = moving = a_day = in_plan = 0
    for seed, need in enumerate(needs):
        alone, same, close = replanner.agrees(need, seed, worst)
        kept, moving, a_day = kept + alone, moving + same, a_day + close
        in_plan += replanner.adviser.recommend(need, 1).offers[0].slot == plan[need]
    return Agreement(len(needs), kept, moving, a_day, in_plan)


def planned(
    folder: Path, plan: Path | None, seconds: float
) -> tuple[Problem, matching.Plan, dict[str, float]]:
    """The problem with a plan and prices: those of a folder, or of a run of so many seconds."""
    problem = matching.read_problem(folder)
    if plan:
        return problem, matching.read_plan(plan / "plan.csv"), matching.read_prices(plan / "prices.csv")
    result = matching.solve(problem, matching.SolveOptions(seconds, seed=1))
    with TemporaryDirectory() as made:  # prices as they are read back, rounded
        matching.write_prices(result.seat_prices, Path(made) / "prices.csv")
        return problem, result.plan, matching.read_prices(Path(made) / "prices.csv")


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recommend", description=__doc__)
    parser.add_argument("--instance", default=INSTANCE, help="name or folder of a planning problem")
    parser.add_argument("--plan", type=Path, help="folder with plan.csv and prices.csv; else it is planned")
    parser.add_argument("--seconds", type=float, default=120.0, help="for planning")
    parser.add_argument("--needs", type=int, default=NEEDS)
    parser.add_argument("--replans", type=int, default=REPLANS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--worst", action="store_true", help="begin with the worst slot")
    asked = parser.parse_args(argv)
    with folder_of(asked.instance) as folder:
        problem, plan, prices = planned(folder, asked.plan, asked.seconds)
    rng = np.random.default_rng(asked.seed)
    began = time.perf_counter()
    adviser = matching.Adviser(problem, plan, prices)
    print(f"cost {matching.check(problem, plan).cost:.0f}; loaded in {time.perf_counter() - began:.2f} s")
    ids = problem.needs.ids
    drawn = [ids[k] for k in rng.choice(len(ids), min(asked.needs, len(ids)), replace=False)]
    found = speed(adviser, drawn)
    print(
        f"{len(drawn)} calls: p50 {found.p50:.1f} ms, p95 {found.p95:.1f} ms, longest {found.longest:.1f} ms"
    )
    served = [n for k, n in enumerate(ids) if plan[n] and problem.needs.fixed[k] < 0]
    some = [served[k] for k in rng.choice(len(served), min(asked.replans, len(served)), replace=False)]
    right = agreement(Replanner(problem, plan, adviser), plan, some, asked.worst)
    print(
        f"{right.many} needs free: first choice best with others kept {right.kept}, "
        f"taken again with others moving {right.moving} (within a day {right.moving_a_day}), "
        f"slot of the plan {right.in_plan}"
    )


if __name__ == "__main__":
    main()
