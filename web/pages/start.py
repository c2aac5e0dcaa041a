"""The first page (Startseite): the three users and what each finds; and the sign of life for machines."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template

from workflows.gaps_view import comparison
from workflows.session import RegionDesk

blueprint = Blueprint("start", __name__)


def the_desk() -> RegionDesk:
    """Return the desk that the application shows."""
    desk = current_app.config["DESK"]
    assert isinstance(desk, RegionDesk)
    return desk


@blueprint.get("/")
def show() -> str:
    """Lead each of the three users to their page."""
    desk = the_desk()
    return render_template("start.html", desk=desk, compared=comparison(desk))


@blueprint.get("/healthz")
def health() -> dict[str, str]:
    """Say that the application answers."""
    return {"status": "ok"}
