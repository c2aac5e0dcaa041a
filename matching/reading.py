"""From tables of text to a valid planning problem (Einlesen und Prüfen); every fault is reported."""

import json
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from matching.faults import Fault, ProblemFault
from matching.problem import (
    AFTER_END,
    AFTER_START,
    NONE,
    Capacities,
    Floats,
    Ints,
    Needs,
    Parameters,
    People,
    Problem,
    Slots,
)
from matching.tables import COLUMNS, Table, read_table, table_from_rows

FORMAT = "support-chain-problem/1"
NUMBERS = (
    "long_wait_days",
    "long_wait_factor",
    "overdue_factor",
    "km_factor",
    "change_penalty",
    "unserved_penalty",
)
HIGHEST = 1e9  # no date, seat or factor of a real region comes near it; keeps sums finite


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
        order = {name: self._order(name, COLUMNS[name][0]) for name in COLUMNS}
        row_of = {
            name: {self.tables[name][COLUMNS[name][0]][old]: new for new, old in enumerate(order[name])}
            for name in COLUMNS
        }
        kinds = sorted({*self.tables["slots"]["kind"], *self.tables["needs"]["kind"]})
        self.kinds = {kind: row for row, kind in enumerate(kinds)}
        capacities = self._capacities(order["capacities"])
        slots = self._slots(order["slots"], row_of["capacities"])
        people = self._people(order["people"])
        needs = self._needs(order["needs"], row_of)
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

    def _order(self, name: str, column: str) -> list[int]:
        """Rows sorted by id; an empty id or one that stands twice is a fault."""
        table = self.tables[name]
        ids = table[column]
        order = sorted(range(len(ids)), key=lambda row: (ids[row], row))
        for before, row in zip([-1, *order], order, strict=False):
            if not ids[row]:
                self.faults.append(table.fault("missing-value", row, column))
            elif before >= 0 and ids[before] == ids[row]:
                self.faults.append(table.fault("twice", row, column, value=ids[row]))
        return order

    def _capacities(self, order: Sequence[int]) -> Capacities:
        t = self.tables["capacities"]
        ids = [t["capacity"][row] for row in order]
        minimum = self._integers(t, "min_participants", order, empty=0)
        return Capacities(ids, self._integers(t, "seats", order), minimum)

    def _slots(self, order: Sequence[int], capacity_row: Mapping[str, int]) -> Slots:
        t = self.tables["slots"]
        start, end = self._days(t, "start", order), self._days(t, "end", order)
        for k in np.flatnonzero((end < start) & (end > 0) & (start > 0)):
            row = order[int(k)]
            self.faults.append(
                t.fault("end-before-start", row, "end", value=t["end"][row], start=t["start"][row])
            )
        pointer, uses = [0], []
        for row in order:
            names = sorted(_words(t["uses"][row]))
            if not names:
                self.faults.append(t.fault("missing-value", row, "uses"))
            for name in names:
                if name not in capacity_row:
                    self.faults.append(
                        t.fault("unknown", row, "uses", value=name, where=self.tables["capacities"].file)
                    )
                uses.append(capacity_row.get(name, 0))
            pointer.append(len(uses))
        online = self._flags(t, "online", order)
        lat, lon = self._places(t, order, online)
        return Slots(
            [t["slot"][row] for row in order],
            [t["offering"][row] for row in order],
            [t["actor"][row] for row in order],
            self._kinds(t, order),
            start,
            end,
            np.array(pointer, np.int32),
            np.array(uses, np.int32),
            lat,
            lon,
            online,
            self._sets(t, "requires", order),
            self._sets(t, "features", order),
            self._sets(t, "times", order),
        )

    def _people(self, order: Sequence[int]) -> People:
        t = self.tables["people"]
        lat, lon = self._places(t, order, np.zeros(len(order), bool))
        return People(
            [t["person"][row] for row in order],
            lat,
            lon,
            self._numbers(t, "max_km", order, 0, HIGHEST),
            self._flags(t, "online", order),
            self._sets(t, "tags", order),
            self._sets(t, "times", order),
        )

    def _needs(self, order: Sequence[int], row_of: Mapping[str, Mapping[str, int]]) -> Needs:
        t = self.tables["needs"]
        after = self._references(t, "after", order, row_of["needs"], t.file)
        self._refuse_cycles(t, order, after)
        groups: dict[tuple[str, str], int] = {}
        for row in order:
            key = ("group", t["exclusive"][row]) if t["exclusive"][row] else ("person", t["person"][row])
            groups.setdefault(key, len(groups))
        group = [
            groups[("group", t["exclusive"][row]) if t["exclusive"][row] else ("person", t["person"][row])]
            for row in order
        ]
        relation = []
        for row in order:
            word = t["relation"][row]
            if word not in ("", "end", "start"):
                self.faults.append(t.fault("bad-word", row, "relation", value=word, words="end, start"))
            relation.append(AFTER_START if word == "start" else AFTER_END)
        slots = row_of["slots"]
        proposed = [
            NONE if not t["proposed_slot"][r] else slots.get(t["proposed_slot"][r], -2) for r in order
        ]
        return Needs(
            [t["need"][row] for row in order],
            self._references(t, "person", order, row_of["people"], self.tables["people"].file, needed=True),
            self._kinds(t, order),
            after,
            np.array(relation, np.int32),
            self._integers(t, "lag_days", order, empty=0),
            self._integers(t, "max_lag_days", order, empty=NONE),
            self._days(t, "earliest", order),
            self._days(t, "target", order, empty=0),
            self._numbers(t, "weight", order, 1e-9, HIGHEST),
            self._sets(t, "features", order),
            np.array(group, np.int32),
            self._references(t, "fixed_slot", order, slots, self.tables["slots"].file),
            np.array(proposed, np.int32),
        )

    def _refuse_cycles(self, t: Table, order: Sequence[int], after: Ints) -> None:
        """A need that comes after itself, at any distance, is a fault; each circle is reported once."""
        state = np.zeros(len(order), np.int8)  # 0 not seen, 1 on the present walk, 2 done
        before = after.tolist()
        for k in range(len(before)):
            walk = []
            while k >= 0 and state[k] == 0:
                state[k] = 1
                walk.append(k)
                k = before[k]
            if k >= 0 and state[k] == 1:
                circle = walk[walk.index(k) :]
                names = [t["need"][order[c]] for c in [*circle[:4], k]]
                self.faults.append(
                    t.fault("cycle", order[k], "after", value=names[0], circle=" → ".join(names))
                )
            state[walk] = 2

    def _kinds(self, t: Table, order: Sequence[int]) -> Ints:
        for row in order:
            if not t["kind"][row]:
                self.faults.append(t.fault("missing-value", row, "kind"))
        return np.array([self.kinds[t["kind"][row]] for row in order], np.int32)

    def _references(
        self,
        t: Table,
        column: str,
        order: Sequence[int],
        rows: Mapping[str, int],
        where: str,
        needed: bool = False,
    ) -> Ints:
        cells, found = t[column], []
        for row in order:
            name = cells[row]
            if name and name not in rows:
                self.faults.append(t.fault("unknown", row, column, value=name, where=where))
            if needed and not name:
                self.faults.append(t.fault("missing-value", row, column))
            found.append(rows.get(name, NONE) if name else NONE)
        return np.array(found, np.int32)

    def _sets(self, t: Table, column: str, order: Sequence[int]) -> Ints:
        cells = t[column]
        number = {text: self.sets.setdefault(_words(text), len(self.sets)) for text in sorted(set(cells))}
        return np.array([number[cells[row]] for row in order], np.int32)

    def _days(self, t: Table, column: str, order: Sequence[int], empty: int | None = None) -> Ints:
        cells, known = t[column], {}
        if empty is not None:
            known[""] = empty
        for text in set(cells) - known.keys():
            try:
                known[text] = date.fromisoformat(text).toordinal()
            except ValueError:
                continue
        for row in order:
            if cells[row] not in known:
                code = "bad-date" if cells[row] else "missing-value"
                self.faults.append(t.fault(code, row, column, value=cells[row]))
        return np.array([known.get(cells[row], 0) for row in order], np.int32)

    def _integers(self, t: Table, column: str, order: Sequence[int], empty: int | None = None) -> Ints:
        cells, known = t[column], {}
        for text in set(cells):
            if text == "" and empty is not None:
                known[text] = empty
            elif text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= HIGHEST:
                known[text] = int(text)
        for row in order:
            if cells[row] not in known:
                self.faults.append(t.fault("bad-integer", row, column, value=cells[row], low=0))
        return np.array([known.get(cells[row], 0) for row in order], np.int32)

    def _numbers(self, t: Table, column: str, order: Sequence[int], low: float, high: float) -> Floats:
        cells, values = t[column], np.zeros(len(order))
        for k, row in enumerate(order):
            try:
                values[k] = float(cells[row])
            except ValueError:
                values[k] = math.nan
            if not low <= values[k] <= high:
                self.faults.append(
                    t.fault("bad-number", row, column, value=cells[row], low=f"{low:g}", high=f"{high:g}")
                )
        return values

    def _flags(self, t: Table, column: str, order: Sequence[int]) -> np.ndarray[Any, np.dtype[np.bool_]]:
        cells = t[column]
        for row in order:
            if cells[row] not in ("", "0", "1"):
                self.faults.append(t.fault("bad-word", row, column, value=cells[row], words="0, 1"))
        return np.array([cells[row] == "1" for row in order], np.bool_)

    def _places(
        self, t: Table, order: Sequence[int], online: np.ndarray[Any, np.dtype[np.bool_]]
    ) -> tuple[Floats, Floats]:
        """Coordinates in degrees; both may be empty only where a slot is online."""
        lat, lon = np.full(len(order), math.nan), np.full(len(order), math.nan)
        for k, row in enumerate(order):
            if not t["lat"][row] and not t["lon"][row]:
                if not online[k]:
                    self.faults.append(t.fault("no-place", row, "lat"))
                continue
            for values, column, high in ((lat, "lat", 90), (lon, "lon", 180)):
                with suppress(ValueError):
                    values[k] = float(t[column][row])
                if not -high <= values[k] <= high:
                    self.faults.append(
                        t.fault("bad-number", row, column, value=t[column][row], low=-high, high=high)
                    )
        return lat, lon


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in text.split(";") if word)


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
