"""Heute: the first page; what is due today for the roles of whoever is signed in."""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
def show() -> str:
    """Show what is due today."""
    return render_template("desk/start.html")
