"""From tables of text to a valid planning problem (Einlesen und Prüfen); every fault is reported."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from matching.cells import HIGHEST, Cells, words_of
from matching.faults import Fault, ProblemFault
from matching.problem import (
    AFTER_END,
    AFTER_START,
    NONE,
    Capacities,
    Ints,
    Needs,
    Parameters,
    People,
    Problem,
    Slots,
)
from matching.tables import COLUMNS, Table, holding_garbage, read_table, table_from_rows

FORMAT = "support-chain-problem/1"
NUMBERS = (
    "long_wait_days",
    "long_wait_factor",
    "overdue_factor",
    "km_factor",
    "change_penalty",
    "unserved_penalty",
)
GONE = -2  # a proposed slot that no longer exists


def read_problem(folder: str | Path) -> Problem:
    """Read and validate a planning problem from a folder.

    Raises
    ------
    ProblemFault
        With every fault found, each naming file, line and column.
    """
    folder = Path(folder)
    faults: list[Fault] = []
    tables: dict[str, Table] = {}
    raw: object = None
    try:
        raw = _read_json(folder / "problem.json")
    except ProblemFault as fault:
        faults += fault.faults
    for name in COLUMNS:
        try:
            tables[name] = read_table(folder, name)
        except ProblemFault as fault:
            faults += fault.faults
    if faults:
        raise ProblemFault(faults)
    with holding_garbage():
        return _Reader(raw, tables).problem()


def problem_from_tables(tables: Mapping[str, Any]) -> Problem:
    """Validate a planning problem held as tables of text: ``problem`` (dict) and lists of rows (dicts)."""
    return _Reader(
        tables["problem"], {name: table_from_rows(name, tables[name]) for name in COLUMNS}
    ).problem()


def _read_json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ProblemFault([Fault(path.name, "missing-json")]) from None
    except UnicodeDecodeError:
        raise ProblemFault([Fault(path.name, "not-utf8")]) from None
    except (OSError, ValueError, RecursionError) as error:
        raise ProblemFault([Fault(path.name, "unreadable", values={"reason": error})]) from None


class _Reader:
    """Collects faults while it reads; only a problem without a fault leaves it."""

    def __init__(self, raw: object, tables: Mapping[str, Table]) -> None:
        self.raw, self.tables = raw, tables
        self.faults: list[Fault] = []
        self.sets: dict[frozenset[str], int] = {frozenset(): 0}
        self.kinds: dict[str, int] = {}

    def problem(self) -> Problem:
        parameters = self._parameters()
        cells = {name: Cells(self.tables[name], COLUMNS[name][0], self.faults) for name in COLUMNS}
        kinds = sorted({*self.tables["slots"]["kind"].words, *self.tables["needs"]["kind"].words})
        self.kinds = {kind: row for row, kind in enumerate(kinds)}
        capacities = self._capacities(cells["capacities"])
        slots = self._slots(cells["slots"], cells["capacities"].rows_of())
        people = self._people(cells["people"])
        needs = self._needs(cells["needs"], cells["slots"].rows_of(), cells["people"].rows_of())
        if self.faults or parameters is None:
            raise ProblemFault(self.faults)
        problem = Problem(parameters, kinds, list(self.sets), capacities, slots, people, needs)
        _refuse_overbooking(problem)
        return problem

    def _parameters(self) -> Parameters | None:
        raw, file = self.raw, "problem.json"
        if not isinstance(raw, dict):
            self.faults.append(Fault(file, "unreadable", values={"reason": "not a JSON object"}))
            return None
        before = len(self.faults)
        if raw.get("format") != FORMAT:
            self.faults.append(
                Fault(file, "bad-word", None, "format", {"value": raw.get("format"), "words": FORMAT})
            )
        days = [self._json_day(raw, key) for key in ("today", "horizon_end")]
        numbers = []
        for key in NUMBERS:
            value = raw.get(key)
            good = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= HIGHEST
            if not good:
                self.faults.append(
                    Fault(file, "bad-number", None, key, {"value": value, "low": 0, "high": int(HIGHEST)})
                )
            numbers.append(float(value) if good and value is not None else 0.0)
        if len(self.faults) == before and days[1] < days[0]:
            self.faults.append(Fault(file, "horizon", None, "horizon_end"))
        return Parameters(str(raw.get("name", "")), days[0], days[1], *numbers)

    def _json_day(self, raw: Mapping[str, Any], key: str) -> date:
        try:
            return date.fromisoformat(raw[key])
        except (KeyError, TypeError, ValueError):
            self.faults.append(Fault("problem.json", "bad-date", None, key, {"value": raw.get(key, "")}))
            return date.min

    def _capacities(self, cells: Cells) -> Capacities:
        minimum = cells.integers("min_participants", empty=0)
        return Capacities(cells.ids, cells.integers("seats"), minimum)

    def _slots(self, cells: Cells, capacity_row: Mapping[str, int]) -> Slots:
        start, end = cells.days("start"), cells.days("end")
        for row in cells.order[(end < start) & (end > 0) & (start > 0)].tolist():
            last, first = cells.table["end"][row], cells.table["start"][row]
            cells.fault("end-before-start", row, "end", value=last, start=first)
        pointer, uses = self._uses(cells, capacity_row)
        online = cells.flags("online")
        lat, lon = cells.places(online)
        return Slots(
            cells.ids,
            cells.texts("offering"),
            cells.texts("actor"),
            cells.numbered("kind", self.kinds),
            start,
            end,
            pointer,
            uses,
            lat,
            lon,
            online,
            cells.sets("requires", self.sets),
            cells.sets("features", self.sets),
            cells.sets("times", self.sets),
        )

    def _uses(self, cells: Cells, capacity_row: Mapping[str, int]) -> tuple[Ints, Ints]:
        """Capacities of every slot: where its list begins, and their rows."""
        pointer, uses = [0], []
        for row, text in zip(cells.order.tolist(), cells.texts("uses"), strict=True):
            names = sorted(words_of(text))
            if not names:
                cells.fault("missing-value", row, "uses")
            for name in names:
                if name not in capacity_row:
                    cells.fault("unknown", row, "uses", value=name, where=self.tables["capacities"].file)
                uses.append(capacity_row.get(name, 0))
            pointer.append(len(uses))
        return np.array(pointer, np.int32), np.array(uses, np.int32)

    def _people(self, cells: Cells) -> People:
        lat, lon = cells.places(np.zeros(len(cells.ids), np.bool_))
        return People(
            cells.ids,
            lat,
            lon,
            cells.numbers("max_km", 0, HIGHEST),
            cells.flags("online"),
            cells.sets("tags", self.sets),
            cells.sets("times", self.sets),
        )

    def _needs(self, cells: Cells, slots: Mapping[str, int], people: Mapping[str, int]) -> Needs:
        after = cells.references("after", cells.rows_of(), cells.table.file)
        _refuse_cycles(cells, after)
        proposed = {word: slots.get(word, GONE) for word in cells.table["proposed_slot"].words}
        return Needs(
            cells.ids,
            cells.references("person", people, self.tables["people"].file, needed=True),
            cells.numbered("kind", self.kinds),
            after,
            cells.choices("relation", {"end": AFTER_END, "start": AFTER_START}),
            cells.integers("lag_days", empty=0),
            cells.integers("max_lag_days", empty=NONE),
            cells.days("earliest"),
            cells.days("target", empty=0),
            cells.numbers("weight", 1e-9, HIGHEST),
            cells.sets("features", self.sets),
            _groups(cells),
            cells.references("fixed_slot", slots, self.tables["slots"].file),
            cells.references("proposed_slot", proposed, self.tables["slots"].file),
        )


def _groups(cells: Cells) -> Ints:
    """Exclusive group of every need, the person's own where none is named; numbered as they first occur."""
    person, exclusive = cells.table["person"], cells.table["exclusive"]
    own = person.codes[cells.order]
    named = exclusive.codes[cells.order] + len(person.words)
    key = np.where(cells.is_blank("exclusive"), own, named)
    _, first, number = np.unique(key, return_index=True, return_inverse=True)
    place = np.empty(len(first), np.int32)
    place[np.argsort(first)] = np.arange(len(first))
    return place[number]


