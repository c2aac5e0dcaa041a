"""Who signs in proves it; who fails learns nothing, and is locked out after a while."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher

from plans.roles import Role
from store import tables as t
from store.unit_of_work import ReadingUnit
from tests.workflows.access.builders import (
    PASSWORD,
    account,
    an_account,
    code_at,
    entries,
    signed_in_with_code,
    version_of,
    with_second_factor,
)
from tests.workflows.desks import the_machine
from workflows.access import passwords
from workflows.access.accounts import deactivate_account
from workflows.access.roles import revoke_role
from workflows.access.sessions import NotSignedIn, Stage, Unfinished, caller_of
from workflows.access.sign_in import give_code, sign_in
from workflows.refusal import Refusal


def refused(store, name="anna", password=PASSWORD):
    with pytest.raises(NotSignedIn) as caught:
        sign_in(store, name, password)
    return caught.value


def last_reason(store):
    action, _, details = entries(store)[-1]
    assert action == "sign-in-refused"
    return details["reason"]


def test_name_and_password_begin_a_session_with_the_roles_that_hold(here):
    id = an_account(here)
    signed_in = sign_in(here, " Anna ", PASSWORD)
    assert signed_in.stage is Stage.READY
    caller = caller_of(here, signed_in.token)
    assert (caller.account_id, caller.label) == (id, "Anna Muster")
    assert [grant.role for grant in caller.grants] == [Role.PLANNER]
    assert not caller.is_machine


def test_only_a_hash_of_the_token_is_kept(here):
    an_account(here)
    token = sign_in(here, "anna", PASSWORD).token
    with ReadingUnit(here) as unit:
        (row,) = unit.find(t.session)
    assert len(token) >= 43
    assert token.encode() not in row["token_hash"] and len(row["token_hash"]) == 32


def test_a_token_never_shows_in_a_log(here):
    an_account(here)
    signed_in = sign_in(here, "anna", PASSWORD)
    assert signed_in.token not in repr(signed_in)


def test_every_failure_gets_the_same_answer_and_the_audit_the_reason(here):
    anna, _, dora = an_account(here), an_account(here, "ben"), an_account(here, "dora")
    an_account(here, "cem", password=None)
    revoke_role(the_machine(here), account(here, anna)["roles"][0]["grant_id"], 1)
    deactivate_account(the_machine(here), dora, version_of(here, dora))
    cases = {
        ("anna", PASSWORD): "no-role",
        ("ben", PASSWORD + "!"): "wrong-password",
        ("cem", PASSWORD): "wrong-password",
        ("dora", PASSWORD): "deactivated",
        ("niemand", PASSWORD): "unknown-name",
    }
    answers = set()
    for (name, password), reason in cases.items():
        answers.add(str(refused(here, name, password)))
        assert last_reason(here) == reason
    assert len(answers) == 1


def test_every_failure_costs_one_hash_of_the_same_strength(here, monkeypatch):
    an_account(here)
    an_account(here, "cem", password=None)
    tried = []

    class Watched:
        def __getattr__(self, name):
            return getattr(passwords_hasher, name)

        def verify(self, hash, password):
            tried.append(hash.rpartition("$")[0].rpartition("$")[0])
            return passwords_hasher.verify(hash, password)

    passwords_hasher = passwords.HASHER
    monkeypatch.setattr(passwords, "HASHER", Watched())
    for name in ("anna", "cem", "niemand"):
        refused(here, name, "falsch")
    assert len(tried) == 3 and len(set(tried)) == 1


def test_whatever_is_typed_gets_the_same_answer(here):
    an_account(here)
    for name in ("", " ", "anna", "anna\x00", "x" * 100_000, "anna'--", "\udcff"):
        for password in ("falsch", "", "\x00", "\udcff", "x" * 10_000):
            assert refused(here, name, password).code == "sign-in-failed"


def test_the_name_that_was_typed_is_not_kept(here):
    refused(here, "Mein Kennwort im falschen Feld")
    assert "Kennwort" not in str(entries(here))


def test_five_failures_lock_the_account_even_for_the_right_password(here, clock):
    id = an_account(here)
    for _ in range(4):
        refused(here, password="falsch")
    sign_in(here, "anna", PASSWORD)
    for _ in range(5):
        refused(here, password="falsch")
    assert account(here, id)["is_locked"]
    refused(here)
    assert last_reason(here) == "locked"
    clock.forward(minutes=14, seconds=59)
    refused(here)
    clock.forward(seconds=1)
    assert sign_in(here, "anna", PASSWORD).stage is Stage.READY


def test_each_further_lock_is_twice_as_long_and_a_day_at_most(here, clock):
    id = an_account(here)
    lengths = []
    for _ in range(10):
        for _ in range(5):
            refused(here, password="falsch")
        with ReadingUnit(here) as unit:
            until_at = unit.get(t.account, id)["locked_until_at"]
        lengths.append((until_at - clock()).total_seconds() / 60)
        clock.at = until_at
    assert lengths == [15, 30, 60, 120, 240, 480, 960, 1440, 1440, 1440]


def test_guesses_while_it_is_locked_neither_count_nor_prolong_it(here, clock):
    an_account(here)
    for _ in range(30):
        refused(here, password="falsch")
    clock.forward(minutes=15)
    assert sign_in(here, "anna", PASSWORD)


def test_guesses_at_the_same_time_all_count(here):
    id = an_account(here)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: refused(here, password="falsch"), range(4)))
    with ReadingUnit(here) as unit:
        assert unit.get(t.account, id)["failed_attempts"] == 4


def test_a_failure_does_not_disturb_whoever_edits_the_account(here):
    id = an_account(here)
    before = version_of(here, id)
    refused(here, password="falsch")
    sign_in(here, "anna", PASSWORD)
    assert version_of(here, id) == before


def test_with_a_second_factor_the_password_alone_opens_nothing(here, clock):
    an_account(here)
    secret, _ = with_second_factor(here, clock, "anna")
    clock.forward(minutes=1)
    first = sign_in(here, "anna", PASSWORD)
    assert first.stage is Stage.CODE
    with pytest.raises(Unfinished, match="code of your second factor"):
        caller_of(here, first.token)
    done = give_code(here, first.token, code_at(secret, clock))
    assert done.stage is Stage.READY and caller_of(here, done.token)
    with pytest.raises(NotSignedIn):
        caller_of(here, first.token)


def test_no_code_counts_twice(here, clock):
    an_account(here)
    secret, _ = with_second_factor(here, clock, "anna")
    clock.forward(minutes=1)
    code = code_at(secret, clock)
    give_code(here, sign_in(here, "anna", PASSWORD).token, code)
    again = sign_in(here, "anna", PASSWORD).token
    with pytest.raises(NotSignedIn):
        give_code(here, again, code)
    assert last_reason(here) == "code-used-before"
    clock.forward(seconds=30)
    assert give_code(here, again, code_at(secret, clock)).stage is Stage.READY


def test_of_two_who_give_the_same_code_at_once_one_gets_in(here, clock):
    an_account(here)
    secret, _ = with_second_factor(here, clock, "anna")
    clock.forward(minutes=1)
    code = code_at(secret, clock)
    tokens = [sign_in(here, "anna", PASSWORD).token for _ in range(4)]

    def attempt(token):
        try:
            return give_code(here, token, code)
        except NotSignedIn:
            return None

    with ThreadPoolExecutor(4) as pool:
        assert sum(found is not None for found in pool.map(attempt, tokens)) == 1


@pytest.mark.parametrize(
    ("seconds", "is_right"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_clock_may_be_wrong_by_one_step(here, clock, seconds, is_right):
    an_account(here)
    secret, _ = with_second_factor(here, clock, "anna")
    clock.forward(minutes=10)
    token = sign_in(here, "anna", PASSWORD).token
    if is_right:
        assert give_code(here, token, code_at(secret, clock, seconds=seconds))
    else:
        with pytest.raises(NotSignedIn):
            give_code(here, token, code_at(secret, clock, seconds=seconds))


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "1234567"])
def test_what_is_no_code_is_refused_like_a_wrong_one(here, clock, code):
    an_account(here)
    with_second_factor(here, clock, "anna")
    with pytest.raises(NotSignedIn):
        give_code(here, sign_in(here, "anna", PASSWORD).token, code)


def test_wrong_codes_lock_the_account_and_the_password_does_not_wipe_them_out(here, clock):
    an_account(here)
    secret, _ = with_second_factor(here, clock, "anna")
    clock.forward(minutes=1)
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            give_code(here, sign_in(here, "anna", PASSWORD).token, "000000")
    refused(here)
    clock.forward(minutes=15)
    assert signed_in_with_code(here, clock, "anna", secret)


def test_an_unfinished_sign_in_ends_after_ten_minutes(here, clock):
    an_account(here)
    secret, _ = with_second_factor(here, clock, "anna")
    clock.forward(minutes=1)
    token = sign_in(here, "anna", PASSWORD).token
    clock.forward(minutes=10)
    with pytest.raises(NotSignedIn):
        give_code(here, token, code_at(secret, clock))


def test_a_code_is_only_taken_where_one_is_asked_for(here):
    an_account(here)
    with pytest.raises(Refusal, match="finished already"):
        give_code(here, sign_in(here, "anna", PASSWORD).token, "123456")


def test_a_hash_of_older_parameters_is_renewed_at_the_next_sign_in(here, monkeypatch):
    id = an_account(here)
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    sign_in(here, "anna", PASSWORD)
    with ReadingUnit(here) as unit:
        assert "t=2" in unit.get(t.account, id)["password_hash"]
    assert sign_in(here, "anna", PASSWORD)


def test_a_success_and_a_failure_each_leave_one_entry(here):
    id = an_account(here)
    before = len(entries(here))
    refused(here, password="falsch")
    sign_in(here, "anna", PASSWORD)
    actions = [(action, object_id) for action, object_id, _ in entries(here)[before:]]
    assert actions == [("sign-in-refused", id), ("sign-in", id)]
