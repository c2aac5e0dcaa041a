"""Fehlerseiten: every refusal of the workflows as a page that says what is wrong and what to do.

Bad input is never a 5xx, and what belongs to others looks like what is not there.
"""

from __future__ import annotations

from flask import Flask, Response, current_app, g, render_template, request
from werkzeug.exceptions import HTTPException, SecurityError

from web.desk.guard import is_inside_page
from web.language import set_language
from workflows.refusals_shown import REFUSALS, Shown, shown
from workflows.wording import Words

_NO_PAGE_OF_ITS_OWN = 400
_OWN_TEXTS = (400, 403, 404, 405, 409, 413, 429, 503)


def answer_errors(app: Flask) -> None:
    """Have an application answer refusals and faults with pages."""
    app.register_error_handler(HTTPException, _http_error)
    for refusal in REFUSALS:
        app.register_error_handler(refusal, _refused)
    app.register_error_handler(Exception, _fault)


def _http_error(error: HTTPException) -> tuple[str, int] | HTTPException | Response:
    code = error.code or 500
    if code < 400:
        return error
    if isinstance(error, SecurityError):
        # A page would name addresses under the foreign name that was refused.
        return Response(_words()("desk.error.400.title"), code, mimetype="text/plain")
    return _page(code, None)


def _refused(error: Exception) -> tuple[str, int]:
    seen = shown(error, _words().lang)
    # What is not there, or not theirs, is said in general: the id in the sentence is of no use to a reader.
    return _page(seen.status, None if seen.status == 404 else seen)


def _fault(error: Exception) -> tuple[str, int]:
    """What nobody foresaw: written down for whoever runs it, and said without details."""
    current_app.logger.exception("a fault of the program at endpoint %s", request.endpoint)
    return _page(500, None)


def _page(code: int, seen: Shown | None) -> tuple[str, int]:
    _words()
    known = code if code in _OWN_TEXTS else 500 if code >= 500 else _NO_PAGE_OF_ITS_OWN
    template = "desk/error_inside.html" if is_inside_page() else "desk/error.html"
    return render_template(template, code=code, known=known, refusal=seen), code


def _words() -> Words:
    """The words of this request, also where it failed before they were chosen."""
    if "words" not in g:
        set_language()
    words: Words = g.words
    return words
