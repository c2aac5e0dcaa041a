"""Lebenszeichen: says to machines that the application answers and its store can be read."""

from __future__ import annotations

from flask import Blueprint

from web.desk.guard import the_store
from workflows.desk_store import is_readable

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def show() -> tuple[dict[str, str], int]:
    """Answer 200 where the store can be read, else 503."""
    return ({"status": "ok"}, 200) if is_readable(the_store()) else ({"status": "no-store"}, 503)
