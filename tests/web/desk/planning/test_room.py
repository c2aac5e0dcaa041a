"""The planning room in the desk: figures, gaps, savings, what-if and analysis, each as page and file."""

import io
import re
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from plans.roles import Role
from store import tables as t
from store.progress import note_progress
from store.tables import RunState
from store.unit_of_work import ReadingUnit
from tests.store.builders import (
    TODAY,
    a_finished_reckoning,
    a_finished_run,
    a_need,
    a_person,
    a_plan,
    a_unit,
    described,
)
from tests.workflows.desks import REGION, the_machine
from tests.workflows.planning_room.stored_agreements import an_agreement
from tests.workflows.planning_runs.builders import Place
from web.desk.server import tell_of_stop
from workflows.planning_room.kept_reports import written_report
from workflows.planning_room.reckon import compute_reckoning
from workflows.planning_room.reckonings import finish_reckoning, start_reckoning
from workflows.planning_room.tables import Report

AT = f"/planung/{REGION}"
PEOPLE = 12


@pytest.fixture
def planner(office):
    return office.signed_in(Role.PLANNER)


@pytest.fixture
def place(office):
    """Twelve people who agreed to planning, six seats soon and six late, and a released plan."""
    place = Place(office.store, office.organisation_id, office.provider_id)
    place.soon = place.group(seats=6)
    place.late = place.group(seats=6, start_in_days=50)
    for _ in range(PEOPLE):
        place.person(recipient_type=None, recipient_id=office.organisation_id)
    with place.unit() as uow:
        a_finished_run(uow, REGION, RunState.RELEASED)
        described(uow).commit()
    return place


@pytest.fixture
def reckoned_here(monkeypatch):
    """Questions are answered at once by the process of the test."""

    def begin(desk, *question):
        id = start_reckoning(desk, *question)
        compute_reckoning(replace(desk, request_key=None), id)
        return id

    monkeypatch.setattr("web.desk.planning.reckoning.begin_reckoning", begin)


def begun(office, many, waited_days, kind="placement-test"):
    """So many people who began a step some days after they had registered for it."""
    with a_unit(office.store) as uow:
        for _ in range(many):
            plan = a_plan(uow, REGION, office.organisation_id, a_person(uow, REGION, office.organisation_id))
            a_need(
                uow,
                REGION,
                plan,
                kind=kind,
                registered_on=TODAY - timedelta(days=waited_days),
                started_on=TODAY,
            )
        described(uow).commit()


def test_waits_are_shown_by_kind_with_a_chart_and_as_a_file(office, planner):
    begun(office, 6, 21)
    begun(office, 2, 90, kind="job/intake")
    page = planner.get(f"{AT}/zahlen?nach=kind")
    assert page.status_code == 200
    assert "21,0" in page.text and "<svg" in page.text and "unter 5" in page.text
    file = planner.get(f"{AT}/zahlen?nach=kind&tabelle=actual-kind")
    assert file.mimetype == "text/csv"
    header, *rows = file.text.removeprefix("\ufeff").splitlines()
    assert header.startswith("kind,people,waiting_median")
    assert [row.split(",")[:3] for row in rows] == [
        ["placement-test", "hidden", ""],
        ["job/intake", "hidden", ""],
    ], "six beside two of eight would give the two away"


def test_figures_follow_what_has_begun_since_they_were_last_shown(office, planner):
    begun(office, 6, 21)
    first = planner.get(f"{AT}/zahlen?nach=kind").text
    begun(office, 5, 21)
    assert ">6<" in first and ">11<" not in first
    assert ">11<" in planner.get(f"{AT}/zahlen?nach=kind").text


@pytest.mark.parametrize("asked", ["nach=person", "uhr=x"])
def test_figures_are_not_split_by_anything_else(planner, asked):
    assert planner.get(f"{AT}/zahlen?{asked}").status_code == 400


def test_a_file_that_is_not_there_is_not_found(planner):
    assert planner.get(f"{AT}/zahlen?tabelle=x").status_code == 404


