"""A partner file as rows of typed cells: bytes in, rows and faults out, whatever the bytes are.

Reads what spreadsheets write: UTF-8 with or without byte order mark, Windows-1252; separator ``;``, ``,`` or
tab; German or English headings in any order. Every fault is reported, none stops the reading of the rest.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from network.cells import CellError, nearest
from network.columns import Column, Table
from network.faults import Fault

LONGEST_CELL = 2_000
LONGEST_FILE_MB = 20
EXCEL_ERRORS = re.compile(r"#[A-ZÄÖÜ0-9/]+[!?]|#NV|#N/A")


@dataclass(frozen=True, slots=True)
class Row:
    """A row whose cells could be read; ``cells`` misses those that could not.

    ``raw`` has the text of every cell, ``unstated`` the names of the columns left empty or absent.
    """

    line: int
    cells: Mapping[str, Any]
    raw: Mapping[str, str]
    unstated: frozenset[str]

    def has(self, *names: str) -> bool:
        """Whether all these cells could be read."""
        return all(name in self.cells for name in names)


@dataclass(slots=True)
class Sheet:
    """A partner file that has been read: its rows, and what is wrong with it."""

    table: Table
    file: str
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)

    def fault(self, line: int | None, column: str | None, code: str, **values: object) -> None:
        """Note a fault; `column` is a column's name and is reported with the heading the file uses."""
        heading = self.headings.get(column, column) if column is not None else None
        texts = {key: str(value) for key, value in values.items()}
        self.faults.append(Fault(self.file, line, heading, code, texts))


def read_sheet(data: bytes, table: Table, file: str) -> Sheet:
    """Read one partner file.

    Parameters
    ----------
    data
        Content of the file, whatever it is.
    table
        The table it should hold.
    file
        Name that faults carry.
    """
    sheet = Sheet(table, file)
    text = _decoded(data, sheet)
    if text is None:
        return sheet
    numbered = [(i, line) for i, line in enumerate(re.split(r"\r\n|\n|\r", text), 1)]
    lines = [(i, line) for i, line in numbered if line.strip(' \t;,\ufeff"') and not _is_hint(i, line)]
    if not lines:
        sheet.fault(None, None, "empty_file", columns=table.header())
        return sheet
    separator = _separator(lines[0][1])
    rows = _cells_of(lines, separator, sheet)
    header = next(rows, None)
    if header is not None:
        columns = _header(header[1], header[0], sheet)
        for line, row in rows:
            _read_row(row, line, columns, sheet)
        if table.needs_rows and not sheet.rows:
            sheet.fault(None, None, "no_rows")
    return sheet


def _decoded(data: bytes, sheet: Sheet) -> str | None:
    for marks, code in (
        ((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"), "spreadsheet"),
        ((b"\xff\xfe", b"\xfe\xff"), "utf16"),
    ):
        if data.startswith(marks):
            sheet.fault(None, None, code)
            return None
    if b"\0" in data:
        sheet.fault(_line_at(data, data.index(b"\0")), None, "binary")
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        sheet.fault(_line_at(data, error.start), None, "encoding")
        return None


def _line_at(data: bytes, position: int) -> int:
    return len(re.findall(rb"\r\n|\n|\r", data[:position])) + 1


def _is_hint(line: int, text: str) -> bool:
    """Whether this is the line by which Excel announces the separator."""
    return line == 1 and text.strip('\ufeff" ').casefold().startswith("sep=")


def _separator(header: str) -> str:
    return max((";", ",", "\t"), key=header.count)


def _parse(text: str, separator: str) -> list[str] | None:
    """Cells of a line, or None when a quotation mark is left open or misplaced."""
    try:
        return next(csv.reader([text], delimiter=separator, strict=True), [])
    except csv.Error:
        return None


def _cells_of(lines: list[tuple[int, str]], separator: str, sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """Rows of cells with their line; a line that cannot be taken apart is a fault and is left out."""
    at, width = 0, None
    while at < len(lines):
        line, text = lines[at]
        row = _parse(text, separator)
        at += 1
        if row is None:
            used = _continued(lines, at, separator, width)
            sheet.fault(line, None, "line_break" if used else "open_quote")
            at += used
        else:
            width = width or len(row)
            yield line, row


def _continued(lines: list[tuple[int, str]], at: int, separator: str, width: int | None) -> int:
    """How many of the following lines belong to a cell with a line break that was opened before `at`.

    0 when the next line is a row of its own: then the quotation mark was never meant to span lines.
    """
    if at < len(lines) and width and len(_parse(lines[at][1], separator) or []) == width:
        return 0
    joined = lines[at - 1][1]
    for used in range(1, min(20, len(lines) - at) + 1):
        joined += " " + lines[at + used - 1][1]
        row = _parse(joined, separator)
        if row is not None and (width is None or len(row) == width):
            return used
    return 0


def _header(row: list[str], line: int, sheet: Sheet) -> list[Column | None]:
    headings = [cell.strip().strip("\ufeff") for cell in row]
    while headings and not headings[-1]:
        headings.pop()
    columns: list[Column | None] = []
    for number, heading in enumerate(headings, 1):
        column = sheet.table.column_of(heading) if heading else None
        if not heading:
            sheet.fault(line, None, "unnamed_column", number=number)
        elif column is None:
            _unknown_column(heading, line, sheet)
        elif column in columns:
            sheet.fault(line, heading, "duplicate_column", value=heading)
            column = None
        else:
            sheet.headings[column.name] = heading
        columns.append(column)
    for column in sheet.table.columns:
        if column.required and column not in columns:
            sheet.fault(line, None, "missing_column", name=column.name, german=column.german)
    return columns


def _unknown_column(heading: str, line: int, sheet: Sheet) -> None:
    known = [name for column in sheet.table.columns for name in (column.name, column.german)]
    suggestion = nearest(heading, known)
    sheet.fault(
        line, heading, "unknown_column", value=heading, columns=sheet.table.header(), suggestion=suggestion
    )


def _read_row(row: list[str], line: int, columns: list[Column | None], sheet: Sheet) -> None:
    while len(row) > len(columns) and not row[-1].strip():
        row.pop()
    raw = {c.name: cell.strip() for c, cell in zip(columns, row, strict=False) if c is not None}
    if len(row) != len(columns):
        code = "row_too_long" if len(row) > len(columns) else "row_too_short"
        sheet.fault(line, None, code, found=len(row), expected=len(columns))
        sheet.rows.append(Row(line, {}, raw, frozenset()))  # its id is still known to the other tables
        return
    values: dict[str, Any] = {}
    for column in sheet.table.columns:
        if column.name in raw or not column.required:
            _read_cell(column, raw.get(column.name, ""), line, values, sheet)
    unstated = frozenset(column.name for column in sheet.table.columns if not raw.get(column.name))
    sheet.rows.append(Row(line, values, raw, unstated))


def _read_cell(column: Column, text: str, line: int, values: dict[str, Any], sheet: Sheet) -> None:
    if not text:
        if column.required:
            sheet.fault(line, column.name, "missing_value", hint=f"{column.german} / {column.name}.")
        else:
            values[column.name] = column.default
        return
    try:
        _refuse_unusable(text)
        values[column.name] = column.read(text)
    except CellError as error:
        sheet.fault(line, column.name, error.code, **error.values)


def _refuse_unusable(text: str) -> None:
    if len(text) > LONGEST_CELL:
        raise CellError("huge_cell", found=len(text), limit=LONGEST_CELL)
    if text.startswith(("=", "@")):
        raise CellError("formula", value=text)
    if EXCEL_ERRORS.fullmatch(text):
        raise CellError("excel_error", value=text)
