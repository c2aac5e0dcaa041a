"""A scenario (Szenario): changes to a planning problem, read from TOML or CSV and written into its tables.

What can be changed is in ``docs/planning_room.md``. A group is named by its first way in; its other ways in
and its capacities go with it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import Path
from random import Random
from typing import Any

from network.actors import HALF_DAYS
from plans.entries import Entry, entries_of, read_toml
from workflows.planning_room.seats import COPY, SeatGroup, with_copy

DO = ("add", "cancel", "move", "resize")
RULES = (
    *("long_wait_days", "long_wait_factor", "overdue_factor"),
    *("km_factor", "change_penalty", "unserved_penalty"),
)
MORE = "more:"
MOST_SEATS, MOST_DAYS, MOST_ARRIVALS, MOST_KM = 10_000, 3650, 5.0, 500
KEYS = ("do", "slot", "shift_days", "seats", "minimum", "times", "lat", "lon", "online")
NUMBERS = {
    "shift_days": (-MOST_DAYS, MOST_DAYS),
    "seats": (0, MOST_SEATS),
    "minimum": (0, MOST_SEATS),
    "lat": (-90, 90),
    "lon": (-180, 180),
}


@dataclass(frozen=True)
class Change:
    """One change to a group (Änderung); None leaves things as they are.

    Parameters
    ----------
    do : str
        ``add`` a copy, ``cancel``, ``move`` or ``resize``.
    slot : str
        First way in of the group that is changed or copied.
    shift_days : int
        Days later, or earlier where negative.
    seats, minimum : int or None
        Free seats in every capacity; registrations still missing.
    times : frozenset of str or None
        Half-days that every way in occupies.
    lat, lon : float or None
        Where it takes place.
    online : bool or None
        Whether it is online.
    """

    do: str
    slot: str
    shift_days: int = 0
    seats: int | None = None
    minimum: int | None = None
    times: frozenset[str] | None = None
    lat: float | None = None
    lon: float | None = None
    online: bool | None = None


@dataclass(frozen=True)
class Scenario:
    """Changes that are looked at together.

    Parameters
    ----------
    name : str
        For people.
    rules : mapping of str to float
        Other values of the problem's parameters.
    minimum_change : int
        Registrations more (or fewer, negative) that every group with a minimum misses.
    arrivals : float
        Share of the people, -1 to 5, that comes beside them, or stays away where negative.
    seed : int
        Who that is: people like those who are there.
    more_km : float
        So much longer ways everybody accepts, -500 to 500 km, such as by a new bus line.
    """

    name: str
    changes: tuple[Change, ...] = ()
    rules: Mapping[str, float] = field(default_factory=dict)
    minimum_change: int = 0
    arrivals: float = 0.0
    seed: int = 0
    more_km: float = 0.0


def read_scenario(path: Path, groups: Sequence[SeatGroup]) -> Scenario:
    """Read a scenario, TOML or (where the name ends in .csv) a table of changes.

    Raises
    ------
    PlanFault
        With file, line and entry: an unknown word, a slot that is no first way in, a number out of range.
    OSError
        Where the file cannot be read.
    """
    known = [group.slot for group in groups]
    if path.suffix == ".csv":
        entries, top = _csv_entries(path), Entry({}, path.name, None, "scenario")
    else:
        document, text = read_toml(path)
        top = Entry(document, path.name, None, "scenario")
        top.only("name", "change", "rules", "arrivals", "people")
        entries = entries_of(document, text, path.name, "change") if "change" in document else []
    rules = Entry(top.get("rules", dict, "[rules]", {}), path.name, None, "rules")
    rules.only(*RULES, "minimum_change")
    arrivals = Entry(top.get("arrivals", dict, "[arrivals]", {}), path.name, None, "arrivals")
    arrivals.only("share", "seed")
    people = Entry(top.get("people", dict, "[people]", {}), path.name, None, "people")
    people.only("more_km")
    return Scenario(
        top.text("name", path.stem),
        tuple(_change(entry, known) for entry in entries),
        {key: rules.number(key, 0, 1e6) for key in RULES if key in rules.values},
        int(rules.number("minimum_change", -MOST_SEATS, MOST_SEATS, 0)),
        arrivals.number("share", -1, MOST_ARRIVALS, 0.0),
        int(arrivals.number("seed", 0, 2**31 - 1, 0)),
        people.number("more_km", -MOST_KM, MOST_KM, 0.0),
    )


def _csv_entries(path: Path) -> list[Entry]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        text = file.read()
    separator = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    reader = csv.DictReader(text.splitlines(), delimiter=separator)
    found: list[Entry] = []
    for row in reader:
        values = {key: _value(key, cell) for key, cell in row.items() if key and cell}
        found.append(Entry(values, path.name, reader.line_num, f"change {len(found) + 1}"))
    return found


def _value(key: str, cell: str | list[str]) -> Any:
    """A cell as TOML would hold it."""
    text = cell if isinstance(cell, str) else ",".join(cell)
    if key == "times":
        return text.replace(",", " ").split()
    if key == "online":
        return text.strip() in ("1", "true", "yes", "ja")
    if key in NUMBERS:
        try:
            return float(text)
        except ValueError:
            return text
    return text.strip()


def _change(entry: Entry, known: Sequence[str]) -> Change:
    entry.only(*KEYS)
    do, slot = entry.one_of("do", DO), entry.text("slot")
    if slot not in known:
        close = get_close_matches(slot, known, 3) or list(known[:3])
        raise entry.refuse("unknown-value", field="slot", value=slot, allowed=", ".join(close))
    numbers = {key: entry.number(key, *NUMBERS[key]) for key in NUMBERS if key in entry.values}
    times = entry.get("times", list, '["mo-ev"]', None)
    for half_day in times or ():
        entry.one_of_value("times", str(half_day), HALF_DAYS)
    return Change(
        do,
        slot,
        shift_days=int(numbers.get("shift_days", 0)),
        seats=int(numbers["seats"]) if "seats" in numbers else None,
        minimum=int(numbers["minimum"]) if "minimum" in numbers else None,
        times=frozenset(times) if times is not None else None,
        lat=numbers.get("lat"),
        lon=numbers.get("lon"),
        online=entry.get("online", bool, "true", None),
    )


def changed_tables(
    tables: Mapping[str, Any], groups: Sequence[SeatGroup], scenario: Scenario
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Write a scenario into the tables of a problem.

    Returns
    -------
    tuple
        The changed tables (those given stay as they are), and the capacities that differ.
    """
    of = {group.slot: group for group in groups}
    found: dict[str, Any] = {**tables, "problem": {**tables["problem"], **scenario.rules}}
    touched: list[str] = []
    for number, change in enumerate(scenario.changes):
        found, capacities = _changed(found, of[change.slot], change, number)
        touched += capacities
    if scenario.minimum_change:
        found = {**found, "capacities": [_less(row, scenario.minimum_change) for row in found["capacities"]]}
        touched += [row["capacity"] for row in found["capacities"] if row["min_participants"] != "0"]
    if scenario.more_km:
        found = {**found, "people": [_going_further(row, scenario.more_km) for row in found["people"]]}
    if scenario.arrivals:
        found = _with_arrivals(found, scenario.arrivals, scenario.seed)
    return found, tuple(dict.fromkeys(touched))


