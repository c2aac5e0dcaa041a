"""Rahmen der Netzseiten: their blueprint, and which region they are about."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from plans.actions import Action
from plans.roles import standard_roles
from web.desk.guard import roles, the_desk
from workflows.access.regions import list_regions

blueprint = Blueprint("network", __name__, url_prefix="/netz")


def my_regions() -> list[dict[str, Any]]:
    """Return the regions that whoever is signed in may see, by name."""
    return sorted(list_regions(the_desk()), key=lambda region: str(region["name_de"]))


@blueprint.app_context_processor
def _rights() -> dict[str, bool]:
    """Whether a link to the reference process is of use to whoever is signed in."""
    return {"may_read_process": bool(roles() & standard_roles()[Action.READ_PROCESS].keys())}
