"""Partner einladen: a coordinator gives somebody of a partner organisation an account to answer referrals."""

from __future__ import annotations

from plans.actions import Action
from plans.roles import ObjectScope, Role
from store import tables as t
from workflows.access import passwords
from workflows.access.accounts import NewAccount, add_account, temporary_until
from workflows.acting import Desk, Work, workflow


def invite_partner(
    desk: Desk, organisation_id: str, login_name: str, display_name: str, language: str = "de"
) -> tuple[str, str]:
    """Partner einladen: make an account with the role of a provider, and a temporary password for it.

    Parameters
    ----------
    desk : Desk
        From where.
    organisation_id : str
        For which organisation of the own region.
    login_name, display_name, language : str
        See `NewAccount`.

    Returns
    -------
    tuple of str
        Id of the account, and the temporary password, shown once.

    Raises
    ------
    Missing
        Where the caller reaches no such organisation.
    Refusal
        Where a name cannot be, or is taken.
    """
    temporary = passwords.temporary()
    hash_ = passwords.hashed(temporary)
    return open_partner_account(desk, organisation_id, login_name, display_name, language, hash_), temporary


@workflow(Action.INVITE_PARTNER)
def open_partner_account(
    work: Work, organisation_id: str, login_name: str, display_name: str, language: str, password_hash: str
) -> str:
    """Konto eines Partners eröffnen: what `invite_partner` does once the password is hashed."""
    found = work.unit.find(t.organisation, id=organisation_id)
    region_id = found[0]["region_id"] if found else None
    work.allow(ObjectScope(region_id, organisation_id), t.organisation, organisation_id)
    new = NewAccount(login_name, display_name, Role.PROVIDER, region_id, organisation_id, language)
    id = add_account(work, new, password_hash, temporary_until(work))
    work.record("account", id, region_id, role=new.role, organisation_id=organisation_id)
    return id
