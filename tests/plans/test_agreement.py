from __future__ import annotations

import string
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from plans import agreement_texts
from plans.agreement import Agreement, AgreementState, contents_of, draft_agreement
from plans.agreement_document import document
from plans.agreement_records import Ending, MeasureFinding, Side, Signature
from plans.agreement_texts import (
    CONSEQUENCES,
    OFFICE_COMMITMENTS,
    PERSON_COMMITMENTS,
    OwnWords,
    wording,
)
from plans.due_dates import agreement_review_due_on
from plans.fault import PlanFault
from plans.help_plan import Case
from plans.rules import load_rules
from plans.steps import Finding
from tests.plans.builders import a_goal, a_need
from tests.plans.life_builders import a_case, a_step, an_agreement, signed

ON = date(2026, 11, 25)
DAY = timedelta(days=1)
OPEN = MeasureFinding("p1-1", Finding.OPEN)


def two_persons() -> Agreement:
    partner = a_case(a_step("p2-1"), person_id="p2", next_appointment_on=date(2026, 12, 1))
    return an_agreement(a_case(a_step()), partner)


# ── The draft ──


def test_an_agreement_is_drafted_from_the_plans_of_several_persons_of_a_household() -> None:
    agreement = two_persons()
    contents = agreement.versions[0].contents
    assert agreement.person_ids == ("p1", "p2")
    assert [(m.step_id, m.person_id, m.responsible) for m in contents.measures] == [
        ("p1-1", "p1", "vhs"),
        ("p2-1", "p2", "vhs"),
    ]
    assert contents.goals == (a_goal(),)
    assert contents.next_appointment_on == date(2026, 12, 1)
    assert contents.office_commitments and contents.person_commitments


def test_the_dates_agreed_in_the_help_plan_stand_in_the_agreement() -> None:
    need = a_need("p1-1", target_on=date(2027, 1, 31))
    (measure,) = an_agreement(a_case(a_step(need=need))).versions[0].contents.measures
    assert (measure.from_on, measure.due_on) == (need.earliest_on, need.target_on)


def test_only_open_steps_are_agreed_and_without_any_there_is_no_agreement() -> None:
    done = a_step("p1-1").drop(ON, "moved")
    (measure,) = an_agreement(a_case(done, a_step("p1-2"))).versions[0].contents.measures
    assert measure.step_id == "p1-2"
    with pytest.raises(PlanFault, match="measures"):
        an_agreement(a_case(done))


def test_without_an_analysis_there_is_no_agreement() -> None:
    with pytest.raises(PlanFault, match="hold the talk"):
        an_agreement(Case("p1", arrived_on=ON))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"consequence": "jail"}, "none, talk, existing-law"),
        ({"office_commitments": ("pay",)}, "accompany"),
        ({"person_commitments": ()}, "person_commitments"),
    ],
)
def test_commitments_and_consequences_are_those_of_the_file(changes: dict[str, Any], words: str) -> None:
    contents = an_agreement().versions[0].contents
    with pytest.raises(PlanFault, match=words):
        replace(contents, **changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"person_ids": ()}, "person_ids"), ({"person_ids": ("p1", "p1")}, "p1"), ({"language": "fa"}, "ISO")],
)
def test_an_agreement_that_cannot_be_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(PlanFault, match=words):
        an_agreement(**changes)


# ── Signatures ──


def test_an_agreement_is_in_force_once_all_persons_and_the_office_have_signed() -> None:
    agreement = two_persons()
    for side, party in ((Side.PERSON, "p1"), (Side.OFFICE, "kim"), (Side.PERSON, "p2")):
        assert (agreement.state, agreement.in_force) == (AgreementState.DRAFTED, None)
        agreement = agreement.sign(Signature(side, party, f"signer {party}", ON, "anna"))
    assert agreement.state is AgreementState.IN_FORCE
    assert agreement.in_force is agreement.versions[0]


