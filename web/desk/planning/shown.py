"""Ein Bericht auf Seiten: charts beside tables, the tables as files, and the way back to what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, abort, g, jsonify, render_template, request
from markupsafe import Markup

from network.summary import TextTable
from web.desk.planning.frame import name_of
from workflows.planning_room.tables import (
    FigureTable,
    Report,
    chart,
    number_columns,
    table_csv,
    table_data,
    text_table,
    words_of,
)

FILE, FORM = "tabelle", "form"
"""Query values that ask for one table of the page as a file, and in which form: one of `FORMS`."""
FORMS = ("csv", "json")


@dataclass(frozen=True)
class ShownTable:
    """Eine Tabelle in Worten, with its chart and the columns that stand flush right."""

    key: str
    written: TextTable
    numbers: tuple[int, ...]
    chart: Markup


@dataclass(frozen=True)
class ShownReport:
    """Ein Bericht in Worten."""

    title: str
    lead: tuple[str, ...]
    tables: tuple[ShownTable, ...]


def shown_report(report: Report) -> ShownReport:
    """Return a report in the language of the request."""
    words = words_of(g.words.lang)
    return ShownReport(
        words(report.title[0], **report.title[1]),
        tuple(words(key, **values) for key, values in report.lead),
        tuple(
            ShownTable(
                table.key,
                text_table(table, words, report.names),
                number_columns(table),
                Markup(chart(table, words, report.names)),
            )
            for table in report.tables
        ),
    )


def asked_file(tables: Sequence[FigureTable]) -> Response | None:
    """Return the table that the request asks for as a file; None where it asks for the page.

    Small counts are hidden in the file as on the page: both come from the same table. ``&form=json`` gives
    the rows to other programs.
    """
    key = request.args.get(FILE)
    if key is None:
        return None
    found = next((table for table in tables if table.key == key), None)
    if found is None:
        abort(404)
    form = request.args.get(FORM, FORMS[0])
    if form not in FORMS:
        abort(400)
    if form == "json":
        return jsonify(table_data(found))
    headers = {"Content-Disposition": f'attachment; filename="{key}.csv"'}
    return Response("\ufeff" + table_csv(found), mimetype="text/csv", headers=headers)


def report_answer(name: str, region_id: str, report: Report, **more: object) -> str | Response:
    """Return the file of a report that is asked for, else the page ``<name>.html`` that shows it."""
    return asked_file(report.tables) or render_template(
        f"desk/planning/{name}.html",
        region_id=region_id,
        region=name_of(region_id, g.words.lang),
        report=shown_report(report),
        **more,
    )
