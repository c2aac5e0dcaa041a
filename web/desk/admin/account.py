"""Ein Konto: its roles, and what an administrator does for somebody who lost password or phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from plans.actions import Action
from plans.roles import Role
from web.desk.admin.accounts import asked_place, place_fields
from web.desk.admin.frame import above, blueprint, organisation_choices, refuse_others
from web.desk.filling import Page
from web.desk.form_page import FormPage
from web.desk.forms import request_key, version
from web.desk.guard import roles, the_desk, the_visit
from workflows.access.accounts import (
    deactivate_account,
    list_accounts,
    reactivate_account,
    reset_password,
    reset_second_factor,
)
from workflows.access.roles import grant_role, revoke_role
from workflows.acting import Desk
from workflows.refusals_shown import REFUSALS, was_sent_before

_DEEDS: dict[str, Callable[[Desk, str, int], str]] = {
    "stilllegen": deactivate_account,
    "oeffnen": reactivate_account,
    "zweiter-faktor": reset_second_factor,
}
"""What is done with an account as a whole, by the last part of its address."""


@blueprint.get("/konten/<account_id>")
def account(account_id: str) -> str:
    """Show an account."""
    return _page(account_id)


@blueprint.route("/konten/<account_id>/rolle", methods=["GET", "POST"])
def grant(account_id: str) -> Page:
    """Give a role."""
    refuse_others(Action.GRANT_ROLE, Role.ADMINISTRATOR)
    found = _found(account_id)
    crumbs = (above(), (found["display_name"], url_for("admin.account", account_id=account_id)))
    form = FormPage("role", place_fields(), {}, crumbs, {"name": found["display_name"]})

    def act() -> str:
        grant_role(the_desk(request_key()), account_id, *asked_place())
        flash(g.words("desk.admin.granted"))
        return url_for("admin.account", account_id=account_id)

    return form.answer(act)


@blueprint.post("/konten/<account_id>/rolle/<grant_id>/entziehen")
def revoke(account_id: str, grant_id: str) -> Response:
    """Take a role away; all sessions of the account end."""
    revoke_role(the_desk(request_key()), grant_id, version())
    flash(g.words("desk.admin.revoked"))
    return redirect(url_for("admin.account", account_id=account_id), 303)


@blueprint.post("/konten/<account_id>/passwort")
def password(account_id: str) -> str | Response:
    """Give a temporary password, shown once on this answer and kept nowhere; a double click is told so."""
    try:
        temporary = reset_password(the_desk(request_key()), account_id, version())
    except REFUSALS as refusal:
        if not was_sent_before(refusal):
            raise
        flash(g.words("desk.admin.temporary-shown"))
        return redirect(url_for("admin.account", account_id=account_id), 303)
    return _page(account_id, temporary=temporary)


@blueprint.post("/konten/<account_id>/tun/<deed>")
def act(account_id: str, deed: str) -> Response:
    """Deactivate an account, open it again, or reset its second factor."""
    if deed not in _DEEDS:
        abort(404)
    _DEEDS[deed](the_desk(request_key()), account_id, version())
    flash(g.words(f"desk.admin.done.{deed}"))
    return redirect(url_for("admin.account", account_id=account_id), 303)


def _page(account_id: str, **shown: Any) -> str:
    return render_template(
        "desk/admin/account.html",
        account=_found(account_id),
        places=dict(organisation_choices()),
        may_change=Role.ADMINISTRATOR in roles() and account_id != the_visit().account_id,
        **shown,
    )


def _found(account_id: str) -> dict[str, Any]:
    """The account, where whoever is signed in reaches it."""
    for one in list_accounts(the_desk()):
        if one["account_id"] == account_id:
            return one
    abort(404)
