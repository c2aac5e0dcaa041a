"""The true optimum of a tiny problem, by trying everything; reads tables of text, knows no engine code."""

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.matching.builders import Row, Tables

EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True)
class Optimum:
    """The cheapest feasible plan and its cost in weighted waiting days."""

    cost: float
    plan: dict[str, str | None]


def optimum_of(tables: Tables) -> Optimum:
    """Try every plan that breaks no rule; a branch ends where even free choice could not beat the best."""
    return cheapest(Rules(tables))


def cheapest(rules: "Rules") -> Optimum:
    """The same for rules that a test has changed."""
    return _Enumeration(rules).run()


class _Enumeration:
    def __init__(self, rules: "Rules") -> None:
        self.rules = rules
        self.order = self.rules.needs_in_order()
        self.options = [self.rules.options(need) for need in self.order]
        least = [
            min(self.rules.least_cost(need, slot) for slot in self.rules.options(need)) for need in self.order
        ]
        self.rest = [sum(least[k:]) for k in range(len(least) + 1)]
        self.best = Optimum(math.inf, {})
        self.plan: dict[str, str | None] = {}

    def run(self) -> Optimum:
        self.go(0, 0.0)
        return self.best

    def go(self, depth: int, cost: float) -> None:
        if cost + self.rest[depth] >= self.best.cost:
            return
        if depth == len(self.order):
            if self.rules.minimums_hold(self.plan):
                self.best = Optimum(cost, dict(self.plan))
            return
        need = self.order[depth]
        for slot in self.options[depth]:
            if self.rules.allows(need, slot, self.plan):
                self.plan[need] = slot
                self.go(depth + 1, cost + self.rules.cost(need, slot, self.plan))
                del self.plan[need]