def _changed(
    tables: dict[str, Any], group: SeatGroup, change: Change, number: int
) -> tuple[dict[str, Any], tuple[str, ...]]:
    slots, capacities = frozenset(group.slots), frozenset(group.capacities)
    if change.do == "add":
        suffix = COPY * (number + 1)
        tables = with_copy(tables, group, suffix)
        slots, capacities = (frozenset(name + suffix for name in names) for names in (slots, capacities))
    seats = 0 if change.do == "cancel" else change.seats
    return {
        **tables,
        "slots": [_moved(row, change) if row["slot"] in slots else row for row in tables["slots"]],
        "capacities": [
            _resized(row, seats, change.minimum) if row["capacity"] in capacities else row
            for row in tables["capacities"]
        ],
    }, tuple(sorted(capacities))


def _moved(row: dict[str, str], change: Change) -> dict[str, str]:
    moved = dict(row)
    for key in ("start", "end"):
        moved[key] = (date.fromisoformat(row[key]) + timedelta(days=change.shift_days)).isoformat()
    if change.times is not None:
        moved["times"] = ";".join(sorted(change.times))
    if change.online is not None:
        moved["online"] = "1" if change.online else "0"
    for key, value in (("lat", change.lat), ("lon", change.lon)):
        if value is not None:
            moved[key] = f"{value:g}"
    return moved


def _resized(row: dict[str, str], seats: int | None, minimum: int | None) -> dict[str, str]:
    resized = dict(row)
    if seats is not None:
        resized["seats"] = str(seats)
    if minimum is not None:
        resized["min_participants"] = str(minimum)
    return resized


def _less(row: dict[str, str], change: int) -> dict[str, str]:
    missing = int(row["min_participants"])
    return row if missing == 0 else {**row, "min_participants": str(max(0, missing + change))}


def _going_further(row: dict[str, str], more_km: float) -> dict[str, str]:
    return {**row, "max_km": f"{max(0.0, float(row['max_km']) + more_km):g}"}


def _with_arrivals(tables: dict[str, Any], share: float, seed: int) -> dict[str, Any]:
    """More people like those who are there, or fewer of them; whoever has a booking stays."""
    rng = Random(seed)
    people = [row["person"] for row in tables["people"]]
    booked = {row["person"] for row in tables["needs"] if row.get("fixed_slot")}
    free = [person for person in people if person not in booked]
    many = round(abs(share) * len(people))
    if share < 0:
        gone = set(rng.sample(free, min(many, len(free))))
        return {
            **tables,
            **{name: [r for r in tables[name] if r["person"] not in gone] for name in ("people", "needs")},
        }
    more = [(f"{MORE}{n}:", rng.choice(free)) for n in range(many if free else 0)]
    rows = {person: row for row in tables["people"] for person in [row["person"]]}
    needs: dict[str, list[dict[str, str]]] = {}
    for row in tables["needs"]:
        needs.setdefault(row["person"], []).append(row)
    return {
        **tables,
        "people": [*tables["people"], *({**rows[p], "person": prefix + p} for prefix, p in more)],
        "needs": [
            *tables["needs"],
            *(_copied(row, prefix) for prefix, person in more for row in needs.get(person, ())),
        ],
    }


def _copied(row: dict[str, str], prefix: str) -> dict[str, str]:
    named = {key: prefix + row[key] for key in ("need", "person", "after", "exclusive") if row.get(key)}
    return {**row, **named, "fixed_slot": "", "proposed_slot": ""}
