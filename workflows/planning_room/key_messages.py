"""Auf einen Blick: what a council must know of a report, each sentence with its figure and its table.

All is read from the tables of the report, whose small counts are hidden: nothing can be said that they hide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workflows.planning_room.tables import FigureTable, Report, Value, shown
from workflows.small_cells import Hidden
from workflows.wording import Words

Cells = Mapping[str, tuple[Value, str]]
"""A row of a table: value and look by the name of its column."""


@dataclass(frozen=True)
class Message:
    """Eine Kernaussage.

    Parameters
    ----------
    key : str
        Of the catalogue: the sentence is ``message.<key>``, its figure ``message-figure.<key>``.
    cells : mapping
        What both say.
    part, table : str
        Report and table that it is read from.
    """

    key: str
    cells: Cells
    part: str
    table: str

    def told(self, words: Words, names: Mapping[str, str]) -> tuple[str, str]:
        """Return the figure and the sentence in words, with whole days."""
        values = {
            name: shown(value, "days" if look == "number" else look, words, names)
            for name, (value, look) in self.cells.items()
        }
        return words(f"message-figure.{self.key}", **values), words(f"message.{self.key}", **values)


def key_messages(parts: Mapping[str, Report]) -> Iterator[Message]:
    """Say what matters most in a report; what its tables do not show is left out.

    Parameters
    ----------
    parts : mapping of str to Report
        ``figures``, ``balance``, ``forecast``, ``analysis`` and, where a plan was released, ``gaps``.
    """
    for say in (_longest_wait, _largest_gap, _one_more_group, _forecast, _failure, _coverage):
        yield from say(parts)
    yield _uncertain(parts)


def _longest_wait(parts: Mapping[str, Report]) -> Iterator[Message]:
    whole = next(_rows(parts, "figures", "actual-all"), {})
    row = _most(parts, "figures", "actual-kind", "waiting_median")
    if row and _number(whole, "waiting_median") is not None:
        yield Message("wait", {**row, "all": whole["waiting_median"]}, "figures", "actual-kind")


def _largest_gap(parts: Mapping[str, Report]) -> Iterator[Message]:
    row = _most(parts, "gaps", "missing-kind", "people_unmet")
    if row and row["mostly_because"][0] is not None:
        yield Message("gap", row, "gaps", "missing-kind")
    elif row:
        yield Message("gap-alone", row, "gaps", "missing-kind")


def _one_more_group(parts: Mapping[str, Report]) -> Iterator[Message]:
    row = _most(parts, "gaps", "group-savings", "saved_days")
    if row:
        yield Message("group", row, "gaps", "group-savings")


def _forecast(parts: Mapping[str, Report]) -> Iterator[Message]:
    row = next(_rows(parts, "forecast", "forecast-all"), {})
    if _number(row, "promise_kept") is not None:
        yield Message("kept", row, "forecast", "forecast-all")
    elif _number(row, "promised_wait_days") is not None and _number(row, "came_wait_days") is not None:
        yield Message("promised", row, "forecast", "forecast-all")


def _failure(parts: Mapping[str, Report]) -> Iterator[Message]:
    row = _most(parts, "analysis", "failures", "lost_people")
    if row:
        yield Message("failure", row, "analysis", "failures")


def _coverage(parts: Mapping[str, Report]) -> Iterator[Message]:
    table = _table(parts, "analysis", "coverage")
    for row in _rows(parts, "analysis", "coverage"):
        if table is not None and table.bar is not None and row["breaks_at"][0]:
            way = table.bar.removeprefix("within_").replace("_", " ")
            said = {**row, "share": row[table.bar], "way": (way, "text")}
            yield Message("coverage", said, "analysis", "coverage")


def _uncertain(parts: Mapping[str, Report]) -> Message:
    cells = [
        cell for part in parts.values() for table in part.tables for row in table.rows for cell in row[1:]
    ]
    hidden = sum(isinstance(cell, Hidden) for cell in cells)
    counted: Cells = {"hidden": (hidden, "count"), "cells": (len(cells), "count")}
    return Message("uncertain", counted, "figures", "")


def _table(parts: Mapping[str, Report], part: str, key: str) -> FigureTable | None:
    tables = parts[part].tables if part in parts else ()
    return next((table for table in tables if table.key == key), None)


def _rows(parts: Mapping[str, Report], part: str, key: str) -> Iterator[Cells]:
    if (table := _table(parts, part, key)) is not None:
        for row in table.rows:
            yield {
                column.name: (value, column.look) for column, value in zip(table.columns, row, strict=True)
            }


def _number(row: Cells, name: str) -> float | None:
    value = row[name][0] if name in row else None
    return float(value) if isinstance(value, int | float) else None


def _most(parts: Mapping[str, Report], part: str, key: str, name: str) -> Cells:
    """The row with the greatest shown number above 0 in a column; empty where there is none."""
    found = [row for row in _rows(parts, part, key) if (_number(row, name) or 0) > 0]
    return max(found, key=lambda row: _number(row, name) or 0, default={})
