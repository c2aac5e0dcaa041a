"""Einlass: who is signed in at this request; every page asks for it unless it is named as open."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from plans.roles import Role
from web.desk.security import token_of_request
from workflows.access.rule_sets import desk_for
from workflows.access.sessions import NotSignedIn, Stage, Visit, visit_of
from workflows.acting import Desk, Store

OPEN_PAGES = frozenset(
    {"static", "sign_in.show", "sign_in.enter", "health.show", "by_link.show", "by_link.answer"}
)
"""Endpoints for whoever is not signed in; those of `by_link` ask for a token of their own."""

UNFINISHED_PAGES = frozenset(
    f"sign_in.{name}" for name in ("next_step", "code", "new_password", "enrol", "confirm", "leave")
)
"""Endpoints for a sign-in that is not finished."""


def let_in() -> Response | None:
    """Admit the request or lead it to the sign-in (before every request)."""
    g.visit = None
    token = token_of_request()
    if token is not None:
        try:
            g.visit = visit_of(the_store(), token)
        except NotSignedIn:
            g.session_is_over = True
    if request.endpoint is None or request.endpoint in OPEN_PAGES:
        return None  # where there is no such page, whoever asks is told so
    if g.visit is None:
        return _to_sign_in()
    if g.visit.stage is not Stage.READY and request.endpoint not in UNFINISHED_PAGES:
        return _lead(url_for("sign_in.next_step"))
    return None


def the_store() -> Store:
    """Return the store of the application."""
    store = current_app.config["STORE"]
    assert isinstance(store, Store)
    return store


def the_visit() -> Visit:
    """Return the session of this request."""
    visit = g.visit
    assert isinstance(visit, Visit)
    return visit


def the_desk(request_key: str | None = None, purpose: str = "") -> Desk:
    """Return the desk of whoever is signed in, for workflows and questions.

    Parameters
    ----------
    request_key : str, optional
        Key of a form that may be sent twice.
    purpose : str
        What for, in words.
    """
    visit = the_visit()
    return desk_for(the_store(), visit.caller, purpose=purpose, request_key=request_key)


def roles() -> frozenset[Role]:
    """Return the roles of whoever is signed in; empty without a finished sign-in."""
    visit = g.get("visit")
    if visit is None or visit.stage is not Stage.READY:
        return frozenset()
    return frozenset(grant.role for grant in visit.grants)


def is_inside_page() -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def _to_sign_in() -> Response:
    words = {"over": "1"} if g.get("session_is_over") else {}
    if request.method == "GET" and not is_inside_page():
        words["next"] = request.full_path.rstrip("?")
    address = url_for("sign_in.show")
    return _lead(f"{address}?{urlencode(words)}" if words else address)


def _lead(address: str) -> Response:
    """Lead the whole page elsewhere, also where only a part of it was asked for."""
    if is_inside_page():
        return Response(status=401, headers={"HX-Redirect": address})
    return redirect(address, 303)
