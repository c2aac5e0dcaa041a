"""The forms of a case: each does what it says, refuses what cannot be, and loses nothing that was typed."""

import re

import pytest

from plans.steps import Finding
from store import tables as t
from tests.web.desk.counselling import COURSE


@pytest.fixture
def send(anna, counsel):
    """Send a form of Amina's case as it stands on its page, with some fields filled in otherwise."""

    def sent(path, **fields):
        address = f"/faelle/{counsel.person_id}/{path}"
        page = anna.get(address).text
        form = filled_in(page)
        return anna.client.post(address, data={**form, **fields})

    return sent


def filled_in(page):
    """What a browser would send of the form of a page, untouched."""
    form = {}
    main = page[page.index("<main") :]
    for tag in re.findall(r"<input[^>]*>", main):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name and value and (("checkbox" not in tag and "radio" not in tag) or " checked" in tag):
            form.setdefault(name[1], []).append(value[1])
    for name, body in re.findall(r'<select[^>]*name="([^"]+)".*?>(.*?)</select>', main, re.S):
        form[name] = re.findall(r'value="([^"]*)" selected', body)[:1]
    return form


def test_every_form_opens_with_its_title(anna, counsel):
    step = counsel.step()["id"]
    (goal,) = counsel.find(t.goal)
    (talk,) = counsel.find(t.appointment)
    for path in (
        *("analyse", "vorlage", "schritte/neu", f"schritte/{step}", f"schritte/{step}/daten"),
        *(f"schritte/{step}/aufgeben", "termin", f"termin/{talk['id']}", "gespraech", "person"),
        *("haushalt", "haushalt/person", "ziele/neu", f"ziele/{goal['id']}", "erfolg", "abschluss"),
        *("einwilligung", "einstufung"),
    ):
        page = anna.get(f"/faelle/{counsel.person_id}/{path}")
        assert page.status_code == 200, path
        assert page.text.count("<h1") == 1 and "Amina Muster" in page.text, path


def test_an_analysis_is_filled_in_from_the_last_one_and_kept_beside_it(send, counsel):
    assert send("analyse", speaking="A1", writing="A1").status_code == 303
    first, second = counsel.find(t.analysis, order_by=t.analysis.c.number)
    assert second["content"]["german"]["speaking"] == "A1"
    assert second["content"]["profession"] == first["content"]["profession"] == "Näherin"
    assert second["content"]["availability"] == first["content"]["availability"]


def test_a_step_is_changed_as_it_was_read(send, counsel):
    before = counsel.step()
    assert send(f"schritte/{before['id']}", target_on="2026-06-01").status_code == 303
    after = counsel.step()
    assert str(after["target_on"]) == "2026-06-01"
    assert after["goal_de"] == before["goal_de"]


def test_a_stale_form_is_refused_and_keeps_what_was_typed(send, counsel):
    step = counsel.step()["id"]
    answer = send(f"schritte/{step}", version="99", text_de="Deutsch für Amina")
    assert answer.status_code == 409
    assert 'value="Deutsch für Amina"' in answer.text and "inzwischen geändert" in answer.text


def test_a_step_comes_before_the_one_it_waited_for(anna, counsel):
    test, course = counsel.step("placement-test"), counsel.step()
    follower = counsel.step("vocational-language/B2")
    address = f"/faelle/{counsel.person_id}/schritte/{course['id']}/frueher"
    case = f"/faelle/{counsel.person_id}"
    assert anna.post(address, {"version": course["version"]}, at=case).status_code == 303
    assert counsel.step()["after_need_id"] == test["after_need_id"]
    assert counsel.step("placement-test")["after_need_id"] == course["id"]
    assert counsel.step("vocational-language/B2")["after_need_id"] == test["id"] != follower["after_need_id"]


def test_a_step_comes_before_one_further_up_at_once(anna, counsel):
    kinds = ("placement-test", COURSE, "vocational-language/B2")
    test, course, last = (counsel.step(kind) for kind in kinds)
    case = f"/faelle/{counsel.person_id}"
    form = {"version": last["version"], "before": test["id"]}
    assert anna.post(f"{case}/schritte/{last['id']}/frueher", form, at=case).status_code == 303
    assert counsel.step(kinds[2])["after_need_id"] == test["after_need_id"]
    assert counsel.step(kinds[0])["after_need_id"] == last["id"]
    assert counsel.step(kinds[1])["after_need_id"] == test["id"] == course["after_need_id"]


def test_a_step_cannot_come_before_one_that_does_not_stand_before_it(anna, counsel):
    course, last = counsel.step(), counsel.step("vocational-language/B2")
    case = f"/faelle/{counsel.person_id}"
    form = {"version": course["version"], "before": last["id"]}
    answer = anna.post(f"{case}/schritte/{course['id']}/frueher", form, at=case)
    assert answer.status_code == 422 and "nicht früher" in answer.text
    assert counsel.step()["after_need_id"] == course["after_need_id"]


def test_the_first_step_cannot_come_earlier(anna, counsel):
    test = counsel.step("placement-test")
    case = f"/faelle/{counsel.person_id}"
    answer = anna.post(f"{case}/schritte/{test['id']}/frueher", {"version": test["version"]}, at=case)
    assert answer.status_code == 422 and "nicht früher" in answer.text


def test_a_talk_reviews_every_step_and_agrees_the_next_one(send, counsel):
    course = counsel.step()["id"]
    answer = send("gespraech", **{f"finding_{course}": Finding.OBSTRUCTED.value, f"why_{course}": "kein Weg"})
    assert answer.status_code == 303
    assert {row["finding"] for row in counsel.find(t.review) if row["need_id"] == course} == {
        Finding.OBSTRUCTED
    }
    missing = send("gespraech", **{f"finding_{course}": Finding.OBSTRUCTED.value})
    assert missing.status_code == 422


def test_a_consent_is_given_and_withdrawn_at_once(anna, send, counsel):
    given = {"recipient": counsel.provider_id, "categories": ["reference", "identity"]}
    assert send("einwilligung", **given).status_code == 303
    (consent,) = counsel.find(t.consent)
    assert send(f"einwilligung/{consent['id']}/widerruf").status_code == 303
    assert counsel.find(t.consent)[0]["withdrawn_on"] is not None
    assert "gilt nicht mehr" in anna.get(f"/faelle/{counsel.person_id}").text


def test_a_plan_with_open_steps_is_not_closed(send, counsel):
    answer = send("abschluss", reason="goals-reached")
    assert answer.status_code == 422
    assert counsel.plan()["closed_on"] is None


def test_somebody_else_joins_the_household(send, counsel):
    answer = send("haushalt/person", name="Karim Muster", birth_on="1988-01-02", gender="male")
    assert answer.status_code == 303
    assert {row["name"] for row in counsel.find(t.person)} == {"Amina Muster", "Karim Muster"}


def test_a_test_that_is_followed_places_the_course(send, counsel):
    levels = dict.fromkeys(("listening", "reading", "speaking", "writing"), "A1")
    assert send("einstufung", kind="integration-course/from-3", **levels).status_code == 303
    (placement,) = counsel.find(t.placement)
    assert send(f"einstufung/{placement['id']}", reason="").status_code == 303
    assert not [row for row in counsel.find(t.need) if row["kind"] == COURSE]
