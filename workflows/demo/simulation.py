"""Simuliertes Jahr: a clock that is moved, an agenda of what happens on which day, looks into the store."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from store import tables as t
from store.tables import Table
from store.unit_of_work import ReadingUnit, Store
from workflows.acting import CLOCK, COMMAND_LINE, Desk

OPENS_AT = time(7, 0, tzinfo=UTC)
BETWEEN_ACTIONS = timedelta(seconds=20)
SATURDAY = 5

Action = Callable[[], None]


class Simulation:
    """Simulation: what happens from one day to another in a store, in the order of the days.

    Parameters
    ----------
    store : Store
        Where it is written; its clock is not used.
    start_on, end_on : date
        First and last day.
    seed : int
        Seed of all draws.
    region_id : str
        Region in which it happens.
    """

    def __init__(self, store: Store, start_on: date, end_on: date, seed: int, region_id: str) -> None:
        self.start_on, self.end_on, self.seed, self.region_id = start_on, end_on, seed, region_id
        self._now = datetime.combine(start_on, OPENS_AT)
        self._agenda: list[tuple[date, int, Action]] = []
        self._planned = 0
        self.store = replace(store, now=self.now)
        self.machine = Desk(self.store, COMMAND_LINE, "demo")
        self.clock = Desk(self.store, CLOCK, "hold")

    def now(self) -> datetime:
        """Return the simulated instant, UTC."""
        return self._now

    @property
    def today(self) -> date:
        """The simulated day."""
        return self._now.date()

    def rng(self, *about: object) -> Random:
        """Return random numbers of their own for a person or a part, the same for the same seed."""
        return Random("/".join(map(str, (self.seed, *about))))

    def at(self, on: date, action: Action) -> None:
        """Plan an action for a day, moved to the next working day; what lies after the end never happens."""
        day = working_day(max(on, self.today))
        if day <= self.end_on:
            self._planned += 1
            heapq.heappush(self._agenda, (day, self._planned, action))

    def after(self, days: int, action: Action) -> None:
        """Plan an action for so many days later."""
        self.at(self.today + timedelta(days=days), action)

    def before_end(self, days: int, action: Action) -> None:
        """Plan an action for a working day so many days before the end, if the simulation is so long."""
        on = last_working_day(self.end_on - timedelta(days=days))
        if on > self.today:
            self.at(on, action)

    def run(self, every_evening: Callable[[date], None]) -> None:
        """Let everything that is planned happen, and what follows from it.

        Parameters
        ----------
        every_evening : callable
            Called with every day once its actions are done.
        """
        for day in days_from(self.start_on, self.end_on):
            self._now = max(self._now, datetime.combine(day, OPENS_AT))
            while self._agenda and self._agenda[0][0] <= day:
                heapq.heappop(self._agenda)[2]()
                self._now += BETWEEN_ACTIONS
            every_evening(day)

    def row(self, table: Table, id: str) -> dict[str, Any]:
        """Read one row."""
        with ReadingUnit(self.store) as unit:
            return unit.get(table, id)

    def rows(self, table: Table, *conditions: Any, **equal: Any) -> list[dict[str, Any]]:
        """Read rows, in the order of their ids."""
        with ReadingUnit(self.store) as unit:
            return unit.find(table, *conditions, **equal)

    def plan(self, person_id: str) -> dict[str, Any]:
        """Read the row of a person's help plan."""
        return self.rows(t.help_plan, person_id=person_id)[0]


def working_day(on: date) -> date:
    """Return the day itself, or the Monday after a weekend."""
    return on if on.weekday() < SATURDAY else on + timedelta(days=7 - on.weekday())


def last_working_day(on: date) -> date:
    """Return the day itself, or the Friday before a weekend."""
    return on if on.weekday() < SATURDAY else on - timedelta(days=on.weekday() - SATURDAY + 1)


def days_from(start_on: date, end_on: date) -> list[date]:
    """Return every day from one to another."""
    return [start_on + timedelta(days=n) for n in range((end_on - start_on).days + 1)]
