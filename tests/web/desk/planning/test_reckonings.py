"""Berechnungen: begun, watched, stopped, broken off, joined by others, and found again."""

from types import SimpleNamespace

import pytest

from plans.roles import Role
from store import tables as t
from store.progress import note_progress
from tests.store.builders import (
    a_finished_reckoning,
    a_unit,
    described,
)
from tests.web.desk.planning.builders import AT, asked
from tests.workflows.desks import REGION
from web.desk.server import tell_of_stop


def test_an_answer_is_found_again_on_the_page_of_its_question(reckoned_here, place, planner):
    at = asked(planner, "luecken")
    assert f'href="{at}"' in planner.get(f"{AT}/luecken").text


@pytest.mark.parametrize("page", ["luecken", "mehr-plaetze", "was-waere-wenn"])
def test_without_a_plan_the_page_says_how_to_get_one(planner, page):
    text = planner.get(f"{AT}/{page}").text
    assert "Noch ist kein Plan freigegeben" in text and f'href="{AT}"' in text
    assert asked(planner, page) == f"{AT}/{page}"


def test_a_question_that_there_is_not_is_not_found(planner):
    assert planner.post(f"{AT}/rechnen/x", {}, at=AT).status_code == 404


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
