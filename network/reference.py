"""Reference data beside the regions: the sites of the model project on agreements (Modellstandorte)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from network import cells
from network.actors import Place
from network.columns import Column, Table
from network.data_folder import data_folder
from network.faults import PartnerFault
from network.sheets import read_sheet

_MODEL_SITES = Table(
    "model_sites",
    "modellstandorte",
    (
        Column("name", "Name", cells.plain, required=True),
        Column("land", "Land", cells.plain, required=True),
        Column("lat", "Breite", cells.degrees, required=True),
        Column("lon", "Länge", cells.degrees, required=True),
        Column("source", "Quelle", cells.plain, required=True),
    ),
    needs_rows=True,
)


@dataclass(frozen=True, slots=True)
class ModelSite:
    """A municipality that tried out integration agreements: its Land, and the middle of the town, rounded."""

    place: Place
    land: str
    source: str


@cache
def model_sites() -> tuple[ModelSite, ...]:
    """The 18 sites of the model project, in the order of the source.

    Raises
    ------
    PartnerFault
        When the file is missing or something is wrong with it.
    """
    path = data_folder("reference") / _MODEL_SITES.file
    sheet = read_sheet(path.read_bytes() if path.is_file() else b"", _MODEL_SITES, path.name)
    if sheet.faults:
        raise PartnerFault(sheet.faults)
    rows = [row.cells for row in sheet.rows]
    return tuple(ModelSite(Place(r["name"], r["lat"], r["lon"]), r["land"], r["source"]) for r in rows)