def _refuse_cycles(cells: Cells, after: Ints) -> None:
    """A need that comes after itself, at any distance, is a fault; each circle is reported once."""
    on_a_circle = _ahead_for_ever(after)
    seen: set[int] = set()
    before = after.tolist()
    for k in np.flatnonzero(on_a_circle).tolist():
        walk: list[int] = []
        while k not in seen:
            seen.add(k)
            walk.append(k)
            k = before[k]
        if k in walk:
            circle = walk[walk.index(k) :]
            names = [cells.ids[c] for c in [*circle[:4], k]]
            cells.fault("cycle", int(cells.order[k]), "after", value=names[0], circle=" → ".join(names))


def _ahead_for_ever(after: Ints) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which needs have no first predecessor: chains are walked up in steps of 1, 2, 4, 8, ..."""
    ahead = after
    for _ in range(len(after).bit_length()):
        if not (ahead >= 0).any():
            break
        ahead = np.where(ahead >= 0, ahead[ahead], NONE)
    return ahead >= 0


def _refuse_overbooking(problem: Problem) -> None:
    """More fixed bookings than seats: no plan could keep them all."""
    booked = np.zeros(len(problem.capacities.ids), np.int64)
    for slot in problem.needs.fixed[problem.needs.fixed >= 0]:
        booked[problem.uses_of(int(slot))] += 1
    over = np.flatnonzero(booked > problem.capacities.seats)
    if over.size:
        raise ProblemFault(
            [
                Fault(
                    "capacities.csv",
                    "overbooked",
                    None,
                    "seats",
                    {
                        "value": problem.capacities.ids[k],
                        "booked": int(booked[k]),
                        "seats": int(problem.capacities.seats[k]),
                    },
                )
                for k in over
            ]
        )
