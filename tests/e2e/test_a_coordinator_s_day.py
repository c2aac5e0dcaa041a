"""A coordinator's day in a real browser: looks for an offer, imports a partner file, finds a broken chain."""

from __future__ import annotations

import pytest

from plans.roles import Role
from tests.e2e.serving import fresh_store
from tests.e2e.watching import every_look
from tests.workflows.desks import REGION
from tests.workflows.partners.regions import an_empty_region, exported, imported, partner_files

AT = f"/netz/{REGION}"


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    store = fresh_store(tmp_path_factory.mktemp("desk"))
    an_empty_region(store)
    imported(store, partner_files())
    return store, {}


def upload(page, name, content):
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.get_by_label("Dateien", exact=True).set_input_files(file)


def without(kind, text):
    """The lines of a partner file without those of a kind of offering."""
    return "".join(line for line in text.splitlines(keepends=True) if f",{kind}," not in line).encode()


def test_an_offer_is_found_on_the_map_and_in_the_list_and_the_choice_can_be_shared(open_window):
    page = open_window(Role.COORDINATOR, AT)
    page.get_by_label("Angebot", exact=True).select_option(label="Integrationskurs")
    page.get_by_label("nur mit freien Plätzen").check()
    page.get_by_role("button", name="Anzeigen").click()
    page.wait_for_url("**kind=integration-course**")
    assert "free=1" in page.url
    offers = page.locator("li.offer")
    assert 0 < offers.count() == page.locator("li.offer h3", has_text="Integrationskurs").count()
    page.locator(".map a").first.press("Enter")
    page.wait_for_url("**text=**")
    assert 0 < page.locator("li.offer").count() <= offers.count()


def test_an_imported_file_breaks_the_chain_which_is_seen_and_undone(open_window, served):
    before = exported(served.store)
    page = open_window(Role.COORDINATOR, f"/einspielen/{REGION}")
    content = without("vocational-language/B2", before["offerings.csv"])
    upload(page, "Angebote.csv", content)
    page.get_by_role("button", name="Ansehen, was sich ändert").click()
    page.get_by_role("heading", name="Einspielung", exact=True).wait_for()
    page.get_by_text("fällt weg").first.wait_for()
    assert exported(served.store) == before
    page.get_by_role("button", name="Einspielen").click()
    page.get_by_role("link", name="Reißt jetzt irgendwo die Kette?").click()
    broken = page.get_by_role("region", name="Bruchstellen")
    broken.get_by_text("Berufssprachkurs B2").first.wait_for()
    page.go_back()
    page.get_by_role("button", name="Einspielung zurücknehmen").click()
    page.get_by_text("Zurückgenommen").first.wait_for()
    assert exported(served.store) == before


def test_a_faulty_file_is_refused_line_by_line(open_window):
    page = open_window(Role.COORDINATOR, f"/einspielen/{REGION}")
    content = b"id,name,type,place,lat,lon,source\nneu,Neu,Tanzschule,Musterstadt,50.6,9.2,Anruf\n"
    upload(page, "actors.csv", content)
    page.get_by_role("button", name="Ansehen, was sich ändert").click()
    row = page.get_by_role("row").filter(has_text="Tanzschule")
    assert row.first.inner_text().split("\t")[:3] == ["actors.csv", "2", "type"]


@pytest.mark.parametrize(
    "path",
    [AT, f"{AT}/bruchstellen", f"{AT}/akteure/vhs", f"{AT}/akteure/vhs/groups/neu", f"/einspielen/{REGION}"],
)
def test_the_pages_keep_nobody_out(open_window, served, path):
    assert every_look(open_window(Role.COORDINATOR, path), served.address + path) == []


def test_the_graph_is_drawn_and_shows_what_is_weak(open_window, served):
    page = open_window(Role.COORDINATOR, f"{AT}/graph")
    page.locator("[data-drawn]").wait_for()
    page.get_by_label("Engpass", exact=True).check()
    table = page.get_by_role("region", name="Alle Akteure")
    assert table.get_by_text("Engpass").count() > 0
    assert every_look(page, f"{served.address}{AT}/graph") == []
