from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.model import ActorType
from plans import disclosure
from plans.consent import (
    Consent,
    DataCategory,
    Purpose,
    Recipient,
    allowed,
    consents_of,
    missing_categories,
)
from plans.disclosure import CATEGORY_OF_FIELD, uncategorised, visible_fields
from plans.fault import PlanFault
from plans.model import Child, Person
from tests.plans.builders import a_household, a_need, a_person
from tests.plans.life_builders import VHS, a_consent

DAY = timedelta(days=1)
FROM = date(2026, 11, 2)
UNTIL = date(2026, 12, 31)
OTHER = Recipient("caritas", ActorType.WELFARE)


def may_see(consent: Consent, on: date, recipient: Recipient = VHS, **changes: object) -> bool:
    asked = {"purpose": Purpose.REFERRAL, "category": DataCategory.IDENTITY, **changes}
    return allowed([consent], recipient, asked["purpose"], asked["category"], on)  # type: ignore[arg-type]


def test_a_consent_holds_from_its_first_to_its_last_day() -> None:
    consent = a_consent(from_on=FROM, until_on=UNTIL)
    days = (FROM - DAY, FROM, UNTIL, UNTIL + DAY)
    assert [may_see(consent, on) for on in days] == [False, True, True, False]


def test_a_withdrawal_is_effective_on_its_day() -> None:
    on = date(2026, 11, 20)
    assert may_see(a_consent(from_on=FROM), on)
    withdrawn = a_consent(from_on=FROM).withdraw(on)
    assert [may_see(withdrawn, day) for day in (on - DAY, on, on + DAY)] == [True, False, False]


def test_a_consent_may_be_given_again_on_the_day_of_its_withdrawal() -> None:
    on = date(2026, 11, 20)
    again = a_consent(id="c2", from_on=on)
    assert allowed(
        [a_consent(from_on=FROM).withdraw(on), again], VHS, Purpose.REFERRAL, DataCategory.IDENTITY, on
    )


def test_nobody_withdraws_twice() -> None:
    with pytest.raises(PlanFault, match="2026-11-20"):
        a_consent().withdraw(date(2026, 11, 20)).withdraw(date(2026, 11, 21))


def test_a_consent_holds_for_its_recipient_purpose_and_categories_only() -> None:
    consent = a_consent(from_on=FROM)
    assert may_see(consent, FROM)
    assert not may_see(consent, FROM, OTHER)
    assert not may_see(consent, FROM, purpose=Purpose.PLANNING)
    assert not may_see(consent, FROM, category=DataCategory.FAMILY)


def test_a_consent_for_a_type_holds_for_each_organisation_of_that_type() -> None:
    consent = a_consent(from_on=FROM, recipient=Recipient(actor_type=ActorType.COURSE_PROVIDER))
    assert may_see(consent, FROM, VHS)
    assert not may_see(consent, FROM, OTHER)
    assert not may_see(consent, FROM, Recipient("vhs"))


def test_a_consent_for_organisation_and_type_asks_for_both() -> None:
    consent = a_consent(from_on=FROM, recipient=VHS)
    assert not may_see(consent, FROM, replace(VHS, actor_type=ActorType.EMPLOYER))
    assert not may_see(consent, FROM, replace(VHS, organisation_id="other"))


def test_what_is_internal_is_never_allowed_and_cannot_be_given() -> None:
    everything = frozenset(DataCategory) - {DataCategory.INTERNAL}
    assert not may_see(a_consent(categories=everything), FROM, category=DataCategory.INTERNAL)
    with pytest.raises(PlanFault, match="never passed on"):
        a_consent(categories=frozenset(DataCategory))


def test_a_consent_can_be_narrowed_but_not_widened() -> None:
    narrowed = a_consent().narrow(frozenset({DataCategory.LANGUAGE}))
    assert not may_see(narrowed, UNTIL)
    with pytest.raises(PlanFault, match="cannot add"):
        narrowed.narrow(frozenset({DataCategory.IDENTITY}))
    with pytest.raises(PlanFault, match="categories"):
        narrowed.narrow(frozenset())


def test_a_recipient_must_be_named() -> None:
    with pytest.raises(PlanFault, match="organisation_id"):
        Recipient()


def test_what_is_missing_is_named() -> None:
    wanted = (DataCategory.IDENTITY, DataCategory.FAMILY)
    assert missing_categories([a_consent()], VHS, Purpose.REFERRAL, wanted, UNTIL) == {DataCategory.FAMILY}


def seen(*consents: Consent, **asked: object) -> dict[str, object]:
    person = a_person("p1", (a_need("n1"), a_need("n2")), name="Amina Muster")
    partner = a_person("p2", (a_need("n3"),), name="Karim Muster")
    household = a_household("h1", person, partner, children=(Child(2024, 3, True),))
    query = {"person_id": "p1", "need_ids": ["n1"], "on": FROM, "recipient": VHS, **asked}
    views = visible_fields(household, consents=consents, purpose=Purpose.REFERRAL, **query)  # type: ignore[arg-type]
    return {view.path: view.value for view in views if view.is_visible}


