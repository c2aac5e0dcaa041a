"""From the text of a table's cells to numbers (Zellen lesen): every distinct text is looked at once.

Rows come in the order of their ids, so the order of a file does not matter. A cell that means nothing is
noted as a fault and read as some harmless value; whoever asks looks at the faults in the end.
"""

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.faults import Fault
from matching.problem import NONE, Flags, Floats, Ints
from matching.tables import Table

HIGHEST = 1e9  # no date, seat or factor of a real region comes near it; keeps sums finite


class Cells:
    """Reads the columns of one table.

    Parameters
    ----------
    table : Table
    id_column : str
        Column of the ids, by which the rows are sorted; an empty id or one that stands twice is a fault.
    faults : list of Fault
        Receives what is wrong.
    """

    def __init__(self, table: Table, id_column: str, faults: list[Fault]) -> None:
        self.table, self.faults = table, faults
        self.order = self._by_id(id_column)
        self.ids = self.texts(id_column)

    def _by_id(self, column: str) -> NDArray[np.int64]:
        cells = self.table[column]
        place = np.empty(len(cells.words), np.int64)
        place[sorted(range(len(cells.words)), key=cells.words.__getitem__)] = np.arange(len(cells.words))
        place = place[cells.codes]
        order = np.lexsort((np.arange(len(place)), place))
        self._missing(column, order)
        again = np.flatnonzero(np.diff(place[order]) == 0) + 1
        for row in order[again].tolist():
            if cells[row]:
                self.fault("twice", row, column, value=cells[row])
        return order

    def fault(self, code: str, row: int, column: str, **values: object) -> None:
        """Note a fault; ``row`` counts as in the file."""
        self.faults.append(self.table.fault(code, row, column, **values))

    def texts(self, column: str) -> list[str]:
        """The cells as they stand."""
        cells = self.table[column]
        return list(map(cells.words.__getitem__, cells.codes[self.order].tolist()))

    def is_blank(self, column: str) -> Flags:
        """Which cells are empty."""
        cells = self.table[column]
        return np.array([not word for word in cells.words], np.bool_)[cells.codes[self.order]]

    def rows_of(self) -> dict[str, int]:
        """Row of each id, in the order of the ids."""
        return {name: row for row, name in enumerate(self.ids)}

    def references(self, column: str, rows: Mapping[str, int], where: str, needed: bool = False) -> Ints:
        """Rows of the ids that the cells name; -1 where a cell is empty, which is a fault if ``needed``."""
        if needed:
            self._missing(column, self.order)
        known = {word: rows.get(word) if word else NONE for word in self.table[column].words}
        return self._read(column, known, NONE, "unknown", where=where)

    def numbered(self, column: str, number: Mapping[str, int]) -> Ints:
        """Number of each cell's text; an empty cell is a fault."""
        self._missing(column, self.order)
        cells = self.table[column]
        return np.array([number[word] for word in cells.words], np.int32)[cells.codes[self.order]]

    def sets(self, column: str, known: dict[frozenset[str], int]) -> Ints:
        """Number of each list of words; ``known`` grows by the lists that are new."""
        cells = self.table[column]
        for word in sorted(cells.words):
            known.setdefault(words_of(word), len(known))
        of = np.array([known[words_of(word)] for word in cells.words], np.int32)
        return of[cells.codes[self.order]]

    def days(self, column: str, empty: int | None = None) -> Ints:
        """Dates as proleptic ordinals."""
        known = {word: _day(word) if word else empty for word in self.table[column].words}
        if empty is None:
            self._missing(column, self.order)
            known[""] = 0
        return self._read(column, known, 0, "bad-date")

    def integers(self, column: str, empty: int | None = None) -> Ints:
        """Whole numbers of at least 0."""
        known = {word: _integer(word) if word else empty for word in self.table[column].words}
        return self._read(column, known, 0, "bad-integer", low=0)

    def numbers(self, column: str, low: float, high: float, ignored: Flags | None = None) -> Floats:
        """Numbers in a range; where ``ignored`` the cell may hold anything, and NaN is read."""
        cells = self.table[column]
        values = np.array([_number(word) for word in cells.words], np.float64)[cells.codes[self.order]]
        good = (low <= values) & (values <= high)
        for row in self.order[~good if ignored is None else ~good & ~ignored].tolist():
            self.fault("bad-number", row, column, value=cells[row], low=f"{low:g}", high=f"{high:g}")
        return values

    def flags(self, column: str) -> Flags:
        """0, 1 or empty."""
        known = {word: {"": 0, "0": 0, "1": 1}.get(word) for word in self.table[column].words}
        return self._read(column, known, 0, "bad-word", words="0, 1") == 1

    def choices(self, column: str, values: Mapping[str, int]) -> Ints:
        """One of some words; an empty cell means the first."""
        first = next(iter(values.values()))
        known = {word: values.get(word) if word else first for word in self.table[column].words}
        return self._read(column, known, first, "bad-word", words=", ".join(values))

    def places(self, online: Flags) -> tuple[Floats, Floats]:
        """Coordinates in degrees; both may be empty only where ``online``."""
        blank = self.is_blank("lat") & self.is_blank("lon")
        for row in self.order[blank & ~online].tolist():
            self.fault("no-place", row, "lat")
        return self.numbers("lat", -90, 90, blank), self.numbers("lon", -180, 180, blank)

    def _missing(self, column: str, order: NDArray[np.int64]) -> None:
        """Note every empty cell of a column as a fault."""
        cells = self.table[column]
        empty = np.array([not word for word in cells.words], np.bool_)[cells.codes[order]]
        for row in order[empty].tolist():
            self.fault("missing-value", row, column, value="")

    def _read(
        self, column: str, known: Mapping[str, int | None], otherwise: int, code: str, **values: Any
    ) -> Ints:
        """Value of every cell; one without a value is a fault and read as ``otherwise``."""
        cells = self.table[column]
        found = [known[word] for word in cells.words]
        good = np.array([value is not None for value in found], np.bool_)
        codes = cells.codes[self.order]
        for row in self.order[~good[codes]].tolist():
            self.fault(code, row, column, value=cells[row], **values)
        return np.array([otherwise if v is None else v for v in found], np.int32)[codes]


def words_of(text: str) -> frozenset[str]:
    """The words of a list inside a cell."""
    return frozenset(word for word in text.split(";") if word)


def _parsed(parse: Callable[[str], float], text: str) -> float | None:
    try:
        return parse(text)
    except ValueError:
        return None


def _day(text: str) -> int | None:
    day = _parsed(lambda word: date.fromisoformat(word).toordinal(), text)
    return None if day is None else int(day)


def _integer(text: str) -> int | None:
    good = text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= HIGHEST
    return int(text) if good else None


def _number(text: str) -> float:
    value = _parsed(float, text)
    return math.nan if value is None else value
