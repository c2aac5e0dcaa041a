"""The region that is simulated (Simulationswelt): who arrives when, what is offered, and what goes wrong.

Everything random is drawn from the seed and the name of what it concerns, not in the order of events: two
policies meet the same people, and the same person declines the same slot under both.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from hashlib import blake2b
from random import Random
from typing import Any

import matching
from network.continuation import continued
from network.model import Region
from plans.generator import fictional_households
from workflows.planning import HORIZON_DAYS, planning_tables

Row = dict[str, str]
PAUSE_DAYS = 14
"""Days after a missed start before the next one."""
LEAD, FOLLOWING = 0.5, 1.0
"""People arrive before and after the weeks that are measured as well: for these times as many weeks."""


@dataclass(frozen=True)
class Chances:
    """How often things go wrong (Wahrscheinlichkeiten), 0 to 1; assumptions.

    Parameters
    ----------
    decline : float
        A person declines a slot that is offered.
    refuse : float
        A provider refuses somebody who is referred.
    no_show : float
        Somebody booked does not come to the start.
    drop_out : float
        Somebody who has begun goes no further: the later steps fall away.
    """

    decline: float = 0.08
    refuse: float = 0.03
    no_show: float = 0.10
    drop_out: float = 0.05


@dataclass(frozen=True)
class World:
    """What happens whatever anybody plans.

    Parameters
    ----------
    today, end : date
        First day, and the day on which the run is over: who has no slot by then has waited until then.
    arrives : mapping of person id to date
        Day from which a person is known.
    counted : frozenset of person id
        Who arrives in the weeks that are measured; the others come before and after, so that the region is
        neither empty at the beginning nor left alone with the last to come.
    profile_of : mapping of person id to str
        Profile of each person.
    people, needs : mapping by id
        Rows of the planning problem, days shifted to the arrivals.
    problem : mapping
        Parameters of the problem.
    slots, capacities : list of rows
        What is offered.
    """

    seed: int
    today: date
    end: date
    arrives: Mapping[str, date]
    counted: frozenset[str]
    profile_of: Mapping[str, str]
    people: Mapping[str, Row]
    needs: Mapping[str, Row]
    problem: Mapping[str, Any]
    slots: Mapping[str, Row]
    capacities: Mapping[str, Row]
    chances: Chances = field(default_factory=Chances)

    def happens(self, what: str, chance: float, *names: object) -> bool:
        """Whether something happens that is named; the same answer every time."""
        return _drawn(self.seed, what, *names) < chance * 2**64

    def place_in_queue(self, person: str) -> tuple[date, int]:
        """Where somebody stands in the order of arrival; those of the same day, such as couples, by lot."""
        return self.arrives[person], _drawn(self.seed, "queue", person)

    def declined(self, need: str, slot: str) -> bool:
        """Whether the person declines a slot that is offered."""
        return self.happens("decline", self.chances.decline, need, slot)

    def refused(self, need: str, slot: str) -> bool:
        """Whether a booking comes to nothing because the person declines or the provider refuses."""
        return self.declined(need, slot) or self.happens("refuse", self.chances.refuse, need, slot)

    def missed(self, need: str, attempt: int) -> bool:
        """Whether the person does not come to the start."""
        return self.happens("no-show", self.chances.no_show, need, attempt)

    def ends_after(self, need: str) -> bool:
        """Whether the person goes no further after this step."""
        return self.happens("drop-out", self.chances.drop_out, need)

    def followers(self, need: str) -> list[str]:
        """All later steps of a need."""
        found, waiting = [], [need]
        while waiting:
            children = self.children.get(waiting.pop(), [])
            found += children
            waiting += children
        return found

    def ready_on(self, held: Mapping[str, str], row: Row) -> date:
        """Day from which a step could begin; its earliest day where the step before it has no slot."""
        earliest, before = date.fromisoformat(row["earliest"]), held.get(row["after"])
        if before is None:
            return earliest
        return max(earliest, self.base_day(before, row) + timedelta(days=int(row["lag_days"])))

    def base_day(self, before: str, row: Row) -> date:
        """Day from which the lags of a step are counted, where the step before it has this slot."""
        slot = self.slots[before]
        if row["relation"] == "start":
            return date.fromisoformat(slot["start"])
        return date.fromisoformat(slot["end"]) + timedelta(days=1)

    @cached_property
    def counted_needs(self) -> list[str]:
        """Steps of those who are counted."""
        return [need for need, row in self.needs.items() if row["person"] in self.counted]

    @cached_property
    def children(self) -> Mapping[str, list[str]]:
        """Steps that follow directly."""
        found: dict[str, list[str]] = defaultdict(list)
        for name, row in self.needs.items():
            if row["after"]:
                found[row["after"]].append(name)
        return found

    @cached_property
    def uses(self) -> Mapping[str, tuple[str, ...]]:
        """Capacities of which each slot takes a seat."""
        return {name: tuple(row["uses"].split(";")) for name, row in self.slots.items()}

    @cached_property
    def open_until(self) -> Mapping[str, str]:
        """Day of the last way in of each capacity: by then its group must have its minimum."""
        found: dict[str, str] = {}
        for name, row in self.slots.items():
            for capacity in self.uses[name]:
                found[capacity] = max(found.get(capacity, ""), row["start"])
        return found

    def tables(
        self,
        on: date,
        people: set[str],
        bookings: Mapping[str, str],
        gone: set[str],
        until: date | None = None,
    ) -> dict[str, Any]:
        """The planning problem of a day.

        Parameters
        ----------
        people : set of str
            Who is known.
        bookings : mapping of need id to slot id
            Bookings that stand.
        gone : set of str
            Needs that have fallen away.
        until : date, optional
            What begins later is not known yet, and who has no slot waits until then; by default as far ahead
            as every plan looks.
        """
        used, until = set(bookings.values()), until or on + timedelta(days=HORIZON_DAYS)
        first, last = on.isoformat(), until.isoformat()
        slots = [r for name, r in self.slots.items() if name in used or first <= r["start"] <= last]
        capacities = {name for row in slots for name in self.uses[row["slot"]]}
        needs = [
            {**row, "fixed_slot": bookings.get(name, "")}
            for name, row in self.needs.items()
            if row["person"] in people and name not in gone
        ]
        return {
            "problem": {**self.problem, "today": first, "horizon_end": last},
            "slots": slots,
            "capacities": [row for name, row in self.capacities.items() if name in capacities],
            "people": [row for name, row in self.people.items() if name in people],
            "needs": needs,
        }


def make_world(region: Region, people: int, weeks: int, seed: int, chances: Chances | None = None) -> World:
    """Let fictional people arrive in a region, evenly, before, within and after the weeks that are measured.

    The last of those who are counted has two years. The offerings go on as announced (`continued`): else the
    last to arrive would find no course at all.

    Parameters
    ----------
    people : int
        Who arrives within the weeks, >= 1; one more where the last household is a couple.
    """
    begin_weeks = math.ceil(LEAD * weeks)
    all_weeks = begin_weeks + weeks + math.ceil(FOLLOWING * weeks)
    households = fictional_households(region, math.ceil(people * all_weeks / weeks), seed)
    today = region.today
    horizon_days = (begin_weeks + weeks) * 7 + HORIZON_DAYS
    end = today + timedelta(days=horizon_days)
    tables = planning_tables(continued(region, end), households, today=today, horizon_days=horizon_days)
    counted: set[str] = set()
    shift, arrives, profile_of = {}, {}, {}
    for household in households:
        first = min(need.earliest_on for person in household.members for need in person.needs)
        rng = Random(f"{seed}/arrival/{household.id}")
        if len(counted) < people:
            counted |= {person.id for person in household.members}
            day = begin_weeks * 7 + rng.randrange(weeks * 7)
        else:
            day = rng.randrange((all_weeks - weeks) * 7)
            day += weeks * 7 if day >= begin_weeks * 7 else 0
        for person in household.members:
            arrives[person.id] = today + timedelta(days=day)
            shift[person.id] = arrives[person.id] - first
            profile_of[person.id] = person.profile
    return World(
        seed=seed,
        today=today,
        end=end,
        arrives=arrives,
        counted=frozenset(counted),
        profile_of=profile_of,
        people={row["person"]: row for row in tables["people"]},
        needs={row["need"]: _shifted(row, shift[row["person"]]) for row in tables["needs"]},
        problem=tables["problem"],
        slots={row["slot"]: row for row in tables["slots"]},
        capacities={row["capacity"]: row for row in tables["capacities"]},
        chances=chances or Chances(),
    )


def _drawn(*names: object) -> int:
    """A number from 0 to 2**64 - 1, always the same one for the same names."""
    return int.from_bytes(blake2b("/".join(map(str, names)).encode(), digest_size=8).digest(), "big")


def _shifted(row: Row, by: timedelta) -> Row:
    """A need of somebody who comes later; everybody weighs the same here."""
    moved = {**row, "weight": "1"}
    for key in ("earliest", "target"):
        if row[key]:
            moved[key] = (date.fromisoformat(row[key]) + by).isoformat()
    return moved


def read_problem(tables: Mapping[str, Any]) -> matching.Problem:
    """The problem of some tables."""
    return matching.problem_from_tables(tables)
