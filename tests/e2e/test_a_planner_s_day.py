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
    page.get_by_role("columnheader", name="Letzter Plan").wait_for()
    page.get_by_role("link", name="Alle Vorschläge zeigen").click()
    why = page.locator(".changes details").first
    why.get_by_text("Gründe").click()
    why.locator("li").first.wait_for()
    page.get_by_role("button", name="Vorschläge freigeben").press("Enter")
    page.get_by_text("Freigegeben: ").wait_for()
    assert page.get_by_role("button", name="Vorschläge freigeben").count() == 0
    page.get_by_role("link", name="Planung Musterkreis").click()
    page.get_by_role("link", name="Lücken").click()
    page.get_by_role("heading", name="Lücken Musterkreis").wait_for()


def test_a_planner_sees_a_gap_tries_an_evening_group_and_takes_the_report_along(served, open_window):
    page = open_window(Role.PLANNER, "/planung")
    page.get_by_role("link", name="Lücken").click()
    page.get_by_role("button", name="Jetzt rechnen").click()
    page.get_by_role("heading", name="Ohne oder mit spätem Termin nach Angebotsart").wait_for()
    page.get_by_role("link", name="Planung Musterkreis").click()
    page.get_by_role("link", name="Was wäre wenn").click()
    page.get_by_label("Änderung").select_option(label="Eine Gruppe mehr")
    page.get_by_label("Gruppe", exact=True).select_option(index=0)
    page.get_by_label("Tageszeit").select_option(label="abends")
    page.get_by_label("Freie Plätze").fill("15")
    page.get_by_role("button", name="Wirkung zeigen").click()
    page.get_by_role("columnheader", name="vorher", exact=True).wait_for()
    page.get_by_role("columnheader", name="nachher", exact=True).first.wait_for()
    assert "do=add" in page.url and "part=ev" in page.url
    page.get_by_role("link", name="Planung Musterkreis").click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Bericht als PDF").click()
    assert taken.value.path().read_bytes().startswith(b"%PDF")
