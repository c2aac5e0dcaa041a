"""Controls: with one protection off the attack succeeds, so that the tests of the protections can fail.

And where two protections stand one behind the other, each holds alone.
"""

import pytest

from store import attempts
from store import tables as t
from store.unit_of_work import UnitOfWork
from tests.store.builders import ANNA
from tests.workflows.access.builders import (
    NEW_PASSWORD,
    PASSWORD,
    an_account,
    code_at,
    version_of,
    with_second_factor,
)
from tests.workflows.desks import the_machine
from workflows.access import own_account, passwords, sessions
from workflows.access import sign_in as signing_in
from workflows.access.accounts import deactivate_account
from workflows.access.own_account import change_password
from workflows.access.sessions import NotSignedIn, caller_of
from workflows.access.sign_in import give_code, sign_in


def edit(store, id, **values):
    """Change an account as nobody may: past every workflow."""
    with UnitOfWork(store, actor=ANNA, purpose="test") as uow:
        uow.change(t.account, id, uow.get(t.account, id)["version"], **values)
        uow.describe("test", "account", id)
        uow.commit()


def test_without_the_lock_a_guesser_gets_in_in_the_end(here, monkeypatch):
    monkeypatch.setattr(signing_in, "is_locked", lambda account, now: False)
    an_account(here)
    for _ in range(9):
        with pytest.raises(NotSignedIn):
            sign_in(here, "anna", "falsch")
    assert sign_in(here, "anna", PASSWORD)


def test_without_the_mark_of_used_codes_one_code_counts_twice(here, clock, monkeypatch):
    an_account(here)
    secret, _ = with_second_factor(here, clock, "anna")
    clock.forward(minutes=1)
    monkeypatch.setattr(attempts, "use_code", lambda unit, id, step: True)
    tokens = [sign_in(here, "anna", PASSWORD).token for _ in range(2)]
    assert [give_code(here, token, code_at(secret, clock)).stage for token in tokens] == ["ready", "ready"]


def test_without_the_check_of_a_live_session_one_that_was_ended_goes_on(here, monkeypatch):
    an_account(here)
    token = sign_in(here, "anna", PASSWORD).token
    sessions.sign_out(here, token)
    monkeypatch.setattr(sessions, "_is_live", lambda session, rules, now: True)
    assert caller_of(here, token)


def test_an_unknown_name_is_tried_like_any_other(here, monkeypatch):
    tried = []
    monkeypatch.setattr(passwords, "fits", lambda hash, password: tried.append(hash) or False)
    with pytest.raises(NotSignedIn):
        sign_in(here, "niemand", "falsch")
    assert tried == [None]


def test_a_deactivated_account_has_no_session_even_where_none_was_ended(here):
    id = an_account(here)
    token = sign_in(here, "anna", PASSWORD).token
    edit(here, id, is_active=False)
    with pytest.raises(NotSignedIn):
        caller_of(here, token)


def test_sessions_are_ended_even_where_the_account_is_opened_again(here):
    id = an_account(here)
    token = sign_in(here, "anna", PASSWORD).token
    deactivate_account(the_machine(here), id, version_of(here, id))
    edit(here, id, is_active=True)
    with pytest.raises(NotSignedIn):
        caller_of(here, token)


def test_a_session_from_before_a_new_password_is_over_even_where_none_was_ended(here, clock, monkeypatch):
    an_account(here)
    other = sign_in(here, "anna", PASSWORD).token
    clock.forward(minutes=1)
    token = sign_in(here, "anna", PASSWORD).token
    monkeypatch.setattr(own_account, "end_sessions", lambda unit, id: 0)
    change_password(here, token, PASSWORD, NEW_PASSWORD)
    with pytest.raises(NotSignedIn):
        caller_of(here, other)
