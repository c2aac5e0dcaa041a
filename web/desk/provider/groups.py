"""Seiten „Plätze und Termine“: a table that is kept current like a spreadsheet, and who takes part."""

from __future__ import annotations

from flask import g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from web.desk import forms
from web.desk.guard import is_inside_page, the_desk
from web.desk.provider.incoming import REFUSED_IN_THE_FORM, blueprint
from workflows.acting import LOCAL_TIME
from workflows.partners.editing import EntryRefused, edit_group, edit_queue
from workflows.partners.own_groups import OwnGroup, list_own_groups, own_group
from workflows.referrals.groups import list_participants, list_waiting
from workflows.refusals_shown import REFUSALS, shown


@blueprint.get("/plaetze")
def table() -> str:
    """Show all own groups, dates and stock that are not over, each line to be changed on the spot."""
    return render_template("desk/provider/table.html", groups=list_own_groups(the_desk()))


@blueprint.post("/plaetze/<slot_group_id>")
def save(slot_group_id: str) -> str | Response | tuple[str, int]:
    """Save one line of the table; inside the page only this line comes back."""
    group = own_group(the_desk(), slot_group_id)
    try:
        _save(group)
    except (EntryRefused, forms.FieldFault, *REFUSALS) as refusal:
        return _refused(group, refusal)
    if not is_inside_page():
        return redirect(url_for("provider.table"), 303)
    return render_template(
        "desk/provider/row_alone.html", group=own_group(the_desk(), slot_group_id), saved=True
    )


@blueprint.get("/gruppen/<slot_group_id>")
def participants(slot_group_id: str) -> str:
    """Show who takes part in a group and who waits for it; that it was read is noted."""
    return render_template(
        "desk/provider/group.html",
        group=own_group(the_desk(), slot_group_id),
        participants=list_participants(the_desk(), slot_group_id),
        queue=list_waiting(the_desk(), slot_group_id),
    )


def _save(group: OwnGroup) -> None:
    """A course group is changed as a row of the partner files, a date by what is given away of it."""
    desk, version = the_desk(forms.request_key()), forms.version()
    if group.shape == "service":
        limit = forms.text("waitlist_limit")
        edit_queue(desk, group.id, version, _number("booked"), _number("waitlist_limit") if limit else None)
        return
    today = desk.store.now().astimezone(LOCAL_TIME).date()
    cells = {"as_of": today.isoformat()}
    columns = ("number",) if group.shape == "stock" else ("seats", "booked", "minimum")
    if group.shape == "group" and not group.has_begun:
        cells["start"] = forms.asked_day("start").isoformat()
    edit_group(desk, group.id, version, cells | {name: forms.text(name) for name in columns})


def _number(name: str) -> int:
    text = forms.text(name)
    if not text.isdecimal() or len(text) > 6:
        raise forms.FieldFault(name, "number")
    return int(text)


def _refused(group: OwnGroup, refusal: Exception) -> tuple[str, int]:
    """The line as it was typed, with what is wrong; elsewhere the whole table with it."""
    if isinstance(refusal, forms.FieldFault):
        status, sentence = 422, g.words(f"desk.field.{refusal.code}")
    else:
        seen = shown(refusal, g.words.lang)
        status, sentence = seen.status, seen.sentence
    if status not in REFUSED_IN_THE_FORM:
        raise refusal
    group = own_group(the_desk(), group.id)
    names = ("start", "seats", "number", "booked", "minimum", "waitlist_limit")
    typed = {name: forms.text(name) for name in names}
    if is_inside_page():
        return render_template(
            "desk/provider/row_alone.html", group=group, typed=typed, fault=sentence
        ), status
    groups = list_own_groups(the_desk())
    return render_template(
        "desk/provider/table.html", groups=groups, faulty=group.id, typed=typed, fault=sentence
    ), status
