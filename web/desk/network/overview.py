"""Karte und Liste: who offers what in a region, where and when; the filter stands in the address."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from web.desk.guard import the_desk
from web.desk.network.frame import blueprint, my_regions
from web.map_drawing import draw_map
from workflows.network_view import network_choices, network_view, read_network_filter
from workflows.partners.opened import open_network
from workflows.query import read_text

OFFERS_A_PAGE = 50


@blueprint.get("")
def regions() -> str | Response:
    """Lead to the region of whoever is signed in; let choose where there are several.

    What is searched for there goes along.
    """
    found, text = my_regions(), read_text(request.args, "text") or None
    if len(found) == 1:
        return redirect(url_for("network.show", region_id=found[0]["region_id"], text=text), 303)
    return render_template("desk/network/regions.html", regions=found, text=text)


@blueprint.get("/<region_id>")
def show(region_id: str) -> str:
    """Show the offers that pass the filter in the address, as map and list."""
    opened = open_network(the_desk(), region_id)
    choices = network_choices(opened.network)
    asked, faults = read_network_filter(request.args, choices)
    view = network_view(opened.network, asked)
    first = _first()
    return render_template(
        "desk/network/overview.html",
        opened=opened,
        choices=choices,
        asked=asked,
        faults=faults,
        view=view,
        drawing=draw_map(view, choices.towns.get(asked.town), asked.km),
        first=first,
        offers=view.offers[first : first + OFFERS_A_PAGE],
        page_size=OFFERS_A_PAGE,
        here_with=_here_with,
    )


def _first() -> int:
    """Number of offers before this page of the list, as the address says; nonsense is the first page."""
    text = request.args.get("from", "")
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _here_with(**changed: object) -> str:
    """Return the address of this page with its filter, some values of it changed; None takes one away."""
    kept = {name: value for name, value in request.args.items() if name not in changed}
    wanted = {name: str(value) for name, value in changed.items() if value is not None}
    return f"{request.path}?{urlencode(kept | wanted)}"


@blueprint.get("/<region_id>/bruchstellen")
def weak(region_id: str) -> str:
    """Show where the chain breaks, who holds a step alone, who stands aside, who joins the parts."""
    opened = open_network(the_desk(), region_id)
    return render_template("desk/network/weak.html", opened=opened, weak=opened.weak)


@blueprint.get("/<region_id>/nachfragen")
def old(region_id: str) -> str:
    """Show whose figures are old, with telephone and mail address: whom to ask again."""
    opened = open_network(the_desk(), region_id)
    return render_template("desk/network/old.html", opened=opened, found=opened.old_figures())
