"""A planner's day in a real browser: begin a run, watch it, read what changes and why, release it."""

from dataclasses import replace

import pytest

from plans.roles import Role
from store import tables as t
from store.progress import note_progress
from tests.e2e.serving import serving
from tests.e2e.watching import violations
from workflows.planning_room.reckon import compute_reckoning
from workflows.planning_room.reckonings import start_reckoning

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
    page.get_by_text("Gerechnet mit den Plätzen und Bedarfen").wait_for(timeout=LONG_MS)
    page.get_by_role("heading", name="Ohne oder mit spätem Termin nach Angebotsart").wait_for()
    page.get_by_role("link", name="Planung Musterkreis").click()
    page.get_by_role("link", name="Was wäre wenn").click()
    page.get_by_label("Was geschieht?").select_option(label="Eine Gruppe mehr")
    page.get_by_label("Gruppe", exact=True).select_option(index=0)
    page.get_by_label("Tageszeit").select_option(label="abends")
    page.get_by_label("Freie Plätze").fill("15")
    page.get_by_role("button", name="Noch eine Gruppe ändern").press("Enter")
    second = page.get_by_role("group", name="2. Änderung")
    second.get_by_label("Gruppe", exact=True).select_option(index=0)
    assert second.get_by_label("Was geschieht?").evaluate("one => one === document.activeElement")
    second.get_by_label("Was geschieht?").select_option(label="Gruppe verlegen")
    second.get_by_label("Ort").select_option(label="Probeheim")
    assert violations(page) == []
    page.get_by_role("button", name="Wirkung zeigen").click()
    page.get_by_role("columnheader", name="vorher", exact=True).wait_for(timeout=LONG_MS)
    page.get_by_role("columnheader", name="nachher", exact=True).first.wait_for()
    page.get_by_role("heading", name="Eine Gruppe mehr: ").filter(has_text="Gruppe verlegen: ").wait_for()
    assert page.get_by_label("Freie Plätze").first.input_value() == "15"
    page.get_by_role("link", name="Planung Musterkreis").click()
    page.get_by_role("link", name="Bericht für Rat und Ausschuss").click()
    page.get_by_role("button", name="Bericht erstellen").click()
    page.get_by_role("link", name="Bericht als PDF").wait_for(timeout=LONG_MS)
    with page.expect_download() as taken:
        page.get_by_role("link", name="Bericht als PDF").click()
    assert taken.value.path().read_bytes().startswith(b"%PDF")


def test_a_planner_simulates_the_region_and_takes_the_runs_along(served, open_window):
    page = open_window(Role.PLANNER, "/planung")
    page.get_by_role("link", name="Vergabe simulieren").click()
    page.get_by_label("Menschen, die ankommen").fill("20")
    page.get_by_label("Zeitraum der Ankünfte").select_option(label="13 Wochen")
    page.get_by_label("Unser Plan, jede Woche").uncheck()
    page.get_by_role("button", name="Simulation starten").click()
    page.get_by_text("Bitte wählen Sie mindestens eine Vergabeweise.").wait_for()
    page.get_by_label("Frühester Termin").check()
    page.get_by_role("button", name="Simulation starten").click()
    page.get_by_role("heading", name="Vergabeweisen im Vergleich").wait_for(timeout=LONG_MS)
    page.locator("figcaption", has_text="Anteil des Optimums im Nachhinein").wait_for()
    assert violations(page) == []
    with page.expect_download() as taken:
        page.get_by_role("link", name="Als CSV-Datei: Jeder Lauf").click()
    assert taken.value.path().read_text("utf-8-sig").startswith("policy,seed,mean_wait_days")


def test_a_planner_hands_in_travel_times_and_takes_them_back(served, open_window):
    page = open_window(Role.PLANNER, "/planung/musterkreis/netzanalyse")
    page.get_by_text("höchstens 30 km vom Wohnort").wait_for()
    page.get_by_role("link", name="Fahrzeiten").click()
    table = page.get_by_label("Datei (CSV oder Excel)")
    table.set_input_files(
        {"name": "wege.csv", "mimeType": "text/csv", "buffer": b"von,nach,Minuten\nA,B,bald\n"}
    )
    page.get_by_role("button", name="Tabelle übernehmen").press("Enter")
    page.get_by_role("row", name="wege.csv 2 Minuten").wait_for()
    right = b"von,nach,Minuten\nMusterstadt,Probeheim,25\n"
    table.set_input_files({"name": "wege.csv", "mimeType": "text/csv", "buffer": right})
    page.get_by_role("button", name="Tabelle übernehmen").press("Enter")
    page.get_by_text("Wege werden in Minuten gemessen").wait_for()
    assert violations(page) == []
    page.get_by_role("link", name="Netzanalyse").click()
    page.get_by_text("höchstens 30 min vom Wohnort").wait_for()
    page.get_by_role("link", name="Fahrzeiten").click()
    page.get_by_role("button", name="Zurücknehmen").press("Enter")
    page.get_by_text("Es gilt keine Tabelle").wait_for()


@pytest.fixture
def slow_reckoning(monkeypatch):
    """A question that takes as long as the test likes; returns what notes its progress, and what ends it."""
    begun = []

    def begin(desk, region_id, about, asked):
        begun.append((desk, start_reckoning(desk, region_id, about, asked)))
        return begun[-1][1]

    def note(number, of):
        desk, id = begun[-1]
        note_progress(desk.store, t.reckoning, id, {"part": "seats", "done": number - 1, "of": of})

    def end():
        desk, id = begun[-1]
        compute_reckoning(replace(desk, request_key=None), id)

    monkeypatch.setattr("web.desk.planning.reckoning.begin_reckoning", begin)
    monkeypatch.setattr("web.desk.planning.reckoning.PATIENCE_SECONDS", 0)
    return note, end


def test_a_planner_watches_a_long_reckoning_goes_away_and_finds_its_answer(
    served, open_window, slow_reckoning
):
    note, end = slow_reckoning
    page = open_window(Role.PLANNER, "/planung/musterkreis/luecken")
    page.get_by_role("button", name="Jetzt rechnen").click()
    page.get_by_text("Die Berechnung beginnt, seit").wait_for()
    note(2, 5)
    page.get_by_text("Neu geplant wird mit einem Platz mehr, 2 von 5, seit").wait_for()
    page.locator("[role=status]", has_text="2 von 5").wait_for(state="attached")
    assert violations(page) == []
    watched = page.url
    page.get_by_role("link", name="Lücken Musterkreis").click()
    page.get_by_role("heading", name="Lücken suchen").wait_for()
    page.get_by_text("(wird gerade gerechnet)").wait_for()
    page.goto(watched)
    page.get_by_text("2 von 5, seit").wait_for()
    end()
    page.get_by_role("heading", name="Ohne oder mit spätem Termin nach Angebotsart").wait_for()
    assert page.url == watched


def test_a_planner_stops_a_long_reckoning(served, open_window, slow_reckoning):
    page = open_window(Role.PLANNER, "/planung/musterkreis/mehr-plaetze")
    page.get_by_role("button", name="Jetzt rechnen").click()
    page.get_by_role("button", name="Anhalten, ohne Ergebnis").click()
    page.get_by_role("status").get_by_text("Die Berechnung ist angehalten").first.wait_for()
    page.get_by_role("button", name="Jetzt rechnen").wait_for()
