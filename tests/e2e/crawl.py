"""Finds every page that links lead to from the first one, each kind once, as somebody with a role."""

from __future__ import annotations

import html
import re
from collections import deque
from dataclasses import dataclass

from flask import Flask

_LINK = re.compile(r'href="(/[^"#]*)')
_NO_PAGE = ("/static/", "/anmelden")
VISITS = 3
"""So many pages of one kind are followed: not every person or group has every link."""


@dataclass(frozen=True)
class Found:
    """Gefundene Seite: its endpoint, an address, and the role that reached it; empty where none is needed."""

    endpoint: str
    address: str
    role: str


def reachable(app: Flask, host: str, token: str, role: str) -> list[Found]:
    """Return one page of each kind that is reached by links from the first page: the fullest seen."""
    client = app.test_client()
    client.set_cookie("sitzung", token, domain=host)
    router = app.url_map.bind(host)
    waiting, seen, visits = deque(["/"]), {"/"}, dict[str, int]()
    found: dict[str, tuple[int, str]] = {}
    while waiting:
        address = waiting.popleft()
        endpoint, _ = router.match(address.split("?")[0], method="GET")
        if visits.get(endpoint, 0) >= VISITS:
            continue
        visits[endpoint] = visits.get(endpoint, 0) + 1
        answer = client.get(address, base_url=f"http://{host}")
        links = [answer.headers["Location"]] if answer.status_code == 303 else []
        if answer.status_code == 200 and answer.mimetype == "text/html":
            found[endpoint] = max(found.get(endpoint, (0, "")), (len(answer.text), address))
            links = [html.unescape(link) for link in _LINK.findall(answer.text)]
        assert answer.status_code in (200, 303), f"{role}: {address} answers {answer.status_code}"
        for link in links:
            if link not in seen and not link.startswith(_NO_PAGE) and "lang=" not in link:
                seen.add(link)
                waiting.append(link)
    return [Found(endpoint, address, role) for endpoint, (_, address) in found.items()]
