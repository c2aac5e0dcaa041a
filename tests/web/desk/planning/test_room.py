"""The planning room in the desk: figures, gaps, balance, analysis and report, each as page and file."""

import pytest

from store import tables as t
from store.unit_of_work import ReadingUnit
from tests.store.builders import (
    TODAY,
    a_unit,
    described,
)
from tests.web.desk.planning.builders import AT, asked, begun
from tests.workflows.planning_room.stored_agreements import an_agreement


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


def test_gaps_say_who_starts_late(reckoned_here, place, planner):
    assert "Jetzt rechnen" in planner.get(f"{AT}/luecken").text
    at = asked(planner, "luecken")
    page = planner.get(at).text
    assert "Integrationskurs" in page and ">6<" in page
    file = planner.get(f"{at}?tabelle=missing-kind").text.splitlines()
    assert file[1] == "integration-course,0,6,full"
    assert "Integration course" in planner.get(f"{at}?lang=en").text


def test_one_more_seat_is_planned_anew(reckoned_here, place, planner):
    assert "gewichtete Wartetage" in planner.get(asked(planner, "mehr-plaetze")).text


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
