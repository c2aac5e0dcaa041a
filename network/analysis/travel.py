"""How far it is (Wege): the great circle times a detour factor, or a table of travel times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from network import cells
from network.actors import Place
from network.columns import Column, Table
from network.distance import EARTH_RADIUS_KM
from network.faults import Fault, PartnerFault
from network.sheets import read_sheet

Floats = NDArray[np.float64]

DETOUR_FACTOR = 1.3
"""Way by road over great circle; an assumption (1.2 to 1.4 are usual for roads in Europe)."""

LONGEST_MINUTES = 1440

TRAVEL_TIMES = Table(
    "travel_times",
    "wegezeiten",
    (
        Column("from", "von", cells.plain, required=True),
        Column("to", "nach", cells.plain, required=True),
        Column("minutes", "Minuten", cells.whole(0, LONGEST_MINUTES), required=True),
    ),
    needs_rows=True,
)


class Travel(Protocol):
    """What tells how far places are from each other."""

    @property
    def unit(self) -> str:
        """Unit of the ways: ``km`` or ``min``."""
        ...

    def ways(self, origins: Sequence[Place], goals: Sequence[Place]) -> Floats:
        """Way from each origin (rows) to each goal (columns), >= 0; infinite where there is none."""
        ...


@dataclass(frozen=True)
class GreatCircle:
    """Luftlinie mal Umwegfaktor, km.

    Parameters
    ----------
    detour_factor
        Way by road over great circle, >= 1.

    Raises
    ------
    ValueError
        When the factor is below 1.
    """

    detour_factor: float = DETOUR_FACTOR
    unit: str = "km"

    def __post_init__(self) -> None:
        if not self.detour_factor >= 1:
            raise ValueError(f"detour_factor must be >= 1, not {self.detour_factor}")

    def ways(self, origins: Sequence[Place], goals: Sequence[Place]) -> Floats:
        """Way from each origin to each goal, km."""
        from_lat, from_lon = _radians(origins)
        to_lat, to_lon = _radians(goals)
        half_lat = (to_lat[None, :] - from_lat[:, None]) / 2
        half_lon = (to_lon[None, :] - from_lon[:, None]) / 2
        cosines = np.cos(from_lat)[:, None] * np.cos(to_lat)[None, :]
        chord = np.sin(half_lat) ** 2 + cosines * np.sin(half_lon) ** 2
        circle = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, chord)))
        return np.asarray(self.detour_factor * circle)


def _radians(places: Sequence[Place]) -> tuple[Floats, Floats]:
    lat = np.radians(np.array([place.lat for place in places], np.float64))
    lon = np.radians(np.array([place.lon for place in places], np.float64))
    return lat, lon


@dataclass(frozen=True)
class TravelTimes:
    """Fahrzeiten zwischen Orten, Minuten.

    Within a town the time is 0 unless the table says otherwise; a pair that it does not name has no way.

    Parameters
    ----------
    minutes
        By names of two towns, folded (``casefold``).
    """

    minutes: Mapping[tuple[str, str], float]
    unit: str = "min"

    def ways(self, origins: Sequence[Place], goals: Sequence[Place]) -> Floats:
        """Time from each origin to each goal, minutes."""
        rows, row_of = _names(origins)
        columns, column_of = _names(goals)
        between = np.full((len(rows), len(columns)), np.inf)
        for r, start in enumerate(rows):
            for c, end in enumerate(columns):
                between[r, c] = self.minutes.get((start, end), 0.0 if start == end else np.inf)
        return np.asarray(between[np.ix_(row_of, column_of)])


def _names(places: Sequence[Place]) -> tuple[list[str], list[int]]:
    number: dict[str, int] = {}
    of = [number.setdefault(place.name.casefold(), len(number)) for place in places]
    return list(number), of


TravelRow = tuple[str, str, float]
"""From, to, minutes."""


def travel_rows(data: bytes, name: str) -> list[TravelRow]:
    """Read a table of travel times: columns ``from``, ``to``, ``minutes`` (German: von, nach, Minuten).

    Parameters
    ----------
    data : bytes
        CSV or Excel.
    name : str
        Of the file, for faults.

    Raises
    ------
    PartnerFault
        With everything that is wrong in the file.
    """
    sheet = read_sheet(data, TRAVEL_TIMES, name)
    if sheet.faults:
        raise PartnerFault(sheet.faults)
    return [(row.cells["from"], row.cells["to"], float(row.cells["minutes"])) for row in sheet.rows]


def times_of(rows: Iterable[TravelRow]) -> TravelTimes:
    """Return what rows say: each in both directions, unless the other one has a row of its own."""
    there = {(start.casefold(), end.casefold()): minutes for start, end, minutes in rows}
    back = {(end, start): minutes for (start, end), minutes in there.items()}
    return TravelTimes({**back, **there})


def read_travel_times(path: Path) -> TravelTimes:
    """Read a file of travel times; see `travel_rows`.

    Raises
    ------
    PartnerFault
        With everything that is wrong in the file.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        values = {"reason": str(error.strerror or type(error).__name__)}
        raise PartnerFault([Fault(path.name, None, None, "unreadable", values)]) from None
    return times_of(travel_rows(data, path.name))
