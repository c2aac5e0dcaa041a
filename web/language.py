"""Which language a page speaks (Sprachwahl), and the words it speaks with.

German unless somebody asks otherwise: ``?lang=en`` decides and is remembered in a cookie, then the cookie,
then what the browser prefers.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from flask import Request, Response, g, request

from workflows.wording import LANGUAGES, Words

COOKIE = "lang"
_COOKIE_SECONDS = 365 * 24 * 3600
_HERE = Path(__file__).parent
DESK_TEXTS = tuple(sorted((_HERE / "desk").glob("texts*")))
"""Folders with the words of the desk, one for each area that has many: ``texts``, ``texts_<area>``."""

FOLDERS = (_HERE.parent / "workflows" / "texts", _HERE / "texts", _HERE / "texts_privacy", *DESK_TEXTS)
"""Folders with the words of pages and command line; each holds ``de.toml`` and ``en.toml``."""


def words_for(lang: str) -> Words:
    """Return the words of pages and command line in `lang` (``de`` or ``en``)."""
    return Words(lang, *FOLDERS)


def chosen_language(asked: Request) -> str:
    """Return the language of a request: query value, cookie, browser, else German."""
    for source in (asked.args.get("lang"), asked.cookies.get(COOKIE)):
        if source in LANGUAGES:
            return str(source)
    return asked.accept_languages.best_match(LANGUAGES) or "de"


def set_language() -> None:
    """Keep the words of this request in ``g.words`` (before every request)."""
    g.words = words_for(chosen_language(request))


def remember_language(response: Response) -> Response:
    """Keep an explicitly chosen language in a cookie (after every request)."""
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        response.set_cookie(COOKIE, asked, max_age=_COOKIE_SECONDS, httponly=True, samesite="Lax")
    return response


def same_page_in(lang: str) -> str:
    """Return the address of the page shown now, with its filter, in another language."""
    pairs = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    return f"{request.path}?{urlencode([*pairs, ('lang', lang)])}"
