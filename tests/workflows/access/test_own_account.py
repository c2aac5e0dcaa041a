"""One's own password and second factor: changed only with proof, never past the rules."""

from datetime import date

import pytest
import sqlalchemy as sa

from plans.roles import Role
from store import tables as t
from store.unit_of_work import ReadingUnit
from tests.workflows.access.builders import (
    NEW_PASSWORD,
    PASSWORD,
    a_town,
    account,
    an_account,
    code_at,
    entries,
    version_of,
    with_second_factor,
)
from tests.workflows.access.test_rule_sets import a_file, an_entry
from tests.workflows.desks import the_machine
from workflows.access.accounts import reset_password, reset_second_factor
from workflows.access.own_account import change_password, confirm_second_factor, enrol_second_factor
from workflows.access.rule_sets import load_rule_file
from workflows.access.sessions import NotSignedIn, Stage, Unfinished, caller_of
from workflows.access.sign_in import give_code, sign_in
from workflows.refusal import Refusal


@pytest.fixture
def token(here):
    an_account(here)
    return sign_in(here, "anna", PASSWORD).token


def test_a_new_password_counts_and_the_old_one_no_longer(here, token):
    change_password(here, token, PASSWORD, NEW_PASSWORD)
    assert sign_in(here, "anna", NEW_PASSWORD)
    with pytest.raises(NotSignedIn):
        sign_in(here, "anna", PASSWORD)


def test_neither_password_is_in_the_database(here, token):
    change_password(here, token, PASSWORD, NEW_PASSWORD)
    with ReadingUnit(here) as unit:
        (row,) = unit.find(t.account)
    assert row["password_hash"].startswith("$argon2id$")
    assert NEW_PASSWORD not in str((row, entries(here)))


def test_without_the_old_password_it_cannot_be_changed_and_guessing_locks(here, token):
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            change_password(here, token, "geraten", NEW_PASSWORD)
    with pytest.raises(NotSignedIn):
        change_password(here, token, PASSWORD, NEW_PASSWORD)
    assert account(here, caller_of(here, token).account_id)["is_locked"]


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("kurz", "12 to 256"),
        ("x" * 257, "12 to 256"),
        ("passwort12345", "too easy"),
        ("Anna-Rosenbaum-77", "one of your names"),
        (PASSWORD, "the old one"),
    ],
)
def test_a_new_password_that_cannot_be_is_refused(here, token, new, why):
    with pytest.raises(Refusal, match=why):
        change_password(here, token, PASSWORD, new)
    assert caller_of(here, token)


def test_a_temporary_password_opens_nothing_but_its_own_change(here, clock):
    id = an_account(here, password=None)
    temporary = reset_password(the_machine(here), id, version_of(here, id))
    first = sign_in(here, "anna", temporary)
    assert first.stage is Stage.NEW_PASSWORD
    with pytest.raises(Unfinished, match="temporary"):
        caller_of(here, first.token)
    with pytest.raises(Unfinished):
        enrol_second_factor(here, first.token, temporary)
    done = change_password(here, first.token, temporary, NEW_PASSWORD)
    assert done.stage is Stage.READY and caller_of(here, done.token)


def test_a_temporary_password_ends_after_three_days(here, clock):
    id = an_account(here, password=None)
    temporary = reset_password(the_machine(here), id, version_of(here, id))
    clock.forward(days=3)
    with pytest.raises(NotSignedIn):
        sign_in(here, "anna", temporary)
    assert entries(here)[-1][2]["reason"] == "password-expired"


def test_temporary_passwords_are_random_and_long(here):
    id = an_account(here, password=None)
    found = {reset_password(the_machine(here), id, version_of(here, id)) for _ in range(5)}
    assert len(found) == 5 and all(len(one.replace("-", "")) == 20 for one in found)


