"""Merkblatt: the client sheet of a case as a PDF in German and a second language."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, abort, g, request

from web.desk.cases.blueprint import blueprint
from web.desk.guard import the_desk
from web.desk.pdf import pdf_answer
from web.sheets.client_sheet import client_sheet
from web.sheets.languages import codes
from workflows.cases.whole_case import read_for_sheet

USUAL = "eng"


@blueprint.get("/<person_id>/merkblatt")
def sheet(person_id: str) -> Response:
    """Give the sheet to take along."""
    code = request.args.get("sprache", USUAL)
    if code not in codes():
        abort(404)
    desk = replace(the_desk(), purpose=g.words("desk.case.sheet.purpose"))
    return pdf_answer(client_sheet(read_for_sheet(desk, person_id, code), code), f"merkblatt-{code}.pdf")
