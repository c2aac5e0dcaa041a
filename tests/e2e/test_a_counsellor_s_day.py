"""A counsellor's day in a real browser: a new household from analysis to agreement, referral and review."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from network.model import HALF_DAYS, Place
from plans.analysis import Analysis, Availability
from plans.identity import Home, Identity
from plans.needs import Goal
from plans.referral_table import ReferralState
from plans.roles import Role
from plans.step_draft import StepDraft
from store import tables as t
from tests.e2e.serving import fresh_store
from tests.e2e.watching import HEIGHT, every_look, violations
from tests.web.desk.counselling import Counsel
from tests.workflows.access.builders import a_town
from tests.workflows.desks import the_machine
from workflows.acting import LOCAL_TIME
from workflows.cases.analysis import record_analysis
from workflows.cases.households import create_household
from workflows.cases.steps import add_step


@pytest.fixture(scope="module")
def counsel(tmp_path_factory):
    """An office, and a provider that counsels from tomorrow on; nobody is looked after yet."""
    store = fresh_store(tmp_path_factory.mktemp("desk"))
    office, provider = a_town(store)
    counsel = Counsel(the_machine(store), office, provider, "")
    counsel.group(1, kind="counselling/case-management")
    return counsel


@pytest.fixture(scope="module")
def filled(counsel):
    return counsel.desk.store, {Role.COUNSELLOR: counsel.office_id}


def day(in_days=0):
    """A day as forms send it, counted from today in Germany, where the desk is."""
    return str(datetime.now(LOCAL_TIME).date() + timedelta(days=in_days))


def test_a_household_comes_in_and_gets_analysis_chain_agreement_referral_and_review(
    open_window, counsel, tmp_path
):
    page = open_window(Role.COUNSELLOR)
    page.get_by_role("link", name="Meine Personen").first.click()
    assert violations(page) == []
    begin(page)
    analyse(page)
    make_chain(page)
    drag_a_step_up_and_down(page)
    case = page.url.partition("#")[0]
    assert every_look(page, case) == []
    page.goto(f"{case}?lang=de")
    agree(page)
    page.goto(case)
    refer(page, counsel)
    page.goto(case)
    review(page, counsel)
    page.goto(case)
    sheet_in_arabic(page, tmp_path)
    give_back(page, counsel)


def begin(page):
    """A new household, whose person is here since last week."""
    page.get_by_role("link", name="Neuer Haushalt").click()
    page.get_by_label("Angekommen am").fill(day(-7))
    page.get_by_label("Voller Name").fill("Amina Muster")
    page.get_by_label("Geburtsdatum").fill("1990-05-17")
    page.get_by_label("Situation").select_option("recognised-refugee")
    page.get_by_label("Ort", exact=True).select_option("Musterstadt")
    page.get_by_role("button", name="Haushalt anlegen").press("Enter")
    page.get_by_role("heading", name="Amina Muster", level=1).wait_for()


def analyse(page):
    page.get_by_role("link", name="Analyse aufnehmen").first.click()
    for name, value in (("literacy", "latin"), ("recognition", "not-needed"), ("childcare", "none")):
        page.locator(f"select[name={name}]").select_option(value)
    page.get_by_label("Mo vormittags").check()
    page.get_by_label("Di vormittags").check()
    page.get_by_label("Arabisch").check()
    assert violations(page) == []
    page.get_by_role("button", name="Analyse speichern").click()
    page.get_by_text("Noch keine Schritte").wait_for()


def make_chain(page):
    page.get_by_role("link", name="Kette aus Vorlage").click()
    page.get_by_role("button", name="Schritte anlegen").click()
    page.get_by_role("row", name="Einstufungstest").first.wait_for()


def drag_a_step_up_and_down(page):
    """The last step is dragged onto the one before it, then down again; all in sight, so nothing scrolls."""
    page.set_viewport_size({"width": 1440, "height": 3000})
    page.wait_for_load_state()
    step = page.locator("[data-step]").last.get_attribute("data-step")
    before = page.locator(f"[data-step='{step}']").get_attribute("data-after")
    first = page.locator(f"[data-step='{before}']").get_attribute("data-after")
    for later, sooner in ((before, step), (step, before)):
        row = page.locator(f"[data-step='{step}'][draggable='true']")
        row.wait_for()  # until the script has come
        row.drag_to(page.locator(f"[data-step='{before}']"))
        page.locator(f"[data-step='{sooner}'][data-after='{first}']").wait_for()
        page.locator(f"[data-step='{later}'][data-after='{sooner}']").wait_for()
    page.set_viewport_size({"width": 1440, "height": HEIGHT[1440]})


def agree(page):
    """Drafted, and signed on paper by her and twice by the office."""
    page.get_by_role("link", name="Vereinbarung entwerfen").click()
    page.get_by_role("button", name="Entwurf anlegen").click()
    for number, party in enumerate(("Amina Muster", "Stadt Musterstadt", "Stadt Musterstadt")):
        signed = page.get_by_role("link", name="Unterschrift festhalten")
        if not signed.count():
            break
        signed.click()
        page.get_by_label(party).check()
        page.get_by_label("Name der unterschreibenden Person").fill(f"{party} {number}")
        page.get_by_label("Unterschrieben am").fill(day())
        page.get_by_role("button", name="Unterschrift festhalten").click()
        page.get_by_role("heading", name="Integrationsvereinbarung").wait_for()
    page.get_by_text("gültig", exact=True).wait_for()
    assert violations(page) == []


def refer(page, counsel):
    """The best seat is asked for; the consent that it lacks is recorded on the way."""
    page.get_by_role("link", name="Beste Vermittlung").first.click()
    assert violations(page) == []
    page.get_by_role("link", name="Platz anfragen").first.click()
    ask = page.url
    page.get_by_text("Einwilligung fehlt").wait_for()
    page.get_by_role("link", name="Einwilligung festhalten").click()
    page.get_by_role("button", name="Einwilligung speichern").click()
    page.goto(ask)
    page.get_by_role("heading", name="Das sieht VHS Musterstadt").wait_for()
    page.get_by_role("button", name="Platz jetzt anfragen").click()
    page.get_by_text("freigehalten bis").wait_for()
    (referral,) = counsel.find(t.referral)
    assert referral["state"] is ReferralState.REQUESTED


def give_back(page, counsel):
    """She cannot come; whoever of the office gains most by the seat is asked for in one click."""
    waits = somebody_who_waits(counsel, "Berta Muster")
    page.get_by_role("link", name="Vermittlung zurückziehen").click()
    page.get_by_label("Betreuung").check()
    page.get_by_role("button", name="Zurückziehen").click()
    page.get_by_role("link", name="Nachrücken").click()
    page.get_by_role("heading", name="Nachrücken", level=1).wait_for()
    assert violations(page) == []
    page.get_by_role("heading", name="Berta Muster").wait_for()
    page.get_by_role("link", name="Platz anfragen").click()
    page.get_by_text("Für Berta Muster").wait_for()
    assert waits in page.url


def somebody_who_waits(counsel, name):
    """Somebody of the office with a step of the kind that the provider has; returns the step."""
    desk, today = counsel.desk, counsel.in_days(0)
    home, identity = Home(Place("Musterstadt", 51.5, 7.4)), Identity(name, date(1990, 5, 17))
    (person_id,) = create_household(desk, counsel.office_id, home, [identity], today)["person_ids"]
    able = Analysis(today, Availability(frozenset(HALF_DAYS), 30))
    record_analysis(desk, person_id, counsel.find(t.help_plan, person_id=person_id)[0]["version"], able)
    plan = counsel.find(t.help_plan, person_id=person_id)[0]
    draft = StepDraft("counselling/case-management", Goal("Beratung", "Counselling"), person_id, today)
    return add_step(desk, person_id, plan["version"], draft)["step_id"]


def review(page, counsel):
    page.get_by_role("link", name="Gespräch mit Überprüfung").click()
    page.get_by_label("Nächstes Gespräch am").fill(day(28))
    assert violations(page) == []
    page.get_by_role("button", name="Überprüfung speichern").click()
    page.get_by_role("heading", name="Verlauf").wait_for()
    assert len(counsel.find(t.review)) == len(counsel.find(t.need))


def sheet_in_arabic(page, folder):
    """The sheet is downloaded; that it has every letter is tested with the sheets."""
    with page.expect_download() as loading:
        page.get_by_label("Zweite Sprache").select_option("ara")
        page.get_by_role("button", name="PDF herunterladen").click()
    assert loading.value.suggested_filename == "merkblatt-ara.pdf"
    loading.value.save_as(folder / "sheet.pdf")
    assert (folder / "sheet.pdf").read_bytes().startswith(b"%PDF")
