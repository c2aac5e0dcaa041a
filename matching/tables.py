"""Tables of text (Tabellen): CSV files in and out, plain or gzipped."""

import csv
import gzip
import io
import json
import math
import os
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

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


@dataclass(frozen=True)
class Table:
    """One table of text, column by column.

    Parameters
    ----------
    file : str
        Name of the file, for faults.
    columns : mapping of str to list of str
        Cells of each column, all of one length.
    lines : sequence of int
        Line of the file on which each row ends, from 1.
    """

    file: str
    columns: Mapping[str, list[str]]
    lines: Sequence[int]

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, column: str) -> list[str]:
        return self.columns[column]

    def fault(self, code: str, row: int, column: str, **values: object) -> Fault:
        """A fault in one cell."""
        return Fault(self.file, code, self.lines[row], column, values)


def read_table(folder: Path, name: str) -> Table:
    """Read ``name.csv`` or ``name.csv.gz`` of a folder.

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
    return parse_table(path.name, _text_of(path), COLUMNS[name])


def _text_of(path: Path) -> str:
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ProblemFault([Fault(path.name, "not-utf8")]) from None
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise ProblemFault([Fault(path.name, "unreadable", values={"reason": error})]) from None
    return text


def parse_table(file: str, text: str, wanted: Sequence[str]) -> Table:
    """Turn CSV text into a table with at least the wanted columns."""
    if not text.strip():
        raise ProblemFault([Fault(file, "empty", values={"columns": ",".join(wanted)})])
    reader = csv.reader(io.StringIO(text, newline=""))
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        header = [cell.strip() for cell in next(reader)]
        for row in reader:
            if row:
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        raise ProblemFault([Fault(file, "not-csv", reader.line_num, None, {"reason": error})]) from None
    faults = [Fault(file, "missing-column", 1, column) for column in wanted if column not in header]
    width = len(header)
    faults += [
        Fault(file, "row-length", line, None, {"found": len(row), "wanted": width})
        for row, line in zip(rows, lines, strict=True)
        if len(row) != width
    ]
    if faults:
        raise ProblemFault(faults)
    cells = zip(*rows, strict=True) if rows else ([] for _ in header)
    return Table(file, {name: list(column) for name, column in zip(header, cells, strict=True)}, lines)


def table_from_rows(name: str, rows: Iterable[Mapping[str, str]]) -> Table:
    """Make a table of rows held in memory; rows count as lines from 2, as they would in a file."""
    kept = list(rows)
    columns = {column: [row.get(column, "") for row in kept] for column in COLUMNS[name]}
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


def write_prices(seat_prices: Mapping[str, float], path: Path) -> None:
    """Write ``prices.csv``: weighted waiting days that one more seat of each capacity would save."""
    rows = ((capacity, f"{seat_prices[capacity]:.6g}") for capacity in sorted(seat_prices))
    write_rows(path, ("capacity", "seat_price"), rows)


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
    table = parse_table(path.name, _text_of(path), ("need", "slot"))
    plan: dict[str, str | None] = {}
    faults = []
    for row, (need, slot) in enumerate(zip(table["need"], table["slot"], strict=True)):
        if need in plan:
            faults.append(table.fault("twice", row, "need", value=need))
        plan[need] = slot or None
    if faults:
        raise ProblemFault(faults)
    return plan
