"""Partner files as they are handed in (Einlieferung): bytes by file name, CSV or Excel, some or all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from network.archives import BrokenArchive, files_of_archive
from network.cells import nearest
from network.columns import TABLES, Table, folded
from network.faults import Fault, PartnerFault
from network.sheets import LONGEST_FILE_MB, Sheet, read_sheet
from network.workbooks import BrokenWorkbook, tables_of

EXCEL = ".xlsx"
ARCHIVE = ".zip"


@dataclass(frozen=True)
class Upload:
    """What was handed in.

    Parameters
    ----------
    sheets
        The tables that came, by name; their own faults are in them.
    faults
        What is wrong with the files themselves.
    """

    sheets: Mapping[str, Sheet]
    faults: tuple[Fault, ...]

    @property
    def all_faults(self) -> tuple[Fault, ...]:
        """Everything that is wrong so far."""
        return (*self.faults, *(fault for sheet in self.sheets.values() for fault in sheet.faults))


def read_upload(files: Mapping[str, bytes]) -> Upload:
    """Read files that were handed in.

    Parameters
    ----------
    files
        Content by file name. ``actors.csv`` or ``Akteure.csv`` holds one table, ``actors.xlsx`` as well; a
        workbook of any other name holds one table a sheet, named like it; a zip holds such files.

    Returns
    -------
    Upload
        Whatever the bytes are.
    """
    sheets: dict[str, Sheet] = {}
    faults: list[Fault] = []
    for name in sorted(files):
        for place, table, data in _tables(name, files[name], faults):
            if table.name in sheets:
                other = sheets[table.name].file
                faults.append(Fault(place, None, None, "two_files", {"other": f"{other}, {place}"}))
            else:
                sheets[table.name] = read_sheet(data, table, place)
    if not sheets and not faults:
        faults.append(Fault("–", None, None, "no_files", {"allowed": _allowed()}))
    return Upload(sheets, tuple(faults))


def files_in(folder: Path) -> dict[str, bytes]:
    """Return the partner files of a folder: what is named like a table, and every workbook.

    Raises
    ------
    PartnerFault
        Where the folder or a file of it cannot be read.
    """
    if not folder.is_dir():
        raise PartnerFault([Fault(str(folder), None, None, "no_folder")])
    try:
        return {
            path.name: _content(path)
            for path in sorted(folder.iterdir())
            if path.suffix.casefold() == EXCEL or (path.suffix.casefold() == ".csv" and _table(path.stem))
        }
    except OSError as error:
        reason = {"reason": error.strerror or type(error).__name__}
        raise PartnerFault([Fault(str(error.filename), None, None, "unreadable", reason)]) from error


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LONGEST_FILE_MB * 1_000_000 + 1)


def _tables(name: str, data: bytes, faults: list[Fault]) -> Iterator[tuple[str, Table, bytes]]:
    """Where it stands, which table it is, and its CSV, for each table in a file."""
    path = PurePath(name)
    table, ending = _table(path.stem), path.suffix.casefold()
    if len(data) > LONGEST_FILE_MB * 1_000_000:
        faults.append(Fault(name, None, None, "too_large", {"limit": str(LONGEST_FILE_MB)}))
    elif ending == EXCEL:
        yield from _sheets(name, data, table, faults)
    elif ending == ARCHIVE:
        yield from _packed(name, data, faults)
    elif table is None or ending != ".csv":
        suggestion = nearest(path.stem, [one.name for one in TABLES])
        values = {"allowed": _allowed(), "suggestion": f"{suggestion}.csv" if suggestion else ""}
        faults.append(Fault(name, None, None, "unknown_file", values))
    else:
        yield name, table, data


def _packed(name: str, data: bytes, faults: list[Fault]) -> Iterator[tuple[str, Table, bytes]]:
    """The tables of all files in an archive; one within another is not opened."""
    try:
        files = files_of_archive(data)
    except BrokenArchive:
        faults.append(Fault(name, None, None, "broken_archive"))
        return
    for inner, content in files:
        if PurePath(inner).suffix.casefold() == ARCHIVE:
            faults.append(Fault(f"{name}/{inner}", None, None, "broken_archive"))
        else:
            yield from _tables(inner, content, faults)


def _sheets(
    name: str, data: bytes, only: Table | None, faults: list[Fault]
) -> Iterator[tuple[str, Table, bytes]]:
    try:
        found = tables_of(data)
    except BrokenWorkbook:
        faults.append(Fault(name, None, None, "broken_workbook"))
        return
    if not found:
        faults.append(Fault(name, None, None, "empty_workbook", {"allowed": _allowed()}))
    for title, content in found:
        table = _table(title) or (only if len(found) == 1 else None)
        if table is None:
            values = {"value": title, "allowed": _allowed(), "suggestion": ""}
            faults.append(Fault(name, None, None, "unknown_sheet", values))
        else:
            yield f"{name} [{title}]", table, content


def _table(name: str) -> Table | None:
    return next((one for one in TABLES if folded(name) in (one.name, one.german)), None)


def _allowed() -> str:
    return ", ".join(table.name for table in TABLES)
