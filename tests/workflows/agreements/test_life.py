"""An agreement is drafted from the plan, signed by all, reviewed step by step, amended and ended."""

from datetime import date

import pytest

from plans.agreement import AgreementState
from plans.agreement_records import Side
from plans.fault import PlanFault
from plans.needs import Goal
from plans.steps import Finding
from store import tables as t
from store.faults import Missing
from store.queries import agreements as queries
from store.queries.paging import Page
from store.unit_of_work import ReadingUnit
from tests.plans.builders import an_analysis
from tests.query_plans import whole_tables_read
from tests.workflows.agreements.edits import a_draft_of_it, a_signed_one, an_amended_one, sign
from tests.workflows.cases.scene import a_draft, a_home, a_running_case, an_identity
from tests.workflows.desks import the_machine
from workflows.agreements.drafting import (
    Wording,
    amend_agreement,
    discard_amendment,
    draft_agreement,
    redraft_agreement,
)
from workflows.agreements.life import end_agreement, record_signature, review_agreement
from workflows.agreements.reading import list_agreements, list_due_agreement_reviews, read_agreement
from workflows.cases.analysis import record_analysis
from workflows.cases.households import create_household
from workflows.cases.steps import add_step

APRIL_7 = date(2026, 4, 7)


@pytest.fixture
def scene(store):
    return a_running_case(store)


def told(scene, lang="de"):
    return read_agreement(scene.anna, scene.ids["agreement"], lang)


def version(scene):
    return told(scene)["agreement"]["version"]


def state(scene):
    return told(scene)["agreement"]["state"]


def test_an_agreement_is_drafted_from_the_plan_for_one_or_more_persons(scene):
    karim, household = scene.ids["karim"], scene.ids["household"]
    with pytest.raises(PlanFault, match="no competence and social analysis"):
        draft_agreement(scene.anna, household, [scene.ids["amina"], karim], "prs")
    record_analysis(scene.anna, karim, scene.version("karim"), an_analysis(analysed_on=date(2026, 3, 9)))
    intake = a_draft(scene, kind="job/intake", goal=Goal("Arbeit", "Work"), responsible=karim)
    add_step(scene.anna, karim, scene.version("karim"), intake)
    made = draft_agreement(scene.anna, household, [scene.ids["amina"], karim], "prs")
    agreement = read_agreement(scene.anna, made["id"])["agreement"]
    (drafted,) = agreement["versions"]
    assert agreement["person_ids"] == [scene.ids["amina"], karim]
    assert [step["kind"] for step in drafted["contents"]["measures"]] == [
        "integration-course/from-1",
        "job/intake",
    ]
    assert drafted["contents"]["next_appointment_on"] == "2026-04-07"
    assert (drafted["drafted_on"], agreement["state"]) == ("2026-03-09", "drafted")


def test_only_persons_of_the_household_can_be_parties(scene):
    others = create_household(
        scene.anna, scene.ids["office"], a_home(), [an_identity("Ida Muster")], date(2026, 3, 1)
    )
    with pytest.raises(Missing, match=others["person_ids"][0]):
        draft_agreement(scene.anna, scene.ids["household"], others["person_ids"], "prs")


def test_it_is_in_force_once_all_have_signed_and_is_listed_when_its_review_is_due(scene):
    a_draft_of_it(scene)
    assert list_agreements(scene.anna, AgreementState.DRAFTED).rows[0]["id"] == scene.ids["agreement"]
    sign(scene)
    assert told(scene)["agreement"]["state"] == "in-force"
    assert list_agreements(scene.anna, AgreementState.DRAFTED).rows == []
    scene.calendar.today = date(2026, 4, 6)
    assert list_due_agreement_reviews(scene.anna).rows == []
    scene.calendar.today = APRIL_7
    (row,) = list_due_agreement_reviews(scene.anna).rows
    assert (row["id"], row["review_due_on"]) == (scene.ids["agreement"], "2026-04-07")
    assert row["names"] == ["Amina Muster"]
    assert list_due_agreement_reviews(scene.stranger).rows == []
    assert list_due_agreement_reviews(the_machine(scene.store)).rows == []


def test_a_signature_cannot_lie_ahead_or_be_given_twice(scene):
    a_draft_of_it(scene)
    amina = (Side.PERSON, scene.ids["amina"], "Amina Muster")
    with pytest.raises(PlanFault, match="today"):
        record_signature(scene.anna, scene.ids["agreement"], 1, *amina, APRIL_7)
    record_signature(scene.anna, scene.ids["agreement"], 1, *amina, date(2026, 3, 9))
    with pytest.raises(PlanFault, match="signed by"):
        record_signature(scene.anna, scene.ids["agreement"], 2, *amina, date(2026, 3, 9))


