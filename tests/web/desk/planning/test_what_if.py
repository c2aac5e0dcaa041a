"""Was wäre wenn: the form and its faults, several changes at once, and what an answer shows."""

import re

import pytest

from tests.store.builders import (
    TODAY,
)
from tests.web.desk.planning.builders import AT, PEOPLE, asked
from tests.workflows.desks import REGION, the_machine
from workflows.planning_room.kept_reports import written_report
from workflows.planning_room.reckonings import finish_reckoning, start_reckoning
from workflows.planning_room.tables import Report


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


def test_longer_ways_and_the_weight_of_agreed_dates_can_be_otherwise(reckoned_here, place, planner):
    at = asked(planner, "was-waere-wenn", do="keep", more_km="-500", overdue_factor="3")
    page = planner.get(at).text
    assert "Wege um -500 km länger; Gewicht vereinbarter Termine: 3" in page
    assert all(f'value="{value}"' in page for value in ("-500", "3"))
    form = {"do": "keep", "more_km": "501", "overdue_factor": "-1"}
    page = planner.post(f"{AT}/rechnen/was-waere-wenn", form, at=f"{AT}/was-waere-wenn")
    assert page.status_code == 400
    assert set(re.findall('id="([a-z_]+)-fault"', page.text)) == {"more_km", "overdue_factor"}


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
