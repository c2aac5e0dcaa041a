"""Rahmen der Verwaltung: their blueprint, the regions that somebody reaches, and who works where."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, request, url_for

from plans.actions import Action
from plans.roles import Role
from web.desk.form_page import Choices
from web.desk.guard import roles, the_desk, the_visit
from workflows.access.regions import list_organisations, list_regions
from workflows.refusal import Forbidden

blueprint = Blueprint("admin", __name__, url_prefix="/verwaltung")

INSTALLATION = "-"
"""Stands for the whole installation where a region is chosen."""


def my_regions() -> list[dict[str, Any]]:
    """Return the regions that whoever is signed in reaches, by name."""
    return sorted(list_regions(the_desk()), key=lambda region: str(region["name_de"]))


def administers_everything() -> bool:
    """Whether whoever is signed in administers the whole installation."""
    grants = the_visit().grants
    return any(grant.role is Role.ADMINISTRATOR and grant.region_id is None for grant in grants)


def refuse_others(action: Action, *allowed: Role) -> None:
    """Refuse whoever has none of the roles that may do this, before a form is shown.

    Raises
    ------
    Forbidden
        Where not.
    """
    if not roles() & set(allowed):
        raise Forbidden("not-your-role", action=action)


def the_region() -> str | None:
    """Return the region that the address names, else the first one; None = the installation."""
    asked = request.args.get("region", "")
    if asked:
        return None if asked == INSTALLATION else asked
    found = my_regions()
    return str(found[0]["region_id"]) if found else None


def region_choices() -> Choices:
    """Regions to choose from; the installation only for whoever administers all of it."""
    named = tuple((one["region_id"], one[f"name_{g.words.lang}"]) for one in my_regions())
    return named + (((INSTALLATION, g.words("desk.admin.installation")),) if administers_everything() else ())


def organisation_choices() -> Choices:
    """Organisations of all regions that somebody reaches, with their place."""
    desk = the_desk()
    return tuple(
        (one["organisation_id"], f"{one['name']}, {one['place']}")
        for region in my_regions()
        for one in list_organisations(desk, region["region_id"])
    )


def above() -> tuple[str, str]:
    """Label and address of the list of accounts."""
    return g.words("desk.menu.admin"), url_for("admin.accounts")