def test_without_a_consent_nothing_is_seen() -> None:
    assert seen() == {}


def test_a_recipient_sees_the_fields_of_the_categories_and_no_other() -> None:
    categories = frozenset({DataCategory.IDENTITY, DataCategory.LANGUAGE})
    shown = seen(a_consent(categories=categories))
    assert shown["person.name"] == "Amina Muster"
    assert set(shown) == {
        *("person.name", "person.birth_on", "person.gender"),
        *("analysis.languages", "analysis.german", "analysis.literacy"),
    }


def test_neither_the_partner_nor_other_needs_are_seen() -> None:
    everything = frozenset(DataCategory) - {DataCategory.INTERNAL}
    shown = seen(a_consent(categories=everything))
    assert "Karim" not in repr(shown)
    assert "need[n1].kind" in shown
    assert not [path for path in shown if "n2" in path or "n3" in path]
    assert not [path for path in shown if path.endswith((".weight", ".fixed_slot", ".proposed_slot"))]


def test_the_consent_of_the_partner_opens_nothing() -> None:
    assert seen(a_consent(person_id="p2")) == {}
    assert consents_of([a_consent(person_id="p2")], "p1") == ()


def test_what_stays_hidden_is_listed_without_its_value() -> None:
    views = visible_fields(a_household(), "p1", ["p1-1"], [], VHS, Purpose.REFERRAL, FROM)
    assert views
    assert {(view.is_visible, view.value) for view in views} == {(False, None)}


def test_a_stranger_and_a_stranger_s_need_are_refused() -> None:
    with pytest.raises(PlanFault, match="p9"):
        seen(person_id="p9")
    with pytest.raises(PlanFault, match="n3"):
        seen(need_ids=["n3"])


def test_every_field_of_person_analysis_and_need_belongs_to_exactly_one_category() -> None:
    assert uncategorised() == ()
    shown_before_sending = visible_fields(a_household(), "p1", ["p1-1"], [], VHS, Purpose.REFERRAL, FROM)
    assert {view.path.replace("[p1-1]", "") for view in shown_before_sending} == set(CATEGORY_OF_FIELD)


def test_a_new_field_without_a_category_is_found_and_stays_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: with one field more the guard goes red, and nobody sees the field."""

    @dataclass(frozen=True)
    class Analysis:
        languages: tuple[str, ...] = ()
        religion: str = "secret"

    assert uncategorised([Analysis]) == ("analysis.languages", "analysis.religion")
    monkeypatch.setattr(disclosure, "CATEGORY_OF_FIELD", {})
    assert seen(a_consent()) == {}


def test_a_field_in_two_categories_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = {DataCategory.IDENTITY: ("name", "id"), DataCategory.REFERENCE: ("name",)}
    monkeypatch.setitem(disclosure._CATEGORY, Person, twice)  # type: ignore[attr-defined]
    assert "person.name" in uncategorised([Person])
    assert "person.id" not in uncategorised([Person])


CATEGORIES = st.frozensets(st.sampled_from(sorted(set(DataCategory) - {DataCategory.INTERNAL})), min_size=1)
DATES = st.integers(0, 40).map(lambda n: FROM + timedelta(days=n))
CONSENTS = st.builds(
    lambda who, org, purpose, categories, from_on, lasts, withdrawn_on: Consent(
        "c1", who, org, purpose, categories, from_on, from_on + timedelta(days=lasts), withdrawn_on
    ),
    st.sampled_from(["p1", "p2"]),
    st.sampled_from([VHS, OTHER, Recipient(actor_type=ActorType.COURSE_PROVIDER), Recipient("caritas")]),
    st.sampled_from(Purpose),
    CATEGORIES,
    DATES,
    st.integers(0, 20),
    st.none() | DATES,
)


@given(st.lists(CONSENTS, max_size=6), DATES, st.sampled_from([VHS, OTHER]))
def test_no_field_is_seen_without_a_consent_that_holds_that_day(
    consents: list[Consent], on: date, recipient: Recipient
) -> None:
    for view in visible_fields(a_household(), "p1", ["p1-1"], consents, recipient, Purpose.REFERRAL, on):
        holds = [
            c
            for c in consents
            if c.person_id == "p1"
            and c.purpose is Purpose.REFERRAL
            and view.category in c.categories
            and c.from_on <= on <= (c.until_on or on)
            and not (c.withdrawn_on and c.withdrawn_on <= on)
            and c.recipient.organisation_id in (None, recipient.organisation_id)
            and c.recipient.actor_type in (None, recipient.actor_type)
        ]
        assert view.is_visible == bool(holds)
