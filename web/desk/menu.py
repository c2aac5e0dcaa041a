"""Menü: the areas of the desk, and which role sees which."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from plans.roles import Role


@dataclass(frozen=True)
class Area:
    """Bereich: one entry of the menu.

    Parameters
    ----------
    key : str
        Of its words, below ``desk.menu``; also the name of its blueprint.
    endpoint : str
        Its first page.
    roles : frozenset of Role
        Who sees it.
    """

    key: str
    endpoint: str
    roles: frozenset[Role]


AREAS: tuple[Area, ...] = (
    Area("start", "start.show", frozenset(Role)),
    Area("people", "people.show", frozenset({Role.COUNSELLOR})),
    Area("provider", "provider.show", frozenset({Role.PROVIDER})),
    Area("network", "network.regions", frozenset(Role)),
    Area("imports", "imports.regions", frozenset({Role.COORDINATOR, Role.PROVIDER})),
    Area("planning", "planning.regions", frozenset({Role.PLANNER, Role.COORDINATOR})),
    Area("admin", "admin.accounts", frozenset({Role.ADMINISTRATOR})),
    Area("audit", "audit.show", frozenset({Role.AUDITOR})),
)


def menu(roles: Set[Role]) -> tuple[Area, ...]:
    """Return the areas that somebody with these roles sees, in their order."""
    return tuple(area for area in AREAS if area.roles & roles)


def area_of(blueprint: str | None) -> Area | None:
    """Return the area that a page belongs to; None where it belongs to none."""
    return next((area for area in AREAS if area.key == blueprint), None)
