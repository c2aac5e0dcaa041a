"""Rahmen der Planungsseiten: their blueprint, and in which regions whoever is signed in plans."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort

from plans.roles import Role
from web.desk.guard import the_desk, the_visit
from workflows.access.regions import list_regions

blueprint = Blueprint("planning", __name__, url_prefix="/planung")

PLANNING_ROLES = frozenset({Role.PLANNER, Role.COORDINATOR})


def my_regions() -> list[dict[str, Any]]:
    """Return the regions in which whoever is signed in plans, by name; 403 for whoever plans nowhere."""
    mine = {grant.region_id for grant in the_visit().grants if grant.role in PLANNING_ROLES}
    if not mine:
        abort(403)
    found = [region for region in list_regions(the_desk()) if region["region_id"] in mine]
    return sorted(found, key=lambda region: str(region["name_de"]))


def name_of(region_id: str, lang: str) -> str:
    """Return the name of a region that whoever is signed in may see."""
    found = (one for one in list_regions(the_desk()) if one["region_id"] == region_id)
    return next((str(one[f"name_{lang}"]) for one in found), region_id)
