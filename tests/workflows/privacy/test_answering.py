"""A request for access is answered with everything that is held about the person, and with nobody else's."""

import json
import tomllib

import pytest

from plans.roles import Role
from store import tables as t
from store.engine import make_engine
from store.faults import Missing
from store.secrets import KeyRing
from store.unit_of_work import ReadingUnit, Store
from tests.reliability.whole_stores import a_network, a_whole_person
from tests.store.builders import a_unit, described
from tests.workflows.desks import a_caller
from tests.workflows.referrals.towns import a_town
from web.access_answer import answer_page
from workflows.acting import Desk
from workflows.privacy.answering import answer_access_request
from workflows.privacy.held import HELD
from workflows.privacy.readable import LABELS_FILE, NOT_SHOWN, label, sections
from workflows.referrals.office import draft_referral, request_seat

LANGUAGES = ("de", "en")


@pytest.fixture
def store(make_url):
    """One kind of database is enough: nothing here depends on it."""
    engine = make_engine(make_url("sqlite"))
    yield Store(engine, KeyRing.make())
    engine.dispose()


@pytest.fixture
def two(store):
    """A store with all there can be about two people; the ids of the network and of both."""
    with a_unit(store) as uow:
        ids = a_network(uow)
        ids |= {name: a_whole_person(uow, ids, f"{name} Muster") for name in ("Sara", "Karim")}
        described(uow).commit()
    return store, ids


def answered(store, ids, name="Sara"):
    caller = a_caller(Role.COUNSELLOR, ids["account"], ids["office"])
    return answer_access_request(Desk(store, caller, "request by letter"), ids[name])


def answer_of_a_real_case(store):
    town = a_town(store)
    town.with_consent()
    drafted = draft_referral(town.anna, town.need, town.slot)
    request_seat(town.anna, drafted["referral_id"], drafted["version"])
    return town, answer_access_request(town.anna, town.person)


def test_every_row_about_the_person_is_in_the_answer_and_none_about_anybody_else(two):
    store, ids = two
    answer = answered(store, ids)
    assert answer == json.loads(json.dumps(answer))
    assert {name: len(rows) for name, rows in answer["held"].items()} == dict.fromkeys(HELD, 1)
    assert "Sara Muster" in str(answer) and "Karim" not in str(answer)
    assert ids["account"] not in str(answer)


def test_a_table_that_were_left_out_would_be_found(two, monkeypatch):
    """Control of the test before."""
    store, ids = two
    monkeypatch.delitem(HELD, "consent")
    assert {name: len(rows) for name, rows in answered(store, ids)["held"].items()} != dict.fromkeys(
        [*HELD, "consent"], 1
    )


def test_it_says_who_was_told_what_and_when_the_file_was_read(store):
    town, answer = answer_of_a_real_case(store)
    (told,) = answer["recipients"]
    assert (told["recipient_id"], told["purpose"], told["times"]) == (town.vhs, "referral", 1)
    assert answer["names"][town.vhs] == "VHS Musterstadt"
    assert "request-seat" in [entry["action"] for entry in answer["entries"]]
    assert all(entry.keys() == {"at", "action", "purpose"} for entry in answer["entries"])
    with ReadingUnit(town.store) as unit:
        last = unit.find(t.audit_entry, order_by=t.audit_entry.c.sequence.desc(), limit=1)[0]
    assert (last["action"], last["object_id"]) == ("answer-access-request", town.person)


def test_somebody_of_another_office_gets_no_answer(store):
    town = a_town(store)
    with pytest.raises(Missing):
        answer_access_request(town.other_office_desk, town.person)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_every_value_in_words_and_has_no_word_of_the_database(two, lang):
    store, ids = two
    answer = answered(store, ids)
    shown = sections(answer, lang)
    assert len(shown) == 3 + len(HELD)
    text = str(shown)
    for table in HELD.keys() - {"agreement_party"}:
        assert label("table", table, lang) in text
    assert "None" not in text and "VHS Musterstadt" in text
    page = answer_page(answer, lang)
    assert f'<html lang="{lang}">' in page and "<script" not in page
    assert page.count("<h1>") == 1 and page.count("<h2>") == len(shown)


def test_words_that_look_like_markup_are_shown_as_words(store):
    with a_unit(store) as uow:
        ids = a_network(uow)
        ids["Sara"] = a_whole_person(uow, ids, "<b>Sara</b> Muster")
        described(uow).commit()
    page = answer_page(answered(store, ids), "de")
    assert "<b>" not in page and "&lt;b&gt;Sara" in page


def test_every_table_and_column_that_can_be_told_has_a_name_in_both_languages():
    labels = tomllib.loads(LABELS_FILE.read_text("utf-8"))
    assert labels["table"].keys() == HELD.keys()
    told = {
        column.name
        for name in HELD
        for column in t.metadata.tables[name].c
        if column.name not in NOT_SHOWN
        and not column.foreign_keys
        and column.info.keys().isdisjoint({"index_of", "is_hidden"})
    }
    assert told - {"consent_ids", "party_id"} - labels["column"].keys() == set()
    assert all(len(pair) == 2 and all(pair) for group in labels.values() for pair in group.values())
