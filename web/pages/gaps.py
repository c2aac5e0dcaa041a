"""The planner's page (Lücken): what planning saves, where seats are missing, which groups stay shut."""

from __future__ import annotations

from flask import Blueprint, render_template

from web.pages.start import the_desk
from workflows.gaps_view import gaps_view
from workflows.small_cells import SMALLEST_SHOWN

blueprint = Blueprint("gaps", __name__, url_prefix="/gaps")


@blueprint.get("")
def show() -> str:
    """Show the waiting of both plans, the best seats to add, and the people left without one."""
    desk = the_desk()
    return render_template("gaps.html", desk=desk, view=gaps_view(desk), smallest=SMALLEST_SHOWN)