def test_the_machine_can_record_a_signature_too(scene):
    a_draft_of_it(scene)
    amina = (Side.PERSON, scene.ids["amina"], "Amina Muster", date(2026, 3, 9))
    record_signature(the_machine(scene.store), scene.ids["agreement"], 1, *amina)
    (signature,) = told(scene)["agreement"]["versions"][0]["signatures"]
    assert (signature["signed_by"], signature["recorded_by"]) == ("Amina Muster", "command line")


def test_a_review_states_every_step_and_counts_them(scene):
    a_signed_one(scene)
    scene.calendar.today = APRIL_7
    with pytest.raises(PlanFault, match="without a finding"):
        review_agreement(scene.anna, scene.ids["agreement"], version(scene), APRIL_7, {})
    found = {scene.ids["step"]: (Finding.OBSTRUCTED, "no seat yet")}
    told_back = review_agreement(scene.anna, scene.ids["agreement"], version(scene), APRIL_7, found)
    assert (told_back["done"], told_back["open"], told_back["obstructed"]) == (0, 0, 1)
    agreement = told(scene)["agreement"]
    assert agreement["reviews"] == [
        {
            "reviewed_on": "2026-04-07",
            "version": 1,
            "findings": [{"step_id": scene.ids["step"], "finding": "obstructed", "why": "no seat yet"}],
        }
    ]
    assert agreement["review_due_on"] > "2026-04-07"


def test_an_amendment_leaves_the_old_version_in_force_until_all_have_signed_it(scene):
    a_signed_one(scene)
    intake = a_draft(scene, kind="job/intake", responsible=scene.ids["job-centre"])
    add_step(scene.anna, scene.ids["amina"], scene.version(), intake)
    with pytest.raises(PlanFault, match="why"):
        amend_agreement(scene.anna, scene.ids["agreement"], version(scene), " ")
    amend_agreement(scene.anna, scene.ids["agreement"], version(scene), "work was found")
    assert state(scene) == "being-amended"
    first, second = told(scene)["agreement"]["versions"]
    assert [len(one["contents"]["measures"]) for one in (first, second)] == [1, 2]
    assert (second["number"], second["why"]) == (2, "work was found")
    discard_amendment(scene.anna, scene.ids["agreement"], version(scene))
    assert (state(scene), len(told(scene)["agreement"]["versions"])) == ("in-force", 1)


def test_an_amendment_that_all_have_signed_is_in_force(scene):
    an_amended_one(scene)
    sign(scene)
    assert state(scene) == "in-force"
    with pytest.raises(PlanFault, match="no amendment"):
        discard_amendment(scene.anna, scene.ids["agreement"], version(scene))


def test_a_draft_can_be_drawn_up_again_in_other_words_until_somebody_signs(scene):
    a_draft_of_it(scene)
    only_talk = Wording(("counsel",), ("contribute",), "talk")
    add_step(scene.anna, scene.ids["amina"], scene.version(), a_draft(scene, kind="job/intake"))
    redraft_agreement(scene.anna, scene.ids["agreement"], version(scene), only_talk)
    (contents,) = (one["contents"] for one in told(scene)["agreement"]["versions"])
    assert (contents["office_commitments"], contents["consequence"]) == (["counsel"], "talk")
    assert len(contents["measures"]) == 2
    sign(scene)
    with pytest.raises(PlanFault, match="bears signatures"):
        redraft_agreement(scene.anna, scene.ids["agreement"], version(scene))


def test_either_side_can_end_it_and_the_office_says_why(scene):
    a_signed_one(scene)
    with pytest.raises(PlanFault, match="why"):
        end_agreement(scene.anna, scene.ids["agreement"], 3, Side.OFFICE, date(2026, 3, 9))
    end_agreement(scene.anna, scene.ids["agreement"], 3, Side.PERSON, date(2026, 3, 9))
    agreement = told(scene)["agreement"]
    assert (agreement["state"], agreement["review_due_on"]) == ("ended", None)
    assert agreement["ending"] == {"ended_on": "2026-03-09", "by": "person", "why": ""}


def test_its_text_names_the_parties_and_says_that_it_is_voluntary(scene):
    a_signed_one(scene)
    text = {lang: str(told(scene, lang)["text"]) for lang in ("de", "en")}
    for words in text.values():
        assert "Amina Muster" in words and "Frau Muster" in words and "Vhs" in words
    assert "freiwillig" in text["de"] and "voluntary" in text["en"]


@pytest.mark.parametrize("query", ["due", "drafted"])
def test_each_list_of_agreements_is_one_query_by_index(scene, query):
    offices = [scene.ids["office"]]
    ask = {
        "due": lambda unit: queries.due_reviews(unit, offices, APRIL_7, Page()),
        "drafted": lambda unit: queries.in_state(unit, offices, AgreementState.DRAFTED, Page()),
    }[query]
    with ReadingUnit(scene.store) as unit:
        assert whole_tables_read(unit, lambda: ask(unit)) == []
        assert whole_tables_read(unit, lambda: unit.find(t.agreement, language="prs")) != []
