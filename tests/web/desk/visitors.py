"""Visitors: a browser as tests drive it, with the tokens of forms filled in as a browser would."""

from __future__ import annotations

import re
from typing import Any

import pyotp
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.workflows.access.builders import NEW_PASSWORD, PASSWORD, Clock

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_SECRET = re.compile(r'class="secret">([A-Z2-7]+)<')


class Visitor:
    """A browser: follows forms with their tokens."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.account_id = ""

    def get(self, address: str, **given: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(address, buffered=True, **given)

    def post(self, address: str, form: dict[str, Any] | None = None, at: str = "/anmelden") -> TestResponse:
        """Send a form that stands on the page `at`."""
        return self.client.post(address, data={"csrf_token": self.token(at), **(form or {})})

    def token(self, at: str = "/anmelden") -> str:
        """The token of the forms of a page."""
        found = _TOKEN.search(self.get(at).text)
        assert found, f"no form at {at}"
        return found[1]

    def sign_in(self, name: str, clock: Clock, password: str = PASSWORD) -> TestResponse:
        """Go through the whole sign-in, as far as it needs."""
        answer = self.post("/anmelden", {"login_name": name, "password": password})
        while answer.headers.get("Location") == "/anmelden/weiter":
            answer, password = self._next_step(clock, password)
        return answer

    def _next_step(self, clock: Clock, password: str) -> tuple[TestResponse, str]:
        page = self.get("/anmelden/weiter").text
        if 'name="old"' in page:
            form = {"old": password, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
            return self.post("/anmelden/kennwort", form, at="/anmelden/weiter"), NEW_PASSWORD
        shown = self.post("/anmelden/zweiter-faktor", {"password": password}, at="/anmelden/weiter").text
        found = _SECRET.search(shown)
        assert found, shown
        code = pyotp.TOTP(found[1]).at(clock())
        return self.post("/anmelden/zweiter-faktor/code", {"code": code}, at="/anmelden/weiter"), password
