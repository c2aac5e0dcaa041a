"""Watches a page console, content policy, foreign hosts; and asks axe what keeps people out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page, Request, Response

Looks = Mapping[str, Sequence[tuple[str, int]]]

LOOKS: Looks = {
    "de": (("light", 1440), ("dark", 375)),
    "en": (("dark", 1440), ("light", 375)),
}
"""For each language colour schemes and widths, px: every pair of values occurs, with two page loads."""

ONE_BY_ONE: tuple[Looks, ...] = tuple({lang: (one,)} for lang, looks in LOOKS.items() for one in looks)
"""The same looks, each on its own: for one run over many pages, each page in one of them."""

HEIGHT = {375: 812, 1440: 900}
_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@dataclass
class Watch:
    """Aufsicht: faults of a page that no user should meet; empty at the end of a test.

    Parameters
    ----------
    host : str
        The only host that may be asked, with its port.
    """

    host: str
    faults: list[str] = field(default_factory=list)

    def over(self, page: Page) -> Page:
        """Watch a page from now on."""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("request", self._asked)
        page.on("response", self._answered)
        return page

    def take(self) -> list[str]:
        """Return the faults so far and forget them, where a test expects some."""
        taken, self.faults = self.faults, []
        return taken

    def _said(self, message: ConsoleMessage) -> None:
        # A refused form answers 4xx on purpose, and the browser says so; what must not be is below.
        is_status = message.text.startswith("Failed to load resource: the server responded")
        if message.type in ("error", "warning") and not is_status:
            self.faults.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.host:
            self.faults.append(f"foreign host: {request.url}")

    def _answered(self, response: Response) -> None:
        is_missing_part = response.status == 404 and response.request.resource_type != "document"
        if response.status >= 500 or is_missing_part:
            self.faults.append(f"status {response.status}: {response.url}")


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it is shown now (WCAG 2.2 A and AA, best practice)."""
    page.evaluate(
        "document.getAnimations().filter(one => one.effect.getComputedTiming().endTime < Infinity)"
        ".forEach(one => one.finish())"
    )
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        "rules => axe.run({runOnly: rules, resultTypes: ['violations']}).then(done => done.violations)",
        list(_RULES),
    )
    return [
        f"{one['id']}: {one['help']} – {node['target']} {node['html'][:160]}"
        for one in found
        for node in one["nodes"]
    ]


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than the window, so that people have to scroll both ways (WCAG 1.4.10)."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def every_look(page: Page, address: str, seen_in: Looks = LOOKS) -> list[str]:
    """Open a page in both languages, light and dark, narrow and wide; return what is wrong with it."""
    found = []
    for lang, looks in seen_in.items():
        page.goto(f"{address}{'&' if '?' in address else '?'}lang={lang}")
        for scheme, width in looks:
            page.set_viewport_size({"width": width, "height": HEIGHT[width]})
            page.emulate_media(color_scheme=scheme)
            look = f"{urlsplit(address).path} {lang} {scheme} {width}"
            found += [f"{look}: {one}" for one in violations(page)]
            if scrolls_sideways(page):
                found.append(f"{look}: scrolls sideways")
    return found
