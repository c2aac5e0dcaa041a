"""A double click is one request: the second one gets the answer of the first."""

import threading
from datetime import timedelta

import pytest

from store import tables as t
from store.faults import KeyReused, NotAllowed
from store.idempotency import Answered, claim, forget, keep
from store.unit_of_work import ReadingUnit
from tests.store.builders import a_region, a_unit, described

KEY = "key-00000001"


def make_region(store, key=KEY, region_id="musterkreis", body="the body"):
    """A workflow that may be asked twice."""
    with a_unit(store) as uow:
        known = claim(uow, key, body)
        if known is not None:
            return known.answer
        answer = {"id": a_region(uow, region_id)}
        keep(uow, key, answer)
        described(uow).commit()
    return answer


def counts(store):
    with ReadingUnit(store) as unit:
        return unit.count(t.region), unit.count(t.audit_entry), unit.count(t.idempotency_key)


def test_the_same_request_again_gets_the_same_answer_and_does_nothing(store):
    assert make_region(store) == make_region(store) == {"id": "musterkreis"}
    assert counts(store) == (1, 1, 1)


def test_another_request_with_the_same_key_is_refused(store):
    make_region(store)
    with pytest.raises(KeyReused, match="another request"):
        make_region(store, body="another body", region_id="nachbarkreis")
    assert counts(store) == (1, 1, 1)


def test_a_request_that_failed_leaves_its_key_free(store):
    with a_unit(store) as uow:
        assert claim(uow, KEY, "the body") is None
    assert make_region(store) == {"id": "musterkreis"}


def test_a_key_counts_for_its_account_only(store):
    from store.unit_of_work import Agent, UnitOfWork

    make_region(store)
    with UnitOfWork(store, actor=Agent("Muster, Otto"), purpose="test") as uow:
        assert claim(uow, KEY, "another body") is None


def test_the_answer_is_kept_encrypted(store):
    make_region(store, region_id="geheimkreis")
    with store.engine.connect() as connection:
        assert b"geheimkreis" not in connection.execute(t.idempotency_key.select()).one().answer


def test_bodies_of_every_form_are_compared(store):
    with a_unit(store) as uow:
        for number, (body, same, other) in enumerate(
            ((b"x", "x", b"y"), ({"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a": 1, "b": 3}))
        ):
            key = f"{KEY}-{number}"
            assert claim(uow, key, body) is None
            assert claim(uow, key, same) == Answered(None)
            with pytest.raises(KeyReused):
                claim(uow, key, other)


@pytest.mark.parametrize("key", ["", "short", "x" * 201])
def test_a_key_of_no_use_is_refused(store, key):
    with a_unit(store) as uow, pytest.raises(KeyReused, match="8 to 200"):
        claim(uow, key, "the body")


def test_an_answer_needs_a_claim(store):
    with a_unit(store) as uow, pytest.raises(NotAllowed, match="claim"):
        keep(uow, KEY, {})


def test_old_keys_are_forgotten(store):
    make_region(store)
    with a_unit(store) as uow:
        assert forget(uow, uow.now - timedelta(days=1)) == 0
        assert forget(uow, uow.now + timedelta(seconds=1)) == 1


def clicks(store, request, times):
    answers, together = [], threading.Barrier(times)

    def click():
        together.wait()
        answers.append(request())

    threads = [threading.Thread(target=click) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_clicks_at_the_same_time_are_one_request(store):
    for number in range(10):
        key, region = f"{KEY}-{number}", f"kreis-{number}"
        answers = clicks(store, lambda key=key, region=region: make_region(store, key, region), 3)
        assert answers == [{"id": region}] * 3
    assert counts(store) == (10, 10, 10)


def test_without_the_key_every_click_is_a_request(store):
    """Control: the same clicks without `claim`."""

    def make_anonymous_region():
        with a_unit(store) as uow:
            id_ = a_region(uow, f"kreis-{threading.get_ident()}")
            described(uow).commit()
        return id_

    assert len(set(clicks(store, make_anonymous_region, 3))) == 3
    assert counts(store)[0] == 3
