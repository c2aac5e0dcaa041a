"""Tables of text (Tabellen): CSV files in and out, plain or gzipped."""

import csv
import gc
import gzip
import json
import math
import os
import tempfile
import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, MutableSequence, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO, Any, TextIO

import numpy as np
from numpy.typing import NDArray

from matching.faults import Fault, ProblemFault

COLUMNS: dict[str, tuple[str, ...]] = {
    "capacities": ("capacity", "seats", "min_participants"),
    "slots": (
        *("slot", "offering", "actor", "kind", "start", "end", "uses"),
        *("lat", "lon", "online", "requires", "features", "times"),
    ),
    "people": ("person", "lat", "lon", "max_km", "online", "tags", "times"),
    "needs": (
        *("need", "person", "kind", "after", "relation", "lag_days", "max_lag_days", "earliest", "target"),
        *("weight", "features", "exclusive", "fixed_slot", "proposed_slot"),
    ),
}
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class TextColumn:
    """One column of text: every distinct cell once, and which of them stands in each row.

    Parameters
    ----------
    words : list of str
        The distinct cells, in the order in which they first occur.
    codes : array of int
        For every row the number of its cell in ``words``.
    """

    words: list[str]
    codes: NDArray[np.int32]

    def __iter__(self) -> Iterator[str]:
        return map(self.words.__getitem__, self.codes.tolist())

    def __getitem__(self, row: int) -> str:
        return self.words[self.codes[row]]


class _ColumnMaker:
    """Takes in the cells of a column, some rows at a time."""

    def __init__(self) -> None:
        self.number: dict[str, int] = defaultdict(count().__next__)
        self.parts: list[NDArray[np.int32]] = [np.zeros(0, np.int32)]

    def add(self, cells: Sequence[str]) -> None:
        self.parts.append(np.fromiter(map(self.number.__getitem__, cells), np.int32, len(cells)))

    def column(self) -> TextColumn:
        return TextColumn(list(self.number), np.concatenate(self.parts))


@dataclass(frozen=True)
class Table:
    """One table of text, column by column.

    Parameters
    ----------
    file : str
        Name of the file, for faults.
    columns : mapping of str to TextColumn
        Cells of each column, all of one length.
    lines : sequence of int
        Line of the file on which each row ends, from 1.
    """

    file: str
    columns: Mapping[str, TextColumn]
    lines: Sequence[int]

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, column: str) -> TextColumn:
        return self.columns[column]

    def fault(self, code: str, row: int, column: str, **values: object) -> Fault:
        """A fault in one cell."""
        return Fault(self.file, code, self.lines[row], column, values)


def read_table(folder: Path, name: str) -> Table:
    """Read ``name.csv`` or ``name.csv.gz`` of a problem's folder.

    Raises
    ------
    ProblemFault
        The file is missing, empty, not UTF-8, no CSV, lacks a column, or a row has too few or too many cells.
    """
    path = folder / f"{name}.csv"
    if not path.exists():
        path = folder / f"{name}.csv.gz"
    if not path.exists():
        raise ProblemFault([Fault(f"{name}.csv", "missing-file", values={"name": name})])
    return read_csv(path, COLUMNS[name])


