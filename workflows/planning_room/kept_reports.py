"""Reports as the store keeps them (aufbewahrte Berichte): JSON, from which the same report is read again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import isfinite
from numbers import Integral, Real
from typing import Any

from workflows.planning_room.tables import Column, FigureTable, Report, Value
from workflows.small_cells import Hidden


def written_report(report: Report) -> dict[str, Any]:
    """Return a report as JSON; of its names only those that its tables show."""
    shown = {
        value
        for table in report.tables
        for row in table.rows
        for value, column in zip(row, table.columns, strict=True)
        if column.look == "name"
    }
    return {
        "title": _sentence(report.title),
        "lead": [_sentence(one) for one in report.lead],
        "tables": [
            {
                "key": table.key,
                "columns": [list(column) for column in table.columns],
                "rows": [[_written(value) for value in row] for row in table.rows],
                "bar": table.bar,
                "ends": table.ends,
                "also": table.also,
            }
            for table in report.tables
        ],
        "names": {id: name for id, name in report.names.items() if id in shown},
        "footer": report.footer,
    }


def read_report(data: Mapping[str, Any]) -> Report:
    """Return the report that `written_report` has written."""
    return Report(
        title=_read_sentence(data["title"]),
        lead=[_read_sentence(one) for one in data["lead"]],
        tables=[
            FigureTable(
                table["key"],
                tuple(Column(*column) for column in table["columns"]),
                [[_read(value) for value in row] for row in table["rows"]],
                table["bar"],
                tuple(table["ends"]) if table.get("ends") else None,
                tuple(table.get("also", ())),
            )
            for table in data["tables"]
        ],
        names=data["names"],
        footer=data["footer"],
    )


def _sentence(said: tuple[str, Mapping[str, Any]]) -> list[Any]:
    key, values = said
    return [key, {name: _written(value) for name, value in values.items()}]


def _read_sentence(data: list[Any]) -> tuple[str, dict[str, Any]]:
    return data[0], {name: _read(value) for name, value in data[1].items()}


def _written(value: Any) -> Any:
    """A value of a cell as JSON; numbers of the engine become plain ones, one that is not finite none."""
    if isinstance(value, Hidden):
        return {"hidden": value.value}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value) if isfinite(value) else None
    return value


def _read(value: Any) -> Value:
    if not isinstance(value, dict):
        plain: Value = value
        return plain
    return Hidden(value["hidden"]) if "hidden" in value else date.fromisoformat(value["day"])
