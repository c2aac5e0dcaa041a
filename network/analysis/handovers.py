"""Where people go from one actor to another without an agreement (fehlende Kooperation).

How many people a year go from one actor to another is an estimate that one can follow: the people who pass a
kind in the greatest flow go on to the kinds it opens, in the proportion in which those are passed, and in
every town they are spread over the offers within reach by their seats.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from network.analysis.flow import Flow
from network.analysis.grid import Flags, Floats, Grid, Ints
from network.kinds import KINDS, Stage, with_implied


@dataclass(frozen=True)
class Handover:
    """People who go from an actor to another one (Übergabe), expected in the days of the grid."""

    from_actor: str
    to_actor: str
    kind: str
    next_kind: str
    people: float


@dataclass(frozen=True)
class Handovers:
    """All handovers between different actors.

    Parameters
    ----------
    people, without_agreement
        People handed over in all, and between actors that neither refer nor cooperate.
    missing
        Those without an agreement, the largest first.
    """

    people: float
    without_agreement: float
    missing: tuple[Handover, ...]

    @property
    def missing_share(self) -> float:
        """Share of the people handed over without an agreement, 0 to 1."""
        return self.without_agreement / self.people if self.people else 0.0


def next_kinds(kind: str) -> tuple[str, ...]:
    """Kinds that a kind opens, in the order of the catalogue; what stands beside the chain is left out.

    What somebody had to bring along for the kind opens nothing new.
    """
    brought = with_implied(frozenset().union(*KINDS[kind].requires))
    reached = with_implied(KINDS[kind].leads_to) - brought
    return tuple(
        other.id
        for other in KINDS.values()
        if other.id != kind
        and other.stage is not Stage.BESIDE
        and any(reached & alternative for alternative in other.requires)
    )


def handovers(grid: Grid, reach: Flags, flow: Flow, top: int = 20) -> Handovers:
    """Estimate who hands over to whom, and name the `top` largest handovers without an agreement."""
    linked = _linked(grid)
    whole = without = 0.0
    missing: list[Handover] = []
    for kind, other, volume in _volumes(grid, flow):
        givers, takers, people = _between(grid, reach, kind, other, volume)
        apart = givers[:, None] != takers[None, :]
        lacking = apart & ~linked[np.ix_(givers, takers)]
        whole += float(people[apart].sum())
        without += float(people[lacking].sum())
        order = np.argsort(-np.where(lacking, people, 0.0), axis=None, kind="stable")[:top]
        for g, t in zip(*np.unravel_index(order, people.shape), strict=True):
            if lacking[g, t] and people[g, t] > 0:
                names = grid.actors[givers[g]], grid.actors[takers[t]], grid.kinds[kind], grid.kinds[other]
                missing.append(Handover(*names, float(people[g, t])))
    missing.sort(key=lambda one: (-one.people, one.from_actor, one.to_actor, one.kind, one.next_kind))
    return Handovers(whole, without, tuple(missing[:top]))


def _linked(grid: Grid) -> Flags:
    """Whether two actors refer or cooperate in either direction."""
    number = {actor: k for k, actor in enumerate(grid.actors)}
    linked = np.zeros((len(number), len(number)), np.bool_)
    for one in grid.network.region.cooperations:
        a, b = number[one.from_actor], number[one.to_actor]
        linked[a, b] = linked[b, a] = True
    return linked


def _volumes(grid: Grid, flow: Flow) -> Iterator[tuple[int, int, float]]:
    """Kind, next kind and the people who go from the one to the other."""
    passed = flow.on_supply.sum(axis=1)
    number = {kind: k for k, kind in enumerate(grid.kinds)}
    for kind, k in number.items():
        after = [number[other] for other in next_kinds(kind) if passed[number[other]] > 0]
        whole = sum(int(passed[n]) for n in after)
        for n in after:
            if passed[k]:
                yield k, n, float(passed[k] * passed[n] / whole)


def _between(grid: Grid, reach: Flags, kind: int, other: int, volume: float) -> tuple[Ints, Ints, Floats]:
    """Actors of a kind, actors of the next, and the people who go from the first to the second."""
    givers, from_share = _shares(grid, reach, kind)
    takers, to_share = _shares(grid, reach, other)
    both = (from_share.sum(axis=1) > 0) & (to_share.sum(axis=1) > 0)
    people = np.where(both, grid.people, 0.0)
    if people.sum():
        people = people / people.sum()
    return givers, takers, np.asarray(volume * (from_share * people[:, None]).T @ to_share)


def _shares(grid: Grid, reach: Flags, kind: int) -> tuple[Ints, Floats]:
    """Actors of a kind, and for each town (rows) their shares of the seats within reach."""
    rows = np.flatnonzero(grid.rows.kind == kind)
    actors, column = np.unique(grid.rows.actor[rows], return_inverse=True)
    seats = np.zeros((grid.online + 1, len(actors)))
    np.add.at(seats, (grid.rows.place[rows], column), grid.rows.seats[rows])
    near = reach.astype(np.float64) @ seats
    whole = near.sum(axis=1, keepdims=True)
    return actors, np.divide(near, whole, out=np.zeros_like(near), where=whole > 0)
