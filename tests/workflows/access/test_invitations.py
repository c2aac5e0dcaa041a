"""A coordinator invites somebody of a partner organisation, who then holds the role of a provider there."""

import pytest

from plans.roles import Role
from store.faults import Missing
from tests.workflows.access.builders import (
    NEW_PASSWORD,
    a_desk,
    a_town,
    account,
    an_account,
    entries,
    with_clock,
)
from tests.workflows.desks import REGION, a_caller
from workflows.access.invitations import invite_partner
from workflows.access.own_account import change_password
from workflows.access.sessions import Stage, caller_of
from workflows.access.sign_in import sign_in
from workflows.acting import Desk
from workflows.refusal import Forbidden, Refusal


@pytest.fixture
def here(store, clock):
    return with_clock(store, clock)


@pytest.fixture
def provider(here):
    _, provider = a_town(here)
    return provider


def test_the_invited_person_chooses_a_password_and_holds_the_role_of_a_provider(here, clock, provider):
    desk = a_desk(here, clock, Role.COORDINATOR)
    id, temporary = invite_partner(desk, provider, "vera", "Vera Muster")
    first = sign_in(here, "vera", temporary)
    assert first.stage is Stage.NEW_PASSWORD
    caller = caller_of(here, change_password(here, first.token, temporary, NEW_PASSWORD).token)
    (grant,) = caller.grants
    assert (caller.account_id, grant.role, grant.organisation_id) == (id, Role.PROVIDER, provider)


def test_the_audit_names_the_organisation_and_neither_person_nor_password(here, clock, provider):
    desk = a_desk(here, clock, Role.COORDINATOR)
    id, temporary = invite_partner(desk, provider, "vera", "Vera Muster")
    action, object_id, details = entries(here)[-1]
    assert (action, object_id, details["organisation_id"]) == ("invite-partner", id, provider)
    assert "vera" not in str(details).casefold() and temporary not in str(entries(here))


def test_an_organisation_of_elsewhere_looks_as_if_it_were_not_there(here, clock, provider):
    _, foreign = a_town(here, "nachbarkreis")
    desk = a_desk(here, clock, Role.COORDINATOR)
    for id in (foreign, "org-nowhere"):
        with pytest.raises(Missing):
            invite_partner(desk, id, "vera", "Vera Muster")


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.COORDINATOR}))
def test_nobody_but_a_coordinator_invites(here, provider, role):
    id = an_account(here, "somebody", role, REGION, provider)
    with pytest.raises(Forbidden):
        invite_partner(Desk(here, a_caller(role, id, provider)), provider, "vera", "Vera Muster")


def test_a_name_that_is_taken_is_refused(here, clock, provider):
    id = an_account(here, "vera")
    with pytest.raises(Refusal, match="taken"):
        invite_partner(a_desk(here, clock, Role.COORDINATOR), provider, "vera", "Vera Muster")
    assert account(here, id)["roles"][0]["role"] == "planner"
