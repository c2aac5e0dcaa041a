"""Organisationen: who works in a region, and a new one before any partner file names it."""

from __future__ import annotations

from flask import flash, g, render_template, url_for

from network.actors import ActorType
from network.labels import label
from plans.actions import Action
from plans.roles import Role
from web.desk.admin.frame import above, blueprint, my_regions, refuse_others, region_choices, the_region
from web.desk.filling import Page
from web.desk.form_page import Control, Field, FormPage
from web.desk.forms import FieldFault, asked, request_key
from web.desk.guard import the_desk
from workflows.access.regions import create_organisation, list_organisations


@blueprint.get("/organisationen")
def organisations() -> str:
    """Show the organisations of a region."""
    refuse_others(Action.CREATE_ORGANISATION, Role.ADMINISTRATOR, Role.COORDINATOR)
    region_id = the_region()
    return render_template(
        "desk/admin/organisations.html",
        regions=my_regions(),
        region_id=region_id,
        organisations=list_organisations(the_desk(), region_id) if region_id else [],
    )


@blueprint.route("/organisationen/neu", methods=["GET", "POST"])
def new_organisation() -> Page:
    """Make an organisation."""
    refuse_others(Action.CREATE_ORGANISATION, Role.ADMINISTRATOR, Role.COORDINATOR)
    types = tuple((one.value, label("actor_type", one.value, g.words.lang)) for one in ActorType)
    fields = (
        Field("region", Control.SELECT, required=True, choices=region_choices()),
        Field("key", required=True, label="organisation_key"),
        Field("name", required=True, label="organisation_name"),
        Field("type", Control.SELECT, required=True, choices=types, label="organisation_type"),
        Field("place", required=True, label="organisation_place"),
        Field("lat", required=True),
        Field("lon", required=True),
        Field("source", required=True),
    )
    list_address = url_for("admin.organisations")
    crumbs = (above(), (g.words("desk.admin.organisations"), list_address))

    def act() -> str:
        if (named := asked("type")) not in tuple(ActorType):
            raise FieldFault("type", "missing")
        create_organisation(
            the_desk(request_key()),
            asked("region"),
            asked("key"),
            asked("name"),
            ActorType(named),
            place_name=asked("place"),
            lat=_degrees("lat"),
            lon=_degrees("lon"),
            source=asked("source"),
        )
        flash(g.words("desk.admin.organisation-made"))
        return list_address

    return FormPage("organisation", fields, {}, crumbs).answer(act)


def _degrees(name: str) -> float:
    try:
        return float(asked(name).replace(",", "."))
    except ValueError:
        raise FieldFault(name, "number") from None