def asked(planner, page, **form):
    """Where the answer to a question stands."""
    answer = planner.post(f"{AT}/rechnen/{page}", form, at=f"{AT}/{page}")
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_gaps_say_who_starts_late(reckoned_here, place, planner):
    assert "Jetzt rechnen" in planner.get(f"{AT}/luecken").text
    at = asked(planner, "luecken")
    page = planner.get(at).text
    assert "Integrationskurs" in page and ">6<" in page
    file = planner.get(f"{at}?tabelle=missing-kind").text.splitlines()
    assert file[1] == "integration-course,0,6,full"
    assert "Integration course" in planner.get(f"{at}?lang=en").text


def test_an_answer_is_found_again_on_the_page_of_its_question(reckoned_here, place, planner):
    at = asked(planner, "luecken")
    assert f'href="{at}"' in planner.get(f"{AT}/luecken").text


def test_more_seats_in_the_early_group_are_better_for_certain(reckoned_here, place, planner, monkeypatch):
    monkeypatch.setattr("workflows.planning_room.reckon.WHAT_IF_SECONDS", 600.0)
    at = asked(planner, "was-waere-wenn", do="resize", group=place.soon, seats="12", shift_days="", part="")
    page = planner.get(at).text
    assert "spart sicher Wartezeit" in page
    assert "Gruppe größer oder kleiner: " in page and 'value="12"' in page
    assert "12" in planner.get(f"{at}?tabelle=whatif-profiles").text.splitlines()[1]


def test_minimums_arrivals_and_a_rule_can_be_otherwise_for_everybody(reckoned_here, place, planner):
    at = asked(planner, "was-waere-wenn", do="keep", minimum_change="-2", arrivals="50", long_wait_days="60")
    page = planner.get(at).text
    assert "Mindestzahlen um -2 geändert; 50 % mehr Menschen; lange Wartezeit ab 60 Tagen" in page
    assert all(f'value="{value}"' in page for value in ("-2", "50", "60"))
    assert "<details open" in page
    rows = planner.get(f"{at}?tabelle=whatif-figures").text.splitlines()
    unserved = next(row.split(",") for row in rows if row.startswith("unserved,"))
    assert [float(cell) for cell in unserved[1:3]] == [0, PEOPLE / 2], "twelve seats, and six people more"


def test_a_faulty_question_is_answered_at_its_fields_and_keeps_what_was_typed(place, planner):
    form = {"do": "add", "group": "x", "seats": "viele"}
    page = planner.post(f"{AT}/rechnen/was-waere-wenn", form, at=f"{AT}/was-waere-wenn")
    assert page.status_code == 400
    assert page.text.count('aria-invalid="true"') == 2
    assert 'value="viele"' in page.text


@pytest.mark.parametrize(("where", "served"), [("", PEOPLE), ("online", PEOPLE / 2)])
def test_several_groups_are_changed_at_once_and_moved(reckoned_here, place, planner, where, served):
    changes = {"do": "cancel", "group": place.late, "do-2": "add", "group-2": place.soon, "place-2": where}
    at = asked(planner, "was-waere-wenn", **changes, **{"do-3": "keep", "group-3": place.soon})
    page = planner.get(at).text
    assert re.search("Gruppe absagen: [^;<]+; Eine Gruppe mehr: [^;<]+<", page)
    assert page.count("<fieldset") == 2, "the third was left out"
    rows = planner.get(f"{at}?tabelle=whatif-figures").text.splitlines()
    found = next(row.split(",") for row in rows if row.startswith("served,"))
    assert [float(cell) for cell in found[1:3]] == [PEOPLE, served], "nobody here can attend online"


def test_one_more_row_keeps_what_was_typed_and_reckons_nothing(place, planner):
    form = {"do": "move", "group": place.late, "seats": "9", "more": "1"}
    page = planner.post(f"{AT}/rechnen/was-waere-wenn", form, at=f"{AT}/was-waere-wenn")
    assert page.status_code == 200
    assert 'value="9"' in page.text and 'name="group-2"' in page.text and "3. Änderung" not in page.text
    assert f'<option value="{place.late}" selected>' in page.text
    full = {"do": "keep", **{f"do-{number}": "keep" for number in range(2, 11)}, "more": "1"}
    page = planner.post(f"{AT}/rechnen/was-waere-wenn", full, at=f"{AT}/was-waere-wenn").text
    assert 'name="do-10"' in page and 'name="do-11"' not in page and 'name="more"' not in page


