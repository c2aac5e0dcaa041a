"""Personalien: who somebody is and where a household lives, as they are entered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from network.labels import TAGS
from network.model import Place
from plans.fault import refuse
from plans.model import Child, Gender, check_identity
from plans.templates import profiles


@dataclass(frozen=True)
class Contact:
    """Erreichbarkeit: how somebody can be reached; empty = not known."""

    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Identity:
    """Personalien: who somebody is.

    Parameters
    ----------
    name : str
        As it is written in the papers, not empty.
    birth_on : date
        Day of birth.
    gender : Gender or None
        None = not given.
    contact : Contact
        How to reach the person.
    profile : str
        Key of a chain template; empty = none fits.
    tags : frozenset of str
        Neutral facts that slots may require, of `network.labels.TAGS`.

    Raises
    ------
    PlanFault
        Where the name is empty, or the template, a tag, or a tag with this gender is not known.
    """

    name: str
    birth_on: date
    gender: Gender | None = None
    contact: Contact = Contact()
    profile: str = ""
    tags: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        check_identity("person", self.name, self.gender, self.tags)
        if self.profile:
            check_known("profile", [self.profile], [profile.key for profile in profiles()])
        check_known("tags", self.tags, TAGS)


@dataclass(frozen=True)
class Home:
    """Wohnung eines Haushalts, and who else lives there.

    Parameters
    ----------
    place : Place
        Town and rounded point; planning needs it.
    address : str
        Where letters go; empty = not known.
    children : tuple of Child
        Children in the household.
    shared_childcare : bool
        Whether the members share the care of the children (`plans.model.Household`).
    """

    place: Place
    address: str = ""
    children: tuple[Child, ...] = ()
    shared_childcare: bool = False


def check_known(name: str, values: Iterable[str], known: Iterable[str]) -> None:
    """Raise `PlanFault` where one of the values of a field is none of the known ones."""
    allowed = sorted(known)
    for value in sorted(values):
        if value not in allowed:
            raise refuse("unknown-value", name, field=name, value=value, allowed=", ".join(allowed))