@contextmanager
def holding_garbage() -> Iterator[None]:
    """Look for no circular garbage meanwhile: cells hold none, and every look goes through millions."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_csv(path: Path, wanted: Sequence[str]) -> Table:
    """Read the wanted columns of a CSV file, plain or gzipped (name ending in .gz).

    Raises
    ------
    ProblemFault
        The file is empty, not UTF-8, no CSV, lacks a column, or a row has too few or too many cells.
    """
    try:
        with holding_garbage(), _opened(path) as lines:
            return _parse(path.name, lines, wanted)
    except UnicodeDecodeError:
        raise ProblemFault([Fault(path.name, "not-utf8")]) from None
    except (OSError, EOFError, zlib.error) as error:
        raise ProblemFault([Fault(path.name, "unreadable", values={"reason": error})]) from None


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _parse(file: str, lines: Iterable[str], wanted: Sequence[str]) -> Table:
    """Turn lines of CSV into a table, some rows at a time: the text is never held as a whole."""
    reader = csv.reader(lines)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if not any(header) and not any(cell.strip() for row in reader for cell in row):
            raise ProblemFault([Fault(file, "empty", values={"columns": ",".join(wanted)})])
        missing = [Fault(file, "missing-column", 1, column) for column in wanted if column not in header]
        if missing:
            raise ProblemFault(missing)
        return _rows(file, reader, header, wanted)
    except csv.Error as error:
        raise ProblemFault([Fault(file, "not-csv", reader.line_num, None, {"reason": error})]) from None


def _rows(file: str, reader: Any, header: Sequence[str], wanted: Sequence[str]) -> Table:
    places = [header.index(column) for column in wanted]
    makers = [_ColumnMaker() for _ in wanted]
    lines, faults = array("q"), []
    while rows := _some_rows(reader, lines):
        if set(map(len, rows)) != {len(header)}:
            faults += [
                Fault(file, "row-length", line, None, {"found": len(row), "wanted": len(header)})
                for row, line in zip(rows, lines[-len(rows) :], strict=True)
                if len(row) != len(header)
            ]
        if not faults:
            cells = list(zip(*rows, strict=True))
            for place, maker in zip(places, makers, strict=True):
                maker.add(cells[place])
    if faults:
        raise ProblemFault(faults)
    return Table(file, {name: maker.column() for name, maker in zip(wanted, makers, strict=True)}, lines)


def _some_rows(reader: Any, lines: MutableSequence[int]) -> list[list[str]]:
    """The next rows that are not blank, and the lines on which they end; none at the end of the file."""
    rows: list[list[str]] = []
    for row in reader:
        if row:
            rows.append(row)
            lines.append(reader.line_num)
            if len(rows) == ROWS_AT_ONCE:
                break
    return rows


def table_from_rows(name: str, rows: Iterable[Mapping[str, str]]) -> Table:
    """Make a table of rows held in memory; rows count as lines from 2, as they would in a file."""
    kept = list(rows)
    columns = {}
    for column in COLUMNS[name]:
        maker = _ColumnMaker()
        maker.add([row.get(column, "") for row in kept])
        columns[column] = maker.column()
    return Table(f"{name}.csv", columns, range(2, len(kept) + 2))


@contextmanager
def replacing(path: Path) -> Iterator[IO[str]]:
    """Write a file beside its place and move it there when it is whole: never half-written."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write one CSV file, whole or not at all."""
    with replacing(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_tables(tables: Mapping[str, Any], folder: Path) -> None:
    """Write a planning problem held as tables of text into a folder, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, header in COLUMNS.items():
        write_rows(folder / f"{name}.csv", header, ([row.get(c, "") for c in header] for row in tables[name]))
    with replacing(folder / "problem.json") as file:
        json.dump(tables["problem"], file, indent=1, ensure_ascii=False)
        file.write("\n")


def write_plan(plan: Mapping[str, str | None], path: Path) -> None:
    """Write ``plan.csv``: one row for every need, in the order of their ids."""
    write_rows(path, ("need", "slot"), ((need, plan[need] or "") for need in sorted(plan)))


def write_result(figures: Mapping[str, object], path: Path) -> None:
    """Write ``result.json``; every number in it must be finite."""
    for key, value in figures.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{key} is not finite: {value}")
    with replacing(path) as file:
        json.dump(figures, file, indent=1)
        file.write("\n")


def read_plan(path: Path) -> dict[str, str | None]:
    """Read ``plan.csv``, plain or gzipped; raises ProblemFault, also when a need is listed twice."""
    table = read_csv(path, ("need", "slot"))
    plan: dict[str, str | None] = {}
    faults = []
    for row, (need, slot) in enumerate(zip(table["need"], table["slot"], strict=True)):
        if need in plan:
            faults.append(table.fault("twice", row, "need", value=need))
        plan[need] = slot or None
    if faults:
        raise ProblemFault(faults)
    return plan
