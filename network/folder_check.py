"""What is wrong between the cells of a row, the rows of a file and the files of a folder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from network.cells import GERMANY_LAT, GERMANY_LON, nearest
from network.kinds import KINDS
from network.sheets import Row, Sheet

DATED = ("groups", "services", "stock")
"""Tables whose rows become slots; their ids are unique across all three."""


MOST_SUGGESTIONS = 50
"""Similar ids are looked for so often in a column at most: comparing many with many takes minutes."""


class Folder:
    """The sheets of one folder, checked against each other; faults are noted in the sheets."""

    def __init__(self, sheets: Mapping[str, Sheet]) -> None:
        self.sheets = sheets
        self._towns = frozenset(r.raw["place"] for r in sheets["towns"].rows if r.raw.get("place"))
        self._most_modules = {
            row.raw.get("id"): KINDS[row.cells["kind"]].modules
            for row in sheets["offerings"].rows
            if row.has("kind")
        }

    def check(self) -> None:
        """Note every fault that only shows between cells, rows or files."""
        self._check_region()
        self._check_ids()
        self._check_references()
        for sheet in self.sheets.values():
            for row in sheet.rows:
                _check_origin(row, sheet)
                self._check_place(row, sheet)
        for row in self.sheets["groups"].rows:
            self._check_group(row)
        for row in self.sheets["services"].rows:
            _check_period(row, self.sheets["services"])
        self._check_cooperation()

    def _check_region(self) -> None:
        sheet = self.sheets["region"]
        for row in sheet.rows[1:]:
            sheet.fault(row.line, None, "one_row")

    def _check_ids(self) -> None:
        for names, column in (
            (("towns",), "place"),
            (("actors",), "id"),
            (("offerings",), "id"),
            (DATED, "id"),
        ):
            seen: dict[str, tuple[str, int]] = {}
            for name in names:
                sheet = self.sheets[name]
                for row in sheet.rows:
                    value = row.raw.get(column, "")
                    if value and value in seen:
                        file, line = seen[value]
                        sheet.fault(
                            row.line, column, "duplicate_id", value=value, other=file, other_line=line
                        )
                    seen.setdefault(value, (sheet.file, row.line))

    def _check_references(self) -> None:
        self._refer("offerings", "actor", "actors", "unknown_actor")
        self._refer("cooperation", "from", "actors", "unknown_actor")
        self._refer("cooperation", "to", "actors", "unknown_actor")
        for name in DATED:
            self._refer(name, "offering", "offerings", "unknown_offering")

    def _refer(self, name: str, column: str, target: str, code: str) -> None:
        known = {row.raw["id"] for row in self.sheets[target].rows if row.raw.get("id")}
        if not known:
            return  # the target file is unusable, which is reported there
        sheet = self.sheets[name]
        suggestions: dict[str, str] = {}
        for row in sheet.rows:
            if row.has(column) and row.cells[column] not in known:
                value = row.cells[column]
                if value not in suggestions and len(suggestions) < MOST_SUGGESTIONS:
                    suggestions[value] = nearest(value, known)
                sheet.fault(row.line, column, code, value=value, suggestion=suggestions.get(value, ""))

    def _check_place(self, row: Row, sheet: Sheet) -> None:
        if not row.has("place", "lat", "lon"):
            return
        place, lat, lon = row.cells["place"], row.cells["lat"], row.cells["lon"]
        if lat is None and lon is None:
            if place and place not in self._towns:
                suggestion = nearest(place, self._towns)
                sheet.fault(row.line, "place", "incomplete_place", suggestion=suggestion)
        elif lat is None or lon is None or not place:
            sheet.fault(row.line, "place", "incomplete_place")
        else:
            _check_degrees(lat, lon, row, sheet)

    def _check_group(self, row: Row) -> None:
        sheet = self.sheets["groups"]
        if row.has("seats", "booked") and row.cells["booked"] > row.cells["seats"]:
            numbers = {"booked": row.cells["booked"], "seats": row.cells["seats"]}
            sheet.fault(row.line, "booked", "overbooked", **numbers)
        if row.has("seats", "minimum") and row.cells["minimum"] > row.cells["seats"]:
            numbers = {"minimum": row.cells["minimum"], "seats": row.cells["seats"]}
            sheet.fault(row.line, "minimum", "minimum_too_high", **numbers)
        if row.has("modules", "entry_modules"):
            self._check_modules(row, row.cells["modules"], row.cells["entry_modules"])

    def _check_modules(self, row: Row, modules: int, entries: tuple[int, ...]) -> None:
        sheet = self.sheets["groups"]
        for entry in entries:
            if entry > modules:
                sheet.fault(row.line, "entry_modules", "entry_beyond_modules", value=entry, modules=modules)
        limit = self._most_modules.get(row.raw.get("offering"))
        if limit is not None and modules > limit:
            sheet.fault(row.line, "modules", "too_many_modules", value=modules, limit=limit)

    def _check_cooperation(self) -> None:
        sheet = self.sheets["cooperation"]
        seen: dict[tuple[str, str, str], int] = {}
        for row in sheet.rows:
            if not row.has("from", "to", "kind"):
                continue
            key = (row.cells["from"], row.cells["to"], row.cells["kind"])
            if key[0] == key[1]:
                sheet.fault(row.line, "to", "self_cooperation", value=key[0])
            if key in seen:
                sheet.fault(row.line, None, "duplicate_row", other_line=seen[key])
            seen.setdefault(key, row.line)


def _check_origin(row: Row, sheet: Sheet) -> None:
    if row.has("source", "illustrative") and not row.cells["source"] and not row.cells["illustrative"]:
        sheet.fault(row.line, "source", "no_source")


def _check_degrees(lat: float, lon: float, row: Row, sheet: Sheet) -> None:
    if _within(lat, GERMANY_LON) and _within(lon, GERMANY_LAT):
        sheet.fault(row.line, "lat", "swapped", lat=row.raw["lat"], lon=row.raw["lon"])
        return
    for name, value, (low, high) in (("lat", lat, GERMANY_LAT), ("lon", lon, GERMANY_LON)):
        if not _within(value, (low, high)):
            sheet.fault(row.line, name, "outside_germany", value=row.raw[name], low=low, high=high)


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def _check_period(row: Row, sheet: Sheet) -> None:
    if not row.has("first", "last"):
        return
    first: date = row.cells["first"]
    last: date = row.cells["last"]
    if last < first:
        sheet.fault(row.line, "last", "end_before_start", start=row.raw["first"], end=row.raw["last"])
