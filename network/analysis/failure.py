"""What happens if one actor falls away (Ausfall eines Akteurs): flow, reach and waits without it.

The flow without an actor is solved anew only where nothing simpler proves it: what an actor carries in a
smallest cut is lost for certain, and no more is lost than what it carries beyond the free seats beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from network.analysis.flow import Flow, greatest_flow
from network.analysis.grid import Floats, Grid, Ints
from network.analysis.waits import Starts

EDGES_SOLVED = 1_000_000
"""Edges of all flows that are solved anew together; the actors beyond keep an interval."""
FEWEST_SOLVED = 20


@dataclass(frozen=True)
class Failure:
    """A region without one of its actors.

    Parameters
    ----------
    lost_people, lost_people_at_most
        People who no longer reach the goal: at least and at most; equal where it is exact.
    reach_lost_share
        Share of the people, 0 to 1, for whom a kind of offering is then out of reach; the worst kind counts.
    reach_lost_kind
        That kind; None where everything stays within reach.
    longer_wait_days
        How much longer the mean person waits for the next start of the kind that suffers most, days.
    longer_wait_kind
        That kind; None where no wait grows.
    """

    actor: str
    lost_people: int
    lost_people_at_most: int
    reach_lost_share: float
    reach_lost_kind: str | None
    longer_wait_days: float
    longer_wait_kind: str | None


def failures(
    grid: Grid,
    flow: Flow,
    starts: Starts,
    progress: Callable[[int, int], None] | None = None,
    most_solved: int | None = None,
) -> tuple[Failure, ...]:
    """Every actor that has seats, those whose loss costs most first.

    Parameters
    ----------
    progress
        Told of the actors done and the actors in all.
    most_solved
        Actors for whom the flow is solved anew at most, the gravest first; the rest keep an interval. By
        default as many as `EDGES_SOLVED` allows: all of a region, some of a nation.
    """
    if most_solved is None:
        most_solved = max(FEWEST_SOLVED, EDGES_SOLVED // len(flow.network.tail))
    actors = np.unique(grid.rows.actor).tolist()
    seats = [grid.seats(actor) for actor in actors]
    limits = [_limits(flow, own) for own in seats]
    open_ones = [k for k, (least, most) in enumerate(limits) if least < most]
    gravest = sorted(open_ones, key=lambda k: (-limits[k][1], k))[:most_solved]
    for done, k in enumerate(gravest):
        if progress is not None:
            progress(done, len(gravest))
        lost = flow.people - _without(flow, seats[k])
        limits[k] = (lost, lost)
    found = [_failure(grid, starts, actor, *limits[k]) for k, actor in enumerate(actors)]
    return tuple(sorted(found, key=_gravity))


def _gravity(failure: Failure) -> tuple[float, float, float, str]:
    return -failure.lost_people_at_most, -failure.reach_lost_share, -failure.longer_wait_days, failure.actor


def _limits(flow: Flow, own: Ints) -> tuple[int, int]:
    """What is lost at least (its part of a cut) and at most (its flow beyond the free seats beside it)."""
    supply = flow.network.supply
    there = (supply >= 0) & (own > 0)
    edge = supply[there]
    idle = flow.network.capacity[edge] - flow.on_edge[edge]
    most = int(np.maximum(0, own[there] - idle).sum())
    least = max(int(own[there][cut[edge]].sum()) for cut in (flow.near, flow.far))
    return least, most


def _without(flow: Flow, own: Ints) -> int:
    capacity, supply = flow.network.capacity.copy(), flow.network.supply
    there = supply >= 0
    capacity[supply[there]] -= own[there]
    return greatest_flow(flow.network, capacity).people


def _failure(grid: Grid, starts: Starts, actor: int, least: int, most: int) -> Failure:
    of = grid.rows.actor[grid.row] == actor
    out: tuple[float, int | None] = (0.0, None)
    slower: tuple[float, int | None] = (0.0, None)
    for kind in np.unique(grid.rows.kind[grid.row][of]).tolist():
        mine = of & (grid.rows.kind[grid.row] == kind)
        share, days = _lost(grid, starts, kind, grid.slot_place[mine], grid.start[mine])
        out, slower = max(out, (share, kind), key=_first), max(slower, (days, kind), key=_first)
    return Failure(
        grid.actors[actor],
        least,
        most,
        out[0],
        grid.kinds[out[1]] if out[1] is not None and out[0] > 0 else None,
        slower[0],
        grid.kinds[slower[1]] if slower[1] is not None and slower[0] > 0 else None,
    )


def _first(pair: tuple[float, int | None]) -> float:
    return pair[0]


def _lost(grid: Grid, starts: Starts, kind: int, place: Ints, day: Ints) -> tuple[float, float]:
    """Share of people who lose a kind, and how much longer the mean person waits for it, days."""
    distinct, number = np.unique(place, return_inverse=True)
    own = np.zeros((len(distinct), grid.days), np.int64)
    np.add.at(own, (number, day), 1)
    towns = np.flatnonzero(starts.reach[:, distinct].any(axis=1))
    gone = starts.reach[np.ix_(towns, distinct)].astype(np.int64) @ own
    people: Floats = grid.people[towns]
    lost = starts.within_reach(towns, kind) & ~starts.within_reach(towns, kind, gone)
    longer = starts.waiting_days(towns, kind, gone) - starts.waiting_days(towns, kind)
    return float(people[lost].sum()), float((people * longer).sum())
