"""Was gefragt ist: what the forms of what-if and simulation ask for, read with care."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import g, request

from workflows.acting import Desk
from workflows.planning_room.office import ONLINE, list_towns, open_groups
from workflows.planning_room.scenario import DO, MOST_ARRIVALS, MOST_DAYS, MOST_KM, MOST_SEATS
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
MOST_FACTOR = 100
MOST_CHANGES = 10
"""So many groups can be changed at once on the page; more take a scenario file."""
OF_A_GROUP = ("do", "group", "seats", "shift_days", "part", "place", "minimum")
FOR_EVERYBODY = ("minimum_change", "arrivals", "more_km", "long_wait_days", "overdue_factor")
"""Registrations more that each group needs, more people in percent, longer ways, rules of the problem."""
RANGES: Mapping[str, tuple[str, int, int]] = {
    "seats": ("seats", 0, MOST_SEATS),
    "minimum": ("seats", 0, MOST_SEATS),
    "shift_days": ("days", -MOST_DAYS, MOST_DAYS),
    "minimum_change": ("more", -MOST_SEATS, MOST_SEATS),
    "arrivals": ("arrivals", -100, round(100 * MOST_ARRIVALS)),
    "more_km": ("km", -MOST_KM, MOST_KM),
    "long_wait_days": ("wait", 0, MOST_DAYS),
    "overdue_factor": ("factor", 0, MOST_FACTOR),
}
"""Fields with a whole number: what is said of another value, the least and the most."""
NONE_AT_ZERO = ("shift_days", "minimum_change", "arrivals", "more_km")


@dataclass(frozen=True)
class AskedChange:
    """Die Änderung einer Gruppe, as it was typed.

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
    place: str = ""
    minimum: str = ""
    faults: dict[str, str] = field(default_factory=dict)

    def wanted(self) -> dict[str, Any]:
        """Return the change as a reckoning takes it; only where nothing is wrong."""
        return {
            "do": self.do,
            "group": self.group,
            "seats": int(self.seats) if self.seats else None,
            "shift_days": int(self.shift_days or 0),
            "part": self.part,
            "place": self.place,
            "minimum": int(self.minimum) if self.minimum else None,
        }


@dataclass(frozen=True)
class Asked:
    """Was wäre wenn, as it was typed: changes of groups, and what is to hold for everybody.

    Parameters
    ----------
    changes : tuple of AskedChange
        At least one, in the order of the page.
    faults : dict of str to str
        Field -> key of what is wrong with it; those of a change are with it.
    """

    changes: tuple[AskedChange, ...] = (AskedChange(),)
    minimum_change: str = ""
    arrivals: str = ""
    more_km: str = ""
    long_wait_days: str = ""
    overdue_factor: str = ""
    faults: dict[str, str] = field(default_factory=dict)

    def wanted(self) -> dict[str, Any]:
        """Return what is asked for, as a reckoning takes it; only where nothing is wrong."""
        return {
            "changes": [one.wanted() for one in self.changes if one.do != KEEP],
            "minimum_change": int(self.minimum_change or 0),
            "arrivals": int(self.arrivals or 0),
            "more_km": int(self.more_km or 0),
            "long_wait_days": int(self.long_wait_days) if self.long_wait_days else None,
            "overdue_factor": int(self.overdue_factor) if self.overdue_factor else None,
        }

    @property
    def has_faults(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.faults) or any(one.faults for one in self.changes)

    @property
    def is_about_everybody(self) -> bool:
        """Whether something is asked for, or wrong, that holds for more than one group."""
        is_typed = any(getattr(self, name) or name in self.faults for name in FOR_EVERYBODY)
        return is_typed or all(one.do == KEEP for one in self.changes)

    def with_one_more(self) -> Asked:
        """Return the same with room for one more change, up to `MOST_CHANGES`."""
        more = (AskedChange(),) if len(self.changes) < MOST_CHANGES else ()
        return replace(self, changes=(*self.changes, *more))


def field_name(name: str, number: int) -> str:
    """Return the name of a field of a change in the form: the first one has the plain name."""
    return name if number == 1 else f"{name}-{number}"


def asked_of_form(desk: Desk, region_id: str) -> Asked:
    """Return what the request asks for, by form or address, with its faults; or the empty form."""
    if "do" not in request.values:
        return Asked((AskedChange(group=_typed("group")),))
    groups = {slot for slot, _ in open_groups(desk, region_id, g.words.lang)}
    places = {"", ONLINE, *(town["name"] for town in list_towns(desk, region_id))}
    numbers = [n for n in range(1, MOST_CHANGES + 1) if field_name("do", n) in request.values]
    changes: list[AskedChange] = []
    for number in numbers:
        given: dict[str, Any] = {name: _typed(field_name(name, number)) for name in OF_A_GROUP}
        one = AskedChange(**given)
        changes.append(replace(one, faults=_faults_of_change(one, groups, places, changes)))
    typed = {name: _typed(name) for name in FOR_EVERYBODY}
    return Asked(tuple(changes), **typed, faults=_faults_of_numbers(typed))


def _typed(name: str) -> str:
    return str(request.values.get(name, "")).strip()


def _faults_of_change(
    one: AskedChange, groups: Collection[str], places: Collection[str], before: Sequence[AskedChange]
) -> dict[str, str]:
    """What is wrong with a change; nothing with one that is left out."""
    if one.do == KEEP:
        return {}
    is_again = one.do != "add" and any(
        other.group == one.group and other.do not in ("add", KEEP) for other in before
    )
    return {
        **({} if one.do in CHANGES else {"do": "choose"}),
        **({"group": "again"} if is_again else {}),
        **({} if one.group in groups else {"group": "choose"}),
        **({} if one.part in ("", *PARTS) else {"part": "choose"}),
        **({} if one.place in places else {"place": "choose"}),
        **_faults_of_numbers({name: getattr(one, name) for name in ("seats", "shift_days", "minimum")}),
    }


def _faults_of_numbers(typed: Mapping[str, str]) -> dict[str, str]:
    return {name: RANGES[name][0] for name, text in typed.items() if not _is_number(text, *RANGES[name][1:])}


def asked_of_reckoning(wanted: Mapping[str, Any]) -> Asked:
    """Return what a reckoning was asked, so that the form can ask for something like it."""
    changes = tuple(AskedChange(**_as_typed(one, OF_A_GROUP)) for one in changes_of(wanted))
    return Asked(changes or (AskedChange(do=KEEP),), **_as_typed(wanted, FOR_EVERYBODY))


def changes_of(wanted: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the changes of groups that a reckoning was asked for; an earlier one is a change itself."""
    if "changes" in wanted:
        return list(wanted["changes"])
    return [wanted] if wanted["do"] != KEEP else []


def _as_typed(wanted: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    nothing = dict.fromkeys(NONE_AT_ZERO, 0)
    values = {name: wanted.get(name) for name in names}
    return {
        name: "" if value is None or value == nothing.get(name) else str(value)
        for name, value in values.items()
    }


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

    @property
    def has_faults(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.faults)

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
