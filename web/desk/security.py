"""Schutz jeder Antwort: headers, and the cookie of the session; nothing here knows a page."""

from __future__ import annotations

from datetime import datetime

from flask import Response, current_app, g, request
from werkzeug.wrappers import Response as BaseResponse

COOKIE = "sitzung"

_CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # the design system draws its icons as data
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

_HEADERS = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_FOR_EVER = "public, max-age=31536000, immutable"
_TWO_YEARS = "max-age=63072000; includeSubDomains"


def set_headers(response: Response) -> Response:
    """Set the security headers of every response (after every request); only built files may be kept."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    is_built = request.endpoint == "static" and request.path.startswith("/static/built/assets/")
    response.headers["Cache-Control"] = _FOR_EVER if is_built else "no-store"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = _TWO_YEARS
    return response


def token_of_request() -> str | None:
    """Return the token of the session, as the browser sent it."""
    return request.cookies.get(_cookie_name())


def set_token(response: Response, token: str, expires_at: datetime) -> Response:
    """Give the browser the token of a session; scripts cannot read it."""
    response.set_cookie(
        _cookie_name(),
        token,
        expires=expires_at,
        httponly=True,
        secure=_is_secure(),
        samesite="Lax",
        path="/",
    )
    return response


def drop_token(response: BaseResponse) -> BaseResponse:
    """Take the token away."""
    response.delete_cookie(_cookie_name(), httponly=True, secure=_is_secure(), samesite="Lax", path="/")
    g.pop("visit", None)
    return response


def _is_secure() -> bool:
    """Whether cookies go over TLS only; not so on the own machine, where there is none."""
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _cookie_name() -> str:
    """The prefix has the browser itself refuse the cookie without TLS or for another path."""
    return f"__Host-{COOKIE}" if _is_secure() else COOKIE
