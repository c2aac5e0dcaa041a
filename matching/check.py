"""Is this plan allowed, and what does it cost? (Prüfung eines Plans) Without any solver code.

It reads the rules of ``docs/model.md`` a second time, in plain Python, so that a mistake of the engine
cannot hide: nothing of the candidates, the pricing or the search is used here.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matching.problem import AFTER_START, Plan, Problem

RADIUS_KM = 6371.0088


@dataclass(frozen=True)
class Check:
    """What a check has found.

    Parameters
    ----------
    violations : mapping of str to list of str
        Violated rule (English words) -> the needs, capacities or pairs concerned; empty if feasible.
    cost : float
        Weighted waiting days; NaN where needs or slots are unknown or missing.
    waiting_days : mapping of str to int
        Need -> days from its ready day to its start, for served needs without a fixed slot.
    unserved : list of str
        Needs without a slot.
    """

    violations: Mapping[str, list[str]]
    cost: float
    waiting_days: Mapping[str, int]
    unserved: list[str]

    @property
    def feasible(self) -> bool:
        """True where no rule is violated."""
        return not self.violations


def travel_km(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """Great-circle distance in km between two points in degrees (haversine, R = 6371.0088 km)."""
    p, q = math.radians(lat), math.radians(to_lat)
    h = math.sin((q - p) / 2) ** 2
    h += math.cos(p) * math.cos(q) * math.sin(math.radians(to_lon - lon) / 2) ** 2
    return 2 * RADIUS_KM * math.asin(min(1.0, math.sqrt(h)))


def check(problem: Problem, plan: Plan) -> Check:
    """Check every rule and price the plan."""
    return _Checker(problem, plan).check()


def _in_lists(table: Any) -> Any:
    """The same columns as lists: numbers are looked up one by one here, which arrays are slow at."""
    return table._replace(**{k: v.tolist() for k, v in table._asdict().items() if not isinstance(v, list)})


class _Checker:
    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.needs, self.slots = _in_lists(problem.needs), _in_lists(problem.slots)
        self.people = _in_lists(problem.people)
        self.bad: dict[str, list[str]] = defaultdict(list)
        self.cost = 0.0
        self.waiting_days: dict[str, int] = {}
        self.unserved: list[str] = []

    def check(self) -> Check:
        needs, slots = self.needs, self.slots
        known_slots, known_needs = set(slots.ids), set(needs.ids)
        self.bad["need missing from the plan"] += [n for n in needs.ids if n not in self.plan]
        self.bad["unknown need"] += [n for n in self.plan if n not in known_needs]
        self.bad["unknown slot"] += [f"{n}->{s}" for n, s in self.plan.items() if s and s not in known_slots]
        if not any(self.bad.values()):
            self.chosen = self.problem.rows(self.plan).tolist()
            for need, slot in enumerate(self.chosen):
                self._need(need, slot)
            self._capacities()
            self._groups()
        else:
            self.cost = math.nan
        violations = {rule: found for rule, found in self.bad.items() if found}
        return Check(violations, self.cost, self.waiting_days, self.unserved)

    def _need(self, need: int, slot: int) -> None:
        needs, p = self.needs, self.problem.parameters
        if needs.fixed[need] >= 0 and slot != needs.fixed[need]:
            self.bad["fixed slot not kept"].append(needs.ids[need])
        if slot < 0:
            self.unserved.append(needs.ids[need])
            days = p.unserved_penalty + self._delay(need, p.horizon_end.toordinal(), needs.earliest[need])
        else:
            ready, latest, blocked = self._window(need)
            way = self._way(need, slot)
            start = self.slots.start[slot]
            if slot != needs.fixed[need]:
                self._rules(need, slot, ready, latest, blocked, way)
                self.waiting_days[needs.ids[need]] = start - ready
            days = self._delay(need, start, ready) + p.km_factor * way
        if needs.proposed[need] != -1 and slot != needs.proposed[need]:
            days += p.change_penalty
        self.cost += needs.weight[need] * days

    def _delay(self, need: int, start: int, ready: int) -> float:
        """Waiting and overdue days of a start, before weighting."""
        p, target = self.problem.parameters, self.needs.target[need]
        late = max(0, start - target) if target else 0
        return p.waiting_cost(max(0, start - ready)) + p.overdue_factor * late

    def _window(self, need: int) -> tuple[int, int | None, bool]:
        """Ready day, latest day, and whether the predecessor is not served."""
        needs, slots = self.needs, self.slots
        ready, before = needs.earliest[need], needs.after[need]
        if before < 0:
            return ready, None, False
        slot = self.chosen[before]
        if slot < 0:
            return ready, None, True
        starts = needs.relation[need] == AFTER_START
        base = slots.start[slot] if starts else slots.end[slot] + 1
        latest = base + needs.max_lag_days[need] if needs.max_lag_days[need] >= 0 else None
        return max(ready, base + needs.lag_days[need]), latest, False

    def _way(self, need: int, slot: int) -> float:
        slots, people, person = self.slots, self.people, self.needs.person[need]
        if slots.online[slot]:
            return 0.0
        return travel_km(people.lat[person], people.lon[person], slots.lat[slot], slots.lon[slot])

    def _rules(self, need: int, slot: int, ready: int, latest: int | None, blocked: bool, way: float) -> None:
        needs, slots, people, sets = self.needs, self.slots, self.people, self.problem.sets
        person, start = needs.person[need], slots.start[slot]
        broken = {
            "served before its predecessor": blocked,
            "wrong kind": slots.kind[slot] != needs.kind[need],
            "feature missing": not sets[needs.features[need]] <= sets[slots.features[slot]],
            "tag missing": not sets[slots.requires[slot]] <= sets[people.tags[person]],
            "half-day not available": not sets[slots.times[slot]] <= sets[people.times[person]],
            "starts too early": start < max(self.problem.parameters.today.toordinal(), ready),
            "starts too late after its predecessor": latest is not None and start > latest,
            "cannot attend online": slots.online[slot] and not people.online[person],
            "too far": not slots.online[slot] and way > people.max_km[person] + 1e-6,
        }
        for rule, violated in broken.items():
            if violated:
                self.bad[rule].append(needs.ids[need])

    def _capacities(self) -> None:
        capacities, needs, slots = self.problem.capacities, self.needs, self.slots
        used: dict[int, int] = defaultdict(int)
        for slot, bookings in Counter(slot for slot in self.chosen if slot >= 0).items():
            for capacity in slots.uses[slots.use_ptr[slot] : slots.use_ptr[slot + 1]]:
                used[capacity] += bookings
        running = {
            capacity
            for fixed, slot in zip(needs.fixed, self.chosen, strict=True)
            if fixed >= 0 and slot >= 0
            for capacity in slots.uses[slots.use_ptr[slot] : slots.use_ptr[slot + 1]]
        }
        for capacity, count in used.items():
            name, seats = capacities.ids[capacity], int(capacities.seats[capacity])
            minimum = int(capacities.minimum[capacity])
            if count > seats:
                self.bad["more bookings than seats"].append(f"{name} ({count} > {seats})")
            if count < minimum and capacity not in running:
                self.bad["below the minimum"].append(f"{name} ({count} < {minimum})")

    def _groups(self) -> None:
        """No two bookings of one exclusive group overlap in dates and in a half-day."""
        needs, slots, sets = self.needs, self.slots, self.problem.sets
        held: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
        for need, slot in enumerate(self.chosen):
            if slot >= 0:
                held[needs.group[need]].append((slots.start[slot], slots.end[slot], need, slot))
        for bookings in held.values():
            bookings.sort()
            for k, (_, end, need, slot) in enumerate(bookings):
                for start, _, other, other_slot in bookings[k + 1 :]:
                    if start > end:
                        break
                    if needs.fixed[need] >= 0 and needs.fixed[other] >= 0:
                        continue
                    if sets[slots.times[slot]] & sets[slots.times[other_slot]]:
                        self.bad["overlap in one group"].append(f"{needs.ids[need]} / {needs.ids[other]}")
