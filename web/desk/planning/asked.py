"""Was gefragt ist: what the forms of what-if and simulation ask for, read with care."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import g, request

from workflows.acting import Desk
from workflows.planning_room.office import open_groups
from workflows.planning_room.scenario import DO, MOST_ARRIVALS, MOST_DAYS, MOST_SEATS, NUMBERS
from workflows.planning_room.simulated import (
    CHOSEN_POLICIES,
    FEWEST_PEOPLE,
    MOST_PEOPLE,
    MOST_SEEDS,
    USUAL_PEOPLE,
    WEEKS,
    arrivals_of_last_year,
)

PARTS = ("am", "pm", "ev")
KEEP = "keep"
CHANGES = (*DO, KEEP)
ABOUT_EVERYBODY = ("minimum_change", "arrivals", "long_wait_days")
"""Registrations more that every group needs, more people in percent, and a rule of the problem."""
FIELDS = ("do", "group", "seats", "shift_days", "part", "minimum", *ABOUT_EVERYBODY)


NONE_AT_ZERO = ("shift_days", "minimum_change", "arrivals")


@dataclass(frozen=True)
class Asked:
    """Die Änderung, as it was typed.

    Parameters
    ----------
    faults : dict of str to str
        Field -> key of what is wrong with it.
    """

    do: str = DO[0]
    group: str = ""
    seats: str = ""
    shift_days: str = ""
    part: str = ""
    minimum: str = ""
    minimum_change: str = ""
    arrivals: str = ""
    long_wait_days: str = ""
    faults: dict[str, str] = field(default_factory=dict)

    def wanted(self) -> dict[str, Any]:
        """Return the change that is asked for, as a reckoning takes it; only where nothing is wrong."""
        return {
            "do": self.do,
            "group": self.group,
            "seats": int(self.seats) if self.seats else None,
            "shift_days": int(self.shift_days or 0),
            "part": self.part,
            "minimum": int(self.minimum) if self.minimum else None,
            "minimum_change": int(self.minimum_change or 0),
            "arrivals": int(self.arrivals or 0),
            "long_wait_days": int(self.long_wait_days) if self.long_wait_days else None,
        }

    @property
    def is_about_everybody(self) -> bool:
        """Whether something is asked for, or wrong, that holds for more than one group."""
        return any(getattr(self, name) or name in self.faults for name in ABOUT_EVERYBODY) or self.do == KEEP


def asked_of_form(desk: Desk, region_id: str) -> Asked:
    """Return what the request asks for, by form or address, with its faults; or the empty form."""
    typed: dict[str, Any] = {name: request.values.get(name, "").strip() for name in FIELDS}
    found = Asked(**typed)
    if "do" not in request.values:
        return Asked(group=found.group)
    groups = {slot for slot, _ in open_groups(desk, region_id, g.words.lang)}
    faults = {
        **({} if found.do in CHANGES else {"do": "choose"}),
        **({} if found.group in groups or found.do == KEEP else {"group": "choose"}),
        **({} if found.part in ("", *PARTS) else {"part": "choose"}),
        **({} if _is_number(found.seats, 0, MOST_SEATS) else {"seats": "seats"}),
        **({} if _is_number(found.shift_days, *NUMBERS["shift_days"]) else {"shift_days": "days"}),
        **({} if _is_number(found.minimum, 0, MOST_SEATS) else {"minimum": "seats"}),
        **({} if _is_number(found.minimum_change, -MOST_SEATS, MOST_SEATS) else {"minimum_change": "more"}),
        **({} if _is_number(found.arrivals, -100, 100 * MOST_ARRIVALS) else {"arrivals": "arrivals"}),
        **({} if _is_number(found.long_wait_days, 0, MOST_DAYS) else {"long_wait_days": "wait"}),
    }
    return replace(found, faults=faults)


def asked_of_reckoning(wanted: Mapping[str, Any]) -> Asked:
    """Return what a reckoning was asked, so that the form can ask for something like it."""
    nothing = dict.fromkeys(NONE_AT_ZERO, 0)
    typed: dict[str, Any] = {name: _as_typed(wanted.get(name), nothing.get(name)) for name in FIELDS}
    return Asked(**typed)


def _as_typed(value: Any, nothing: int | None) -> str:
    return "" if value is None or value == nothing else str(value)


def _is_number(text: str, least: float, most: float) -> bool:
    """Whether a field is empty or holds a whole number in a range."""
    digits = text.removeprefix("-")
    return not text or (digits.isascii() and digits.isdigit() and least <= int(text) <= most)


@dataclass(frozen=True)
class SimulationAsked:
    """Die Simulation, as it was typed.

    Parameters
    ----------
    faults : dict of str to str
        Field -> key of what is wrong with it.
    """

    people: str
    weeks: str = str(WEEKS[-1])
    seeds: str = "1"
    policies: tuple[str, ...] = ("weekly-plan",)
    faults: dict[str, str] = field(default_factory=dict)

    def wanted(self) -> dict[str, Any]:
        """Return the simulation that is asked for, as a reckoning takes it; only where nothing is wrong."""
        return {
            "people": int(self.people),
            "weeks": int(self.weeks),
            "seeds": int(self.seeds),
            "policies": [one for one in CHOSEN_POLICIES if one in self.policies],
        }


def simulation_of_form(desk: Desk, region_id: str) -> SimulationAsked:
    """Return what the request asks to simulate, with its faults; or the form as it usually is."""
    if "people" not in request.values:
        return SimulationAsked(str(usual_people(desk, region_id)))
    people, weeks, seeds = (request.values.get(name, "").strip() for name in ("people", "weeks", "seeds"))
    found = SimulationAsked(people, weeks, seeds, tuple(request.values.getlist("policies")))
    is_chosen = found.policies and set(found.policies) <= set(CHOSEN_POLICIES)
    faults = {
        **({} if people and _is_number(people, FEWEST_PEOPLE, MOST_PEOPLE) else {"people": "people"}),
        **({} if weeks in map(str, WEEKS) else {"weeks": "choose"}),
        **({} if seeds and _is_number(seeds, 1, MOST_SEEDS) else {"seeds": "seeds"}),
        **({} if is_chosen else {"policies": "policies"}),
    }
    return replace(found, faults=faults)


def simulation_of_reckoning(wanted: Mapping[str, Any]) -> SimulationAsked:
    """Return what a reckoning simulates, so that the form can ask for something like it."""
    people, weeks, seeds = (str(wanted[name]) for name in ("people", "weeks", "seeds"))
    return SimulationAsked(people, weeks, seeds, tuple(wanted["policies"]))


def usual_people(desk: Desk, region_id: str) -> int:
    """Return how many people the form proposes: those of the last year, unless they are few or many."""
    came = arrivals_of_last_year(desk, region_id)
    return min(came, MOST_PEOPLE) if came >= FEWEST_PEOPLE else USUAL_PEOPLE
