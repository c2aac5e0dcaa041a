"""Promise 8, how it is written: a row for each endpoint says which role may, and whose objects it sees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from plans.roles import Role
from tests.web.desk.world import Side, World

Making = Callable[[World, Side], Mapping[str, str]]
"""Makes an object that belongs to a side of the world; returns the values of its address."""


class Reach(Enum):
    """Reichweite: whose objects a role sees on a page."""

    ALL = "whatever there is; also pages without an object"
    REGION = "its own region's; those of another region look as if they were not there"
    ORGANISATION = "its own organisation's; those of another one of the region look as if they were not there"


@dataclass(frozen=True)
class Row:
    """Zeile: one endpoint.

    Parameters
    ----------
    reach : mapping of Role to Reach
        The roles that may.
    of : callable, optional
        Makes the object that its address names.
    form : mapping
        What is sent where it takes a form, so that nothing but the permission can refuse it.
    ends_session : bool
        Whether whoever uses it is signed out.
    """

    reach: Mapping[Role, Reach]
    of: Making | None = None
    form: Mapping[str, Any] = field(default_factory=dict)
    ends_session: bool = False


def row(
    *everything: Role,
    of: Making | None = None,
    form: Mapping[str, Any] | None = None,
    ends_session: bool = False,
    **reach: Reach,
) -> Row:
    """Declare a row: roles that see everything there, and ``role=Reach.…`` for those that see their own.

    >>> row(*Role)  # a page without an object that every role may open
    >>> row(planner=Reach.REGION, of=a_run)
    """
    named = {Role(name): given for name, given in reach.items()}
    return Row({**dict.fromkeys(everything, Reach.ALL), **named}, of, form or {}, ends_session)
