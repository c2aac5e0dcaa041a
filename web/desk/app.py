"""The desk as one Flask application (Anwendung): over a store, behind a sign-in."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request
from flask_wtf import CSRFProtect

from network.kinds import kind_label
from network.labels import half_day_label, label, times_label
from plans.words import words as term_words
from web.desk import (
    admin,
    agreements,
    audit,
    cases,
    health,
    imports,
    network,
    people,
    planning,
    provider,
    referrals,
    sign_in,
    start,
)
from web.desk.assets import Assets
from web.desk.errors import answer_errors
from web.desk.forms import day_of, new_request_key
from web.desk.guard import let_in, roles
from web.desk.menu import area_of, menu
from web.desk.names import action_name, role_name
from web.desk.security import set_headers
from web.desk.times import instant_text
from web.language import remember_language, same_page_in, set_language
from web.map_drawing import scale_text
from workflows.acting import Store
from workflows.wording import LANGUAGES, percent_text

LARGEST_UPLOAD_BYTES = 20 * 1024 * 1024
PAGES = (
    *(health, sign_in, start),
    *(people, cases, referrals, agreements),
    *(network, imports, provider, provider.by_link),
    *(planning, admin, audit),
)


def create_desk(store: Store, *, secret_key: bytes, hosts: list[str], is_secure: bool = True) -> Flask:
    """Build the application over a store.

    Parameters
    ----------
    store : Store
        What is remembered.
    secret_key : bytes
        Signs the tokens of forms; the same for every worker of an installation.
    hosts : list of str
        Names under which it may be asked for; others are refused.
    is_secure : bool
        Whether it is reached over TLS; False on the own machine only.

    Returns
    -------
    Flask
        The WSGI application.

    Raises
    ------
    NotBuilt
        Where the front end was not built.
    """
    app = Flask("web")
    app.config.update(
        STORE=store,
        SECRET_KEY=secret_key,
        TRUSTED_HOSTS=hosts,
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD_BYTES,
        SESSION_COOKIE_SECURE=is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="__Host-formular" if is_secure else "formular",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=is_secure,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.extensions["assets"] = Assets()
    app.extensions["pace_of_links"] = provider.by_link.pace_of_links()
    app.before_request(set_language)
    CSRFProtect(app)
    app.before_request(let_in)
    app.after_request(remember_language)
    app.after_request(set_headers)
    app.context_processor(_template_names)
    answer_errors(app)
    for pages in PAGES:
        app.register_blueprint(pages.blueprint)
    return app


def _template_names() -> dict[str, Any]:
    from flask import current_app

    words = g.words
    return {
        "t": words,
        "lang": words.lang,
        "languages": LANGUAGES,
        "same_page_in": same_page_in,
        "v": words.value,
        "term": lambda value: term_words(value, words.lang),
        "kind_label": lambda kind: kind_label(kind, words.lang),
        "label": lambda group, code: label(group, code, words.lang),
        "half_day_label": lambda half_day: half_day_label(half_day, words.lang),
        "times_label": lambda times: times_label(times, words.lang),
        "percent": lambda share: percent_text(share, words.lang),
        "scale_text": lambda drawing: scale_text(drawing, words.lang),
        "assets": current_app.extensions["assets"],
        "menu": menu(roles()),
        "area": area_of(request.blueprint),
        "help_key": f"desk.help.{request.endpoint}",
        "visit": g.get("visit"),
        "new_request_key": new_request_key,
        "day_of": day_of,
        "role_name": lambda role: role_name(role, words),
        "action_name": lambda action: action_name(action, words),
        "instant": lambda text: instant_text(text, words.lang),
    }
