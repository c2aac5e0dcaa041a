"""Reading a folder of partner files (Partnerdateien) into a :class:`network.model.Region`.

Everything that is wrong with a folder is found in one go and raised together as :class:`PartnerFault`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from network.cells import nearest
from network.columns import TABLES, Table
from network.data_folder import data_folder
from network.faults import Fault, PartnerFault
from network.folder_check import Folder
from network.model import Region
from network.region_builder import build_region
from network.sheets import LONGEST_FILE_MB, Sheet, read_sheet

__all__ = [
    "Fault",
    "PartnerFault",
    "find_region",
    "read_region",
    "region_names",
    "region_of",
    "regions_folder",
]


def read_region(folder: Path) -> Region:
    """Read a region from its folder of partner files.

    Parameters
    ----------
    folder
        Holds ``region.csv``, ``actors.csv`` … as ``data/partners/README.md`` explains; German names
        (``akteure.csv``) are accepted as well.

    Raises
    ------
    PartnerFault
        With everything that is wrong, each by file, line and column.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise PartnerFault([Fault(str(folder), None, None, "no_folder")])
    return region_of({table.name: _read_table(folder, table) for table in TABLES})


def region_of(sheets: Mapping[str, Sheet]) -> Region:
    """Check the sheets of a region against each other, and build the region.

    Parameters
    ----------
    sheets
        One for each of `network.columns.TABLES`, by its name.

    Raises
    ------
    PartnerFault
        With everything that is wrong in any of them.
    """
    faults: list[Fault] = []
    Folder(sheets).check()
    for sheet in sheets.values():
        faults += sorted(sheet.faults, key=lambda fault: fault.line or 0)
    if faults:
        raise PartnerFault(faults)
    return build_region(sheets)


def _read_table(folder: Path, table: Table) -> Sheet:
    sheet = Sheet(table, table.file)
    try:
        found = sorted(path for path in folder.iterdir() if path.name.casefold() in table.files())
        if not found:
            if not table.optional:
                sheet.fault(None, None, "missing_file", columns=table.header())
            return sheet
        if len(found) > 1:
            sheet.fault(None, None, "two_files", other=", ".join(path.name for path in found))
        if found[0].stat().st_size > LONGEST_FILE_MB * 1_000_000:
            sheet.fault(None, None, "too_large", limit=LONGEST_FILE_MB)
            return sheet
        data = found[0].read_bytes()
    except OSError as error:
        sheet.fault(None, None, "unreadable", reason=error.strerror or type(error).__name__)
        return sheet
    earlier = sheet.faults
    sheet = read_sheet(data, table, found[0].name)
    sheet.faults[:0] = earlier
    return sheet


def regions_folder() -> Path:
    """Folder that holds one folder a region.

    ``FOERDERKETTE_DATA`` (a folder with ``partners`` in it) comes first, then the project's ``data``, then
    what was installed with the package.

    Raises
    ------
    PartnerFault
        When there is none.
    """
    return data_folder("partners")


def region_names() -> tuple[str, ...]:
    """Names of the regions at hand, sorted."""
    folder = regions_folder()
    return tuple(sorted(path.name for path in folder.iterdir() if (path / "region.csv").is_file()))


def find_region(name_or_path: str) -> Path:
    """Folder of a region, given by name (``musterkreis``) or as a path.

    Raises
    ------
    PartnerFault
        When neither exists; the fault suggests the nearest name.
    """
    path = Path(name_or_path)
    try:
        if path.is_dir():
            return path
        names = region_names()
    except (OSError, ValueError) as error:
        raise PartnerFault([Fault(name_or_path, None, None, "no_folder")]) from error
    if name_or_path in names:
        return regions_folder() / name_or_path
    values = {"value": name_or_path, "allowed": ", ".join(names), "suggestion": nearest(name_or_path, names)}
    raise PartnerFault([Fault(name_or_path, None, None, "no_region", values)])
