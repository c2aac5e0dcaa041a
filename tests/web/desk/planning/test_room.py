"""The planning room in the desk: figures, gaps, savings, what-if and analysis, each as page and file."""

from datetime import timedelta

import pytest

from plans.roles import Role
from store.tables import RunState
from tests.store.builders import TODAY, a_finished_run, a_need, a_person, a_plan, a_unit, described
from tests.workflows.desks import REGION
from tests.workflows.planning_room.stored_agreements import an_agreement
from tests.workflows.planning_runs.builders import Place

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


def test_gaps_say_who_starts_late(place, planner):
    assert "Jetzt rechnen" in planner.get(f"{AT}/luecken").text
    page = planner.get(f"{AT}/luecken?rechnen=1").text
    assert "Integrationskurs" in page and ">6<" in page
    file = planner.get(f"{AT}/luecken?tabelle=missing-kind").text.splitlines()
    assert file[1] == "integration-course,0,6,full"


def test_more_seats_in_the_early_group_are_better_for_certain(place, planner, monkeypatch):
    monkeypatch.setattr("web.desk.planning.what_if.SECONDS", 600.0)
    page = planner.get(f"{AT}/was-waere-wenn?do=resize&group={place.soon}&seats=12&shift_days=&part=")
    assert page.status_code == 200
    assert "spart sicher Wartezeit" in page.text
    file = planner.get(f"{AT}/was-waere-wenn?do=resize&group={place.soon}&seats=12&tabelle=whatif-profiles")
    assert "12" in file.text.splitlines()[1]


def test_a_faulty_question_is_answered_at_its_fields_and_keeps_what_was_typed(place, planner):
    page = planner.get(f"{AT}/was-waere-wenn?do=add&group=x&seats=viele")
    assert page.status_code == 400
    assert page.text.count('aria-invalid="true"') == 2
    assert 'value="viele"' in page.text


def test_one_more_seat_is_planned_anew(place, planner):
    assert "Jetzt rechnen" in planner.get(f"{AT}/mehr-plaetze").text
    page = planner.get(f"{AT}/mehr-plaetze?rechnen=1")
    assert page.status_code == 200
    assert "gewichtete Wartetage" in page.text


@pytest.mark.parametrize("page", ["luecken", "mehr-plaetze", "was-waere-wenn"])
def test_without_a_plan_the_page_says_how_to_get_one(planner, page):
    text = planner.get(f"{AT}/{page}").text
    assert "Noch ist kein Plan freigegeben" in text and f'href="{AT}"' in text


def test_the_network_is_analysed_from_today_on(place, planner):
    page = planner.get(f"{AT}/netzanalyse")
    assert page.status_code == 200
    assert "Der engste Schnitt" in page.text or "Engster Schnitt" in page.text


def test_the_report_is_a_pdf_that_says_what_is_hidden(office, place, planner):
    begun(office, 6, 21)
    answer = planner.get(f"{AT}/bericht")
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


def test_no_page_names_anybody(place, planner):
    for page in ("zahlen", "bilanz", "vorhersage", "luecken?rechnen=1", "was-waere-wenn", "netzanalyse"):
        assert "Sara Muster" not in planner.get(f"{AT}/{page}").text
