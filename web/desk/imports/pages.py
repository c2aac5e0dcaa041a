"""Seiten „Einspielen“: hand in partner files, see what they would change and what is wrong, apply, undo."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from plans.roles import Role
from web.desk import forms
from web.desk.guard import roles, the_desk
from workflows.access.regions import list_regions
from workflows.acting import Desk
from workflows.partners.import_file import list_senders, read_import
from workflows.partners.imports import (
    ImportRefused,
    apply_import,
    list_imports,
    preview_import,
    problem,
    undo_import,
)
from workflows.partners.reading import export_network

blueprint = Blueprint("imports", __name__, url_prefix="/einspielen")

WHOLE_REGION = "*"
"""Sender of files of the whole region; the key of an organisation else."""
ROWS_SHOWN = 500
NEWEST = 30


@blueprint.get("")
def regions() -> str | BaseResponse:
    """Lead to the region of whoever is signed in; let choose where there are several."""
    found = list_regions(the_desk())
    if len(found) == 1:
        return redirect(url_for("imports.show", region_id=found[0]["region_id"]), 303)
    return render_template("desk/imports/regions.html", regions=found)


@blueprint.get("/<region_id>")
def show(region_id: str) -> str:
    """Show the form to hand in files, and what was imported before."""
    return _page(region_id)


@blueprint.post("/<region_id>")
def preview(region_id: str) -> BaseResponse | tuple[str, int]:
    """Look over files that were handed in: lead to what they would change, or say what is wrong."""
    files = {one.filename: one.read() for one in request.files.getlist("files") if one.filename}
    sender = forms.text("sender")
    if not files:
        return _page(region_id, fault=g.words("desk.imports.no-files"), sender=sender), 422
    key = None if sender == WHOLE_REGION else sender
    found = preview_import(the_desk(forms.request_key()), region_id, files, key)
    if found["problems"]:
        return _page(region_id, problems=found["problems"], sender=sender), 422
    return redirect(url_for("imports.read", import_id=found["import_id"]), 303)


@blueprint.get("/einspielung/<import_id>")
def read(import_id: str) -> str:
    """Show what an import changes, row by row and cell by cell."""
    return _import_page(import_id)


@blueprint.post("/einspielung/<import_id>/anwenden")
def apply(import_id: str) -> BaseResponse | tuple[str, int]:
    """Apply an import that was looked over."""
    return _do(apply_import, import_id)


@blueprint.post("/einspielung/<import_id>/zuruecknehmen")
def undo(import_id: str) -> BaseResponse | tuple[str, int]:
    """Undo an import."""
    return _do(undo_import, import_id)


@blueprint.get("/<region_id>/partnerdateien")
def export(region_id: str) -> Response:
    """Give out the network of a region as partner files, in one archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(export_network(the_desk(), region_id).items()):
            archive.writestr(name, text)
    disposition = {"Content-Disposition": 'attachment; filename="partnerdateien.zip"'}
    return Response(packed.getvalue(), mimetype="application/zip", headers=disposition)


def _as_read(cell: str) -> str:
    """A cell as people read it: a day in the words of the page, anything else as it is."""
    try:
        return str(g.words.value(date.fromisoformat(cell)))
    except ValueError:
        return cell


def _do(
    workflow: Callable[[Desk, str, int], dict[str, Any]], import_id: str
) -> BaseResponse | tuple[str, int]:
    try:
        workflow(the_desk(forms.request_key()), import_id, forms.version())
    except ImportRefused as refusal:
        return _import_page(import_id, refusal), 422
    return redirect(url_for("imports.read", import_id=import_id), 303)


def _page(
    region_id: str, *, fault: str = "", problems: list[dict[str, Any]] | None = None, sender: str = ""
) -> str:
    senders = list_senders(the_desk(), region_id)
    imports = list_imports(the_desk(), region_id)[:NEWEST] if senders["whole_region"] else []
    return render_template(
        "desk/imports/show.html",
        region_id=region_id,
        senders=senders,
        sender=sender,
        whole_region=WHOLE_REGION,
        imports=imports,
        fault=fault,
        problems=problems or [],
    )


def _import_page(import_id: str, refusal: ImportRefused | None = None) -> str:
    found = read_import(the_desk(), import_id)
    rows = found["differences"][:ROWS_SHOWN]
    return render_template(
        "desk/imports/import.html",
        found=found,
        tables=[(table, list(own)) for table, own in groupby(rows, lambda row: row["table"])],
        hidden_rows=len(found["differences"]) - len(rows),
        refused=refusal.title(g.words.lang) if refusal else "",
        reasons=[problem(one) for one in refusal.reasons] if refusal else [],
        may_apply=Role.COORDINATOR in roles(),
        read=_as_read,
    )
