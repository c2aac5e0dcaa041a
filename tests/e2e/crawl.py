"""Finds every page that links lead to from the first one, each kind once, as somebody with a role."""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import MapAdapter

from plans.roles import Role
from tests.web.desk.matrix import ROWS

_LINK = re.compile(r'href="(/[^"#]*)')
_NO_PAGE = ("/static/", "/anmelden")
VISITS = 3
"""So many pages of one kind are followed, of which the fullest is kept; more where other kinds are missed."""

NO_PAGES = {
    "agreements.paper": "a PDF (`tests/web/desk/agreements`)",
    "audit.export": "a file",
    "cases.reopening": "of a closed case, which is found by search only (`gallery`)",
    "cases.sheet": "a PDF (`tests/web/sheets`)",
    "health.show": "for machines",
    "imports.export": "a file",
    "imports.regions": "leads on where there is one region",
    "network.graph_data": "JSON for the graph",
    "network.regions": "leads on where there is one region",
    "planning.progress": "a stream of events",
    "planning.reckoning_progress": "a stream of events",
    "planning.regions": "leads on where there is one region",
    "planning.report_file": "a PDF (`tests/web/sheets`)",
    "sign_in.next_step": "leads on; its pages ask for proofs (`test_sign_in_in_a_browser.py`)",
    "sign_in.show": "for nobody who is signed in (`gallery`)",
    "static": "files",
    "by_link.show": "for nobody who is signed in (`gallery`)",
}
"""Addresses that can be asked for but that no crawl finds as a page, and why."""


@dataclass(frozen=True)
class Found:
    """Gefundene Seite: its endpoint, an address, and the role that reached it; empty where none is needed.

    ``part`` tells pages of one endpoint apart that are looked at each.
    """

    endpoint: str
    address: str
    role: str
    part: str = ""

    @property
    def name(self) -> str:
        """Of its picture."""
        return "-".join(filter(None, (re.sub("[._]", "-", self.endpoint), self.part)))


def pages_of(app: Flask, role: Role) -> set[str]:
    """Return the endpoints of all pages that the matrix lets a role see."""
    asked = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return {name for name in asked - NO_PAGES.keys() if role in ROWS[name].reach}


def reachable(app: Flask, host: str, tokens: Mapping[Role, str]) -> list[Found]:
    """Return one page of each kind that is reached by links from the first page: the fullest seen.

    Parameters
    ----------
    app, host : Flask, str
        The desk.
    tokens : mapping of Role to str
        Of a session of each role; a page is returned as the first role sees it that comes across it.
    """
    crawls = [_Crawl(app, host, token, role) for role, token in tokens.items()]
    found: dict[str, Found] = {}
    for is_thorough in (False, True):
        for crawl in crawls:
            crawl.follow(pages_of(app, crawl.role) - found.keys() if is_thorough else frozenset())
            for endpoint, (_, address) in crawl.found.items():
                found.setdefault(endpoint, Found(endpoint, address, crawl.role))
    return list(found.values())


class _Crawl:
    def __init__(self, app: Flask, host: str, token: str, role: Role) -> None:
        self.client, self.host, self.role = app.test_client(), host, role
        self.client.set_cookie("sitzung", token, domain=host)
        self.router: MapAdapter = app.url_map.bind(host)
        self.waiting, self.later, self.seen = deque(["/"]), deque[str](), {"/"}
        self.noted: dict[str, int] = {}
        self.found: dict[str, tuple[int, str]] = {}

    def follow(self, missed: Collection[str]) -> None:
        """Visit what links lead to, up to `VISITS` pages of a kind; the others while a kind is missed."""
        while self.waiting or (self.later and set(missed) - self.found.keys()):
            address = self.waiting.popleft() if self.waiting else self.later.popleft()
            self.visit(address)

    def visit(self, address: str) -> None:
        """Look at a page, and note where it leads."""
        endpoint = self._endpoint(address)
        answer = self.client.get(address, base_url=f"http://{self.host}")
        links = [answer.headers["Location"]] if answer.status_code == 303 else []
        if answer.status_code == 200 and answer.mimetype == "text/html":
            self.found[endpoint] = max(self.found.get(endpoint, (0, "")), (len(answer.text), address))
            links = [html.unescape(link) for link in _LINK.findall(answer.text)]
        assert answer.status_code in (200, 303), f"{self.role}: {address} answers {answer.status_code}"
        for link in links:
            if link not in self.seen and not link.startswith(_NO_PAGE) and "lang=" not in link:
                self.seen.add(link)
                self._note(self._endpoint(link), link)

    def _note(self, endpoint: str, link: str) -> None:
        noted = self.noted[endpoint] = self.noted.get(endpoint, 0) + 1
        (self.waiting if noted <= VISITS else self.later).append(link)

    def _endpoint(self, address: str) -> str:
        return str(self.router.match(address.split("?")[0], method="GET")[0])
