"""Tables of figures (Zahlentafeln): codes and numbers, shown as text, page, CSV and JSON alike."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from network.kinds import STATES, kind_label
from network.labels import half_day_label, label
from network.page import Bar, bars, captioned, table_section
from network.summary import TextTable
from plans.templates import profiles
from workflows.small_cells import Hidden
from workflows.wording import Words, date_text, list_text, month_text, number_text, percent_text

TEXTS = Path(__file__).parent / "texts"
Value = str | int | float | date | Hidden | None
NOT_SHOWN = "–"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MOST_BARS = 15


class Column(NamedTuple):
    """A column of a table (Spalte).

    Parameters
    ----------
    name : str
        As CSV and JSON call it; its heading is ``column.<name>`` of the catalogue.
    look : str
        How a value is shown: ``text``, ``count``, ``days``, ``number``, ``share``, ``date``, ``month``,
        ``kind``, ``name`` (looked up in the names of the report), ``profile``, ``state``, ``half-day``,
        ``parts`` (of the week, joined by +), ``tag``, ``language``, or the group of a code in the catalogue.
    """

    name: str
    look: str = "text"


NUMBERS = ("count", "days", "number", "share")


@dataclass(frozen=True)
class FigureTable:
    """A table with a heading (``table.<key>``) and perhaps a note (``note.<key>``), both in the catalogue.

    Parameters
    ----------
    rows : sequence of sequence of Value
        Codes and numbers; a hidden count says so, None means that there is no figure.
    bar : str or None
        Column whose values are drawn as bars beside the first column.
    ends : pair of str or None
        Columns between which the true value of a bar lies, drawn as a line across its end.
    also : tuple of str
        Further columns, each drawn as a chart of its own.
    """

    key: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]
    bar: str | None = None
    ends: tuple[str, str] | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """A title, a few sentences and tables (Bericht).

    Parameters
    ----------
    title, lead : pair of key and values, and a sequence of them
        Texts of the catalogue.
    names : mapping of str to str
        Names of actors, offerings and towns by their ids, for columns that look like a ``name``.
    footer : str
        Licence and source.
    """

    title: tuple[str, Mapping[str, Any]]
    lead: Sequence[tuple[str, Mapping[str, Any]]]
    tables: Sequence[FigureTable]
    names: Mapping[str, str] = field(default_factory=dict)
    footer: str = ""


def words_of(lang: str) -> Words:
    """The catalogue of the planning room in ``de`` or ``en``."""
    return Words(lang, TEXTS)


def shown(value: Value, look: str, words: Words, names: Mapping[str, str]) -> str:
    """Write one value for people."""
    if value is None:
        return NOT_SHOWN
    if isinstance(value, Hidden):
        return words("hidden" if value is Hidden.SMALL else "protecting")
    if isinstance(value, date):
        return month_text(value, words.lang) if look == "month" else date_text(value, words.lang)
    if isinstance(value, str):
        return _code_shown(value, look, words, names)
    if look == "share":
        return percent_text(value, words.lang)
    return number_text(value, words.lang, 1 if look == "number" else 0)


def _code_shown(value: str, look: str, words: Words, names: Mapping[str, str]) -> str:
    lang = words.lang
    makers: Mapping[str, Callable[[], str]] = {
        "text": lambda: value,
        "kind": lambda: kind_label(value, lang) if value else NOT_SHOWN,
        "name": lambda: names.get(value, value),
        "level": lambda: words("level.none") if value == NOT_SHOWN else value,
        "half-day": lambda: half_day_label(value, lang),
        "tag": lambda: label("tag", value, lang),
        "language": lambda: label("language", value, lang),
        "state": lambda: STATES[value].label(lang),
        "profile": lambda: _profile_shown(value, lang),
        "parts": lambda: list_text((words.label("parts", part) for part in value.split("+")), lang),
    }
    return makers[look]() if look in makers else words.label(look, value)


def _profile_shown(value: str, lang: str) -> str:
    """The words of a profile; one that the templates do not know (any more) stands for itself."""
    found = next((one for one in profiles() if one.key == value), None)
    return found.label(lang) if found else value or NOT_SHOWN


def text_table(table: FigureTable, words: Words, names: Mapping[str, str]) -> TextTable:
    """The table in words."""
    rows = tuple(
        tuple(shown(v, column.look, words, names) for v, column in zip(row, table.columns, strict=True))
        for row in table.rows
    )
    note = f"note.{table.key}" if table.rows else f"none.{table.key}"
    return TextTable(
        words(f"table.{table.key}"),
        tuple(_heading(column.name, words) for column in table.columns),
        rows,
        words(note) if note in words else "",
    )


def _heading(name: str, words: Words) -> str:
    """Words for a column; ``within_30_km`` is made of its number and unit."""
    if f"column.{name}" in words:
        return words(f"column.{name}")
    _, way, unit = name.split("_")
    return f"≤ {way} {unit}"


def number_columns(table: FigureTable) -> tuple[int, ...]:
    """Columns, from 0, that hold numbers and stand flush right."""
    return tuple(n for n, column in enumerate(table.columns) if column.look in NUMBERS)


def section(table: FigureTable, words: Words, names: Mapping[str, str]) -> str:
    """The table as a section of a page, with its bars."""
    written = text_table(table, words, names)
    return table_section(written, chart(table, words, names), frozenset(number_columns(table)))


def chart(table: FigureTable, words: Words, names: Mapping[str, str]) -> str:
    """The charts of a table, each a picture that stands by itself; empty where it has none."""
    heading = words(f"table.{table.key}")
    first = bars(heading, words("bars.of", what=heading), table_bars(table, words, names))
    if not table.also or table.bar is None:
        return first
    found = [captioned(_heading(table.bar, words), first)]
    for name in table.also:
        what = _heading(name, words)
        drawn = table_bars(replace(table, bar=name, ends=None), words, names)
        found.append(captioned(what, bars(f"{heading}: {what}", words("bars.of", what=what), drawn)))
    return "".join(found)


def table_bars(table: FigureTable, words: Words, names: Mapping[str, str]) -> list[Bar]:
    """The values of the column `FigureTable.bar` beside the words of their rows; hidden ones have no bar."""
    if table.bar is None:
        return []
    written = text_table(table, words, names)
    place = {column.name: n for n, column in enumerate(table.columns)}
    at = place[table.bar]
    labels = [n for n, column in enumerate(table.columns[:at]) if column.look not in NUMBERS][:2]
    numbers = [n for n, row in enumerate(table.rows) if isinstance(row[at], int | float)][:MOST_BARS]
    drawn = [at, *(place[name] for name in table.ends or ())]
    longest = max((_size(table.rows[n][c]) for n in numbers for c in drawn), default=0.0)
    if table.columns[at].look == "share":
        longest = 1.0

    def share(number: int, column: int) -> float:
        return _size(table.rows[number][column]) / longest if longest > 0 else 0.0

    return [
        Bar(
            ", ".join(written.rows[number][n] for n in labels),
            share(number, at),
            written.rows[number][at],
            (share(number, drawn[1]), share(number, drawn[2])) if table.ends else None,
        )
        for number in numbers
    ]


def _size(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def plain_value(value: Value) -> str | int | float | None:
    """A value for other programs: ISO dates, ``hidden`` for a count that is not shown."""
    if isinstance(value, Hidden):
        return "hidden"
    if isinstance(value, date):
        return value.isoformat()
    return round(value, 6) if isinstance(value, float) else value


def table_data(table: FigureTable) -> list[dict[str, Any]]:
    """The rows for other programs."""
    names = [column.name for column in table.columns]
    return [dict(zip(names, map(plain_value, row), strict=True)) for row in table.rows]


def table_csv(table: FigureTable) -> str:
    """The table as CSV: codes, not words; a text that a spreadsheet would take for a formula is disarmed."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    for row in table.rows:
        writer.writerow([disarmed(plain_value(value)) for value in row])
    return file.getvalue()


def disarmed(value: str | int | float | None) -> str | int | float:
    """Return a value of a cell so that no spreadsheet takes it for a formula; None is an empty cell."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
