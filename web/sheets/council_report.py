"""Bericht für einen Rat: waits, gaps and what the network can bear, with charts, as a PDF to hand round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from web.language import words_for
from web.sheets.setting import set_pdf
from workflows.planning_room.key_messages import Message, key_messages
from workflows.planning_room.tables import (
    FigureTable,
    Report,
    number_columns,
    table_bars,
    text_table,
    words_of,
)
from workflows.wording import date_text

MOST_COLUMNS, MOST_ROWS = 7, 20
"""A page holds so many columns, and a reader so many rows; larger tables show the first ones and say so."""
SAID_BESIDE = {"slot": "offering", "kind": "offering"}
"""Columns that hardly say more than another one, where that stands beside them."""


def council_report(parts: Mapping[str, Report], region: str, on: date, lang: str) -> bytes:
    """Set a report.

    Parameters
    ----------
    parts : mapping of str to Report
        Reports by the page of the planning room that they come from, in their order.
    region : str
        Name of the region.
    on : date
        Day of the figures; the same report and day give the same bytes.
    lang : str
        ``de`` or ``en``.

    Returns
    -------
    bytes
        The PDF.
    """
    return set_pdf("report.typ", report_data(parts, region, on, lang), on)


def report_data(parts: Mapping[str, Report], region: str, on: date, lang: str) -> dict[str, Any]:
    """Return what the report says, as JSON."""
    words = words_for(lang)
    return {
        "lang": lang,
        "title": words("desk.planning.report.title-of", region=region),
        "author": words("desk.name"),
        "as_of": words("desk.planning.report.as-of", day=date_text(on, lang)),
        "footer": words("desk.planning.report.footer"),
        "glance": words("desk.planning.report.at-a-glance"),
        "contents": words("desk.planning.report.contents"),
        "messages": [_message(message, parts, lang) for message in key_messages(parts)],
        "parts": [
            {"heading": words(f"desk.planning.{name}.title"), **_part(report, lang)}
            for name, report in parts.items()
        ],
    }


def _message(message: Message, parts: Mapping[str, Report], lang: str) -> dict[str, str]:
    """One sentence of the first page, its figure, and the table that both come from."""
    words, words_here = words_for(lang), words_of(lang)
    names = parts[message.part].names if message.part in parts else {}  # what is uncertain is said of any
    figure, sentence = message.told(words_here, names)
    part = words(f"desk.planning.{message.part}.title")
    table = words_here(f"table.{message.table}") if message.table else ""
    source = words("desk.planning.report.from", part=part, table=table) if table else ""
    return {"figure": figure, "sentence": sentence, "source": source}


def _part(report: Report, lang: str) -> dict[str, Any]:
    words = words_of(lang)
    shown = [table for table in report.tables if table.rows]
    return {
        "lead": [words(key, **values) for key, values in report.lead],
        "tables": [_table(table, report, lang) for table in shown],
    }


def _table(table: FigureTable, report: Report, lang: str) -> dict[str, Any]:
    words = words_of(lang)
    written, bars = text_table(table, words, report.names), table_bars(table, words, report.names)
    names = {column.name for column in table.columns}
    kept = [n for n, column in enumerate(table.columns) if SAID_BESIDE.get(column.name) not in names]
    shown = kept[:MOST_COLUMNS]
    return {
        "heading": written.heading,
        "columns": [written.columns[n] for n in shown],
        "numbers": [place for place, n in enumerate(shown) if n in number_columns(table)],
        "rows": [[row[n] for n in shown] for row in written.rows[:MOST_ROWS]],
        "note": " ".join(filter(None, (written.note, *_left_out(len(kept), len(table.rows), lang)))),
        "bars": [
            {"label": bar.label, "share": max(0.0, min(1.0, bar.share)), "shown": bar.shown}
            for bar in bars
            if any(one.share > 0 for one in bars)
        ],
    }


def _left_out(columns: int, rows: int, lang: str) -> Iterator[str]:
    """Say what of a table stands elsewhere only."""
    words = words_for(lang)
    if rows > MOST_ROWS:
        yield str(words("desk.planning.report.longer", shown=MOST_ROWS, rows=rows))
    if columns > MOST_COLUMNS:
        yield str(words("desk.planning.report.wider"))
