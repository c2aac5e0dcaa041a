"""What has changed from one plan to the next, and why (Planänderungen).

For every need that gets another slot, a slot for the first time, or none any more, the first cause that
holds, looked for in the new plan: could it have kept its old slot while all others do what they now do?
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from matching.causes import cause_text
from matching.check import travel_km
from matching.pricing import Longs
from matching.problem import AFTER_START, NONE, Plan, Problem
from matching.revisions import DECLINED

UNKNOWN = -2  # a slot that the problem does not have

Cause = tuple[str, dict[str, Any]]


class ChangeKind(StrEnum):
    """What has become of a booking."""

    NEW = "new"
    MOVED = "moved"
    LOST = "lost"


@dataclass(frozen=True)
class Change:
    """One need whose slot has changed.

    Parameters
    ----------
    old_slot, new_slot : str or None
        None = no slot.
    days_later : int or None
        Days by which it starts later than before (negative: sooner), where both slots exist.
    cause : str
        One of ``causes.CAUSES``.
    values : mapping
        What the text of the cause quotes: needs and capacities by id.
    """

    need: str
    person: str
    kind: ChangeKind
    old_slot: str | None
    new_slot: str | None
    days_later: int | None
    cause: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self, lang: str = "en") -> str:
        """The cause in words, in English (``en``) or German (``de``)."""
        return cause_text(self.cause, lang, self.values)


def difference(problem: Problem, old: Plan, new: Plan) -> list[Change]:
    """Every need whose slot has changed, in the order of their ids, with the cause.

    Parameters
    ----------
    problem : Problem
        The present problem; ``new`` is a feasible plan of it.
    old : mapping of need id to slot id or None
        An earlier plan. Needs that the problem does not have are left out.
    """
    return _Comparison(problem, old, new).changes()


def _plain(code: str) -> Cause:
    return code, {}


class _Comparison:
    def __init__(self, problem: Problem, old: Plan, new: Plan) -> None:
        self.problem, self.old_plan, self.new_plan = problem, old, new
        slot_row = problem.slot_row
        self.old = np.array(
            [NONE if (s := old.get(n)) is None else slot_row.get(s, UNKNOWN) for n in problem.needs.ids],
            np.int64,
        )
        self.new = problem.rows(new).astype(np.int64)
        self.old_load, self.new_load = self._loads(self.old), self._loads(self.new)
        self.runs = np.zeros(len(problem.capacities.ids), np.bool_)
        for slot in problem.needs.fixed[problem.needs.fixed >= 0].tolist():
            self.runs[problem.uses_of(slot)] = True
        self.after_of: dict[int, list[int]] = {}
        for i in np.flatnonzero(problem.needs.after >= 0).tolist():
            self.after_of.setdefault(int(problem.needs.after[i]), []).append(i)
        order = np.argsort(problem.needs.group, kind="stable")
        bounds = np.flatnonzero(np.diff(problem.needs.group[order])) + 1
        self.members = {
            int(problem.needs.group[part[0]]): part for part in np.split(order, bounds) if len(part)
        }

    def _loads(self, rows: Longs) -> Longs:
        """Bookings of each capacity, fixed ones included."""
        slots = self.problem.slots
        count = np.bincount(rows[rows >= 0], minlength=len(slots.ids))
        return np.bincount(
            slots.uses, np.repeat(count, np.diff(slots.use_ptr)), minlength=len(self.problem.capacities.ids)
        ).astype(np.int64)

    def changes(self) -> list[Change]:
        return [self._change(i) for i in np.flatnonzero(self.old != self.new).tolist()]

    def _change(self, i: int) -> Change:
        needs, start = self.problem.needs, self.problem.slots.start
        old, new = int(self.old[i]), int(self.new[i])
        kind = ChangeKind.NEW if old == NONE else ChangeKind.MOVED if new >= 0 else ChangeKind.LOST
        if needs.fixed[i] >= 0:
            cause, values = _plain("booked")
        elif old == NONE:
            cause, values = self._why_new(i, new)
        else:
            cause, values = self._why_left(i, old) or self._why_better(i, old, new)
        name = needs.ids[i]
        return Change(
            name,
            self.problem.people.ids[int(needs.person[i])],
            kind,
            self.old_plan.get(name),
            self.new_plan[name],
            int(start[new]) - int(start[old]) if old >= 0 and new >= 0 else None,
            cause,
            values,
        )

    def _why_left(self, i: int, old: int) -> Cause | None:
        """Why need i could not have kept its old slot while all others hold their new ones."""
        if old == UNKNOWN:
            return _plain("slot-gone")
        return self._rule(i, old) or self._chain(i, old) or self._overlap(i, old) or self._room(i, old)

    def _rule(self, i: int, slot: int) -> Cause | None:
        """The rule that the old slot now breaks, everybody else left aside."""
        needs, slots, people = self.problem.needs, self.problem.slots, self.problem.people
        sets, person = self.problem.sets, int(needs.person[i])
        refused = sets[slots.requires[slot]] - sets[people.tags[person]]
        if refused and all(tag.startswith(DECLINED) for tag in refused):
            return _plain("declined")
        lacking = {
            "features": sets[needs.features[i]] - sets[slots.features[slot]],
            "requires": refused,
            "half-day": sets[slots.times[slot]] - sets[people.times[person]],
        }
        for rule, missing in lacking.items():
            if missing:
                return "excluded", {"rule": rule, "missing": ", ".join(sorted(missing))}
        if slots.online[slot] and not people.online[person]:
            return "excluded", {"rule": "online"}
        km, limit = self._km(i, slot), float(people.max_km[person])
        if km > limit + 1e-6:
            return "excluded", {"rule": "distance", "km": f"{km:.0f}", "max_km": f"{limit:g}"}
        start, earliest = int(slots.start[slot]), int(needs.earliest[i])
        if start < self.problem.parameters.today.toordinal():
            return "excluded", {"rule": "past"}
        if start < earliest:
            return "excluded", {"rule": "too-early", "days": earliest - start}
        return None

    def _km(self, i: int, slot: int) -> float:
        slots, people, person = self.problem.slots, self.problem.people, int(self.problem.needs.person[i])
        if slots.online[slot]:
            return 0.0
        lat, lon = float(people.lat[person]), float(people.lon[person])
        return travel_km(lat, lon, float(slots.lat[slot]), float(slots.lon[slot]))

    def _chain(self, i: int, slot: int) -> Cause | None:
        needs, slots = self.problem.needs, self.problem.slots
        before = int(needs.after[i])
        if before < 0:
            return None
        held = int(self.new[before])
        if held < 0:
            return "follows-lost", {"need": needs.ids[before]}
        base = int(slots.start[held]) if needs.relation[i] == AFTER_START else int(slots.end[held]) + 1
        start = int(slots.start[slot])
        late = needs.max_lag_days[i] >= 0 and start > base + int(needs.max_lag_days[i])
        if start < base + int(needs.lag_days[i]) or late:
            return "follows", {"need": needs.ids[before]}
        return None

    def _overlap(self, i: int, slot: int) -> Cause | None:
        needs, slots, sets = self.problem.needs, self.problem.slots, self.problem.sets
        for j in self.members[int(needs.group[i])].tolist():
            other = int(self.new[j])
            if j == i or other < 0:
                continue
            meets = slots.start[other] <= slots.end[slot] and slots.start[slot] <= slots.end[other]
            if meets and sets[slots.times[slot]] & sets[slots.times[other]]:
                return "overlap", {"need": needs.ids[j]}
        return None

    def _room(self, i: int, slot: int) -> Cause | None:
        """Who holds the seats now, or which group does not run; need i itself left aside."""
        capacities, own = self.problem.capacities, np.zeros(0, np.int32)
        if self.new[i] >= 0:
            own = self.problem.uses_of(int(self.new[i]))
        others = {u: int(self.new_load[u]) - int(u in own) for u in self.problem.uses_of(slot).tolist()}
        for u, load in others.items():
            seats = int(capacities.seats[u])
            if load >= seats:
                came = self._holders(u, self.new, self.old)
                if came is not None and self.old_load[u] <= seats:
                    return "made-room", {"need": came}
                return "cancelled", {"capacity": capacities.ids[u], "seats": seats}
        for u, load in others.items():
            if not self.runs[u] and load + 1 < capacities.minimum[u]:
                return "group-closed", {"capacity": capacities.ids[u]}
        return None

    def _holders(self, u: int, here: Longs, not_there: Longs) -> str | None:
        """A need that holds a seat of capacity u here and not there; new ones first, then by id."""
        slots = self.problem.slots
        using = np.searchsorted(slots.use_ptr, np.flatnonzero(slots.uses == u), side="right") - 1
        came = np.flatnonzero(np.isin(here, using) & ~np.isin(not_there, using))
        if not came.size:
            return None
        first = came[np.lexsort((came, not_there[came] >= 0))[0]]
        return self.problem.needs.ids[int(first)]

    def _why_better(self, i: int, old: int, new: int) -> Cause:
        """What is gained by leaving an old slot that could have been kept."""
        slots = self.problem.slots
        if new < 0:
            return _plain("together")
        sooner = int(slots.start[old]) - int(slots.start[new])
        if sooner > 0:
            return "sooner", {"days": sooner}
        filled = self._just_filled(new)
        if filled is not None:
            return "group-filled", {"capacity": filled}
        for j in self._later(i):
            was, now = int(self.old[j]), int(self.new[j])
            if was == NONE and now >= 0:
                return "later-served", {"need": self.problem.needs.ids[j]}
            if was >= 0 and now >= 0 and slots.start[now] < slots.start[was]:
                days = int(slots.start[was]) - int(slots.start[now])
                return "later-steps", {"need": self.problem.needs.ids[j], "days": days}
        nearer = self._km(i, old) - self._km(i, new)
        return ("nearer", {"km": f"{nearer:.1f}"}) if nearer >= 0.05 else _plain("together")

    def _later(self, i: int) -> Iterator[int]:
        """All steps after need i, near ones first."""
        waiting = list(self.after_of.get(i, ()))
        while waiting:
            j = waiting.pop(0)
            yield j
            waiting += self.after_of.get(j, ())

    def _just_filled(self, slot: int) -> str | None:
        """A group of the slot that would be short without this booking."""
        for u in self.problem.uses_of(slot).tolist():
            minimum = int(self.problem.capacities.minimum[u])
            if not self.runs[u] and minimum > 1 and self.new_load[u] == minimum:
                return self.problem.capacities.ids[u]
        return None

    def _why_new(self, i: int, new: int) -> Cause:
        needs, capacities = self.problem.needs, self.problem.capacities
        if needs.ids[i] not in self.old_plan:
            return _plain("new-need")
        before = int(needs.after[i])
        if before >= 0 and self.old[before] < 0:
            return "predecessor-served", {"need": needs.ids[before]}
        for u in self.problem.uses_of(new).tolist():
            if self.old_load[u] >= capacities.seats[u]:
                left = self._holders(u, self.old, self.new)
                if left is not None:
                    return "seat-free", {"need": left}
            if self.old_load[u] == 0 and capacities.minimum[u] > 1 and not self.runs[u]:
                return "group-opened", {"capacity": capacities.ids[u]}
        return _plain("seat-found")
