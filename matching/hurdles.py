"""What stands between a need and each slot of its kind (Hürden): every rule that excludes it, in order."""

import math
from typing import Any

import numpy as np
from numba import njit

from matching.distance import distance_km
from matching.problem import AFTER_START, Flags, Floats, Ints, Problem
from matching.rules import RULES
from matching.trials import Desk


class Window:
    """The days on which a need could start, given its predecessor's booking.

    Parameters
    ----------
    ready, latest : int
        First day; last day or None.
    base : int
        Day from which the lags are counted; the ready day without a predecessor's booking.
    blocked : bool
        True where the predecessor has no slot.
    """

    def __init__(self, desk: Desk, i: int) -> None:
        c, before = desk.c, int(desk.c.after[i])
        self.ready, self.blocked = int(c.earliest[i]), False
        self.latest: int | None = None
        self.base = self.ready
        if before < 0:
            return
        pair = int(desk.planned[before])
        if pair < 0:
            self.blocked = True
            return
        self.base = int(c.start[pair]) if c.relation[i] == AFTER_START else int(c.end[pair]) + 1
        self.ready = max(self.ready, self.base + int(c.lag[i]))
        if c.max_lag[i] >= 0:
            self.latest = self.base + int(c.max_lag[i])


class Hurdles:
    """The rules that exclude each slot of a need's kind.

    ``slots`` are rows of the household's problem, by start; ``broken[rule]`` says for each whether the rule
    excludes it. Whether others depend on the present booking is only known when every slot has been tried:
    that column is filled in later.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk, self.problem = desk, desk.household.problem
        self.row, self.i = desk.household.need, desk.need
        self.person = int(self.problem.needs.person[self.row])
        self.window = Window(desk, self.i)
        self.slots = self._slots()
        self.km = _ways(self.problem, self.person, self.slots)
        self.broken: dict[str, Flags] = {**self._unsuitable(), **self._out_of_time(), **self._no_room()}
        self.broken["others-depend"] = np.zeros(len(self.slots), np.bool_)

    def _slots(self) -> Ints:
        slots = self.problem.slots
        if self.desk.c.fixed[self.i]:
            return np.array([self.problem.needs.fixed[self.row]], np.int32)
        of_kind = np.flatnonzero(slots.kind == self.problem.needs.kind[self.row])
        return of_kind[np.lexsort((of_kind, slots.start[of_kind]))].astype(np.int32)

    def settle(self, tried_well: Flags) -> None:
        """Take the outcome of the trials: what no rule excludes and still cannot be had, others depend on.

        A group is reached after all where the household's own later steps fill it.
        """
        self.broken["group-not-reached"] &= ~tried_well
        fine = ~np.any([self.broken[rule] for rule in RULES], axis=0)
        self.broken["others-depend"] = fine & ~tried_well

    def way_km(self, slot: int) -> float:
        """Way to a slot of the kind, km."""
        return float(self.km[np.flatnonzero(self.slots == slot)[0]])

    def first(self) -> list[str | None]:
        """First rule that excludes each slot, None where it can be had."""
        if not len(self.slots):
            return []
        table = np.array([*(self.broken[rule] for rule in RULES), np.ones(len(self.slots), np.bool_)])
        return [(*RULES, None)[k] for k in table.argmax(0).tolist()]

    def all_of(self, place: int) -> list[str]:
        """Every rule that excludes the slot at this place of ``slots``."""
        return [rule for rule in RULES if self.broken[rule][place]]

    def _unsuitable(self) -> dict[str, Flags]:
        needs, slots, people = self.problem.needs, self.problem.slots, self.problem.people
        online = slots.online[self.slots]
        wanted, tags, times = (
            self.problem.sets[number]
            for number in (needs.features[self.row], people.tags[self.person], people.times[self.person])
        )
        return {
            "features": self._per_set(slots.features, lambda held: not wanted <= held),
            "requires": self._per_set(slots.requires, lambda asked: not asked <= tags),
            "half-day": self._per_set(slots.times, lambda taken: not taken <= times),
            "online": online & (not people.online[self.person]),
            "distance": ~online & (self.km > people.max_km[self.person] + 1e-6),
        }

    def _per_set(self, column: Ints, broken: Any) -> Flags:
        """Ask once for every distinct list of words."""
        distinct, of = np.unique(column[self.slots], return_inverse=True)
        return np.array([broken(self.problem.sets[number]) for number in distinct], np.bool_)[of]

    def _out_of_time(self) -> dict[str, Flags]:
        start, window = self.problem.slots.start[self.slots], self.window
        never = np.zeros(len(start), np.bool_)
        return {
            "past": start < self.desk.c.today,
            "predecessor": never | window.blocked,
            "too-early": never if window.blocked else start < window.ready,
            "too-late": never if window.latest is None else start > window.latest,
        }

    def _no_room(self) -> dict[str, Flags]:
        desk = self.desk
        taken, closed = desk.left <= 0, desk.closed
        return {
            "full": self._any_use(taken),
            "group-closed": self._any_use(closed),
            "group-not-reached": self._any_use((desk.missing > 1) & ~taken & ~closed),
            "overlap": desk.clashes(self.i, self.slots),
        }

    def _any_use(self, bad: Flags) -> Flags:
        return np.asarray(~self.desk.all_uses(~bad)[self.slots])

    def values(self, place: int, rule: str) -> dict[str, Any]:
        """What the text of a rule quotes for the slot at this place of ``slots``."""
        slot = int(self.slots[place])
        start, people = int(self.problem.slots.start[slot]), self.problem.people
        match rule:
            case "features" | "requires" | "half-day":
                return {"missing": ", ".join(sorted(self.lacking(slot)[rule]))}
            case "distance":
                # Rounded up: 16.3 of 16 km would read as 16 of 16.
                return {"km": f"{math.ceil(self.km[place])}", "max_km": f"{people.max_km[self.person]:g}"}
            case "too-early":
                return {"days": self.window.ready - start}
            case "too-late":
                return {"days": start - (self.window.latest or start)}
            case "group-not-reached":
                return {"missing": int(np.max(self.desk.missing[self.desk.uses(slot)])) - 1}
            case "others-depend":
                return {"others": self._dependants()}
        return {}

    def lacking(self, slot: int) -> dict[str, frozenset[str]]:
        """Words that slot or person lack, by rule."""
        needs, slots, people, sets = (
            self.problem.needs,
            self.problem.slots,
            self.problem.people,
            self.problem.sets,
        )
        return {
            "features": sets[needs.features[self.row]] - sets[slots.features[slot]],
            "requires": sets[slots.requires[slot]] - sets[people.tags[self.person]],
            "half-day": sets[slots.times[slot]] - sets[people.times[self.person]],
        }

    def _dependants(self) -> int:
        """Bookings of others in the largest group that would be too small without this household."""
        waited = self.desk.waited_for
        return int(np.max((self.desk.household.others + self.desk.load)[waited], initial=0))


def _ways(problem: Problem, person: int, slots: Ints) -> Floats:
    people, of = problem.people, problem.slots
    lat, lon = float(people.lat[person]), float(people.lon[person])
    return np.asarray(_distances(lat, lon, of.lat[slots], of.lon[slots], of.online[slots]))


@njit(cache=True)
def _distances(  # pragma: no cover - compiled
    lat: float, lon: float, to_lat: Floats, to_lon: Floats, online: Flags
) -> Floats:
    """Ways in km, 0 online."""
    km = np.zeros(len(to_lat))
    for k in range(len(to_lat)):
        if not online[k]:
            km[k] = distance_km(lat, lon, to_lat[k], to_lon[k])
    return km
