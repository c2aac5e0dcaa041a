"""Somebody who is erased leaves nothing but what names nobody; what belongs to others stays as it was."""

from datetime import date

import pytest

from plans.agreement_records import Side
from plans.needs import Goal, Relation
from plans.referral_table import ReferralState
from plans.roles import Role
from plans.steps import Finding
from store import journal
from store import tables as t
from store.faults import Missing, Stale
from store.unit_of_work import ReadingUnit
from tests.plans.builders import an_analysis
from tests.workflows.agreements.edits import sign
from tests.workflows.cases.scene import a_draft, a_running_case
from tests.workflows.desks import REGION, a_caller
from tests.workflows.referrals.towns import a_town
from workflows.acting import Desk
from workflows.agreements.drafting import draft_agreement
from workflows.agreements.life import record_signature, review_agreement
from workflows.agreements.reading import read_agreement
from workflows.cases.analysis import record_analysis
from workflows.cases.file import read_person
from workflows.cases.steps import Follows, add_step, move_step
from workflows.privacy.erasing import Ground, erase_person, preview_erasure
from workflows.privacy.held import HELD
from workflows.privacy.striking import STRUCK
from workflows.referrals.office import draft_referral, request_seat
from workflows.refusal import Forbidden


def an_administrator(store, region=REGION):
    with ReadingUnit(store) as unit:
        (account, *_) = unit.find(t.account)
    return Desk(store, a_caller(Role.ADMINISTRATOR, account["id"], region=region), "request by letter")


def erased(store, person_id, ground=Ground.REQUEST):
    desk = an_administrator(store)
    return erase_person(desk, person_id, preview_erasure(desk, person_id)["version"], ground)


def rows_of(store):
    with ReadingUnit(store) as unit:
        return {name: unit.find(t.metadata.tables[name]) for name in (*HELD, "seat_record")}


@pytest.fixture
def town(store):
    town = a_town(store)
    town.with_consent()
    return town


def a_requested(town, desk=None):
    drafted = draft_referral(desk or town.anna, town.need, town.slot)
    return request_seat(desk or town.anna, drafted["referral_id"], drafted["version"])


def test_a_person_and_the_empty_household_go_and_the_seat_becomes_free(town):
    a_requested(town)
    assert town.taken(town.group) == 1
    found = erased(town.store, town.person)
    left = rows_of(town.store)
    (record,) = left.pop("seat_record")
    assert not any(left.values())
    assert town.taken(town.group) == 0
    assert (found["freed"], found["kept"], found["recipients"]) == (1, 1, [town.vhs])
    assert found["rows"]["person"] == found["rows"]["referral"] == found["rows"]["disclosure"] == 1
    assert (record["state"], record["waiting_days"]) == (ReferralState.CANCELLED, 0)
    assert record["sent_month_on"] == date(2026, 3, 1)


def test_the_preview_says_what_the_erasure_then_does(town):
    a_requested(town)
    preview = preview_erasure(an_administrator(town.store), town.person)
    assert preview.pop("closed_on") is None and preview.pop("version") == town.rows(t.help_plan)[0]["version"]
    assert preview == erased(town.store, town.person)


def test_a_draft_that_was_never_sent_leaves_no_record(town):
    draft_referral(town.anna, town.need, town.slot)
    found = erased(town.store, town.person)
    assert (found["kept"], found["recipients"], town.rows(t.seat_record)) == (0, [], [])


def test_the_audit_keeps_its_entries_and_stays_whole(town):
    a_requested(town)
    before = town.rows(t.audit_entry, order_by=t.audit_entry.c.sequence)
    erased(town.store, town.person)
    after = town.rows(t.audit_entry, order_by=t.audit_entry.c.sequence)
    assert after[: len(before)] == before
    assert [(row["action"], row["object_id"]) for row in after[len(before) :]] == [
        ("erase-person", town.person)
    ]
    with ReadingUnit(town.store) as unit:
        assert journal.verify(unit.connection, town.store.keys).is_whole


def test_answers_kept_for_requests_that_come_twice_go_with_the_person(town):
    """They would be a copy; those about others stay."""
    _, other_need = town.with_person("Karim Muster")
    draft_referral(town.anna.once("key-of-sara"), town.need, town.slot)
    draft_referral(town.anna.once("key-of-karim"), other_need, town.slot)
    erased(town.store, town.person)
    assert [row["key"] for row in town.rows(t.idempotency_key)] == ["key-of-karim"]


def test_only_an_administrator_of_the_region_erases(town):
    with pytest.raises(Forbidden):
        erase_person(town.anna, town.person, 1, Ground.REQUEST)
    with pytest.raises(Missing):
        erase_person(an_administrator(town.store, "elsewhere"), town.person, 1, Ground.REQUEST)
    with pytest.raises(Missing):
        erase_person(an_administrator(town.store), "per-unknown", 1, Ground.REQUEST)
    assert town.row(t.person, town.person)


