"""Rollen: who may do what with whose object; one table, ``roles.toml``.

A role is granted within one organisation of one region (an administrator or auditor for a region, or for the
whole installation). Whose object it is follows from the object and the grant, never from the request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from plans.actions import Action
from plans.entries import Entry, entries_of, read_toml
from plans.fault import Fault, PlanFault, refuse

ROLES_FILE = Path(__file__).with_name("roles.toml")


class Role(StrEnum):
    """Rolle: what somebody is in the product."""

    COUNSELLOR = "counsellor"
    PROVIDER = "provider"
    COORDINATOR = "coordinator"
    PLANNER = "planner"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Whose(StrEnum):
    """Wessen: how an object stands to a grant, from near to far.

    OWN_PERSON: looked after by the account; OWN_ORGANISATION: kept by the organisation of the grant;
    ADDRESSED: sent to it; OWN_REGION: in its region; ANY: what belongs to the installation.
    """

    OWN_PERSON = "own-person"
    OWN_ORGANISATION = "own-organisation"
    ADDRESSED = "addressed"
    OWN_REGION = "own-region"
    ANY = "any"


@dataclass(frozen=True)
class Grant:
    """Rollenzuweisung: one role of one account.

    Parameters
    ----------
    role : Role
        Which.
    account_id : str
        Whose.
    region_id : str or None
        Region; None = the whole installation (administrator and auditor only).
    organisation_id : str or None
        Organisation; counsellor and provider need one.

    Raises
    ------
    PlanFault
        Where the role needs a region or an organisation that is missing.
    """

    role: Role
    account_id: str
    region_id: str | None = None
    organisation_id: str | None = None

    def __post_init__(self) -> None:
        if self.region_id is None and self.role not in (Role.ADMINISTRATOR, Role.AUDITOR):
            raise refuse("needed-for", self.account_id, field="region_id", action=self.role)
        if self.organisation_id is None and self.role in (Role.COUNSELLOR, Role.PROVIDER):
            raise refuse("needed-for", self.account_id, field="organisation_id", action=self.role)


@dataclass(frozen=True)
class ObjectScope:
    """Zugehörigkeit: where an object belongs.

    Parameters
    ----------
    region_id : str or None
        Its region; None for what belongs to the installation.
    organisation_id : str or None
        The organisation that keeps it.
    account_ids : frozenset of str
        Accounts that look after the person it is about.
    recipient_id : str or None
        The organisation that it was sent to, if it was sent.
    """

    region_id: str | None = None
    organisation_id: str | None = None
    account_ids: frozenset[str] = frozenset()
    recipient_id: str | None = None


def relations(grant: Grant, scope: ObjectScope) -> frozenset[Whose]:
    """Answer how an object stands to a grant.

    Returns
    -------
    frozenset of Whose
        A grant for the whole installation has every region for its own, and what belongs to none. A grant for
        one region has nothing outside of it.
    """
    if grant.region_id is None:
        return frozenset({Whose.OWN_REGION, Whose.ANY})
    if scope.region_id != grant.region_id:
        return frozenset()
    found = {Whose.OWN_REGION}
    if grant.organisation_id is not None and scope.organisation_id == grant.organisation_id:
        found.add(Whose.OWN_ORGANISATION)
        if grant.account_id in scope.account_ids:
            found.add(Whose.OWN_PERSON)
    if grant.organisation_id is not None and scope.recipient_id == grant.organisation_id:
        found.add(Whose.ADDRESSED)
    return frozenset(found)


def may(grants: Iterable[Grant], action: Action, object_scope: ObjectScope) -> bool:
    """Answer whether somebody with these grants may do an action with an object.

    Parameters
    ----------
    grants : iterable of Grant
        All of the account; several add up.
    action : Action
        What.
    object_scope : ObjectScope
        Where the object belongs.
    """
    table = standard_roles()[action]
    return any(table.get(grant.role) in relations(grant, object_scope) for grant in grants)


@cache
def standard_roles() -> Mapping[Action, Mapping[Role, Whose]]:
    """Return the table that comes with the project (see `load_roles`)."""
    return load_roles()


def load_roles(path: Path = ROLES_FILE) -> Mapping[Action, Mapping[Role, Whose]]:
    """Read the table of roles: for each action the roles that may, and whose objects.

    Raises
    ------
    PlanFault
        Where an action is unknown, missing or named twice, or nobody may do it; names file and line.
    """
    document, text = read_toml(path)
    table: dict[Action, Mapping[Role, Whose]] = {}
    for entry in entries_of(document, text, path.name, "action"):
        action = Action(entry.one_of("key", tuple(Action)))
        if action in table:
            raise entry.refuse("duplicate-id", value=action.value)
        table[action] = _read_row(entry)
    for action in Action:
        if action not in table:
            raise PlanFault(Fault("missing-key", {"field": action.value}, path.name))
    return table


def _read_row(entry: Entry) -> Mapping[Role, Whose]:
    entry.only("key", *Role)
    row = {role: Whose(entry.one_of(role, tuple(Whose))) for role in Role if role.value in entry.values}
    if not row:
        raise entry.refuse("missing-key", field=", ".join(Role))
    return row
