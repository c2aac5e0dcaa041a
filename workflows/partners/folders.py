"""Ordner: what the command line does with a folder of partner files and the network of a store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from network.partner_files import find_region
from network.uploads import files_in, read_upload
from workflows.access.regions import create_region, list_regions
from workflows.acting import Desk
from workflows.partners.imports import (
    apply_import,
    list_imports,
    look_over_import,
    preview_import,
    undo_import,
)
from workflows.partners.reading import export_network
from workflows.refusal import Refusal
from workflows.whole_files import write_whole


def import_folder(desk: Desk, folder: str, region_id: str, *, dry_run: bool) -> dict[str, Any]:
    """Import a folder of partner files: preview it and, where nothing is wrong, apply just that.

    Parameters
    ----------
    desk : Desk
        From where.
    folder : str
        Name of a region that comes with the project, or a folder.
    region_id : str
        Into which region; made where it is not there yet and its ``region.csv`` says what it is.
    dry_run : bool
        Only say what would change.

    Returns
    -------
    dict
        See `workflows.partners.imports.look_over_import`.

    Raises
    ------
    PartnerFault
        Where the folder cannot be read.
    ImportRefused
        Where somebody else changed the network at the same moment.
    """
    files = files_in(find_region(folder))
    if not dry_run:
        _make_region(desk, region_id, files)
    if dry_run:
        return look_over_import(desk, region_id, files)
    preview = preview_import(desk, region_id, files)
    if preview["problems"]:
        return preview
    return preview | apply_import(desk, preview["import_id"], preview["version"])


def undo_import_of(desk: Desk, import_id: str) -> dict[str, Any]:
    """Undo an import, whatever region it is of.

    Raises
    ------
    Refusal
        Where there is no such import, or later work forbids it.
    """
    for region in list_regions(desk):
        for one in list_imports(desk, region["region_id"]):
            if one["import_id"] == import_id:
                return undo_import(desk, import_id, one["version"])
    raise Refusal("no-such-import", id=import_id)


def export_folder(desk: Desk, region_id: str, folder: Path) -> list[str]:
    """Write the network of a region as partner files, each whole; returns their names.

    Raises
    ------
    Missing
        Where there is no such region.
    OSError
        Where the folder cannot be made or written to.
    """
    files = export_network(desk, region_id)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        write_whole(folder / name, text)
    return sorted(files)


def _make_region(desk: Desk, region_id: str, files: dict[str, bytes]) -> None:
    """Make the region where its own file names it; all else is said by the preview."""
    if any(one["region_id"] == region_id for one in list_regions(desk)):
        return
    sheet = read_upload(files).sheets.get("region")
    row = sheet.rows[0] if sheet and sheet.rows else None
    if row and row.has("id", "name_de", "name_en", "fictional") and row.cells["id"] == region_id:
        cells = row.cells
        create_region(desk, region_id, cells["name_de"], cells["name_en"], fictional=cells["fictional"])