def test_a_fault_stands_in_its_row(place, planner):
    form = {
        **{"do": "move", "group": place.late, "shift_days": "7"},
        **{"do-2": "resize", "group-2": place.late, "place-2": "Nirgendwo", "seats-2": "-1"},
        **{"do-3": "add", "group-3": place.late},
    }
    page = planner.post(f"{AT}/rechnen/was-waere-wenn", form, at=f"{AT}/was-waere-wenn")
    assert page.status_code == 400
    assert set(re.findall('id="([a-z-]+-[0-9]-fault)"', page.text)) == {
        "group-2-fault",
        "place-2-fault",
        "seats-2-fault",
    }
    assert page.text.count('aria-invalid="true"') == 3
    assert "Diese Gruppe ändern Sie oben schon." in page.text


def test_what_an_earlier_version_was_asked_is_shown(place, planner):
    earlier = {"do": "resize", "group": place.soon, "seats": 12, "shift_days": 0, "part": "", "minimum": None}
    report = written_report(Report(("title.whatif", {"name": "Deutsch", "today": TODAY}), [], []))
    answer = {lang: {"what-if": report} for lang in ("de", "en")}
    machine = the_machine(place.store)
    id = start_reckoning(machine, REGION, "what-if", earlier)
    finish_reckoning(machine, id, answer)
    page = planner.get(f"/planung/rechnungen/{id}").text
    assert "Gruppe größer oder kleiner: Deutsch" in page and 'value="12"' in page


def test_one_more_seat_is_planned_anew(reckoned_here, place, planner):
    assert "gewichtete Wartetage" in planner.get(asked(planner, "mehr-plaetze")).text


@pytest.mark.parametrize("page", ["luecken", "mehr-plaetze", "was-waere-wenn"])
def test_without_a_plan_the_page_says_how_to_get_one(planner, page):
    text = planner.get(f"{AT}/{page}").text
    assert "Noch ist kein Plan freigegeben" in text and f'href="{AT}"' in text
    assert asked(planner, page) == f"{AT}/{page}"


def test_a_question_that_there_is_not_is_not_found(planner):
    assert planner.post(f"{AT}/rechnen/x", {}, at=AT).status_code == 404


@pytest.fixture
def never_reckoned(monkeypatch):
    """Questions begin, and no process answers them."""
    monkeypatch.setattr("web.desk.planning.reckoning.begin_reckoning", start_reckoning)
    monkeypatch.setattr("web.desk.planning.reckoning.PATIENCE_SECONDS", 0)


def test_a_long_reckoning_shows_where_it_stands_and_can_be_stopped(never_reckoned, office, place, planner):
    at = asked(planner, "mehr-plaetze")
    note_progress(office.store, t.reckoning, at.split("/")[-1], {"part": "seats", "done": 1, "of": 5})
    page = planner.get(at).text
    assert f'data-progress="{at}/fortschritt"' in page and 'role="status"' in page
    assert "Neu geplant wird mit einem Platz mehr, 2 von 5, seit 0 Sekunden." in page
    assert "(wird gerade gerechnet)" in planner.get(f"{AT}/mehr-plaetze").text
    assert planner.post(f"{at}/anhalten", {}, at=at).status_code == 303
    page = planner.get(at).text
    assert "Die Berechnung ist angehalten" in page and "Jetzt rechnen" in page


def test_who_asks_the_same_meanwhile_is_led_to_the_same_reckoning(never_reckoned, office, place, planner):
    at = asked(planner, "luecken")
    assert asked(office.signed_in(Role.COORDINATOR), "luecken") == at
    assert asked(planner, "mehr-plaetze") != at


def test_progress_of_a_reckoning_is_told_until_it_is_over(never_reckoned, place, planner, monkeypatch):
    at = asked(planner, "luecken")
    monkeypatch.setattr("web.desk.planning.watching.EVERY_SECONDS", 0)
    monkeypatch.setattr("web.desk.planning.watching.STREAM_SECONDS", 0.2)
    told = planner.get(f"{at}/fortschritt").text.encode().decode("unicode-escape")
    assert "Die Berechnung beginnt" in told and "event: over" not in told
    planner.post(f"{at}/anhalten", {}, at=at)
    assert planner.get(f"{at}/fortschritt").text == "event: over\ndata: {}\n\n"


