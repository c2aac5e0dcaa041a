"""Anmeldung: name and password, then what is missing: a code, a password of one's own, a second factor."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import segno
from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from web.desk.guard import the_store, the_visit
from web.desk.security import drop_token, set_token, token_of_request
from workflows.access.own_account import change_password, confirm_second_factor, enrol_second_factor
from workflows.access.sessions import NotSignedIn, SignedIn, Stage, sign_out
from workflows.access.sign_in import give_code, sign_in
from workflows.refusal import Refusal

blueprint = Blueprint("sign_in", __name__, url_prefix="/anmelden")

_FOR_EVERYBODY = frozenset({"sign_in.show", "sign_in.enter", "sign_in.stay", "sign_in.leave"})


@blueprint.before_request
def lead_on() -> Response | None:
    """Lead whoever has finished signing in to the first page, where a step of it is asked for again."""
    is_step = request.endpoint not in _FOR_EVERYBODY
    return redirect(url_for("start.show"), 303) if is_step and the_visit().stage is Stage.READY else None


@blueprint.get("")
def show() -> str:
    """Ask for name and password."""
    return _page("", "")


@blueprint.post("")
def enter() -> Response | tuple[str, int]:
    """Sign in; whoever fails may try again and is not told what was wrong."""
    login_name = request.form.get("login_name", "")
    try:
        signed_in = sign_in(the_store(), login_name, request.form.get("password", ""))
    except NotSignedIn as refusal:
        return _page(login_name, refusal.text(g.words.lang)), 422
    return _go_on(signed_in, _own_address(request.form.get("next", "")))


@blueprint.get("/weiter")
def next_step() -> str:
    """Ask for what the sign-in still needs."""
    return _step("")


@blueprint.post("/code")
def code() -> Response | tuple[str, int]:
    """Take the code of the second factor."""
    try:
        signed_in = give_code(the_store(), _token(), request.form.get("code", ""))
    except NotSignedIn as refusal:
        return _step(refusal.text(g.words.lang)), 422
    return _go_on(signed_in)


@blueprint.post("/kennwort")
def new_password() -> Response | tuple[str, int]:
    """Take a password of one's own instead of the temporary one."""
    new = request.form.get("password", "")
    if new != request.form.get("again", ""):
        return _step(g.words("desk.field.differs")), 422
    try:
        signed_in = change_password(the_store(), _token(), request.form.get("old", ""), new)
    except Refusal as refusal:
        return _step(refusal.text(g.words.lang)), 422
    return _go_on(signed_in)


@blueprint.post("/zweiter-faktor")
def enrol() -> str | tuple[str, int]:
    """Make a secret for the second factor and show it once."""
    try:
        enrolment = enrol_second_factor(the_store(), _token(), request.form.get("password", ""))
    except Refusal as refusal:
        return _step(refusal.text(g.words.lang)), 422
    picture = segno.make(enrolment.uri, error="m").svg_inline(scale=4, border=2, omitsize=True)
    return _step("", secret=enrolment.secret, picture=Markup(picture))


@blueprint.post("/zweiter-faktor/code")
def confirm() -> Response | tuple[str, int]:
    """Take the first code of a new second factor."""
    try:
        signed_in = confirm_second_factor(the_store(), _token(), request.form.get("code", ""))
    except Refusal as refusal:
        return _step(refusal.text(g.words.lang), asked_again=True), 422
    return _go_on(signed_in)


@blueprint.post("/bleiben")
def stay() -> tuple[str, int]:
    """Note that somebody is still there; the session does not end yet."""
    return "", 204


@blueprint.post("/abmelden")
def leave() -> Response:
    """Sign out."""
    sign_out(the_store(), _token())
    return drop_token(redirect(url_for("sign_in.show"), 303))


def _page(login_name: str, fault: str) -> str:
    return render_template(
        "desk/sign_in.html",
        login_name=login_name,
        fault=fault,
        over=bool(request.args.get("over")),
        next=_own_address(request.values.get("next", "")),
    )


def _step(fault: str, **shown: Any) -> str:
    return render_template("desk/sign_in_step.html", stage=the_visit().stage, fault=fault, **shown)


def _go_on(signed_in: SignedIn, address: str = "") -> Response:
    is_ready = signed_in.stage is Stage.READY
    response = make_response(
        redirect((address or url_for("start.show")) if is_ready else url_for("sign_in.next_step"), 303)
    )
    return set_token(response, signed_in.token, signed_in.expires_at)


def _token() -> str:
    return token_of_request() or ""


def _own_address(address: str) -> str:
    """The address where it leads to a page of this application, else nothing: nobody is led elsewhere."""
    parts = urlsplit(address)
    is_own = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if is_own and not parts.netloc and not parts.scheme else ""
