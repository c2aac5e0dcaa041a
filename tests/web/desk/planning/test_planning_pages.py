"""The planning pages: begin a run once, watch it, read its changes, release them; figures and gaps."""

from unittest.mock import patch

import pytest

from plans.roles import Grant, Role
from store import tables as t
from store.tables import RunState
from tests.store.builders import a_finished_run, a_need, a_person, a_plan, a_unit, described
from tests.workflows.desks import REGION
from workflows.acting import Caller, Desk
from workflows.planning_runs.runs import list_runs, start_run

AT = f"/planung/{REGION}"


@pytest.fixture
def planner(office):
    return office.signed_in(Role.PLANNER)


def add(office, build):
    with a_unit(office.store) as uow:
        made = build(uow)
        described(uow).commit()
    return made


def runs(office):
    grant = Grant(Role.PLANNER, "x", REGION)
    return list_runs(Desk(office.store, Caller("Muster", "x", (grant,))), REGION)


def proposed(uow, office, change=None, slot=None, many=1, state=RunState.FINISHED):
    """A run with proposals for people who have one need each."""
    run = a_finished_run(uow, REGION, state)
    for _ in range(many):
        plan = a_plan(uow, REGION, office.organisation_id, a_person(uow, REGION, office.organisation_id))
        need = a_need(uow, REGION, plan)
        uow.insert(
            t.proposal,
            region_id=REGION,
            planning_run_id=run,
            need_id=need,
            person_id=uow.get(t.need, need)["person_id"],
            organisation_id=office.organisation_id,
            slot_id=slot,
            state="proposed",
            reasons=[{"code": "full", "de": "Alle Plätze sind vergeben.", "en": "All seats are taken."}],
            alternatives=[],
            change=change,
        )
    return run


def test_the_only_region_is_opened_at_once(planner):
    assert planner.get("/planung").headers["Location"] == AT


def test_without_runs_the_page_says_what_to_do(planner):
    page = planner.get(AT).text
    assert "Es gab noch keinen Planungslauf" in page and "Planungslauf starten" in page


def test_a_form_sent_twice_begins_one_run(office, planner):
    form = {"mode": "new", "time_limit": "60", "request_key": "k" * 20}
    with patch("web.desk.planning.region.begin_planning", start_run):
        answers = [planner.post(f"{AT}/laeufe", form, at=AT) for _ in range(2)]
    (run,) = runs(office)
    assert {answer.headers["Location"] for answer in answers} == {f"/planung/laeufe/{run['id']}"}
    assert "Ein Lauf ist gerade bei der Arbeit" in planner.get(AT).text


@pytest.mark.parametrize("form", [{"mode": "projection"}, {"time_limit": "1e9"}, {"mode": "x"}])
def test_what_the_form_does_not_offer_is_refused(office, planner, form):
    assert planner.post(f"{AT}/laeufe", form, at=AT).status_code == 400
    assert runs(office) == []


def test_a_run_at_work_shows_its_progress_and_can_be_stopped(office, planner):
    with patch("web.desk.planning.region.begin_planning", start_run):
        at = planner.post(f"{AT}/laeufe", {"request_key": "k" * 20}, at=AT).headers["Location"]
    page = planner.get(at).text
    assert f'data-progress="{at}/fortschritt"' in page and "Anhalten" in page
    assert planner.post(f"{at}/anhalten", {"request_key": "s" * 20}, at=at).status_code == 303
    assert "Der Lauf endet gleich" in planner.get(at).text


def test_progress_is_told_until_the_run_is_over(office, planner):
    run = add(office, lambda uow: a_finished_run(uow, REGION, RunState.RUNNING, finished_at=None))
    told = {"seconds": 3, "phase": "prices", "gap": 0.021}
    states = iter(["running", "finished"])

    def read_run(_, run_id):
        return {"id": run_id, "state": next(states), "summary": {"progress": told}}

    at_once = patch("web.desk.planning.watching.EVERY_SECONDS", 0)
    with patch("web.desk.planning.run.read_run", read_run), at_once:
        answer = planner.get(f"/planung/laeufe/{run}/fortschritt")
    assert answer.mimetype == "text/event-stream"
    assert "seit 3 Sekunden; höchstens 2,1 Prozent" in answer.text.encode().decode("unicode-escape")
    assert answer.text.endswith("event: over\ndata: {}\n\n")


def test_every_change_is_shown_with_its_reason_and_nobody_s_name(office, planner):
    change = {"code": "full", "kind": "lost", "de": "Der Platz ist vergeben.", "en": "The seat is taken."}
    run = add(office, lambda uow: proposed(uow, office, {**change, "days_later": None}))
    page = planner.get(f"/planung/laeufe/{run}").text
    assert "Kein Platz mehr:" in page and "Der Platz ist vergeben." in page
    assert "Alle Plätze sind vergeben." in page
    assert "Sara Muster" not in page


def test_a_long_list_is_read_page_by_page(office, planner):
    run = add(office, lambda uow: proposed(uow, office, many=51))
    first = planner.get(f"/planung/laeufe/{run}").text
    assert first.count("<li>\n    <h3") == 50
    (onward,) = {part.split("#")[0] for part in first.split('href="') if "nach=" in part}
    assert planner.get(onward.replace("&amp;", "&")).text.count("<li>\n    <h3") == 1


def test_a_release_is_said_and_done_once(office, planner):
    run = add(office, lambda uow: proposed(uow, office))
    at = f"/planung/laeufe/{run}"
    form = {"version": "1", "request_key": "r" * 20}
    for _ in range(2):
        assert planner.post(f"{at}/freigeben", form, at=at).status_code == 303
    page = planner.get(at).text
    assert "Freigegeben: 1 Vorschläge" in page
    assert "Vorschläge freigeben" not in page
    assert runs(office)[0]["state"] == "released"


def test_a_release_of_a_run_that_changed_meanwhile_is_refused(office, planner):
    run = add(office, lambda uow: proposed(uow, office))
    at = f"/planung/laeufe/{run}"
    assert planner.post(f"{at}/freigeben", {"version": "7"}, at=at).status_code == 409
    assert planner.post(f"{at}/freigeben", {}, at=at).status_code == 400


def test_without_a_released_plan_the_figures_say_how_to_get_one(planner):
    text = planner.get(f"{AT}/zahlen").text
    assert "Noch ist kein Plan freigegeben" in text and f'href="{AT}"' in text


def test_a_failed_run_says_so(office, planner):
    summary = {"failed": "crashed"}
    run = add(office, lambda uow: a_finished_run(uow, REGION, RunState.FAILED, summary=summary))
    assert "Dieser Lauf ist abgebrochen" in planner.get(f"/planung/laeufe/{run}").text
