"""Rahmen der Netzseiten: their blueprint, and which region they are about."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from web.desk.guard import the_desk
from workflows.access.regions import list_regions

blueprint = Blueprint("network", __name__, url_prefix="/netz")


def my_regions() -> list[dict[str, Any]]:
    """Return the regions that whoever is signed in may see, by name."""
    return sorted(list_regions(the_desk()), key=lambda region: str(region["name_de"]))
