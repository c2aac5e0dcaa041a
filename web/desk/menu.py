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
    also : frozenset of str
        Other blueprints whose pages belong to it.
    """

    key: str
    endpoint: str
    roles: frozenset[Role]
    also: frozenset[str] = frozenset()

    def holds(self, blueprint: str | None) -> bool:
        """Whether the pages of a blueprint belong to it."""
        return blueprint == self.key or blueprint in self.also


OF_PEOPLE = frozenset({"cases", "agreements", "referrals"})

AREAS: tuple[Area, ...] = (
    Area("start", "start.show", frozenset(Role)),
    Area("people", "people.show", frozenset({Role.COUNSELLOR}), OF_PEOPLE),
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
    return next((area for area in AREAS if area.holds(blueprint)), None)
