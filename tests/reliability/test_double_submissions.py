"""Promise 3: a request that is sent several times at once counts once, and everybody gets the same answer."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from plans.consent import DataCategory, Purpose
from store import tables as t
from store.faults import KeyReused
from store.unit_of_work import ReadingUnit
from tests.workflows.referrals.towns import a_town
from workflows.consents.giving import give_consent
from workflows.referrals.office import draft_referral
from workflows.refusals_shown import shown

AT_ONCE = 5


def sent_at_once(pool, times, submit):
    """Send a request several times at once; what each was told."""
    return [one.result() for one in [pool.submit(submit) for _ in range(times)]]


def test_a_request_sent_two_to_five_times_at_once_is_one_referral(store, sizes, figures):
    town = a_town(store)
    people = [town.with_person(f"Muster {number}") for number in range(sizes.submissions)]
    sent, answers = 0, []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number, (_, need) in enumerate(people):
            times = 2 + number % (AT_ONCE - 1)
            desk = town.anna.once(f"submission-{number:05d}")
            told = sent_at_once(
                pool, times, lambda desk=desk, need=need: draft_referral(desk, need, town.slot)
            )
            assert told == [told[0]] * times
            sent, answers = sent + times, [*answers, told[0]]
        with ReadingUnit(store) as unit:
            found = {row["id"] for row in unit.find(t.referral)}
            drafted = unit.count(t.audit_entry, action="draft-referral")
        assert found == {answer["referral_id"] for answer in answers}
        assert len(found) == drafted == sizes.submissions

        control = [
            told["consent_id"]
            for number in range(10)
            for told in sent_at_once(pool, 2 + number % 4, lambda: a_consent(town))
        ]
    with ReadingUnit(store) as unit:
        assert unit.count(t.consent) == len(set(control)) == len(control) > 10
    figures.keep(
        "3",
        f"{sizes.submissions:,} requests sent {sent:,} times, each 2 to {AT_ONCE} times at once with one "
        f"key: {len(found):,} referrals, the same answer for all",
        f"10 requests sent {len(control)} times without a key: {len(control)} consents",
    )


def a_consent(town):
    categories = [DataCategory.REFERENCE]
    return give_consent(town.anna, town.person, Purpose.REFERRAL, categories, town.vhs)


def test_the_same_key_for_something_else_is_refused_and_changes_nothing(store):
    town = a_town(store)
    _, other = town.with_person("Muster, other")
    desk = town.anna.once("one-key-for-two")
    first = draft_referral(desk, town.need, town.slot)
    for need, carries in zip((other, town.need), (None, [DataCategory.REFERENCE]), strict=True):
        with pytest.raises(KeyReused) as refused:
            draft_referral(desk, need, town.slot, None, carries)
        assert shown(refused.value, "en").status == 422
    assert [row["id"] for row in town.rows(t.referral)] == [first["referral_id"]]
    assert draft_referral(desk, town.need, town.slot) == first
