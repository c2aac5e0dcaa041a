"""Programm der Vorführregion: its partner files, laid over the simulated year and the time after it.

The files of a region begin at one day and look ahead. So that a year can lie behind, the same program stands
in them a second time, 52 weeks earlier, under ids of its own; both are moved by whole weeks.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

from network.partner_files import find_region, read_region
from network.uploads import files_in

REGION = "musterkreis"
YEAR_BEFORE = "-vorjahr"
WEEKS_OF_A_YEAR = 52
DAYS = frozenset({"start", "first", "last", "free_from", "as_of", "today"})
NOTHING_BOOKED: Mapping[str, int] = {}
BEGINNINGS = {"groups": "start", "services": "first", "stock": "free_from"}

Row = dict[str, str]


class Program:
    """Programm: the partner files of the region, moved so that they look ahead from a day.

    Parameters
    ----------
    today : date
        Day from which the files look ahead.
    """

    def __init__(self, today: date) -> None:
        folder = find_region(REGION)
        self.region = read_region(folder)
        self.weeks = (today - self.region.today).days // 7
        self._tables = {Path(name).stem: _rows(data) for name, data in files_in(folder).items()}

    def first_files(self, on: date) -> dict[str, bytes]:
        """Return the files with which the region begins on a day: the program of the year before alone."""
        tables = {name: self._year_before(name) for name in self._tables}
        return _files(self._as_of(tables, on))

    def next_files(self, on: date) -> dict[str, bytes]:
        """Return the files handed in on a day within the year: both programs."""
        tables = {name: self._this_year(name) for name in self._tables}
        for name in BEGINNINGS:
            tables[name] = [*self._year_before(name), *tables[name]]
        return _files(self._as_of(tables, on))

    def files_of(
        self,
        organisation: str,
        on: date,
        more_seats: int,
        *,
        without_last: bool = False,
        booked: Mapping[str, int] = NOTHING_BOOKED,
    ) -> dict[str, bytes]:
        """Return what one organisation hands in: its groups, each with some more or fewer seats.

        Parameters
        ----------
        organisation : str
            Key of the actor.
        on : date
            Day on which it says so.
        more_seats : int
            How many seats more than before.
        without_last : bool
            Whether the group that would begin last is given up.
        booked : mapping of str to int
            Seats that others have taken, by key of the group; elsewhere as many as before.
        """
        offerings = {row["id"] for row in self._tables["offerings"] if row["actor"] == organisation}
        both = [*self._year_before("groups"), *self._this_year("groups")]
        groups = [{**row, "as_of": on.isoformat()} for row in both if row["offering"] in offerings]
        if without_last:
            groups.remove(max(groups, key=lambda row: (row["start"], row["id"])))
        for row in groups:
            if date.fromisoformat(row["start"]) > on:
                row["seats"] = str(int(row["seats"]) + more_seats)
            row["booked"] = str(booked.get(row["id"], row["booked"]))
        return _files({"groups": groups})

    def _this_year(self, table: str) -> list[Row]:
        return [_moved(row, self.weeks) for row in self._tables[table]]

    def _year_before(self, table: str) -> list[Row]:
        """The same rows a year earlier; of dated ones only those that begin before the others do."""
        rows = [_moved(row, self.weeks - WEEKS_OF_A_YEAR) for row in self._tables[table]]
        if table not in BEGINNINGS:
            return rows
        first = {row["id"]: row for row in self._this_year(table)}
        today_on = self.region.today + timedelta(weeks=self.weeks)
        found = []
        for row in rows:
            if table == "services":
                until_on = date.fromisoformat(first[row["id"]]["first"]) - timedelta(days=1)
                row["last"] = min(date.fromisoformat(row["last"]), until_on).isoformat()
            if date.fromisoformat(row[BEGINNINGS[table]]) < today_on:
                found.append({**row, "id": row["id"] + YEAR_BEFORE})
        return found

    @staticmethod
    def _as_of(tables: Mapping[str, Iterable[Row]], on: date) -> dict[str, list[Row]]:
        """No row is confirmed after the day on which it is handed in."""
        latest = on.isoformat()
        return {
            name: [
                {**row, **{key: min(row[key], latest) for key in ("as_of", "today") if row.get(key)}}
                for row in rows
            ]
            for name, rows in tables.items()
        }


def _rows(data: bytes) -> list[Row]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def _moved(row: Row, weeks: int) -> Row:
    def moved(name: str, text: str) -> str:
        if name not in DAYS or not text:
            return text
        return (date.fromisoformat(text) + timedelta(weeks=weeks)).isoformat()

    return {name: moved(name, text) for name, text in row.items()}


def _files(tables: Mapping[str, list[Row]]) -> dict[str, bytes]:
    files = {}
    for name, rows in tables.items():
        if rows:
            text = io.StringIO()
            writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            files[f"{name}.csv"] = text.getvalue().encode()
    return files
