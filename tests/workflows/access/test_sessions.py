"""A session dies at the next request after sign-out, lost role, deactivation, new password, idleness."""

import pytest

from plans.roles import Role
from store import sessions as session_notes
from store import tables as t
from store.faults import StoreBusy
from store.unit_of_work import ReadingUnit, UnitOfWork
from tests.store.builders import ANNA
from tests.workflows.access.builders import (
    NEW_PASSWORD,
    PASSWORD,
    a_town,
    account,
    an_account,
    entries,
    version_of,
    with_second_factor,
)
from tests.workflows.desks import REGION, the_machine
from workflows.access.accounts import (
    deactivate_account,
    reactivate_account,
    reset_password,
    reset_second_factor,
)
from workflows.access.own_account import change_password
from workflows.access.roles import grant_role, revoke_role
from workflows.access.sessions import (
    NotSignedIn,
    Stage,
    Unfinished,
    caller_of,
    end_own_session,
    own_sessions,
    sign_out,
    visit_of,
)
from workflows.access.sign_in import sign_in
from workflows.refusal import Refusal


@pytest.fixture
def anna(here):
    return an_account(here)


@pytest.fixture
def token(here, anna):
    return sign_in(here, "anna", PASSWORD).token


def is_over(store, token):
    try:
        caller_of(store, token)
    except NotSignedIn:
        return True
    return False


def grant_of(store, id, at=0):
    return account(store, id)["roles"][at]


def test_a_token_that_nobody_got_opens_nothing(here):
    assert is_over(here, "x" * 43) and is_over(here, "")


def test_after_sign_out_it_is_over_and_a_second_time_changes_nothing(here, token):
    sign_out(here, token)
    assert is_over(here, token)
    before = len(entries(here))
    sign_out(here, token)
    assert len(entries(here)) == before


def test_after_a_role_was_revoked_it_is_over_and_a_new_one_has_the_roles_that_are_left(here, anna, token):
    extra = grant_role(the_machine(here), anna, Role.AUDITOR, REGION)
    revoke_role(the_machine(here), extra, 1)
    assert is_over(here, token)
    caller = caller_of(here, sign_in(here, "anna", PASSWORD).token)
    assert [grant.role for grant in caller.grants] == [Role.PLANNER]


def test_a_role_that_is_gone_by_whatever_way_holds_no_longer(here, anna, token):
    """The roles are read at every request: it does not depend on anybody ending the session."""
    with UnitOfWork(here, actor=ANNA, purpose="test") as uow:
        uow.change(t.role_grant, grant_of(here, anna)["grant_id"], 1, revoked_at=uow.now)
        uow.describe("test", "role_grant", "x")
        uow.commit()
    assert is_over(here, token)


def test_a_role_that_is_given_holds_at_the_next_request(here, anna, token):
    assert len(caller_of(here, token).grants) == 1
    office, _ = a_town(here, "nachbarkreis")
    grant_role(the_machine(here), anna, Role.COUNSELLOR, "nachbarkreis", office)
    assert {grant.region_id for grant in caller_of(here, token).grants} == {REGION, "nachbarkreis"}


def test_a_role_that_needs_two_proofs_asks_for_the_second_one_at_once(here, anna, token):
    grant_role(the_machine(here), anna, Role.COORDINATOR, REGION)
    with pytest.raises(Unfinished, match="needs a second factor"):
        caller_of(here, token)
    assert visit_of(here, token).stage is Stage.ENROL


def test_after_deactivation_it_is_over_and_stays_so(here, anna, token):
    deactivate_account(the_machine(here), anna, version_of(here, anna))
    assert is_over(here, token)
    reactivate_account(the_machine(here), anna, version_of(here, anna))
    assert is_over(here, token)
    assert sign_in(here, "anna", PASSWORD)


def test_after_a_change_of_password_every_other_session_is_over(here, token):
    other = sign_in(here, "anna", PASSWORD).token
    renewed = change_password(here, token, PASSWORD, NEW_PASSWORD)
    assert is_over(here, token) and is_over(here, other)
    assert caller_of(here, renewed.token)


def test_after_a_reset_of_password_or_second_factor_it_is_over(here, clock, anna, token):
    reset_password(the_machine(here), anna, version_of(here, anna))
    assert is_over(here, token)
    ben = an_account(here, "ben")
    _, bens = with_second_factor(here, clock, "ben")
    assert not is_over(here, bens)
    reset_second_factor(the_machine(here), ben, version_of(here, ben))
    assert is_over(here, bens)


def test_it_is_over_after_half_an_hour_without_a_request(here, clock, token):
    for _ in range(3):
        clock.forward(minutes=29)
        assert not is_over(here, token)
    clock.forward(minutes=30)
    assert is_over(here, token)


def test_it_is_over_after_ten_hours_however_busy_it_was(here, clock, token):
    for _ in range(29):
        clock.forward(minutes=20)
        assert not is_over(here, token)
    clock.forward(minutes=20)
    assert is_over(here, token)


def test_not_every_request_writes_when_it_was_seen(here, clock, token):
    def noted():
        with ReadingUnit(here) as unit:
            return unit.find(t.session)[0]["last_seen_at"]

    first = noted()
    clock.forward(seconds=59)
    caller_of(here, token)
    assert noted() == first
    clock.forward(seconds=1)
    caller_of(here, token)
    assert noted() == clock()


def test_a_busy_database_does_not_keep_a_reader_from_reading(here, clock, token, monkeypatch):
    clock.forward(minutes=2)

    class Busy:
        def begin(self):
            raise StoreBusy("busy", seconds=1)

    monkeypatch.setattr(session_notes, "for_writing", lambda engine: Busy())
    assert caller_of(here, token)


def test_a_request_leaves_no_entry_in_the_audit(here, clock, token):
    before = len(entries(here))
    clock.forward(minutes=2)
    caller_of(here, token)
    assert len(entries(here)) == before


def test_the_own_sessions_are_listed_newest_first_and_can_be_ended(here, clock, token):
    clock.forward(minutes=5)
    other = sign_in(here, "anna", PASSWORD).token
    an_account(here, "ben")
    sign_in(here, "ben", PASSWORD)
    first, second = own_sessions(here, token)
    assert (first["is_this"], second["is_this"]) == (False, True)
    assert first["signed_in_at"] > second["signed_in_at"]
    end_own_session(here, token, first["session_id"])
    assert is_over(here, other) and not is_over(here, token)
    assert len(own_sessions(here, token)) == 1


def test_the_session_of_somebody_else_cannot_be_ended(here, token):
    an_account(here, "ben")
    bens = sign_in(here, "ben", PASSWORD).token
    (session,) = own_sessions(here, bens)
    for id in (session["session_id"], "ses-nowhere"):
        with pytest.raises(Refusal, match="no such session"):
            end_own_session(here, token, id)
    assert not is_over(here, bens)


def test_sessions_that_are_over_are_forgotten_at_the_next_sign_in(here, clock, token):
    sign_out(here, token)
    sign_in(here, "anna", PASSWORD)
    with ReadingUnit(here) as unit:
        assert unit.count(t.session) == 1
