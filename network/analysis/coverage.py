"""Who finds a complete chain within reach (Abdeckung): shares of people by profile, level, half-day and more.

A case is a kind of person: a chain of steps, half-days, tags, a language. For every town and case the chain
is followed step by step: after each step the ways in that begin on or after the next ready day, the one
that is over first. A chain is complete when every step has one before the days of the grid end. Who else
wants the seats is left out, and so is a largest lag between two steps: coverage says what there is, the
planning who gets it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from network.analysis.grid import Flags, Floats, Grid, Ints
from network.graph import SupportNetwork

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class CaseStep:
    """A step of a case's chain (Schritt).

    Parameters
    ----------
    kind
        Kind of the slot, letter for letter.
    after
        Number of the step before in the case's steps; None at the beginning.
    from_start
        The step may begin when the one before has begun, not only when it is over.
    lag_days
        Days in between, >= 0.
    features
        What the slot must offer.
    spoken
        Whether the case's language must be spoken there (counselling); unstated languages exclude nothing.
    """

    kind: str
    after: int | None = None
    from_start: bool = False
    lag_days: int = 0
    features: frozenset[str] = frozenset()
    spoken: bool = False


@dataclass(frozen=True)
class Case:
    """A kind of person (Fall).

    Parameters
    ----------
    weight
        Share of all people, >= 0.
    facts
        What the case stands for in each dimension: ``{"profile": "parent", "level": "A1"}``.
    online
        Whether what is online counts as within reach.
    only
        The one dimension in which the case is counted; None: in all of them.
    """

    weight: float
    facts: Mapping[str, str]
    steps: tuple[CaseStep, ...]
    tags: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    language: str = ""
    online: bool = False
    only: str | None = None


@dataclass(frozen=True)
class Covered:
    """Coverage of one value of a dimension (Abdeckung), or of everybody.

    Parameters
    ----------
    dimension, value
        ``profile``, ``parent``; both empty for everybody.
    weight
        Share of all people, 0 to 1.
    shares
        Share of them, 0 to 1, who find a complete chain, for each reach asked for.
    breaks
        The step at which most of those without one fail at the largest reach; None where nobody fails.
    """

    dimension: str
    value: str
    weight: float
    shares: tuple[float, ...]
    breaks: str | None


@dataclass(frozen=True)
class _Classes:
    """Slots that are alike in all that may exclude a person; each class is looked at once."""

    network: SupportNetwork
    keys: list[tuple[str, frozenset[str], frozenset[str], frozenset[str], frozenset[str]]] = field(
        default_factory=list
    )

    def of(self, grid: Grid) -> Ints:
        number: dict[object, int] = {}
        found = []
        for slot in grid.slots:
            offering = self.network.region.offerings[slot.offering_id]
            spoken = offering.languages | self.network.region.actors[slot.actor_id].languages
            key = (slot.kind, slot.requires, slot.times, slot.features, spoken)
            if key not in number:
                number[key] = len(self.keys)
                self.keys.append(key)
            found.append(number[key])
        return np.array(found, np.int64)

    def fitting(self, case: Case, step: CaseStep) -> Flags:
        """Which classes a step of a case may take."""
        return np.array(
            [
                kind == step.kind
                and requires <= case.tags
                and times <= case.times
                and step.features <= features
                and (not step.spoken or not spoken or case.language in spoken)
                for kind, requires, times, features, spoken in self.keys
            ],
            np.bool_,
        )


class CoverageMap:
    """Follows chains from every town at once.

    Parameters
    ----------
    grid
        Long enough for whole chains: two years rather than one.
    reaches
        Longest ways, in the unit of the grid, ascending.
    """

    def __init__(self, grid: Grid, reaches: Sequence[float]) -> None:
        self.grid = grid
        self.classes = _Classes(grid.network)
        self.class_of = self.classes.of(grid)
        self.reaches = [_Near(grid.reach(way)) for way in reaches]
        self._tables: dict[object, Ints] = {}

    @cached_property
    def _span(self) -> int:
        return int(self.grid.end.max(initial=0)) + 1

    def failing_step(self, case: Case) -> Ints:
        """For each reach (rows) and town (columns) the step at which the chain fails; -1: complete."""
        return np.array([self._follow(case, near) for near in self.reaches])

    def _follow(self, case: Case, near: _Near) -> Ints:
        towns = len(self.grid.towns)
        failed = np.full(towns, -1, np.int64)
        start, end = np.full((len(case.steps), towns), -1), np.full((len(case.steps), towns), -1)
        for number, step in enumerate(case.steps):
            ready = np.zeros(towns, np.int64)
            if step.after is not None:
                base = start[step.after] if step.from_start else end[step.after] + 1
                ready = base + step.lag_days
            key = near.best(self._table(case, step), ready, self.grid.days, case.online)
            none = key == NEVER
            start[number], end[number] = key % self._span, key // self._span
            start[number][none] = end[number][none] = 0
            failed[none & (failed < 0)] = number
        return failed

    def _table(self, case: Case, step: CaseStep) -> Ints:
        """For each place and day the way in that is over first among those from that day on."""
        fitting = self.classes.fitting(case, step)
        key = fitting.tobytes()
        if key not in self._tables:
            if len(self._tables) > 200:
                self._tables.clear()  # each holds a number for every place and day
            self._tables[key] = self._made(fitting[self.class_of])
        return self._tables[key]

    def _made(self, slots: Flags) -> Ints:
        grid = self.grid
        table = np.full((grid.online + 1, grid.days), NEVER, np.int64)
        value = grid.end[slots] * self._span + grid.start[slots]
        np.minimum.at(table, (grid.slot_place[slots], grid.start[slots]), value)
        return np.minimum.accumulate(table[:, ::-1], axis=1)[:, ::-1]


class _Near:
    """Pairs of a town and a place within reach, town by town; the last place is what is online."""

    def __init__(self, reach: Flags) -> None:
        town, self.place = np.nonzero(reach)
        self.begin = np.searchsorted(town, np.arange(len(reach)))
        self.town = town
        self.online = self.place == reach.shape[1] - 1

    def best(self, table: Ints, ready: Ints, days: int, online: bool) -> Ints:
        day = np.minimum(ready[self.town], days - 1)
        value = table[self.place, day]
        value = np.where(ready[self.town] >= days, NEVER, value)
        if not online:
            value = np.where(self.online, NEVER, value)
        return np.asarray(np.minimum.reduceat(value, self.begin))


def coverage(
    grid: Grid,
    cases: Sequence[Case],
    reaches: Sequence[float],
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Covered, ...]:
    """Shares of people with a complete chain: everybody first, then by dimension and value.

    Parameters
    ----------
    reaches
        Longest ways, in the unit of the grid, ascending.
    progress
        Told of the cases done and the cases in all.

    Raises
    ------
    ValueError
        When there is no case.
    """
    if not cases:
        raise ValueError("coverage needs at least one case")
    area = CoverageMap(grid, reaches)
    failed = []
    for done, case in enumerate(cases):
        if progress is not None:
            progress(done, len(cases))
        failed.append(area.failing_step(case))
    values = dict.fromkeys(
        (dimension, value)
        for case in cases
        for dimension, value in case.facts.items()
        if case.only in (None, dimension)
    )
    everybody = [k for k, case in enumerate(cases) if case.only is None]
    found = [_covered("", "", everybody, cases, failed, grid.people)]
    dimensions = list(dict.fromkeys(dimension for dimension, _ in values))
    for dimension, value in sorted(values, key=lambda pair: dimensions.index(pair[0])):
        chosen = [
            k
            for k, case in enumerate(cases)
            if case.facts.get(dimension) == value and case.only in (None, dimension)
        ]
        found.append(_covered(dimension, value, chosen, cases, failed, grid.people))
    return tuple(found)


def _covered(
    dimension: str,
    value: str,
    chosen: Sequence[int],
    cases: Sequence[Case],
    failed: Sequence[Ints],
    people: Floats,
) -> Covered:
    weights = np.array([cases[k].weight for k in chosen])
    whole = float(weights.sum())
    parts = weights / whole if whole else np.full(len(chosen), 1 / len(chosen))
    complete = np.array([((failed[k] < 0) * people).sum(axis=1) for k in chosen])
    fails: dict[str, float] = {}
    for part, k in zip(parts, chosen, strict=True):
        for number, step in enumerate(cases[k].steps):
            share = float(part * people[failed[k][-1] == number].sum())
            if share > 0:
                fails[step.kind] = fails.get(step.kind, 0.0) + share
    breaks = max(sorted(fails), key=fails.__getitem__) if fails else None
    return Covered(dimension, value, whole, tuple(float(x) for x in parts @ complete), breaks)
