"""What stands between a need and the slots of its kind, given a plan (Passung), one rule after the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

import matching
from matching.problem import AFTER_START

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
EARTH_RADIUS_KM = 6371.0088
FIT_RULES = ("nothing-in-reach", "eligibility", "childcare", "accessibility", "half-day", "no-date")
ROOM_RULES = ("full", "group-not-reached", "together")
REASONS = ("predecessor", *FIT_RULES, *ROOM_RULES)
"""Why a need has no slot, or none in time, in the order in which it is asked."""
CHILDCARE = "childcare"


@dataclass(frozen=True)
class Fit:
    """A problem and its plan, laid out for questions about single needs.

    Parameters
    ----------
    chosen : array of int
        Slot row of each need row, -1 = none.
    """

    problem: matching.Problem
    chosen: Ints

    @classmethod
    def of(cls, problem: matching.Problem, plan: matching.Plan) -> Fit:
        """Lay out a problem and a feasible plan."""
        return cls(problem, problem.rows(plan).astype(np.int64))

    @cached_property
    def within(self) -> Flags:
        """Whether each list of words (rows) is part of each other one (columns)."""
        sets = self.problem.sets
        return np.array([[a <= b for b in sets] for a in sets], np.bool_).reshape(len(sets), len(sets))

    @cached_property
    def cares(self) -> Flags:
        """Whether each list of words names childcare."""
        return np.array([CHILDCARE in words for words in self.problem.sets], np.bool_)

    @cached_property
    def load(self) -> Ints:
        """Bookings of each capacity."""
        slots = self.problem.slots
        booked = np.bincount(self.chosen[self.chosen >= 0], minlength=len(slots.ids))
        return np.bincount(
            slots.uses, np.repeat(booked, np.diff(slots.use_ptr)), minlength=len(self.problem.capacities.ids)
        ).astype(np.int64)

    @cached_property
    def left(self) -> Ints:
        """Free seats of each slot once the plan is carried out: the fewest of its capacities."""
        return self._least(self.problem.capacities.seats - self.load)

    @cached_property
    def runs(self) -> Flags:
        """Slots of which every group runs or has no minimum."""
        held = self.problem.capacities
        return self._least(((self.load >= held.minimum) | (held.minimum == 0)).astype(np.int64)) > 0

    def _least(self, of: NDArray[Any]) -> Ints:
        slots = self.problem.slots
        if not len(slots.ids):
            return np.zeros(0, np.int64)
        return np.asarray(np.minimum.reduceat(of[slots.uses], slots.use_ptr[:-1]), np.int64)

    @cached_property
    def slots_of_kind(self) -> list[Ints]:
        """Slot rows of each kind."""
        order = np.argsort(self.problem.slots.kind, kind="stable")
        ends = np.cumsum(np.bincount(self.problem.slots.kind, minlength=len(self.problem.kinds)))
        return [np.asarray(rows, np.int64) for rows in np.split(order, ends[:-1])] if len(ends) else []

    def window(self, need: int) -> tuple[int, int | None] | None:
        """First and last day on which a need can start; None where its predecessor has no slot."""
        needs, slots = self.problem.needs, self.problem.slots
        before, earliest = int(needs.after[need]), int(needs.earliest[need])
        if before < 0:
            return earliest, None
        slot = int(self.chosen[before])
        if slot < 0:
            return None
        from_start = needs.relation[need] == AFTER_START
        base = int(slots.start[slot]) if from_start else int(slots.end[slot]) + 1
        latest = base + int(needs.max_lag_days[need]) if needs.max_lag_days[need] >= 0 else None
        return max(earliest, base + int(needs.lag_days[need])), latest

    def ways_km(self, person: int, slots: Ints) -> NDArray[np.float64]:
        """Ways from a home to some slots, km; 0 online."""
        people, of = self.problem.people, self.problem.slots
        lat, lon = np.radians(people.lat[person]), np.radians(people.lon[person])
        to_lat, to_lon = np.radians(of.lat[slots]), np.radians(of.lon[slots])
        chord = np.sin((to_lat - lat) / 2) ** 2
        chord = chord + np.cos(lat) * np.cos(to_lat) * np.sin((to_lon - lon) / 2) ** 2
        km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, chord)))
        return np.where(of.online[slots], 0.0, km)

    def suits(self, need: int, slots: Ints) -> dict[str, Flags]:
        """For each rule about person and slot whether it holds; dates and seats are left aside."""
        problem, of = self.problem, self.problem.slots
        person = int(problem.needs.person[need])
        people, wanted = problem.people, int(problem.needs.features[need])
        offers = self.within[wanted, of.features[slots]]
        near = self.ways_km(person, slots) <= people.max_km[person] + 1e-6
        lacks_care = bool(self.cares[wanted])
        return {
            "nothing-in-reach": np.where(of.online[slots], people.online[person], near).astype(np.bool_),
            "eligibility": self.within[of.requires[slots], people.tags[person]],
            "childcare": offers | (not lacks_care) | self.cares[of.features[slots]],
            "accessibility": offers,
            "half-day": self.within[of.times[slots], people.times[person]],
        }

    def reason(self, need: int, until: int | None = None) -> str:
        """Why a need has no slot, or none that starts by a day: the rule at which the last slot falls out."""
        window = self.window(need)
        if window is None:
            return "predecessor"
        slots = self.slots_of_kind[int(self.problem.needs.kind[need])]
        start = self.problem.slots.start[slots]
        ready = max(window[0], self.problem.parameters.today.toordinal())
        latest = min((day for day in (window[1], until) if day is not None), default=None)
        rules = {
            **self.suits(need, slots),
            "no-date": (start >= ready) & ((start <= latest) if latest is not None else True),
            "full": self.left[slots] > 0,
            "group-not-reached": self.runs[slots],
        }
        open_ones = np.ones(len(slots), np.bool_)
        for rule, holds in rules.items():
            open_ones = open_ones & holds
            if not open_ones.any():
                return rule
        return "together"
