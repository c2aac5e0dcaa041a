"""Builders of planning problems: a test names only what it is about, everything else fits by itself.

Days are counted from ``TODAY``: ``a_slot("s", start=7)`` begins a week after the day of planning.
"""

import csv
import json
import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import matching

TODAY = date(2026, 1, 5)
PLACE = {"lat": "50.0", "lon": "8.0"}
KM = 1 / 111.195  # degrees of latitude in one kilometre
HALF_DAYS = ("mo-am", "mo-pm", "tu-am")

Row = dict[str, str]
Tables = dict[str, Any]


def day(number: int | None) -> str:
    """The day so many days after today, as text; nothing for None."""
    return "" if number is None else (TODAY + timedelta(days=number)).isoformat()


def a_capacity(name: str = "c", seats: int = 1, minimum: int = 0) -> Row:
    return {"capacity": name, "seats": str(seats), "min_participants": str(minimum)}


def a_slot(name: str = "s", start: int = 7, days: int = 7, kind: str = "course", **cells: str) -> Row:
    """A slot of ``days`` days at the place where everybody lives, with a capacity of its own name."""
    row = {"slot": name, "offering": "o", "actor": "a", "kind": kind, "online": "0", **PLACE}
    row |= {"start": day(start), "end": day(start + days - 1), "uses": f"c-{name}", "times": ""}
    return row | cells


def a_person(name: str = "p", **cells: str) -> Row:
    row = {"person": name, "max_km": "10", "online": "0", "tags": "", "times": ";".join(HALF_DAYS), **PLACE}
    return row | cells


def a_need(
    name: str = "n",
    person: str = "p",
    kind: str = "course",
    earliest: int = 0,
    target: int | None = None,
    **cells: str,
) -> Row:
    row = {"need": name, "person": person, "kind": kind, "after": "", "relation": "end", "lag_days": "0"}
    row |= {"max_lag_days": "", "earliest": day(earliest), "target": day(target), "weight": "1"}
    row |= {"features": "", "exclusive": "", "fixed_slot": "", "proposed_slot": ""}
    return row | cells


def parameters(**changes: Any) -> dict[str, Any]:
    """How waiting is counted: by the day and nothing else, unless a test says so."""
    plain = {
        "format": "support-chain-problem/1",
        "name": "tiny",
        "today": day(0),
        "horizon_end": day(365),
        "long_wait_days": 42,
        "long_wait_factor": 0,
        "overdue_factor": 0,
        "km_factor": 0,
        "change_penalty": 0,
        "unserved_penalty": 60,
    }
    return plain | changes


def tables(
    needs: Sequence[Row],
    slots: Sequence[Row],
    people: Iterable[Row] = (),
    capacities: Iterable[Row] = (),
    **changes: Any,
) -> Tables:
    """A problem as tables of text; people and capacities that are only mentioned are added."""
    people, capacities = list(people), list(capacities)
    for name in dict.fromkeys(row["person"] for row in needs):
        if name not in {row["person"] for row in people}:
            people.append(a_person(name))
    for name in dict.fromkeys(use for row in slots for use in row["uses"].split(";")):
        if name not in {row["capacity"] for row in capacities}:
            capacities.append(a_capacity(name))
    return {
        "problem": parameters(**changes),
        "capacities": capacities,
        "slots": list(slots),
        "people": people,
        "needs": list(needs),
    }


def write_plainly(made: Tables, folder: Path) -> None:
    """Write the five files as anybody could, without the engine's own writing."""
    for name in ("capacities", "slots", "people", "needs"):
        rows = made[name]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(rows[0])
            writer.writerows(row.values() for row in rows)
    (folder / "problem.json").write_text(json.dumps(made["problem"]), encoding="utf-8")


def a_problem(needs: Sequence[Row], slots: Sequence[Row], *rest: Any, **changes: Any) -> matching.Problem:
    """A valid planning problem; arguments as for ``tables``."""
    return matching.problem_from_tables(tables(needs, slots, *rest, **changes))


def random_tiny_problem(rng: random.Random, needs: int = 6) -> Tables:
    """A problem small enough to be enumerated, with every rule of the format at work."""
    return _random_problem(rng, [rng.randint(2, needs)], rng.randint(4, 10))


def a_random_crowd(seed: int, households: int = 40) -> Tables:
    """Many households that compete for the same seats; too many for anything but a search."""
    rng = random.Random(seed)
    return _random_problem(rng, [rng.randint(1, 5) for _ in range(households)], slots=4 * households)


def a_crowd_with_twins(seed: int, households: int = 30) -> Tables:
    """The same where most slots are attended online, each with some twins that take seats elsewhere."""
    rng, crowd = random.Random(seed), a_random_crowd(seed, households)
    rooms = [row["capacity"] for row in crowd["capacities"]]
    twins = []
    for slot in crowd["slots"]:
        if rng.random() < 0.6:
            slot["online"] = "1"
            uses = (rng.sample(rooms, rng.choice((1, 2))) for _ in range(rng.randint(0, 4)))
            twins += [slot | {"slot": f"{slot['slot']}t{k}", "uses": ";".join(u)} for k, u in enumerate(uses)]
    crowd["slots"] += twins
    return crowd


