"""One run of one policy through one world (Simulationslauf), week by week."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from matching import with_declines
from workflows.planning_room.sim_world import PAUSE_DAYS, Row, World

WEEK = timedelta(days=7)
SURE_WEEKS, FILL_WEEKS = 4, 26
"""Weeks before its beginning by which a group must have its minimum, and in which before that it may fill."""


@dataclass
class Desk:
    """Where a run stands (Stand eines Laufs).

    Parameters
    ----------
    on : date
        The present week.
    bookings : dict of need id to slot id
        Bookings that stand.
    proposals : dict of need id to slot id
        What was announced and not booked yet.
    refused : set of (person, slot)
        Slots that a person has declined or was refused.
    gone : set of str
        Needs that have fallen away after a drop-out.
    closed, running : set of str
        Capacities of groups that did not open, and of those that did.
    """

    world: World
    on: date
    bookings: dict[str, str] = field(default_factory=dict)
    proposals: dict[str, str] = field(default_factory=dict)
    refused: set[tuple[str, str]] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    running: set[str] = field(default_factory=set)
    earliest: dict[str, date] = field(default_factory=dict)
    attempts: Counter[str] = field(default_factory=Counter)
    changed: bool = True
    promises_changed: int = 0
    cancelled_groups: int = 0

    def people(self) -> set[str]:
        """Who is known by now."""
        return {person for person, day in self.world.arrives.items() if day <= self.on}

    def open_needs(self) -> list[str]:
        """Needs of known people without a booking."""
        known = self.people()
        return [
            name
            for name, row in self.world.needs.items()
            if row["person"] in known and name not in self.bookings and name not in self.gone
        ]

    def is_open(self, need: str) -> bool:
        """Whether a step has not fallen away and has not begun."""
        slot = self.bookings.get(need)
        if slot is None:
            return need not in self.gone
        return date.fromisoformat(self.world.slots[slot]["start"]) >= self.on

    def book(self, need: str, slot: str) -> bool:
        """Book a slot unless the person declines or the provider refuses; say whether it stands."""
        self.proposals.pop(need, None)
        if self.world.refused(need, slot):
            self._refuse(need, slot)
            return False
        self.bookings[need] = slot
        return True

    def announce(self, planned: Mapping[str, str]) -> None:
        """Propose slots to people, who decline them at once or let them stand; nothing is booked by that."""
        self.promises_changed += sum(planned.get(need) != slot for need, slot in self.proposals.items())
        self.proposals = {}
        for need, slot in planned.items():
            if self.world.declined(need, slot):
                self._refuse(need, slot)
            else:
                self.proposals[need] = slot

    def _refuse(self, need: str, slot: str) -> None:
        self.changed = True
        self.refused.add((self.world.needs[need]["person"], slot))

    def tables(self) -> dict[str, object]:
        """The planning problem of the week, with bookings, proposals and refusals.

        Households without an open step are left out; their seats are taken.
        """
        waiting = self._waiting()
        held: dict[str, str] = {}
        taken: Counter[str] = Counter()
        for need, slot in self.bookings.items():
            if self.world.needs[need]["person"] in waiting:
                held[need] = slot
            else:
                taken.update(self._uses(slot))
        tables = self.world.tables(self.on, waiting, held, self.gone)
        tables["capacities"] = [self._left(row, taken[row["capacity"]]) for row in tables["capacities"]]
        tables["needs"] = [self._need(row) for row in tables["needs"]]
        return with_declines(tables, self._closed_to({row["slot"] for row in tables["slots"]}))

    def _closed_to(self, known: set[str]) -> Iterator[tuple[str, str]]:
        """Who can have which slot no more or not yet, of slots that are known and kinds that are needed."""
        needs, slots = self.world.needs, self.world.slots
        today, of_kind = self.on.isoformat(), defaultdict[str, list[str]](list)
        for slot in sorted(known):
            of_kind[slots[slot]["kind"]].append(slot)
        for need in self.open_needs():
            person, again_on = needs[need]["person"], self._again_on(needs[need]).isoformat()
            for slot in of_kind[needs[need]["kind"]]:
                if (person, slot) in self.refused or today <= slots[slot]["start"] < again_on:
                    yield person, slot

    def _waiting(self) -> set[str]:
        """People of households with an open step."""
        needs = self.world.needs
        households = {self._household(needs[need]) for need in self.open_needs()}
        known = self.people()
        return {
            row["person"]
            for row in needs.values()
            if row["person"] in known and self._household(row) in households
        }

    @staticmethod
    def _household(row: Row) -> str:
        return row.get("exclusive") or row["person"]

    def _left(self, row: Row, taken: int) -> Row:
        """A capacity without the seats that are taken; nobody can join a group that is closed."""
        if row["capacity"] in self.closed:
            return {**row, "seats": "0", "min_participants": "0"}
        seats, least = int(row["seats"]) - taken, max(0, self._least(row) - taken)
        return {**row, "seats": str(seats), "min_participants": str(least)}

    def _least(self, row: Row) -> int:
        """Participants that a group must have by now; the longer it is until it begins, the fewer.

        Else nobody would be planned for it before there are enough, and those who come later would find
        nobody there to join.
        """
        least = int(row["min_participants"])
        if not least or row["capacity"] in self.running:
            return 0
        weeks = (date.fromisoformat(self.world.open_until[row["capacity"]]) - self.on) // WEEK
        return max(1, math.ceil(least * min(1.0, 1 - (weeks - SURE_WEEKS) / FILL_WEEKS)))

    def _need(self, row: Row) -> Row:
        if self._has_aged(row):
            row = {**row, "max_lag_days": ""}
        return row if row["fixed_slot"] else {**row, "proposed_slot": self.proposals.get(row["need"], "")}

    def _again_on(self, row: Row) -> date:
        """Day from which a step may begin that was missed, or whose certificate has aged.

        Its wait goes on from the day on which it could begin first, so this is no earliest day.
        """
        again_on = self.earliest.get(row["need"], self.on)
        last = self._last_day(row)
        return max(again_on, last + timedelta(days=PAUSE_DAYS)) if self._has_aged(row) and last else again_on

    def _has_aged(self, row: Row) -> bool:
        last = self._last_day(row)
        return last is not None and last < self.on

    def _last_day(self, row: Row) -> date | None:
        """Last day on which a step may follow the one before, such as with a certificate that ages.

        Whoever has missed it is tested again, which takes the pause of a missed start.
        """
        before = self.bookings.get(row["after"])
        if before is None or not row["max_lag_days"]:
            return None
        return self.world.base_day(before, row) + timedelta(days=int(row["max_lag_days"]))

    def pass_week(self) -> None:
        """What happens in the week: groups open or not, people come or not, some go no further."""
        starting = [
            (need, slot)
            for need, slot in sorted(self.bookings.items())
            if self.on <= date.fromisoformat(self.world.slots[slot]["start"]) < self.on + WEEK
        ]
        for need, _ in self._close_groups({slot for _, slot in starting}):
            if need in self.bookings:
                self._lose(need, self.on + WEEK)
        for need, slot in starting:
            if need not in self.bookings:
                continue
            if self.world.missed(need, self.attempts[need]):
                self.attempts[need] += 1
                start = date.fromisoformat(self.world.slots[slot]["start"])
                self._lose(need, start + timedelta(days=PAUSE_DAYS))
            elif self.world.ends_after(need):
                self._drop(need)
        self.on += WEEK
        arrived = any(self.on - WEEK < day <= self.on for day in self.world.arrives.values())
        last_days = [self._last_day(self.world.needs[need]) for need in self.open_needs()]
        aged = any(day is not None and self.on - WEEK <= day < self.on for day in last_days)
        self.changed = self.changed or arrived or aged

    def _uses(self, slot: str) -> tuple[str, ...]:
        return self.world.uses[slot]

    def _close_groups(self, slots: set[str]) -> list[tuple[str, str]]:
        """Close the groups among some slots that have too few bookings; who held a seat in one.

        Who could still join later is waited for: modules with a later way in are judged when that begins.
        What has begun runs, also where people stay away.
        """
        load, closed = self._load(self.bookings.values()), set[str]()
        judged_until = (self.on + WEEK).isoformat()
        for slot in sorted(slots):
            short = {c for c in self._short(slot, load) if self.world.open_until[c] < judged_until}
            self.cancelled_groups += bool(short - closed)
            closed |= short
        self.closed |= closed
        self.running.update(*(self._uses(slot) for slot in slots if closed.isdisjoint(self._uses(slot))))
        held = sorted(self.bookings.items()) if closed else []
        return [(need, slot) for need, slot in held if not closed.isdisjoint(self._uses(slot))]

    def ready_to_open(self, slots: Iterable[str]) -> set[str]:
        """Slots whose groups have enough bookings and proposals to open, as far as anybody knows."""
        load = self._load([*self.bookings.values(), *self.proposals.values()])
        return {slot for slot in slots if not self._short(slot, load)}

    def _load(self, held: Iterable[str]) -> Counter[str]:
        """Bookings of each capacity."""
        return Counter(capacity for slot in held for capacity in self._uses(slot))

    def _short(self, slot: str, load: Mapping[str, int]) -> set[str]:
        """Capacities of a slot that have not begun and lack participants."""
        held = self.world.capacities
        return {
            c
            for c in self._uses(slot)
            if c not in self.running and load.get(c, 0) < int(held[c]["min_participants"])
        }

    def _lose(self, need: str, again_on: date) -> None:
        """Take back a booking and all that hangs on it; the step may be begun anew from a day on."""
        self.changed = True
        self.earliest[need] = again_on
        for name in (need, *self.world.followers(need)):
            self.promises_changed += self.bookings.pop(name, None) is not None and name != need
            self.proposals.pop(name, None)

    def _drop(self, need: str) -> None:
        for name in self.world.followers(need):
            self.changed = True
            self.gone.add(name)
            self.bookings.pop(name, None)
            self.proposals.pop(name, None)


Policy = Callable[[Desk], None]


@dataclass(frozen=True)
class Course:
    """What a run has come to (Verlauf).

    Parameters
    ----------
    bookings : mapping of need id to slot id
        What has stood.
    gone : frozenset of str
        Needs that have fallen away.
    promises_changed, cancelled_groups : int
        Announced or booked slots that were changed; groups that did not open.
    """

    bookings: Mapping[str, str]
    gone: frozenset[str]
    promises_changed: int
    cancelled_groups: int


def run_policy(world: World, policy: Policy, told: Callable[[date], None] = lambda day: None) -> Course:
    """Go through a world week by week until the end, or until nobody who counts waits for a step any more."""
    desk = Desk(world, world.today)
    while desk.on < world.end:
        told(desk.on)
        policy(desk)
        desk.pass_week()
        if not any(desk.is_open(need) for need in world.counted_needs):
            break
    return Course(dict(desk.bookings), frozenset(desk.gone), desk.promises_changed, desk.cancelled_groups)
