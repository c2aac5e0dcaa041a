"""The planning problem (Planungsaufgabe) in memory: columns of numbers, ids beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: A plan (Plan): need id -> slot id, or None for a need that is not served.
Plan = Mapping[str, str | None]

AFTER_END = 0
AFTER_START = 1
NONE = -1


@dataclass(frozen=True)
class Parameters:
    """How waiting is counted (Wartekosten); days are weighted waiting days.

    Parameters
    ----------
    name : str
        Free text.
    today : date
        Day of planning; no new booking starts before it.
    horizon_end : date
        A need that is not served waits until this day.
    long_wait_days : float
        Waiting beyond this many days, >= 0, counts extra.
    long_wait_factor, overdue_factor, km_factor : float
        Extra days for a day of long wait, a day after the target, a kilometre of the way; each >= 0.
    change_penalty, unserved_penalty : float
        Days charged when a proposal is not kept, and when a need gets no slot; each >= 0.
    """

    name: str
    today: date
    horizon_end: date
    long_wait_days: float
    long_wait_factor: float
    overdue_factor: float
    km_factor: float
    change_penalty: float
    unserved_penalty: float

    def waiting_cost(self, waiting_days: float) -> float:
        """Cost of one wait of a person with weight 1, in waiting days; convex and increasing."""
        return waiting_days + self.long_wait_factor * max(0.0, waiting_days - self.long_wait_days)


class Capacities(NamedTuple):
    """What can be full: free seats, and bookings still missing before it may run."""

    ids: list[str]
    seats: Ints
    minimum: Ints


class Slots(NamedTuple):
    """The dated ways in (Termine). Days are proleptic ordinals; lists are numbers of ``Problem.sets``."""

    ids: list[str]
    offering: list[str]
    actor: list[str]
    kind: Ints
    start: Ints
    end: Ints
    use_ptr: Ints
    uses: Ints
    lat: Floats
    lon: Floats
    online: Flags
    requires: Ints
    features: Ints
    times: Ints


class People(NamedTuple):
    """Who needs something: home, reach, tags and half-days."""

    ids: list[str]
    lat: Floats
    lon: Floats
    max_km: Floats
    online: Flags
    tags: Ints
    times: Ints


class Needs(NamedTuple):
    """The steps of everyone's help plan (Bedarfe); ``after`` is the row of the predecessor or -1."""

    ids: list[str]
    person: Ints
    kind: Ints
    after: Ints
    relation: Ints
    lag_days: Ints
    max_lag_days: Ints
    earliest: Ints
    target: Ints
    weight: Floats
    features: Ints
    group: Ints
    fixed: Ints
    proposed: Ints


@dataclass(frozen=True)
class Problem:
    """A valid planning problem; rows are sorted by id, so the order of the files does not matter.

    ``sets[k]`` is the k-th distinct list of words met in a cell: lists of tags, features and half-days are
    compared as numbers. ``kinds[k]`` is the k-th kind. ``proposed`` is -2 where the proposal names a slot
    that no longer exists: it cannot be kept and is charged.
    """

    parameters: Parameters
    kinds: Sequence[str]
    sets: Sequence[frozenset[str]]
    capacities: Capacities
    slots: Slots
    people: People
    needs: Needs

    @cached_property
    def need_row(self) -> dict[str, int]:
        """Row of each need id."""
        return {name: row for row, name in enumerate(self.needs.ids)}

    @cached_property
    def slot_row(self) -> dict[str, int]:
        """Row of each slot id."""
        return {name: row for row, name in enumerate(self.slots.ids)}

    def uses_of(self, slot: int) -> Ints:
        """Rows of the capacities that a slot uses."""
        return self.slots.uses[self.slots.use_ptr[slot] : self.slots.use_ptr[slot + 1]]

    def rows(self, plan: Plan) -> Ints:
        """Slot row for every need row, -1 where the plan serves it not."""
        of = self.slot_row
        chosen: list[int] = []
        for name in self.needs.ids:
            slot = plan.get(name)
            chosen.append(NONE if slot is None else of[slot])
        return np.array(chosen, np.int32)

    def plan(self, slot_rows: NDArray[Any]) -> dict[str, str | None]:
        """Turn slot rows into a plan by ids."""
        names = self.slots.ids
        return {n: (names[s] if s >= 0 else None) for n, s in zip(self.needs.ids, slot_rows, strict=True)}
