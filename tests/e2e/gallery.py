"""Bildergalerie: a small picture of every page that a link leads to (``make screenshots``).

Without arguments it fills a store of its own with fictional people; pictures go to ``docs/screens``. Date
fields are German where the browser has its German texts (Debian: ``chromium-l10n``).
"""

from __future__ import annotations

import base64
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from plans.roles import Role
from store import tables as t
from store.unit_of_work import ReadingUnit, Store
from tests.e2e.chromium import find_chromium, flags
from tests.e2e.crawl import Found, reachable
from tests.e2e.serving import HOST, Served, fresh_store, serving
from tests.workflows.desks import REGION, the_machine
from workflows.demo.filling import fill
from workflows.planning_room.reckon import compute_reckoning
from workflows.planning_room.reckonings import start_reckoning
from workflows.planning_runs.engine import RunSettings
from workflows.planning_runs.run import run_planning
from workflows.planning_runs.runs import release_proposals
from workflows.referrals.answer_links import make_answer_link

FOLDER = Path("docs/screens")
QUALITY = 45
"""Of the pictures (WebP), per cent."""
SIZE = {"width": 1200, "height": 800}
NARROW = {"width": 375, "height": 700}


def fill_for_pictures(store: Store, households: int, days: int, steps: int = 200) -> dict[Role, str]:
    """Fill a store with months of work, two planning runs and reckonings; return an account of each role."""
    fill(store, households=households, days=days)
    for is_released in (True, False):
        done = run_planning(the_machine(store), REGION, RunSettings(steps=steps, seed=1))
        if is_released:
            release_proposals(the_machine(store), done.run_id, done.version)
    for about in ("gaps", "report"):
        id = start_reckoning(the_machine(store), REGION, about, {})
        compute_reckoning(the_machine(store), id)
    with ReadingUnit(store) as unit:
        accounts = {row["login_name"]: row["id"] for row in unit.find(t.account)}
    return {role: accounts[role.value] for role in Role}


def every_page(served: Served) -> list[Found]:
    """Return one page of each kind, as the first role that reaches it sees it."""
    assert served.app is not None
    found: dict[str, Found] = {}
    for role in Role:
        for one in reachable(served.app, HOST, served.token(role), role):
            found.setdefault(one.endpoint, one)
    return list(found.values())


def answer_page(store: Store) -> Found:
    """Return the page by which a provider without an account answers a request that is still held."""
    with ReadingUnit(store) as unit:
        held = t.referral.c.hold_until_on >= store.now().date()
        asked = unit.find(t.referral, held, order_by=t.referral.c.sent_on.desc(), limit=1)[0]
    token = make_answer_link(the_machine(store), asked["id"]).token
    return Found("by_link.show", f"/antwort/{token}", role="")


def draw(served: Served, folder: Path) -> Iterator[str]:
    """Write the pictures; yields the name of each."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.webp"):
        old.unlink()  # of pages that are no more
    with sync_playwright() as playwright:
        program = find_chromium(Path(playwright.chromium.executable_path))
        german = {"args": [*flags(), "--lang=de"], "env": {**os.environ, "LANGUAGE": "de"}}
        browser = playwright.chromium.launch(executable_path=program, **german)
        for one in (*every_page(served), answer_page(served.store)):
            context = browser.new_context(viewport=SIZE, locale="de-DE")
            if one.role:
                token = {"name": "sitzung", "value": served.token(Role(one.role)), "url": served.address}
                context.add_cookies([token])
            page = context.new_page()
            page.goto(served.address + one.address)
            if page.locator("#graph").count():
                page.locator("[data-drawn]").wait_for()
            name = one.endpoint.replace(".", "-").replace("_", "-")
            yield _shoot(page, folder / f"{name}.webp")
            if one.endpoint.endswith((".show", ".best")):
                page.set_viewport_size(NARROW)
                yield _shoot(page, folder / f"{name}-narrow.webp")
            context.close()
        browser.close()


def _shoot(page: Page, file: Path) -> str:
    session = page.context.new_cdp_session(page)
    taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    file.write_bytes(base64.b64decode(taken["data"]))
    return file.name


def main() -> int:
    """Fill, serve, draw."""
    with tempfile.TemporaryDirectory() as folder:
        store = fresh_store(Path(folder))
        account_ids = fill_for_pictures(store, households=15, days=130)
        with serving(store, {}, account_ids) as served:
            for name in draw(served, FOLDER):
                print(name)
    kilobytes = sum(file.stat().st_size for file in FOLDER.glob("*.webp")) // 1000
    print(f"{len(list(FOLDER.glob('*.webp')))} pictures, {kilobytes} kB in {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