class Rules:
    """FORMAT.md read once more: what is allowed and what it costs."""

    def __init__(self, tables: Tables) -> None:
        self.par: dict[str, Any] = tables["problem"]
        self.capacities = {row["capacity"]: row for row in tables["capacities"]}
        self.slots = {row["slot"]: row for row in tables["slots"]}
        self.people = {row["person"]: row for row in tables["people"]}
        self.needs = {row["need"]: row for row in tables["needs"]}

    def needs_in_order(self) -> list[str]:
        """Predecessors first."""

        def depth(need: str) -> int:
            before = self.needs[need]["after"]
            return 1 + depth(before) if before else 0

        return sorted(self.needs, key=lambda need: (depth(need), need))

    def options(self, need: str) -> list[str | None]:
        """Slots that suit the need and its person, and none; or just the booked one."""
        row = self.needs[need]
        if row["fixed_slot"]:
            return [row["fixed_slot"]]
        suited: list[str | None] = [name for name in self.slots if self._suits(row, self.slots[name])]
        return [*suited, None]

    def _suits(self, need: Row, slot: Row) -> bool:
        person = self.people[need["person"]]
        if slot["online"] == "1":
            reached = person["online"] == "1"
        else:
            reached = self.way_km(need, slot) <= float(person["max_km"])
        return (
            slot["kind"] == need["kind"]
            and words(need["features"]) <= words(slot["features"])
            and words(slot["requires"]) <= words(person["tags"])
            and words(slot["times"]) <= words(person["times"])
            and number(slot["start"]) >= max(number(self.par["today"]), number(need["earliest"]))
            and reached
        )

    def way_km(self, need: Row, slot: Row) -> float:
        person = self.people[need["person"]]
        if slot["online"] == "1":
            return 0.0
        return distance(*(float(row[key]) for row in (person, slot) for key in ("lat", "lon")))

    def base(self, need: Row, plan: dict[str, str | None]) -> int | None:
        """The day from which lags are counted; None without a served predecessor."""
        slot = plan[need["after"]] if need["after"] else None
        if slot is None:
            return None
        row = self.slots[slot]
        return number(row["start"]) if need["relation"] == "start" else number(row["end"]) + 1

    def ready(self, need: Row, plan: dict[str, str | None]) -> int:
        base = self.base(need, plan)
        earliest = number(need["earliest"])
        return earliest if base is None else max(earliest, base + int(need["lag_days"]))

    def allows(self, name: str, slot: str | None, plan: dict[str, str | None]) -> bool:
        """May the need take this slot beside the bookings of ``plan``?"""
        need = self.needs[name]
        if slot is None:
            return True
        fixed = bool(need["fixed_slot"])
        if not fixed and need["after"]:
            base, start = self.base(need, plan), number(self.slots[slot]["start"])
            if base is None or start < self.ready(need, plan):
                return False
            if need["max_lag_days"] and start > base + int(need["max_lag_days"]):
                return False
        return self._seats_left(name, slot, plan) and not any(
            other and self.group(self.needs[n]) == self.group(need) and self.meet(slot, other)
            for n, other in self._others(plan, name)
            if not (fixed and self.needs[n]["fixed_slot"])
        )

    def _others(self, plan: dict[str, str | None], name: str) -> list[tuple[str, str | None]]:
        """The bookings of ``plan`` and the fixed ones that it does not hold yet."""
        coming = {n: row["fixed_slot"] or None for n, row in self.needs.items() if n not in plan}
        return [(n, s) for n, s in (plan | coming).items() if n != name]

    def _seats_left(self, name: str, slot: str, plan: dict[str, str | None]) -> bool:
        others = self._others(plan, name)
        for use in words(self.slots[slot]["uses"]):
            taken = sum(1 for _, s in others if s and use in words(self.slots[s]["uses"]))
            if taken >= int(self.capacities[use]["seats"]):
                return False
        return True

    @staticmethod
    def group(need: Row) -> tuple[bool, str]:
        return (True, need["exclusive"]) if need["exclusive"] else (False, need["person"])

    def meet(self, one: str, other: str) -> bool:
        """Do two slots overlap in dates and in a weekly half-day?"""
        a, b = self.slots[one], self.slots[other]
        days = number(a["start"]) <= number(b["end"]) and number(b["start"]) <= number(a["end"])
        return days and bool(words(a["times"]) & words(b["times"]))

    def minimums_hold(self, plan: dict[str, str | None]) -> bool:
        for use, row in self.capacities.items():
            held = [n for n, s in plan.items() if s and use in words(self.slots[s]["uses"])]
            runs = any(self.needs[n]["fixed_slot"] for n in held)
            if held and not runs and len(held) < int(row["min_participants"]):
                return False
        return True

    def cost(self, name: str, slot: str | None, plan: dict[str, str | None]) -> float:
        """What one need costs, its predecessor's slot standing in ``plan``."""
        need = self.needs[name]
        return self._days(need, slot, self.ready(need, plan)) * float(need["weight"])

    def least_cost(self, name: str, slot: str | None) -> float:
        """A cost of this booking that no predecessor can undercut."""
        need = self.needs[name]
        ready = 10**9 if slot and need["after"] else number(need["earliest"])
        return self._days(need, slot, ready) * float(need["weight"])

    def _days(self, need: Row, slot: str | None, ready: int) -> float:
        par, days = self.par, 0.0
        if slot is None:
            start, ready = number(par["horizon_end"]), number(need["earliest"])
            days = par["unserved_penalty"]
        else:
            start = number(self.slots[slot]["start"])
            days = par["km_factor"] * self.way_km(need, self.slots[slot])
        wait = max(0, start - ready)
        days += wait + par["long_wait_factor"] * max(0, wait - par["long_wait_days"])
        if need["target"]:
            days += par["overdue_factor"] * max(0, start - number(need["target"]))
        if need["proposed_slot"] and slot != need["proposed_slot"]:
            days += par["change_penalty"]
        return days


def words(cell: str) -> frozenset[str]:
    return frozenset(cell.split(";")) - {""}


def number(iso: str) -> int:
    return date.fromisoformat(iso).toordinal()


def distance(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """Great circle by the angle between unit vectors, in km: another formula than the engine's."""
    a, b = _vector(lat, lon), _vector(to_lat, to_lon)
    chord = math.dist(a, b)
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, chord / 2))


def _vector(lat: float, lon: float) -> tuple[float, float, float]:
    p, q = math.radians(lat), math.radians(lon)
    return math.cos(p) * math.cos(q), math.cos(p) * math.sin(q), math.sin(p)