def _random_problem(rng: random.Random, needs: Sequence[int], slots: int) -> Tables:
    """``needs`` says how many each household has; households share nothing but slots."""
    kinds = ["a", "b", "c"][: rng.choice((1, 1, 2, 2, 3))]
    capacities = [_random_capacity(rng, f"c{k}") for k in range(rng.randint(3, 7) * len(needs))]
    rooms = [row["capacity"] for row in capacities]
    offered = [_random_slot(rng, f"s{k}", rng.choice(kinds), rooms) for k in range(slots)]
    people: list[Row] = []
    forest: list[Row] = []
    for household, count in enumerate(needs):
        members = [_random_person(rng, f"{household}p{k}") for k in range(rng.randint(1, min(5, count)))]
        people += members
        forest += _random_needs(rng, household, count, kinds, members, offered)
    _seat_the_fixed(forest, offered, capacities)
    for rows in (people, capacities, offered, forest):
        rng.shuffle(rows)
    return tables(forest, offered, people, capacities, **_random_parameters(rng))


def _random_parameters(rng: random.Random) -> dict[str, Any]:
    return {
        "horizon_end": day(rng.choice((0, 90, 90, 200, 200, 200))),
        "long_wait_days": rng.choice((0, 4.5, 14)),
        "long_wait_factor": rng.choice((0, 0.5, 2)),
        "overdue_factor": rng.choice((0, 0.5, 3)),
        "km_factor": rng.choice((0, 0.2, 5)),
        "change_penalty": rng.choice((0, 14, 40)),
        "unserved_penalty": rng.choice((0, 20, 60)),
    }


def _random_capacity(rng: random.Random, name: str) -> Row:
    seats = rng.choice((0, 1, 1, 1, 1, 2, 2, 2, 3, 9))
    return a_capacity(name, seats, minimum=rng.choice((0, 0, 0, 0, 0, 1, 2, 2, 3)))


def _random_place(rng: random.Random) -> Row:
    return {"lat": f"{50 + rng.uniform(0, 12) * KM:.6f}", "lon": f"{8 + rng.uniform(0, 12) * KM:.6f}"}


def _some(rng: random.Random, words: Sequence[str], chance: float) -> str:
    return ";".join(word for word in words if rng.random() < chance)


def _random_person(rng: random.Random, name: str) -> Row:
    return a_person(
        name,
        **_random_place(rng),
        max_km=str(rng.choice((5, 12, 30, 30))),
        online=str(rng.randint(0, 1)),
        tags=_some(rng, ("female", "parent"), 0.6),
        times=_some(rng, HALF_DAYS, 0.93),
    )


def _random_slot(rng: random.Random, name: str, kind: str, capacities: Sequence[str]) -> Row:
    online = rng.random() < 0.2
    place = {"lat": "", "lon": ""} if online and rng.random() < 0.7 else _random_place(rng)
    return a_slot(
        name,
        start=rng.randint(-4, 75),
        days=rng.choice((1, 3, 7, 7, 20, 40)),
        kind=kind,
        **place,
        online=str(int(online)),
        uses=";".join(rng.sample(capacities, rng.choice((1, 1, 2, 3)))),
        requires=_some(rng, ("female", "parent"), 0.08),
        features=_some(rng, ("childcare", "wheelchair"), 0.6),
        times=_some(rng, HALF_DAYS, 0.3),
    )


def _random_needs(
    rng: random.Random,
    household: int,
    count: int,
    kinds: Sequence[str],
    people: Sequence[Row],
    slots: Sequence[Row],
) -> list[Row]:
    names = [f"{household}n{k}" for k in range(count)]
    rng.shuffle(names)  # a predecessor may stand behind its successor
    made: list[Row] = []
    for name in names:
        before = rng.choice(made) if made and rng.random() < 0.5 else None
        kind = rng.choice(kinds)
        same = [row["slot"] for row in slots if row["kind"] == kind]
        anything = [row["slot"] for row in slots]
        lag = rng.choice((0, 0, 3, 10)) if before else 0
        fixed = rng.choice(same or anything) if rng.random() < 0.8 else rng.choice(anything)
        proposed = rng.choice([*(same or anything), "gone"])
        made.append(
            a_need(
                name,
                before["person"] if before and rng.random() < 0.6 else rng.choice(people)["person"],
                kind,
                earliest=rng.randint(-40, 20),
                target=rng.randint(-20, 40) if rng.random() < 0.5 else None,
                after=before["need"] if before else "",
                relation=rng.choice(("end", "start", "")),
                lag_days=str(lag),
                max_lag_days=str(max(0, lag + rng.randint(-2, 30))) if before and rng.random() < 0.4 else "",
                weight=rng.choice(("1", "0.8", "2.5")),
                features=_some(rng, ("childcare", "wheelchair"), 0.08),
                exclusive=rng.choice(("", "", f"{household}g", f"{household}h")),
                fixed_slot=fixed if rng.random() < 0.13 else "",
                proposed_slot=proposed if rng.random() < 0.25 else "",
            )
        )
    return made


def _seat_the_fixed(needs: Sequence[Row], slots: Sequence[Row], capacities: Sequence[Row]) -> None:
    """Bookings that stand have their seats; otherwise no plan could keep them."""
    uses = {row["slot"]: row["uses"].split(";") for row in slots}
    for capacity in capacities:
        held = sum(capacity["capacity"] in uses.get(row["fixed_slot"], ()) for row in needs)
        capacity["seats"] = str(max(int(capacity["seats"]), held))