def test_a_reset_of_the_password_does_not_go_past_the_second_factor(here, clock):
    id = an_account(here)
    secret, _ = with_second_factor(here, clock, "anna")
    temporary = reset_password(the_machine(here), id, version_of(here, id))
    clock.forward(minutes=1)
    first = sign_in(here, "anna", temporary)
    assert first.stage is Stage.CODE
    with pytest.raises(Unfinished):
        change_password(here, first.token, temporary, NEW_PASSWORD)
    assert give_code(here, first.token, code_at(secret, clock)).stage is Stage.NEW_PASSWORD


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.COORDINATOR])
def test_who_administers_audits_or_coordinates_must_have_a_second_factor(here, clock, role):
    an_account(here, role=role)
    first = sign_in(here, "anna", PASSWORD)
    assert first.stage is Stage.ENROL
    with pytest.raises(Unfinished):
        caller_of(here, first.token)
    _, token = with_second_factor(here, clock, "anna")
    assert caller_of(here, token)


def test_a_secret_counts_only_once_its_first_code_was_right(here, clock, token):
    enrol_second_factor(here, token, PASSWORD)
    assert sign_in(here, "anna", PASSWORD).stage is Stage.READY
    with pytest.raises(NotSignedIn):
        confirm_second_factor(here, token, "000000")
    assert sign_in(here, "anna", PASSWORD).stage is Stage.READY


def test_enrolling_again_before_the_first_code_replaces_the_secret(here, clock, token):
    old = enrol_second_factor(here, token, PASSWORD).secret
    new = enrol_second_factor(here, token, PASSWORD).secret
    with pytest.raises(NotSignedIn):
        confirm_second_factor(here, token, code_at(old, clock))
    assert confirm_second_factor(here, token, code_at(new, clock))


def test_the_code_that_confirmed_does_not_open_a_session_as_well(here, clock, token):
    enrolment = enrol_second_factor(here, token, PASSWORD)
    code = code_at(enrolment.secret, clock)
    confirm_second_factor(here, token, code)
    with pytest.raises(NotSignedIn):
        give_code(here, sign_in(here, "anna", PASSWORD).token, code)


def test_after_confirming_all_other_sessions_are_over(here, clock, token):
    other = sign_in(here, "anna", PASSWORD).token
    enrolment = enrol_second_factor(here, token, PASSWORD)
    done = confirm_second_factor(here, token, code_at(enrolment.secret, clock))
    for old in (token, other):
        with pytest.raises(NotSignedIn):
            caller_of(here, old)
    assert caller_of(here, done.token)


def test_without_the_password_nobody_enrols(here, token):
    with pytest.raises(NotSignedIn):
        enrol_second_factor(here, token, "geraten")


def test_a_second_factor_that_is_there_is_not_replaced_but_reset_by_an_administrator(here, clock):
    id = an_account(here)
    _, token = with_second_factor(here, clock, "anna")
    with pytest.raises(Refusal, match="there is a second factor already"):
        enrol_second_factor(here, token, PASSWORD)
    reset_second_factor(the_machine(here), id, version_of(here, id))
    assert not account(here, id)["has_second_factor"]
    assert sign_in(here, "anna", PASSWORD).stage is Stage.READY
    with pytest.raises(Refusal, match="nothing to reset"):
        reset_second_factor(the_machine(here), id, version_of(here, id))


def test_there_is_nothing_to_confirm_without_a_secret(here, token):
    with pytest.raises(Refusal, match="enrol one first"):
        confirm_second_factor(here, token, "123456")


def test_the_secret_is_encrypted_at_rest_and_never_shown(here, clock, token):
    enrolment = enrol_second_factor(here, token, PASSWORD)
    with ReadingUnit(here) as unit:
        sealed = unit.connection.execute(sa.select(t.account.c.totp_secret)).scalar_one()
    assert enrolment.secret.encode() not in sealed
    assert enrolment.secret not in repr(enrolment) and enrolment.secret in enrolment.uri
    assert enrolment.secret not in str(entries(here))


def test_the_office_may_ask_counsellors_for_two_proofs_as_well(here, clock):
    office, _ = a_town(here, "nachbarkreis")
    an_account(here, "cem", Role.COUNSELLOR, "nachbarkreis", office)
    assert sign_in(here, "cem", PASSWORD).stage is Stage.READY
    content = a_file(an_entry("sign-in-proofs-counsellor", 2, "proofs"))
    load_rule_file(the_machine(here), content, "rules.toml", None, date(2026, 1, 1), "Dienstanweisung")
    assert sign_in(here, "cem", PASSWORD).stage is Stage.ENROL
