"""Regeln: what holds on a day, since when and by which source; an office's own file of rules."""

from __future__ import annotations

from datetime import date

from flask import flash, g, render_template, request, url_for

from plans.actions import Action
from plans.roles import Role
from web.desk.admin.frame import (
    INSTALLATION,
    above,
    blueprint,
    my_regions,
    refuse_others,
    region_choices,
    the_region,
)
from web.desk.filling import Page
from web.desk.form_page import Control, Field, FormPage
from web.desk.forms import asked, asked_day, request_key
from web.desk.guard import roles, the_desk, the_store
from workflows.access.rule_sets import load_rule_file, rule_files, rules_on
from workflows.acting import LOCAL_TIME


@blueprint.get("/regeln")
def rules() -> str:
    """Show every rule that holds on a day, with its source."""
    desk, region_id = the_desk(), the_region()
    today = the_store().now().astimezone(LOCAL_TIME).date()
    on = _asked_day(today)
    return render_template(
        "desk/admin/rules.html",
        regions=my_regions(),
        region_id=region_id,
        on=on,
        rules=rules_on(desk, region_id, on),
        files=rule_files(desk, region_id),
        may_change=Role.ADMINISTRATOR in roles(),
    )


@blueprint.route("/regeln/neu", methods=["GET", "POST"])
def new_rules() -> Page:
    """Let a file of rules hold from a day on."""
    refuse_others(Action.EDIT_RULES, Role.ADMINISTRATOR)
    fields = (
        Field("region", Control.SELECT, required=True, choices=region_choices()),
        Field("valid_from_on", Control.DAY, required=True),
        Field("source", required=True, label="rule_source"),
        Field("content", Control.LONG, required=True, label="rule_content"),
    )
    crumbs = (above(), (g.words("desk.admin.rules.title"), url_for("admin.rules")))

    def act() -> str:
        region = asked("region")
        region_id = None if region == INSTALLATION else region
        content = asked("content").replace("\r\n", "\n")
        file = g.words("desk.form.field.rule_content")
        load_rule_file(
            the_desk(request_key()), content, file, region_id, asked_day("valid_from_on"), asked("source")
        )
        flash(g.words("desk.admin.rules.loaded"))
        return url_for("admin.rules", region=region)

    return FormPage("rules", fields, {}, crumbs).answer(act)


def _asked_day(today: date) -> date:
    """The day of the address; today where it names none that can be read."""
    try:
        return date.fromisoformat(request.args.get("am", ""))
    except ValueError:
        return today
