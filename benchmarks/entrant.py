"""One solver on one instance, in a process of its own.

``python -m benchmarks.entrant NAME FOLDER SECONDS OUT``

The clock starts when the problem is in memory and imported code is compiled; it includes the preparing of
pairs and the writing of a model. ``OUT`` receives ``plan.csv`` and ``answer.json``.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

import matching
from benchmarks.flow import step_by_step
from benchmarks.general import Answer, cp_sat, highs
from matching.candidates import Candidates, candidates
from matching.first_come import plan_of
from matching.pricing import Longs

WORKERS, SEED = 2, 1


@dataclass(frozen=True)
class Ran:
    """What an entrant says; the bound is None where it proves nothing, the plan None where it found none."""

    plan: Mapping[str, str | None] | None
    bound: float | None
    seconds: float


def engine(problem: matching.Problem, seconds: float) -> Ran:
    """This engine, as ``foerderkette match`` runs it; ends early when nothing is left to gain."""
    options = matching.SolveOptions(time_limit_seconds=seconds, gap=1e-6, workers=WORKERS, seed=SEED)
    began = time.monotonic()
    result = matching.solve(problem, options)
    return Ran(result.plan, result.lower_bound, time.monotonic() - began)


def first_come(problem: matching.Problem, seconds: float) -> Ran:
    """Today's practice."""
    began = time.monotonic()
    plan = matching.first_come(problem)
    return Ran(plan, None, time.monotonic() - began)


def flow(problem: matching.Problem, seconds: float) -> Ran:
    """Every step exactly, one step after the other."""
    began = time.monotonic()
    c = candidates(problem)
    plan = plan_of(problem, c, step_by_step(c))
    return Ran(plan, None, time.monotonic() - began)


def on_pairs(
    solver: Callable[[Candidates, Longs, float, int, int], Answer],
) -> Callable[[matching.Problem, float], Ran]:
    """A solver that reads pairs and the first-come plan as hint."""

    def run(problem: matching.Problem, seconds: float) -> Ran:
        hint_plan = matching.first_come(problem)
        began = time.monotonic()
        c = candidates(problem)
        answer = solver(c, hint_of(problem, c, hint_plan), seconds, WORKERS, SEED)
        plan = None if answer.choice is None else plan_of(problem, c, answer.choice)
        return Ran(plan, answer.bound, time.monotonic() - began)

    return run


def timefold(c: Candidates, hint: Longs, seconds: float, workers: int, seed: int) -> Answer:
    """Timefold, imported only where it runs: it starts a Java machine."""
    from benchmarks.timefold_entrant import solve_with_timefold

    return solve_with_timefold(c, hint, seconds, workers, seed)


def hint_of(problem: matching.Problem, c: Candidates, plan: Mapping[str, str | None]) -> Longs:
    """The pairs of a plan."""
    slots = problem.rows(plan)[c.row]
    need = np.repeat(np.arange(c.needs), np.diff(c.pair_ptr))
    chosen = np.full(c.needs, -1, np.int64)
    held = np.flatnonzero(c.slot == slots[need])
    chosen[need[held]] = held
    return chosen


ENTRANTS: dict[str, Callable[[matching.Problem, float], Ran]] = {
    "foerderkette": engine,
    "first come": first_come,
    "step by step": flow,
    "CP-SAT": on_pairs(cp_sat),
    "HiGHS": on_pairs(highs),
    "Timefold": on_pairs(timefold),
}


def main(name: str, folder: str, seconds: str, out: str) -> None:
    """Run one entrant and write what it found."""
    problem = matching.read_problem(folder)
    tiny = matching.SolveOptions(time_limit_seconds=1, steps=1, seed=SEED)
    if name == "foerderkette":
        matching.solve(problem, tiny)  # loads compiled code, as a running service has done
    ran = ENTRANTS[name](problem, float(seconds))
    target = Path(out)
    if ran.plan is not None:
        matching.write_plan(ran.plan, target / "plan.csv")
    answer = {k: v for k, v in asdict(ran).items() if k != "plan"}
    (target / "answer.json").write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