def test_progress_is_told_no_longer_once_the_server_is_to_stop(never_reckoned, office, place, planner):
    at = asked(planner, "luecken")
    worker = SimpleNamespace(wsgi=office.app, alive=True)
    tell_of_stop(worker)
    with planner.client.get(f"{at}/fortschritt") as answer:
        told = answer.iter_encoded()
        assert b"event: progress" in next(told)
        worker.alive = False
        assert list(told) == []


@pytest.mark.parametrize(
    ("why", "said"), [("crashed", "etwa weil der Server neu gestartet wurde"), ("KeyError", "(KeyError)")]
)
def test_a_reckoning_that_broke_off_says_why_and_can_be_asked_again(office, place, planner, why, said):
    given = {"state": "failed", "question": "gaps", "answer": None, "summary": {"failed": why}}
    with a_unit(office.store) as uow:
        id = a_finished_reckoning(uow, REGION, **given)
        described(uow).commit()
    page = planner.get(f"/planung/rechnungen/{id}").text
    assert "Die Berechnung ist abgebrochen" in page and said in page and "Jetzt rechnen" in page


def test_the_network_is_analysed_from_today_on(place, planner):
    page = planner.get(f"{AT}/netzanalyse")
    assert page.status_code == 200
    assert "Der engste Schnitt" in page.text or "Engster Schnitt" in page.text


def test_the_report_is_a_pdf_that_says_what_is_hidden(reckoned_here, office, place, planner):
    begun(office, 6, 21)
    at = asked(planner, "bericht")
    assert f'href="{at}/bericht"' in planner.get(at).text
    answer = planner.get(f"{at}/bericht")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")


def test_the_balance_counts_agreements_and_is_there_as_a_file(office, planner):
    with a_unit(office.store) as uow:
        for _ in range(5):
            an_agreement(uow, office.organisation_id, persons=2, signed_on=TODAY)
        described(uow).commit()
    page = planner.get(f"{AT}/bilanz")
    assert page.status_code == 200 and "Zwischenbilanz" in page.text
    file = planner.get(f"{AT}/bilanz?tabelle=balance").text.splitlines()
    assert "agreements,5" in file and "agreement-people,10" in file


def test_a_need_of_a_region_is_no_figure_of_another(office, planner):
    assert planner.get("/planung/reg_elsewhere/zahlen").status_code in (403, 404)


def test_no_page_names_anybody(reckoned_here, place, planner):
    pages = [f"{AT}/{page}" for page in ("zahlen", "bilanz", "vorhersage", "was-waere-wenn", "netzanalyse")]
    for page in (*pages, asked(planner, "luecken")):
        assert "Sara Muster" not in planner.get(page).text


SIMULATED = {"people": "20", "weeks": "13", "seeds": "1", "policies": ["earliest-slot"]}


def test_a_simulation_is_asked_for_and_shown_with_charts_and_its_file(reckoned_here, place, planner):
    form = planner.get(f"{AT}/simulation").text
    assert 'value="150"' in form, "twelve people came, too few to go by"
    at = asked(planner, "simulation", **SIMULATED)
    page = planner.get(at).text
    assert "Simuliert mit den Angeboten vom" in page and page.count("<figcaption>") == 4
    assert 'class="ends"' in page, "the mean has an interval"
    assert 'value="20"' in page, "the form asks for the same again"
    header, first, *_ = planner.get(f"{at}?tabelle=simulation").text.removeprefix("\ufeff").splitlines()
    assert header.startswith("policy,seed,mean_wait_days") and first.startswith("first-come,1,")
    assert "20 Menschen in 13 Wochen, Durchläufe: 1" in planner.get(f"{AT}/simulation").text
    assert "runs: 1" in planner.get(f"{AT}/simulation?lang=en").text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("people", "19", "von 20 bis 1000"),
        ("people", "viele", "von 20 bis 1000"),
        ("weeks", "7", "aus der Liste"),
        ("seeds", "11", "von 1 bis 10"),
        ("policies", [], "mindestens eine Vergabeweise"),
        ("policies", ["first-come"], "mindestens eine Vergabeweise"),
    ],
)
def test_a_simulation_that_cannot_be_is_refused_at_its_field(place, planner, field, value, said):
    answer = planner.post(f"{AT}/rechnen/simulation", {**SIMULATED, field: value}, at=f"{AT}/simulation")
    assert answer.status_code == 400
    assert f'id="{field}-fault"' in answer.text and said in answer.text


