"""Was gefragt ist: what the forms of what-if and simulation ask for, read with care."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import g, request

from workflows.acting import Desk
from workflows.planning_room.office import open_groups
from workflows.planning_room.scenario import DO, MOST_SEATS, NUMBERS
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
FIELDS = ("do", "group", "seats", "shift_days", "part")


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
    faults: dict[str, str] = field(default_factory=dict)

    def wanted(self) -> dict[str, Any]:
        """Return the change that is asked for, as a reckoning takes it; only where nothing is wrong."""
        return {
            "do": self.do,
            "group": self.group,
            "seats": int(self.seats) if self.seats else None,
            "shift_days": int(self.shift_days or 0),
            "part": self.part,
        }


def asked_of_form(desk: Desk, region_id: str) -> Asked:
    """Return what the request asks for, by form or address, with its faults; or the empty form."""
    do, group, seats, shift_days, part = (request.values.get(name, "").strip() for name in FIELDS)
    if "do" not in request.values:
        return Asked(group=group)
    found = Asked(do, group, seats, shift_days, part)
    groups = {slot for slot, _ in open_groups(desk, region_id, g.words.lang)}
    faults = {
        **({} if found.do in DO else {"do": "choose"}),
        **({} if found.group in groups else {"group": "choose"}),
        **({} if found.part in ("", *PARTS) else {"part": "choose"}),
        **({} if _is_number(found.seats, 0, MOST_SEATS) else {"seats": "seats"}),
        **({} if _is_number(found.shift_days, *NUMBERS["shift_days"]) else {"shift_days": "days"}),
    }
    return replace(found, faults=faults)


def asked_of_reckoning(wanted: Mapping[str, Any]) -> Asked:
    """Return what a reckoning was asked, so that the form can ask for something like it."""
    seats, shift = wanted["seats"], wanted["shift_days"]
    return Asked(
        wanted["do"],
        wanted["group"],
        "" if seats is None else str(seats),
        str(shift) if shift else "",
        wanted["part"],
    )


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
