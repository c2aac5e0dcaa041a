"""The pages as one Flask application (Anwendung), read-only and for the own machine.

There is no sign-in yet: the application answers only to the loopback names, so that a page of somebody
else cannot read it through a name that points here.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, render_template
from werkzeug.exceptions import HTTPException, SecurityError

from network.kinds import kind_label
from network.labels import half_day_label, label, times_label
from plans.templates import profile, profiles
from web.language import remember_language, same_page_in, set_language
from web.map_drawing import scale_text
from web.pages import gaps, network, people, start
from workflows.reasons import open_text
from workflows.session import RegionDesk
from workflows.wording import LANGUAGES, month_text, percent_text

LOOPBACK_NAMES = ("127.0.0.1", "localhost")

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def _set_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers[name] = value
    return response


def _error_page(error: HTTPException) -> tuple[str, int] | HTTPException | Response:
    code = error.code or 500
    if code < 400:
        return error
    if "words" not in g:
        set_language()
    if isinstance(error, SecurityError):
        # A page would name addresses under the foreign name that was refused.
        return Response(g.words("error.400.text"), code, mimetype="text/plain")
    known = code if code in (400, 404, 405) else 500 if code >= 500 else 400
    return render_template("error.html", code=code, known=known), code


def _template_names() -> dict[str, Any]:
    words = g.words
    return {
        "t": words,
        "lang": words.lang,
        "languages": LANGUAGES,
        "same_page_in": same_page_in,
        "percent": lambda share, digits=0: percent_text(share, words.lang, digits),
        "month": lambda day: month_text(day, words.lang),
        "v": words.value,
        "kind_label": lambda kind: kind_label(kind, words.lang),
        "kind_labels": lambda kinds: [kind_label(kind, words.lang) for kind in kinds],
        "label": lambda group, code: label(group, code, words.lang),
        "half_day_label": lambda half_day: half_day_label(half_day, words.lang),
        "times_label": lambda times: times_label(times, words.lang),
        "profile_label": lambda key: _profile_label(key, words.lang),
        "scale_text": lambda drawing: scale_text(drawing, words.lang),
        "gap_reason": lambda code: open_text(code, words.lang),
    }


def _profile_label(key: str, lang: str) -> str:
    known = {one.key for one in profiles()}
    return profile(key).label(lang) if key in known else key


def create_app(desk: RegionDesk) -> Flask:
    """Build the application over one desk.

    Parameters
    ----------
    desk : RegionDesk
        A region, its help plans and the computed plan; only read.

    Returns
    -------
    Flask
        The WSGI application: ``/``, ``/network``, ``/people``, ``/gaps``, ``/healthz``.
    """
    app = Flask("web")
    app.config.update(TRUSTED_HOSTS=list(LOOPBACK_NAMES), DESK=desk)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.before_request(set_language)
    app.after_request(remember_language)
    app.after_request(_set_headers)
    app.context_processor(_template_names)
    app.register_error_handler(HTTPException, _error_page)
    for pages in (start, network, people, gaps):
        app.register_blueprint(pages.blueprint)
    return app
