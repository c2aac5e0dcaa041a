"""Sessions for tests that are not about signing in: begun in the store, without password and code."""

from __future__ import annotations

from plans.roles import Role
from store import tables as t
from store.unit_of_work import Store
from tests.store.builders import a_unit, described
from tests.workflows.desks import REGION, the_machine
from workflows.access.accounts import NewAccount, open_account
from workflows.access.sessions import Stage, access_rules, begin_session, grants_of


def a_signed_in_account(
    store: Store, role: Role, name: str, *, region: str = REGION, organisation: str | None = None
) -> tuple[str, str]:
    """An account that is signed in: its id and the token of its session."""
    new = NewAccount(name, f"{name.title()} Muster", role, region, organisation)
    account_id = open_account(the_machine(store), new)
    return account_id, a_session(store, account_id)


def a_session(store: Store, account_id: str) -> str:
    """The token of a session of an account, as if its password and code had been given."""
    with a_unit(store) as uow:
        version = uow.get(t.account, account_id)["version"]
        account = uow.change(t.account, account_id, version, totp_secret="A" * 32, totp_last_step=0)
        rules = access_rules(uow, uow.now)
        begun = begin_session(uow, account, grants_of(uow, account_id), rules, code_given=True)
        described(uow).commit()
    assert begun.stage is Stage.READY
    return begun.token
