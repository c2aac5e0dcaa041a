"""Heute: the first page; what is due today for the roles of whoever is signed in, and where to go on."""

from __future__ import annotations

from flask import Blueprint, render_template

from plans.roles import Role
from web.desk.due import COUNTED_UP_TO, due_today
from web.desk.filling import Filling
from web.desk.guard import roles, the_desk, the_visit
from web.desk.menu import menu

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
def show() -> str:
    """Show what is due today, what can be searched for, and where to go on."""
    return render_template(
        "desk/start.html",
        due=due_today(the_desk(), the_visit().grants),
        counted_up_to=COUNTED_UP_TO,
        f=Filling(),
        may_find_people=Role.COUNSELLOR in roles(),
        areas=[area for area in menu(roles()) if area.key != blueprint.name],
    )
