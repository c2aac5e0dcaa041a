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
from typing import Any

from playwright.sync_api import Page, sync_playwright

from plans.roles import Role
from store import tables as t
from store.unit_of_work import ReadingUnit, Store
from tests.e2e.chromium import find_chromium, flags
from tests.e2e.crawl import Found, reachable
from tests.e2e.serving import HOST, Served, fresh_store, serving
from tests.e2e.unfinished import leave_unfinished
from tests.workflows.desks import REGION, the_machine
from web.desk.planning.asked import Asked, AskedChange
from workflows.demo.filling import fill
from workflows.planning_room.office import open_groups
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
    with ReadingUnit(store) as unit:
        accounts = {row["login_name"]: row["id"] for row in unit.find(t.account)}
    account_ids = {role: accounts[role.value] for role in Role}
    leave_unfinished(store, account_ids)
    for is_released in (True, False):
        done = run_planning(the_machine(store), REGION, RunSettings(steps=steps, seed=1))
        if is_released:
            release_proposals(the_machine(store), done.run_id, done.version)
    for about, asked in _questions(store).items():
        id = start_reckoning(the_machine(store), REGION, about, asked)
        compute_reckoning(the_machine(store), id)
    return account_ids


def _questions(store: Store) -> dict[str, dict[str, Any]]:
    """Everything that the planning pages reckon, with what is asked: small, so that it is answered soon."""
    group = open_groups(the_machine(store), REGION, "de")[0][0]
    return {
        "gaps": {},
        "savings": {},
        "what-if": Asked((AskedChange(group=group, shift_days="14"),)).wanted(),
        "simulation": {"people": 20, "weeks": 13, "seeds": 2, "policies": ["weekly-plan"]},
        "report": {},
    }


def every_page(served: Served) -> list[Found]:
    """Return one page of each kind as the first role that reaches it sees it; all answers of planning."""
    assert served.app is not None
    tokens = {role: served.token(role) for role in Role}
    found = [one for one in reachable(served.app, HOST, tokens) if one.endpoint != "planning.reckoning"]
    others = (_answers, _found_by_search, _without_account)
    return [*found, *(one for pages in others for one in pages(served.store))]


def _answers(store: Store) -> list[Found]:
    """The newest answer of each question."""
    with ReadingUnit(store) as unit:
        rows = unit.find(t.reckoning, order_by=t.reckoning.c.started_at)
    newest = {row["question"]: row["id"] for row in rows}
    return [
        Found("planning.reckoning", f"/planung/rechnungen/{id}", Role.PLANNER, question)
        for question, id in newest.items()
    ]


def _found_by_search(store: Store) -> list[Found]:
    """What only a search leads to: a case that is closed."""
    with ReadingUnit(store) as unit:
        closed = unit.find(t.help_plan, t.help_plan.c.closed_on.is_not(None), order_by=t.help_plan.c.id)[-1]
    return [Found("cases.reopening", f"/faelle/{closed['person_id']}/oeffnen", Role.COUNSELLOR)]


def _without_account(store: Store) -> list[Found]:
    """Pages for nobody who is signed in: of the two by a link, that of a request which is still held."""
    with ReadingUnit(store) as unit:
        held = t.referral.c.hold_until_on >= store.now().date()
        asked = unit.find(t.referral, held, order_by=t.referral.c.sent_on.desc(), limit=1)[0]
    token = make_answer_link(the_machine(store), asked["id"]).token
    return [Found("by_link.show", f"/antwort/{token}", role=""), Found("sign_in.show", "/anmelden", role="")]


def draw(served: Served, folder: Path) -> Iterator[str]:
    """Write the pictures; yields the name of each."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.webp"):
        old.unlink()  # of pages that are no more
    with sync_playwright() as playwright:
        program = find_chromium(Path(playwright.chromium.executable_path))
        german = {"args": [*flags(), "--lang=de"], "env": {**os.environ, "LANGUAGE": "de"}}
        browser = playwright.chromium.launch(executable_path=program, **german)
        for one in every_page(served):
            context = browser.new_context(viewport=SIZE, locale="de-DE")
            if one.role:
                token = {"name": "sitzung", "value": served.token(Role(one.role)), "url": served.address}
                context.add_cookies([token])
            page = context.new_page()
            page.goto(served.address + one.address)
            if page.locator("#graph").count():
                page.locator("[data-drawn]").wait_for()
            yield _shoot(page, folder / f"{one.name}.webp")
            if one.endpoint.endswith((".show", ".best")):
                page.set_viewport_size(NARROW)
                yield _shoot(page, folder / f"{one.name}-narrow.webp")
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
