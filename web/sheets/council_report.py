"""Bericht für einen Rat: waits, gaps and what the network can bear, with charts, as a PDF to hand round."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from web.language import words_for
from web.sheets.setting import set_pdf
from workflows.planning_room.tables import (
    FigureTable,
    Report,
    number_columns,
    table_bars,
    text_table,
    words_of,
)
from workflows.wording import date_text

MOST_COLUMNS = 6
"""A page holds so many columns; tables that are wider show the first ones and say so."""


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
        "parts": [
            {"heading": words(f"desk.planning.{name}.title"), **_part(report, lang)}
            for name, report in parts.items()
        ],
    }


def _part(report: Report, lang: str) -> dict[str, Any]:
    words = words_of(lang)
    shown = [table for table in report.tables if table.rows]
    return {
        "lead": [words(key, **values) for key, values in report.lead],
        "tables": [_table(table, report, lang) for table in shown],
    }


def _left_out(table: FigureTable, lang: str) -> str:
    return words_for(lang)("desk.planning.report.wider") if len(table.columns) > MOST_COLUMNS else ""


def _table(table: FigureTable, report: Report, lang: str) -> dict[str, Any]:
    words = words_of(lang)
    written = text_table(table, words, report.names)
    return {
        "heading": written.heading,
        "columns": written.columns[:MOST_COLUMNS],
        "numbers": [n for n in number_columns(table) if n < MOST_COLUMNS],
        "rows": [row[:MOST_COLUMNS] for row in written.rows],
        "note": " ".join(filter(None, (written.note, _left_out(table, lang)))),
        "bars": [
            {"label": bar.label, "share": max(0.0, min(1.0, bar.share)), "shown": bar.shown}
            for bar in table_bars(table, words, report.names)
        ],
    }
