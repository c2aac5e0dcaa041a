"""Policies side by side over a year (Simulation): waits, completion, and how near each comes to hindsight."""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context

from network.partner_files import find_region, read_region
from workflows.planning_room.sim_outcome import HINDSIGHT, Outcome, Task, carry_out
from workflows.planning_room.sim_policies import FIRST_COME, POLICIES
from workflows.planning_room.tables import Column, FigureTable, Report, Value
from workflows.small_cells import safe_count
from workflows.waiting import waiting_figures

NORMAL_95 = 1.96

Told = Callable[[str, int, int], None]


def simulate(
    region: str,
    people: int,
    weeks: int,
    seeds: int,
    workers: int = 1,
    told: Told | None = None,
    stop: Callable[[], bool] = lambda: False,
    known: Iterable[Outcome] = (),
    kept: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Run every policy, and hindsight, in the worlds of several seeds.

    Parameters
    ----------
    people : int
        People who arrive within the weeks, >= 1.
    weeks : int
        Weeks within which they arrive, >= 1; each run goes on until everybody is served or two years are
        over.
    seeds : int
        Worlds, >= 1.
    workers : int
        Processes; the outcome is the same for any number.
    stop : callable
        True ends with the outcomes of the seeds that are complete.
    known : iterable of Outcome
        Of earlier runs, which are not made again.
    kept : callable
        Given every new outcome as soon as it is there.

    Raises
    ------
    PartnerFault
        Where the region is unknown or its files are faulty.
    """
    read_region(find_region(region))
    names = (HINDSIGHT, *POLICIES)
    tasks = [Task(region, people, weeks, seed, name) for seed in range(1, seeds + 1) for name in names]
    found = {one.task: one for one in known if one.task in tasks}
    for outcome in _carried_out([task for task in tasks if task not in found], workers):
        found[outcome.task] = outcome
        kept(outcome)
        if told is not None:
            told("runs", len(found), len(tasks))
        if stop():
            break
    complete = [seed for seed, n in Counter(task.seed for task in found).items() if n == len(names)]
    return [found[task] for task in tasks if task.seed in complete]


def _carried_out(tasks: Sequence[Task], workers: int) -> Iterator[Outcome]:
    if workers == 1:
        yield from map(carry_out, tasks)
        return
    pool: Executor = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
        yield from pool.map(carry_out, tasks)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def simulation_report(region: str, weeks: int, outcomes: Sequence[Outcome]) -> Report:
    """Put the outcomes into tables; ``simulation`` is the one with a row for each policy and seed."""
    seeds = sorted({one.task.seed for one in outcomes})
    lead = [("simulation.lead", {"weeks": weeks, "seeds": len(seeds)})] if seeds else []
    return Report(
        title=("title.simulation", {"region": region}),
        lead=[*lead, ("simulation.yardstick", {})],
        tables=[_summary(outcomes), _profiles(outcomes), _rows(outcomes)],
    )


def _by_policy(outcomes: Iterable[Outcome]) -> dict[str, dict[int, Outcome]]:
    found: dict[str, dict[int, Outcome]] = defaultdict(dict)
    for one in outcomes:
        found[one.task.policy][one.task.seed] = one
    return found


def _figures(one: Outcome, hindsight: Outcome) -> dict[str, float | None]:
    waits = waiting_figures(one.waits.values(), len(one.waits))
    return {
        "mean_wait_days": waits.mean_days,
        "median_wait_days": waits.median_days,
        "p90_wait_days": waits.p90_days,
        "within_six_weeks": waits.within_six_weeks,
        "completed_chains": one.completed,
        "hindsight_share": hindsight.cost / one.cost if one.cost else 1.0,
    }


LOOKS = {"within_six_weeks": "share", "completed_chains": "count", "hindsight_share": "share"}
FIGURES = (
    *("mean_wait_days", "median_wait_days", "p90_wait_days"),
    *("within_six_weeks", "completed_chains", "hindsight_share"),
)


def _rows(outcomes: Sequence[Outcome]) -> FigureTable:
    runs = _by_policy(outcomes)
    rows: list[list[Value]] = [
        [policy, seed, *_figures(one, runs[HINDSIGHT][seed]).values()]
        for policy in POLICIES
        for seed, one in sorted(runs[policy].items())
    ]
    columns = (
        Column("policy", "policy"),
        Column("seed", "count"),
        *(Column(name, LOOKS.get(name, "number")) for name in FIGURES),
    )
    return FigureTable("simulation", columns, rows)


def interval(values: Sequence[float]) -> tuple[float, float, float]:
    """Mean, and the ends of its 95 % interval; one value alone has no interval and stands for both ends."""
    mean = statistics.fmean(values)
    half = NORMAL_95 * statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else 0.0
    return mean, mean - half, mean + half


def _summary(outcomes: Sequence[Outcome]) -> FigureTable:
    """Each policy over all seeds, and how much less it waits than first come, seed by seed."""
    runs, rows = _by_policy(outcomes), []
    for policy in POLICIES:
        figures = {seed: _figures(one, runs[HINDSIGHT][seed]) for seed, one in runs[policy].items()}
        if not figures:
            continue
        means = {seed: f["mean_wait_days"] or 0.0 for seed, f in figures.items()}
        first = {seed: statistics.fmean(one.waits.values()) for seed, one in runs[FIRST_COME].items()}
        saved = interval([1 - means[seed] / first[seed] for seed in means if first.get(seed)] or [0.0])
        shares = [f["hindsight_share"] or 0.0 for f in figures.values()]
        rows.append(
            [
                policy,
                *interval(list(means.values())),
                *(None if policy == FIRST_COME else share for share in saved),
                statistics.fmean(f["within_six_weeks"] or 0.0 for f in figures.values()),
                statistics.fmean(one.completed for one in runs[policy].values()),
                statistics.fmean(one.unserved for one in runs[policy].values()),
                statistics.fmean(one.without_offer for one in runs[policy].values()),
                statistics.fmean(shares),
                statistics.fmean(one.promises_changed for one in runs[policy].values()),
                statistics.fmean(one.cancelled_groups for one in runs[policy].values()),
            ]
        )
    columns = (
        Column("policy", "policy"),
        *(Column(name, "number") for name in ("mean_wait_days", "wait_from", "wait_to")),
        *(Column(name, "share") for name in ("less_wait", "less_from", "less_to", "within_six_weeks")),
        *(Column(name, "number") for name in ("completed_chains", "unserved_steps", "steps_without_offer")),
        Column("hindsight_share", "share"),
        *(Column(name, "number") for name in ("promises_changed", "cancelled_groups")),
    )
    return FigureTable(
        "simulation-summary",
        columns,
        rows,
        bar="mean_wait_days",
        ends=("wait_from", "wait_to"),
        also=("within_six_weeks", "completed_chains", "hindsight_share"),
    )


def _profiles(outcomes: Sequence[Outcome]) -> FigureTable:
    """Mean wait by policy and profile over all seeds, and how much longer than first come."""
    runs = _by_policy(outcomes)
    means: dict[tuple[str, str], tuple[float, float]] = {}
    for policy in POLICIES:
        for profile in sorted({name for one in runs[policy].values() for name in one.wait_by_profile}):
            parts = [one.wait_by_profile.get(profile, (0, 0.0)) for one in runs[policy].values()]
            people = float(sum(n for n, _ in parts))
            means[policy, profile] = people / len(parts), sum(n * days for n, days in parts) / max(1, people)
    rows: list[list[Value]] = []
    for (policy, profile), (people, days) in means.items():
        first = means.get((FIRST_COME, profile), (0.0, 0.0))[1]
        size = safe_count(round(people))
        if not isinstance(size, int) or not first:
            rows.append([policy, profile, size, None, None, None, None])
            continue
        longer = [(a - b) / first for a, b in _pairs(runs, policy, profile)]
        ends = (None, None) if policy == FIRST_COME else interval(longer or [0.0])[1:]
        rows.append([policy, profile, size, days, days / first - 1, *ends])
    columns = (
        Column("policy", "policy"),
        Column("profile", "profile"),
        Column("people", "count"),
        Column("mean_wait_days", "number"),
        *(Column(name, "share") for name in ("longer_than_first_come", "longer_from", "longer_to")),
    )
    return FigureTable("simulation-profiles", columns, rows)


def _pairs(
    runs: Mapping[str, Mapping[int, Outcome]], policy: str, profile: str
) -> Iterator[tuple[float, float]]:
    """Mean waits of a profile under a policy and under first come, run by run."""
    for seed, one in runs[policy].items():
        other = runs[FIRST_COME].get(seed)
        if other is not None and profile in one.wait_by_profile and profile in other.wait_by_profile:
            yield one.wait_by_profile[profile][1], other.wait_by_profile[profile][1]
