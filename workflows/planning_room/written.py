"""A report as a folder (Berichtsordner): a page to print, one CSV file a table, everything as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from network.page import page
from workflows.match_run import must_be_writable
from workflows.planning_room.tables import Report, section, table_csv, table_data, words_of
from workflows.whole_files import write_whole


def report_page(report: Report, lang: str) -> str:
    """The report as one self-contained HTML page."""
    words = words_of(lang)
    return page(
        words(report.title[0], **report.title[1]),
        [words(key, **values) for key, values in report.lead],
        [section(table, words, report.names) for table in report.tables],
        report.footer,
        lang,
    )


def report_data(report: Report) -> dict[str, Any]:
    """The report for other programs."""
    return {table.key: table_data(table) for table in report.tables}


def report_json(report: Report) -> str:
    """`report_data` as text."""
    return json.dumps(report_data(report), ensure_ascii=False, indent=1) + "\n"


def write_report(report: Report, name: str, out: Path, lang: str) -> None:
    """Write ``<name>.html``, ``<name>.json`` and a CSV file for every table, each whole or not at all.

    Raises
    ------
    OSError
        Where the folder cannot be written.
    """
    must_be_writable(out)
    for table in report.tables:
        write_whole(out / f"{table.key}.csv", table_csv(table))
    write_whole(out / f"{name}.json", report_json(report))
    write_whole(out / f"{name}.html", report_page(report, lang))
