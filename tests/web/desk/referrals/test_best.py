"""The best referrals for a step: shown with reasons, compared, asked for in one click, lost, taken back."""

import re

import pytest

from plans.referral_table import ReferralState
from store import tables as t
from tests.web.desk.counselling import a_counsel


@pytest.fixture
def step(counsel):
    """Amina's course, whose test is done so that it can begin."""
    counsel.is_done("placement-test")
    return counsel.step()["id"]


@pytest.fixture
def slots(counsel):
    """A group in the evening that starts in 80 days, and one in the morning that starts in 100."""
    return counsel.group(80), counsel.group(100)


def test_the_best_slots_are_shown_with_what_they_mean(anna, counsel, step, slots):
    page = anna.get(f"/vermittlung/{step}").text
    assert page.count('class="panel') == 2
    told = ("Wartezeit", "Für die ganze Kette", "Niemand wartet deshalb länger", "20 frei", "vormittags")
    for words in told:
        assert words in page, words


def test_what_does_not_fit_is_shown_with_its_rule(anna, counsel, step):
    counsel.group(80, requires=["academic"])
    page = anna.get(f"/vermittlung/{step}").text
    assert "Zurzeit passt kein freier Platz" in page
    assert "Regel, die dagegen spricht" in page


def test_dates_of_one_offering_that_one_rule_excludes_stand_in_one_line(anna, counsel, step):
    for days in (80, 100, 120):
        counsel.group(days, requires=["academic"])
    page = anna.get(f"/vermittlung/{step}").text
    lines = page[page.index("<tbody") :].count("<tr")
    last = counsel.in_days(120).strftime("%d.%m.%Y")
    assert lines == 1 and f"und 2 weitere bis {last}" in page


def test_full_groups_stand_alone_for_each_has_a_waiting_list(anna, counsel, step):
    for days in (80, 100):
        counsel.group(days, seats=1, booked_elsewhere=1)
    page = anna.get(f"/vermittlung/{step}").text
    assert page.count("/warteliste/") == 2 and "weitere bis" not in page


def test_two_are_compared(anna, counsel, step, slots):
    page = anna.get(f"/vermittlung/{step}?vergleich={slots[0]}&vergleich={slots[1]}").text
    assert "Zwei im Vergleich" in page
    one = anna.get(f"/vermittlung/{step}?vergleich={slots[0]}").text
    assert "Zwei im Vergleich" not in one


def test_without_consent_nothing_is_seen_and_the_consent_is_prepared(anna, counsel, step, slots):
    page = anna.get(f"/vermittlung/{step}/platz/{slots[0]}").text
    assert "Einwilligung fehlt" in page and "Platz jetzt anfragen" not in page
    (form,) = re.findall(r'href="([^"]+/einwilligung\?[^"]+)"', page)
    prepared = anna.get(form.replace("&amp;", "&")).text
    assert f'value="{counsel.provider_id}" selected' in prepared
    assert len(re.findall(r'name="categories"[^>]*checked', prepared)) == 4


def test_a_seat_is_asked_for_in_one_click_after_the_preview(anna, counsel, step, slots):
    counsel.agrees()
    address = f"/vermittlung/{step}/platz/{slots[0]}"
    page = anna.get(address).text
    assert "Das sieht VHS Musterstadt" in page and "amina.muster@example.org" in page
    assert "Näherin" not in page  # a course needs no profession
    assert anna.post(address, at=address).status_code == 303
    (referral,) = counsel.find(t.referral)
    assert referral["state"] is ReferralState.REQUESTED and referral["slot_id"] == slots[0]
    case = anna.get(f"/faelle/{counsel.person_id}").text
    assert "Platz angefragt" in case and "noch 3 Tage" in case


def test_a_double_click_is_one_referral(anna, counsel, step, slots):
    counsel.agrees()
    address = f"/vermittlung/{step}/platz/{slots[0]}"
    form = {"request_key": "doppelt-geklickt-ist-einmal"}
    answers = [anna.post(address, form, at=address).status_code for _ in range(2)]
    assert answers == [303, 303] and len(counsel.find(t.referral)) == 1


def test_a_seat_lost_in_the_meantime_is_said_with_what_is_left(anna, counsel, step):
    full, free = counsel.group(80, seats=0), counsel.group(90)
    counsel.agrees()
    answer = anna.post(f"/vermittlung/{step}/platz/{full}", at=f"/vermittlung/{step}/platz/{free}")
    assert answer.status_code == 409
    assert "Der Platz konnte nicht angefragt werden" in answer.text
    assert f"/vermittlung/{step}/platz/{free}" in answer.text
    assert counsel.find(t.referral) == []


def test_somebody_joins_the_waiting_list_of_a_full_group(anna, counsel, step):
    full = counsel.group(80, seats=0)
    counsel.agrees()
    page = anna.get(f"/vermittlung/{step}").text
    address = f"/vermittlung/{step}/warteliste/{full}"
    assert address in page
    form = {"expected_start_on": str(counsel.in_days(100))}
    assert anna.post(address, form, at=address).status_code == 303
    assert counsel.find(t.referral)[0]["state"] is ReferralState.WAITLISTED


def test_who_could_take_a_seat_that_was_given_back_is_shown_and_asked_for_in_one_click(
    anna, counsel, step, slots
):
    desk = counsel.desk
    berta = a_counsel(
        desk.store, desk.caller.account_id, counsel.office_id, counsel.provider_id, "Berta Muster"
    )
    berta.is_done("placement-test")
    case, freed = f"/faelle/{counsel.person_id}", f"/vermittlung/{step}/nachruecken/{slots[0]}"
    assert freed not in anna.get(case).text
    counsel.agrees()
    anna.post(f"/vermittlung/{step}/platz/{slots[0]}", at=f"/vermittlung/{step}/platz/{slots[0]}")
    assert freed not in anna.get(case).text, "the seat is still held"
    back = f"/vermittlung/{step}/zurueckziehen"
    form = {"version": counsel.find(t.referral)[0]["version"], "reason": "moved"}
    anna.post(back, form, at=back)
    assert freed in anna.get(case).text
    page = anna.get(freed).text
    assert "Berta Muster" in page and "hat bisher keinen Termin" in page
    assert f"/vermittlung/{berta.step()['id']}/platz/{slots[0]}" in page
    assert anna.get(f"/vermittlung/{step}/nachruecken/nichts").status_code == 404


def test_a_referral_is_taken_back_with_a_reason(anna, counsel, step, slots):
    counsel.agrees()
    address = f"/vermittlung/{step}/platz/{slots[0]}"
    anna.post(address, at=address)
    back = f"/vermittlung/{step}/zurueckziehen"
    form = {"version": counsel.find(t.referral)[0]["version"]}
    assert anna.post(back, form, at=back).status_code == 422  # no reason
    assert anna.post(back, {**form, "reason": "moved"}, at=back).status_code == 303
    (referral,) = counsel.find(t.referral)
    assert referral["state"] is ReferralState.CANCELLED
    assert counsel.find(t.slot_group, id=referral["slot_group_id"])[0]["taken"] == 0