def test_the_form_of_a_simulation_proposes_as_many_people_as_came(office, planner):
    begun(office, 30, 21)
    assert 'value="30"' in planner.get(f"{AT}/simulation").text


def test_figures_of_a_district_are_there_as_page_file_and_data(office, planner):
    begun(office, 6, 21)
    with ReadingUnit(office.store) as unit:
        town = unit.find(t.household)[0]["home_name"]
    page = planner.get(f"{AT}/zahlen?ort=town:{town}")
    assert page.status_code == 200
    assert f"die in {town} wohnen" in page.text and ">6<" in page.text and "21,0" in page.text
    assert f'value="town:{town}" selected' in page.text and "ohne Vermittlung" in page.text
    file = planner.get(f"{AT}/zahlen?ort=town:{town}&tabelle=district-kind").text.removeprefix("\ufeff")
    assert file.splitlines() == ["kind,people,waiting_median,access_median", "placement-test,6,21.0,"]
    data = planner.get(f"{AT}/zahlen?ort=town:{town}&tabelle=district-kind&form=json")
    assert data.mimetype == "application/json"
    assert data.json == [
        {"kind": "placement-test", "people": 6, "waiting_median": 21.0, "access_median": None}
    ]
    elsewhere = planner.get(f"{AT}/zahlen?ort=offered-at:elsewhere&lang=en").text
    assert "Only steps that began without a referral are counted." in elsewhere


@pytest.mark.parametrize("district", ["town:Nirgendwo", "x:y", "profile:parent"])
def test_there_are_no_figures_of_a_district_that_is_none(office, planner, district):
    begun(office, 6, 21)
    assert planner.get(f"{AT}/zahlen?ort={district}").status_code == 404


def test_a_table_is_given_as_a_file_or_as_data_only(office, planner):
    assert planner.get(f"{AT}/zahlen?tabelle=actual-all&form=xml").status_code == 400


def test_travel_times_are_handed_in_shown_with_what_they_lack_and_taken_back(office, place, planner):
    page = planner.get(f"{AT}/netzanalyse").text
    assert "30 km" in page and f'href="{AT}/fahrzeiten"' in page
    file = (io.BytesIO(b"von,nach,Minuten\nMusterstadt,Neudorf,25\n"), "wege.csv")
    answer = planner.post(f"{AT}/fahrzeiten", {"file": file}, at=f"{AT}/fahrzeiten")
    assert answer.status_code == 303
    page = planner.get(answer.headers["Location"]).text
    assert "wege.csv" in page and "Wege werden in Minuten gemessen" in page
    assert "30 min" in planner.get(f"{AT}/netzanalyse").text
    back = re.search(r'action="([^"]*/zuruecknehmen)"', page)[1]
    assert planner.post(back, {"version": "1"}, at=f"{AT}/fahrzeiten").status_code == 303
    page = planner.get(f"{AT}/fahrzeiten").text
    assert "Es gilt keine Tabelle" in page and "zurückgenommen, " in page and "/zuruecknehmen" not in page


def test_a_faulty_file_of_travel_times_is_answered_with_line_and_column(planner):
    file = (io.BytesIO(b"von,nach,Minuten\nMusterstadt,,bald\n"), "wege.csv")
    page = planner.post(f"{AT}/fahrzeiten", {"file": file}, at=f"{AT}/fahrzeiten")
    assert page.status_code == 422
    assert "wege.csv" in page.text and ">2</td>" in page.text and "Minuten</td>" in page.text
    page = planner.post(f"{AT}/fahrzeiten", {}, at=f"{AT}/fahrzeiten")
    assert page.status_code == 422 and "Bitte wählen Sie eine Datei." in page.text
