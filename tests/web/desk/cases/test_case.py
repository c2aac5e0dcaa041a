"""The page of a case: the chain drawn and told, both clocks, and who may see it."""

from datetime import date

from plans.roles import Role
from store import tables as t
from tests.store.builders import a_unit, an_organisation, described
from tests.web.desk.sessions import a_signed_in_account
from tests.workflows.desks import REGION
from web.desk.cases.chain import chain_of
from web.desk.cases.drawing import draw_case
from workflows.cases.whole_case import read_case


def test_the_case_shows_the_whole_chain_with_both_clocks(anna, counsel):
    page = anna.get(f"/faelle/{counsel.person_id}").text
    for kind in ("Einstufungstest", "Integrationskurs ab Modul 1", "Berufssprachkurs B2"):
        assert page.count(kind) >= 2, kind  # once drawn, once in the table
    assert "Wartezeit (ab Anmeldung)" in page and "52 Tage bisher" in page


def test_a_step_behind_an_open_one_waits_for_it_and_not_for_a_seat(counsel):
    chain = chain_of(read_case(counsel.desk, counsel.person_id))
    first, second = [step for step in chain if not step.is_over][:2]
    assert first.ready_on is not None
    assert second.need["after"] == first.row["id"] and second.ready_on is None


def test_waits_and_steps_are_drawn_apart_and_on_one_axis(counsel):
    case = read_case(counsel.desk, counsel.person_id)
    today = date.fromisoformat(case["today"])
    drawing = draw_case(chain_of(case), today)
    (waiting,) = [row for row in drawing.rows if row.wait]
    assert waiting.bar is None
    assert abs(waiting.wait.at + waiting.wait.width - drawing.today) < 0.1
    assert all(0 <= x <= 100 for _, x in drawing.months)


def test_reading_a_case_is_noted_with_its_purpose(anna, counsel):
    before = len(counsel.find(t.audit_entry, action="read-person"))
    anna.get(f"/faelle/{counsel.person_id}")
    entries = counsel.find(t.audit_entry, action="read-person")
    assert len(entries) == before + 1
    assert entries[-1]["purpose"] == "Fall ansehen und bearbeiten"


def test_the_case_of_another_office_is_not_there(office, counsel):
    with a_unit(office.store) as uow:
        other = an_organisation(uow, REGION, "other-office", name="Andere Stadt", type="municipality")
        described(uow).commit()
    _, token = a_signed_in_account(office.store, Role.COUNSELLOR, "ben", organisation=other)
    ben = office.visitor()
    ben.client.set_cookie("sitzung", token)
    assert ben.get(f"/faelle/{counsel.person_id}").status_code == 404
    assert ben.get("/faelle/per-gibt-es-nicht").status_code == 404


def test_a_promise_missed_is_said(anna, counsel):
    page = anna.get(f"/faelle/{counsel.person_id}").text
    assert "zu spät: vereinbart bis" in page
