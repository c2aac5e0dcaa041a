"""What one more seat or one more group would save (Wert eines Platzes), and the groups behind the seats.

A **group** here is what is filled together: a slot with the ways in whose capacities are among its own.
Prices rank them; the first are planned once more with the seat or the group added, and both plans' bounds
say between which values the true saving lies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import matching
from matching.warm import Warm, plan_warm
from workflows.planning_room.state import Planned

COPY = "+"
SMALLEST_PRICE = 0.5
"""Weighted waiting days below which a seat is not worth a line."""


@dataclass(frozen=True)
class SeatGroup:
    """A group of ways in that share seats (Gruppe).

    Parameters
    ----------
    slot : str
        The first way in; it uses all capacities of the group.
    slots, capacities : tuple of str
        All ways in, and all that can be full.
    seats, minimum : int
        Free seats of the first way in, and bookings that were missing before the plan.
    price : float
        Expected saving of one more seat in all capacities, weighted waiting days.
    """

    slot: str
    slots: tuple[str, ...]
    capacities: tuple[str, ...]
    offering: str
    actor: str
    kind: str
    start: int
    seats: int
    minimum: int
    price: float


def seat_groups(problem: matching.Problem, seat_prices: Mapping[str, float]) -> tuple[SeatGroup, ...]:
    """Every group of a problem, in the order of the ids of its first way in."""
    slots, names = problem.slots, problem.capacities.ids
    uses = [frozenset(problem.uses_of(row).tolist()) for row in range(len(slots.ids))]
    by_size = sorted(range(len(uses)), key=lambda row: (-len(uses[row]), int(slots.start[row]), row))
    first_with: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    for row in by_size:
        outer = next((first_with[u] for u in uses[row] if u in first_with), None)
        if outer is None or not uses[row] <= uses[outer]:
            outer = row
            for u in uses[row]:
                first_with.setdefault(u, row)
        members.setdefault(outer, []).append(row)
    held, found = problem.capacities, []
    for row in sorted(members):
        used = sorted(uses[row])
        found.append(
            SeatGroup(
                slots.ids[row],
                tuple(slots.ids[one] for one in members[row]),
                tuple(names[u] for u in used),
                slots.offering[row],
                slots.actor[row],
                problem.kinds[slots.kind[row]],
                int(slots.start[row]),
                int(min(held.seats[u] for u in used)),
                int(max(held.minimum[u] for u in used)),
                float(sum(seat_prices.get(names[u], 0.0) for u in used)),
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class Saving:
    """What one more seat, or one more group, saves (Ersparnis); weighted waiting days.

    Parameters
    ----------
    promised : float
        By the seat prices.
    saved : float
        By the plan made anew.
    at_least, at_most : float
        Between which the true saving lies, by the bounds of both plans.
    """

    group: SeatGroup
    seats: int
    promised: float
    saved: float
    at_least: float
    at_most: float

    @property
    def kept(self) -> bool:
        """Whether the promise lies within the bounds."""
        return self.at_least - 1e-6 <= self.promised <= self.at_most + 1e-6


def dearest(groups: Sequence[SeatGroup], top: int) -> list[SeatGroup]:
    """The groups whose seats are worth most."""
    return sorted((g for g in groups if g.price >= SMALLEST_PRICE), key=lambda g: (-g.price, g.slot))[:top]


class Resolver:
    """Plans once more with changes, always with the same steps, so that plans can be compared.

    Parameters
    ----------
    seed, time_limit_seconds
        As in :func:`matching.warm.plan_warm`; the time is that of each plan.
    """

    def __init__(
        self,
        planned: Planned,
        seed: int = 0,
        time_limit_seconds: float = 60.0,
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        self.planned, self.seed, self.limit, self.stop = planned, seed, time_limit_seconds, stop
        self.before = self.plan(planned.problem, ())

    def plan(self, problem: matching.Problem, changed: Sequence[str]) -> Warm:
        """Plan a changed problem from the present plan on."""
        return plan_warm(
            problem,
            self.planned.plan,
            self.planned.proof.with_copies(copies_in(problem)),
            changed,
            seed=self.seed,
            time_limit_seconds=self.limit,
            groups_anew=True,
            stop=self.stop,
        )

    def saving(self, group: SeatGroup, seats: int, promised: float, problem: matching.Problem) -> Saving:
        """What the changed problem saves beside the present one."""
        before, after = self.before, self.plan(problem, group.capacities)
        cost = min(before.cost, after.cost)  # who has more seats can always plan as before
        return Saving(
            group,
            seats,
            promised,
            before.cost - cost,
            max(0.0, before.lower_bound - cost),
            max(before.cost - cost, before.cost - after.lower_bound),
        )


def seat_savings(resolver: Resolver, groups: Sequence[SeatGroup]) -> Iterator[Saving]:
    """What one more seat in each of some groups saves, one at a time."""
    problem = resolver.planned.problem
    row = {name: k for k, name in enumerate(problem.capacities.ids)}
    for group in groups:
        seats = problem.capacities.seats.copy()
        seats[[row[name] for name in group.capacities]] += 1
        wider = replace(problem, capacities=problem.capacities._replace(seats=seats.astype(np.int32)))
        yield resolver.saving(group, 1, group.price, wider)


def group_savings(
    resolver: Resolver, tables: Mapping[str, Any], groups: Sequence[SeatGroup]
) -> Iterator[Saving]:
    """What one more group like each of some saves; promised is the price of a seat times its seats.

    That promise is high: every further seat saves less than the one before.
    """
    for group in groups:
        copied = with_copy(tables, group)
        seats = max(group.seats, 1)
        yield resolver.saving(group, seats, group.price * seats, matching.problem_from_tables(copied))


def copies_in(problem: matching.Problem) -> dict[str, str]:
    """Capacities that `with_copy` has made, and what each is a copy of."""
    known = set(problem.capacities.ids)
    copies = {name: name.rstrip(COPY) for name in problem.capacities.ids if name.endswith(COPY)}
    return {copy: original for copy, original in copies.items() if original in known}


def with_copy(tables: Mapping[str, Any], group: SeatGroup, suffix: str = COPY) -> dict[str, Any]:
    """The same problem with a second group: dates, place, free seats and minimum of one that is there.

    Its ids are those of the other with a suffix.
    """
    capacities = [
        {**row, "capacity": row["capacity"] + suffix}
        for row in tables["capacities"]
        if row["capacity"] in group.capacities
    ]
    slots = [
        {
            **row,
            "slot": row["slot"] + suffix,
            "uses": ";".join(name + suffix for name in row["uses"].split(";")),
        }
        for row in tables["slots"]
        if row["slot"] in group.slots
    ]
    return {
        **tables,
        "capacities": [*tables["capacities"], *capacities],
        "slots": [*tables["slots"], *slots],
    }
