"""Seiten des Protokolls: search by account and object, verification against an earlier end, export."""

from __future__ import annotations

from itertools import chain
from typing import Any

from flask import Blueprint, Response, g, render_template, request

from plans.actions import Action
from plans.roles import Role
from web.desk.forms import text
from web.desk.guard import roles, the_desk
from web.desk.names import object_kinds
from workflows.access.accounts import list_accounts
from workflows.audit import export_audit, read_audit, verify_audit
from workflows.query import read_text
from workflows.refusal import Forbidden

blueprint = Blueprint("audit", __name__, url_prefix="/protokoll")

ENTRIES_A_PAGE = 50
WHO_VERIFIES = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})


@blueprint.get("")
def show() -> str:
    """Show entries that fit what the address asks for, newest first."""
    desk = the_desk()
    before = request.args.get("vor", "")
    entries = read_audit(
        desk,
        limit=ENTRIES_A_PAGE + 1,
        before=int(before) if before.isdecimal() and len(before) < 16 else None,
        **_wanted(),
    )
    return render_template(
        "desk/audit/search.html",
        entries=entries[:ENTRIES_A_PAGE],
        next_before=entries[ENTRIES_A_PAGE - 1]["sequence"] if len(entries) > ENTRIES_A_PAGE else None,
        accounts=list_accounts(desk),
        kinds=object_kinds(g.words),
        asked={name: read_text(request.args, name) for name in ("konto", "art", "id")},
    )


@blueprint.get("/ausfuhr.csv")
def export() -> Response:
    """Give what the address asks for as a file for spreadsheets."""
    lines = export_audit(the_desk(), **_wanted())
    first = next(lines)  # refuses before anything is sent
    headers = {"Content-Disposition": 'attachment; filename="protokoll.csv"'}
    return Response(chain(("\ufeff", first), lines), mimetype="text/csv", headers=headers)


@blueprint.route("/pruefung", methods=["GET", "POST"])
def verify() -> str:
    """Look whether anything was changed, taken out, moved or cut off."""
    if not roles() & WHO_VERIFIES:
        raise Forbidden("not-your-role", action=Action.VERIFY_AUDIT)
    if request.method == "GET":
        return render_template("desk/audit/verify.html", verdict=None, anchor="")
    anchor = text("anchor")
    return render_template(
        "desk/audit/verify.html", verdict=verify_audit(the_desk(), anchor or None), anchor=anchor
    )


def _wanted() -> dict[str, Any]:
    """What the address asks for, as `read_audit` takes it."""
    account_id = read_text(request.args, "konto")
    kind, id = read_text(request.args, "art"), read_text(request.args, "id")
    about = (kind or None, id or None)
    return {"account_id": account_id or None, "about": about if any(about) else None}
