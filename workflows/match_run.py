"""Match and check (Vermittlungslauf und Prüfung): a problem folder in, a proven plan out.

The command line shows these; every file is written beside its place and moved there when it is whole.
"""

from __future__ import annotations

import json
import math
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import matching
from workflows.faults import CommandFault
from workflows.waiting import WaitingFigures, waiting_figures

COST_TOLERANCE = 1e-6
RESULT_NUMBERS = ("cost", "lower_bound", "gap", "seconds", "peak_mib")


@dataclass(frozen=True)
class MatchReport:
    """What a run has found: the result, and the waiting beside first come, first served."""

    result: matching.Result
    planned: WaitingFigures
    first_come: WaitingFigures
    first_come_cost: float
    interrupted: bool


@dataclass(frozen=True)
class CheckReport:
    """What a check has found.

    Parameters
    ----------
    check : matching.Check
        Violated rules, cost, waits.
    figures : WaitingFigures
        Waiting of the served needs without a fixed slot.
    result_faults : tuple of (code, values)
        What a result file claims wrongly; empty where none was given or all is right.
    """

    check: matching.Check
    figures: WaitingFigures
    result_faults: tuple[tuple[str, dict[str, Any]], ...]

    @property
    def good(self) -> bool:
        """Whether the plan is feasible and its result file right."""
        return self.check.feasible and not self.result_faults


def match(
    problem_folder: Path,
    out: Path,
    options: matching.SolveOptions | None = None,
    progress: Callable[[matching.Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    measure_seconds: float | None = None,
) -> MatchReport:
    """Plan a problem folder and write its plan, figures, prices and proof into `out`.

    Parameters
    ----------
    problem_folder, out : Path
        The problem; and where to write, made where it does not exist.
    options : matching.SolveOptions, optional
        How long, how exact, how parallel, which seed. The time limit holds for the whole run, with reading
        and writing.
    progress, stop : callable, optional
        Told of every improvement; asked whether to end early. The best plan is written even then.
    measure_seconds : float, optional
        Time to measure what one more seat saves; without it what is left of the time limit.

    Raises
    ------
    ProblemFault
        With everything that is wrong with the problem.
    OSError
        Where `out` cannot be written; noticed before the work begins.
    """
    began = time.monotonic()
    problem = matching.read_problem(problem_folder)
    options = without_files(options or matching.SolveOptions(), time.monotonic() - began)
    must_be_writable(out)
    result = matching.solve(problem, options, progress=progress, stop=stop)
    left = options.time_limit_seconds - result.seconds
    result = measured(problem, result, left if measure_seconds is None else measure_seconds, progress, stop)
    write_outcome(result, out)
    return report_of(problem, result)


def without_files(options: matching.SolveOptions, reading_seconds: float) -> matching.SolveOptions:
    """Leave to the solver what reading, and writing that takes as long, leave of the limit: at least half."""
    limit = options.time_limit_seconds
    return replace(options, time_limit_seconds=max(0.5 * limit, limit - 2 * reading_seconds))


def measured(
    problem: matching.Problem,
    result: matching.Result,
    seconds: float,
    progress: Callable[[matching.Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> matching.Result:
    """Measure what one more seat saves, unless somebody has stopped the run."""
    if result.status is matching.Status.INTERRUPTED:
        return result
    told, asked = progress or (lambda _: None), stop or (lambda: False)
    return matching.with_savings(problem, result, seconds, told, asked)


def write_outcome(result: matching.Result, out: Path) -> None:
    """Write ``plan.csv``, ``prices.csv``, ``proof.csv`` and ``result.json``."""
    matching.write_plan(result.plan, out / "plan.csv")
    matching.write_prices(result.seat_prices, out / "prices.csv", result.savings)
    matching.write_proof(result.proof, out / "proof.csv")
    matching.write_result(result.figures(), out / "result.json")


def report_of(problem: matching.Problem, result: matching.Result) -> MatchReport:
    """Set the waiting of a result beside first come, first served."""
    first = result.first_come or matching.check(problem, matching.first_come(problem))
    planned = matching.check(problem, result.plan)
    return MatchReport(
        result=result,
        planned=_figures(planned),
        first_come=_figures(first),
        first_come_cost=first.cost,
        interrupted=result.status is matching.Status.INTERRUPTED,
    )


def check_plan(problem_folder: Path, plan_file: Path, result_file: Path | None = None) -> CheckReport:
    """Check a plan against its problem, and what a result file says of it.

    Raises
    ------
    ProblemFault
        Where problem or plan cannot be read.
    CommandFault
        Where the result file cannot.
    """
    problem = matching.read_problem(problem_folder)
    found = matching.check(problem, matching.read_plan(plan_file))
    faults = () if result_file is None else tuple(_result_faults(_read_result(result_file), found.cost))
    return CheckReport(found, _figures(found), faults)


def _figures(check: matching.Check) -> WaitingFigures:
    """Return the waiting figures of a plan; booked needs are neither waiting nor open."""
    return waiting_figures(check.waiting_days.values(), len(check.waiting_days) + len(check.unserved))


def must_be_writable(out: Path) -> None:
    """Make the folder, and raise OSError where nothing can be written into it."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=out):
        pass


def _read_result(path: Path) -> dict[str, Any]:
    try:
        claimed = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else type(error).__name__
        raise CommandFault("result-unreadable", {"file": path.name, "reason": reason}) from error
    if not isinstance(claimed, dict):
        raise CommandFault("result-unreadable", {"file": path.name, "reason": "JSON"})
    return claimed


def _result_faults(claimed: dict[str, Any], cost: float) -> list[tuple[str, dict[str, Any]]]:
    faults: list[tuple[str, dict[str, Any]]] = []
    numbers: dict[str, float] = {}
    for name in RESULT_NUMBERS:
        value = claimed.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            faults.append(("not-finite", {"name": name}))
        else:
            numbers[name] = float(value)
    if faults or math.isnan(cost):
        return faults
    allowed = COST_TOLERANCE * max(1.0, abs(cost))
    if abs(numbers["cost"] - cost) > allowed:
        faults.append(("cost", {"claimed": numbers["cost"], "found": cost}))
    if numbers["lower_bound"] > cost + allowed:
        faults.append(("bound", {"claimed": numbers["lower_bound"], "found": cost}))
    gap = (cost - numbers["lower_bound"]) / cost if cost else 0.0
    if abs(numbers["gap"] - gap) > 1e-4:
        faults.append(("gap", {"claimed": numbers["gap"], "found": gap}))
    return faults
