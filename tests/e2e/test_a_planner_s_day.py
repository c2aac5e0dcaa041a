"""A planner's day in a real browser: begin a run, watch it, read what changes and why, release it."""

import pytest

from plans.roles import Role
from tests.e2e.serving import serving

LONG_MS = 300_000
"""The run is computed by a process of its own, on a machine that may be busy."""


@pytest.fixture(scope="module")
def served(demo, tmp_path_factory):
    with serving(demo.copy(tmp_path_factory.mktemp("planning")), {}, demo.account_ids) as desk:
        yield desk


def test_a_planner_runs_a_plan_reads_it_and_releases_it(served, open_window):
    page = open_window(Role.PLANNER, "/planung")
    page.get_by_role("button", name="Planungslauf starten").click()
    page.get_by_text("Der Planungslauf hat begonnen.").wait_for()
    page.get_by_text("fertig, nicht freigegeben").wait_for(timeout=LONG_MS)
    assert page.get_by_role("columnheader", name="Letzter Plan").is_visible()
    page.get_by_role("link", name="Alle Vorschläge zeigen").click()
    why = page.locator(".changes details").first
    why.get_by_text("Gründe").click()
    assert why.locator("li").first.is_visible()
    page.get_by_role("button", name="Vorschläge freigeben").press("Enter")
    page.get_by_text("Freigegeben: ").wait_for()
    assert page.get_by_role("button", name="Vorschläge freigeben").count() == 0
    page.get_by_role("link", name="Planung Musterkreis").click()
    page.get_by_role("link", name="Lücken").click()
    page.get_by_role("heading", name="Lücken Musterkreis").wait_for()