def test_where_the_rule_asks_for_two_representatives_one_does_not_suffice(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(
        '[[rule]]\nkey = "office-signatures"\nvalue = 2\nunit = "signatures"\nvalid_from = 2020-01-01\n'
        'basis = "law"\nsource = "x"\nlabel_de = "x"\nlabel_en = "x"\n'
    )
    cases = (a_case(a_step()),)
    agreement = draft_agreement("a1", "h1", "kim", cases, ON, "ukr", book=load_rules(path))
    one = signed(agreement)
    assert (one.versions[-1].missing_office, one.in_force) == (1, None)
    with pytest.raises(PlanFault, match="signed by"):
        one.sign(Signature(Side.OFFICE, "kim", "Frau Muster", ON, "anna"))
    two = one.sign(Signature(Side.OFFICE, "kim", "Herr Muster", ON, "anna"))
    assert two.state is AgreementState.IN_FORCE


def test_a_signature_of_a_stranger_a_second_one_and_one_before_the_draft_are_refused() -> None:
    agreement = an_agreement()
    for signature, words in (
        (Signature(Side.PERSON, "p9", "p9", ON, "anna"), "p9"),
        (Signature(Side.OFFICE, "vhs", "Frau Muster", ON, "anna"), "vhs"),
        (Signature(Side.PERSON, "p1", "p1", ON - 9 * DAY, "anna"), "lies after"),
    ):
        with pytest.raises(PlanFault, match=words):
            agreement.sign(signature)
    with pytest.raises(PlanFault, match="nothing to do"):
        signed(agreement).sign(Signature(Side.PERSON, "p1", "p1", ON, "anna"))
    with pytest.raises(PlanFault, match="signed_by"):
        Signature(Side.PERSON, "p1", " ", ON, "anna")


# ── Amendments ──


def test_a_draft_can_be_changed_until_somebody_signs() -> None:
    agreement = an_agreement()
    other = contents_of([a_case(a_step("p1-2"))], "none")
    assert agreement.redraft(other).versions[-1].contents is other
    with pytest.raises(PlanFault, match="bears signatures"):
        agreement.sign(Signature(Side.PERSON, "p1", "p1", ON, "anna")).redraft(other)


def test_an_amendment_is_a_new_version_that_all_sign_and_the_old_one_holds_until_then() -> None:
    first = signed(an_agreement())
    contents = contents_of([a_case(a_step(), a_step("p1-2"))])
    amended = first.amend(contents, ON + 30 * DAY, "a step was added")
    assert (amended.state, amended.in_force) == (AgreementState.BEING_AMENDED, first.versions[0])
    both = signed(amended, ON + 31 * DAY)
    assert (both.state, both.in_force) == (AgreementState.IN_FORCE, both.versions[1])
    assert [version.number for version in both.versions] == [1, 2]
    assert amended.discard_draft() == first


def test_what_is_not_signed_is_not_amended_and_an_amendment_has_a_reason() -> None:
    contents = contents_of([a_case(a_step())])
    with pytest.raises(PlanFault, match="p1"):
        an_agreement().amend(contents, ON, "why")
    with pytest.raises(PlanFault, match="why"):
        signed(an_agreement()).amend(contents, ON, "  ")
    with pytest.raises(PlanFault, match="lies after"):
        signed(an_agreement()).amend(contents, ON - 9 * DAY, "why")
    with pytest.raises(PlanFault, match="in force"):
        signed(an_agreement()).discard_draft()


# ── Reviews ──


def test_a_review_states_each_step_as_done_open_or_obstructed() -> None:
    agreement = signed(an_agreement(a_case(a_step(), a_step("p1-2"), a_step("p1-3"))))
    findings = (
        MeasureFinding("p1-1", Finding.DONE),
        MeasureFinding("p1-2", Finding.OBSTRUCTED, "no childcare"),
        MeasureFinding("p1-3", Finding.OPEN),
    )
    (review,) = agreement.review(ON + DAY, findings).reviews
    assert [review.count(finding) for finding in Finding] == [1, 1, 1]
    assert review.version == 1
    with pytest.raises(PlanFault, match="p1-3"):
        agreement.review(ON + DAY, findings[:2])
    for wrong in (MeasureFinding("p9-1", Finding.OPEN), MeasureFinding("p1-1", Finding.OPEN)):
        with pytest.raises(PlanFault, match="allowed: p1-1, p1-2, p1-3"):
            agreement.review(ON + DAY, (*findings, wrong))
    with pytest.raises(PlanFault, match="why"):
        MeasureFinding("p1-2", Finding.OBSTRUCTED)


def test_only_what_is_in_force_is_reviewed_and_reviews_follow_each_other() -> None:
    with pytest.raises(PlanFault, match="drafted"):
        an_agreement().review(ON, [OPEN])
    agreement = signed(an_agreement())
    with pytest.raises(PlanFault, match="before the last entry"):
        agreement.review(ON - DAY, [OPEN])
    with pytest.raises(PlanFault, match="before the last entry"):
        agreement.review(ON + 2 * DAY, [OPEN]).review(ON + DAY, [OPEN])


def test_a_review_is_due_by_the_appointment_and_then_every_quarter() -> None:
    agreement = signed(an_agreement())
    assert agreement_review_due_on(an_agreement()) is None
    assert agreement_review_due_on(agreement) == date(2026, 12, 7)
    assert agreement_review_due_on(agreement.review(date(2026, 12, 7), [OPEN])) == date(2027, 3, 8)


# ── The end ──


def test_either_side_may_end_it_at_any_time_and_the_office_says_why() -> None:
    ended = signed(an_agreement()).end(Ending(ON + DAY, Side.PERSON))
    assert (ended.state, ended.in_force) == (AgreementState.ENDED, None)
    assert agreement_review_due_on(ended) is None
    with pytest.raises(PlanFault, match="why"):
        Ending(ON, Side.OFFICE)
    contents = ended.versions[0].contents
    for change in (
        lambda: ended.end(Ending(ON, Side.PERSON)),
        lambda: ended.amend(contents, ON, "why"),
        lambda: ended.redraft(contents),
        lambda: ended.sign(Signature(Side.PERSON, "p1", "p1", ON, "anna")),
    ):
        with pytest.raises(PlanFault, match="draft a new one"):
            change()


# ── The text ──


def test_the_document_names_both_sides_their_commitments_steps_dates_and_signatures() -> None:
    need = a_need("p1-1", target_on=date(2027, 1, 31))
    agreement = signed(an_agreement(a_case(a_step(need=need))))
    names = {"p1": "Amina Muster", "kim": "Kreis Musterkreis", "vhs": "vhs Musterstadt"}
    texts = {
        lang: "\n".join(
            line
            for part in document(agreement, agreement.versions[0], names, OwnWords(lang))
            for line in (part.heading, *part.lines)
        )
        for lang in ("de", "en")
    }
    for text in texts.values():
        for name in names.values():
            assert name in text
        assert "{" not in text
    assert "Integrationsvereinbarung" in texts["de"]
    assert "spätestens 31.01.2027" in texts["de"]
    assert "Amina Muster, unterschrieben am 25.11.2026" in texts["de"]
    assert "Nächster Gesprächstermin: 07.12.2026" in texts["de"]
    assert "freiwillig" in texts["de"] and "voluntary" in texts["en"]
    assert "Frau Muster, signed on 25/11/2026" in texts["en"]


def test_the_document_says_who_has_not_signed_and_why_it_was_amended() -> None:
    agreement = signed(an_agreement()).amend(contents_of([a_case(a_step())], "none"), ON, "neue Zeiten")
    parts = document(agreement, agreement.versions[-1], {}, OwnWords("de"))
    assert parts[-1].lines == ("p1, noch nicht unterschrieben", "kim, noch nicht unterschrieben")
    assert "Fassung 2: neue Zeiten" in parts[0].lines


@pytest.mark.parametrize("consequence", CONSEQUENCES)
def test_the_text_on_consequences_is_chosen_and_no_other_appears(consequence: str) -> None:
    agreement = an_agreement()
    chosen = agreement.redraft(replace(agreement.versions[0].contents, consequence=consequence))
    lines = [line for part in document(chosen, chosen.versions[0], {}, OwnWords("en")) for line in part.lines]
    assert [key for key in CONSEQUENCES if wording(f"consequence.{key}", "en") in lines] == [consequence]


def leaves(texts: dict[str, Any]) -> list[dict[str, str]]:
    return [texts] if "de" in texts else [leaf for entry in texts.values() for leaf in leaves(entry)]


def test_every_text_of_the_agreement_is_there_in_both_languages_and_names_the_same_things() -> None:
    found = leaves(agreement_texts._TEXTS)
    assert len(found) > len(OFFICE_COMMITMENTS) + len(PERSON_COMMITMENTS) + len(CONSEQUENCES)
    for entry in found:
        assert set(entry) == {"de", "en"}
        named = [{name for _, name, _, _ in string.Formatter().parse(entry[lang]) if name} for lang in entry]
        assert named[0] == named[1]
        assert entry["de"] != entry["en"]


def test_an_unknown_text_is_refused() -> None:
    for key in ("greeting", "consequence", "consequence.jail", "title.de.x"):
        with pytest.raises(PlanFault, match="key"):
            wording(key, "de")