def test_a_plan_that_was_changed_since_it_was_read_is_not_erased(town):
    with pytest.raises(Stale):
        erase_person(an_administrator(town.store), town.person, 99, Ground.REQUEST)
    assert town.row(t.person, town.person)


@pytest.fixture
def scene(store):
    """Amina and Karim of one household, with a signed agreement of both."""
    scene = a_running_case(store)
    karim = scene.ids["karim"]
    record_analysis(scene.anna, karim, scene.version("karim"), an_analysis(analysed_on=scene.calendar.today))
    intake = a_draft(scene, kind="job/intake", goal=Goal("Arbeit bei Amina", "Work"), responsible=karim)
    scene.ids["intake"] = add_step(scene.anna, karim, scene.version("karim"), intake)["step_id"]
    both = [scene.ids["amina"], karim]
    scene.ids["agreement"] = draft_agreement(scene.anna, scene.ids["household"], both, "prs")["id"]
    sign(scene)
    return scene


def agreed(scene):
    return read_agreement(scene.anna, scene.ids["agreement"])["agreement"]


def sign_for_karim(scene):
    signed = (Side.PERSON, scene.ids["karim"], "Amina Muster", scene.calendar.today)
    record_signature(scene.anna, scene.ids["agreement"], agreed(scene)["version"], *signed)


def test_others_of_the_household_keep_their_files_as_they_were(scene):
    kept = [table for table in HELD if "agreement" not in table and table not in ("measure", "signature")]
    before = read_person(scene.anna, scene.ids["karim"])
    erased(scene.store, scene.ids["amina"])
    assert read_person(scene.anna, scene.ids["karim"]) == before
    left = rows_of(scene.store)
    assert {row["id"] for row in left["person"]} == {scene.ids["karim"]}
    assert "Amina" not in str([left[name] for name in kept if name != "need"])


def test_an_agreement_with_others_stays_without_what_was_the_persons(scene):
    sign_for_karim(scene)
    findings = {scene.ids[name]: (Finding.OBSTRUCTED, f"{name} for Amina") for name in ("step", "intake")}
    review_agreement(
        *(scene.anna, scene.ids["agreement"], agreed(scene)["version"], scene.calendar.today, findings)
    )
    before = agreed(scene)
    erased(scene.store, scene.ids["amina"])
    after = agreed(scene)
    assert (before["state"], after["state"]) == ("in-force", "in-force")
    assert after["person_ids"] == [scene.ids["karim"]]
    contents, signatures = after["versions"][0]["contents"], after["versions"][0]["signatures"]
    assert [measure["step_id"] for measure in contents["measures"]] == [scene.ids["intake"]]
    assert contents["measures"][0]["goal"]["text_de"] == f"Arbeit bei {STRUCK}"
    assert contents["goals"] == []
    assert sorted(one["signed_by"] for one in signatures) == sorted(["Frau Muster", STRUCK])
    assert [one["why"] for one in after["reviews"][0]["findings"]] == [f"intake for {STRUCK}"]


def test_an_agreement_that_waited_for_the_persons_signature_only_is_in_force_then(scene):
    agreement, today = scene.ids["agreement"], scene.calendar.today
    with ReadingUnit(scene.store) as unit:
        (signature,) = unit.find(t.signature, side=Side.PERSON)
    assert signature["party_id"] == scene.ids["amina"] and agreed(scene)["state"] == "drafted"
    erased(scene.store, scene.ids["amina"])
    assert agreed(scene)["state"] == "drafted"
    signed = (Side.PERSON, scene.ids["karim"], "Karim Muster", today)
    record_signature(scene.anna, agreement, agreed(scene)["version"], *signed)
    assert agreed(scene)["state"] == "in-force"


def test_an_agreement_without_a_step_of_the_others_goes_as_a_whole(scene):
    erased(scene.store, scene.ids["karim"])
    assert agreed(scene)["person_ids"] == [scene.ids["amina"]]
    erased(scene.store, scene.ids["amina"])
    assert not any(rows_of(scene.store).values())


def test_a_step_of_somebody_else_no_longer_waits_for_one_that_is_gone(scene):
    step = scene.row(t.need, "intake")
    follows = Follows(scene.ids["step"], Relation.END, 7)
    move_step(scene.anna, scene.ids["intake"], step["version"], follows)
    erased(scene.store, scene.ids["amina"])
    after = scene.row(t.need, "intake")
    assert (after["after_need_id"], after["lag_days"]) == (None, 0)
    assert read_person(scene.anna, scene.ids["karim"])["steps"][0]["id"] == scene.ids["intake"]


def test_an_erasure_that_fails_in_the_middle_erases_nothing(town, monkeypatch):
    a_requested(town)
    before = rows_of(town.store)
    monkeypatch.setattr("workflows.privacy.erasing._forget_answers", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        erased(town.store, town.person)
    assert rows_of(town.store) == before
    assert town.taken(town.group) == 1
