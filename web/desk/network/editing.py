"""Bearbeiten: rows of an actor are changed, confirmed and added; what was typed stays when it is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from web.desk import forms
from web.desk.guard import the_desk
from web.desk.network.fields import cells_of_form, fields_of
from web.desk.network.frame import blueprint
from workflows.acting import Desk
from workflows.partners.actor_file import ActorFile, Entry, actor_to_edit, links_to_edit
from workflows.partners.editing import (
    EntryRefused,
    add_cooperation,
    add_dated,
    add_offering,
    edit_actor,
    edit_cooperation,
    edit_group,
    edit_offering,
    edit_service,
    end_cooperation,
)
from workflows.refusal import Refusal
from workflows.refusals_shown import REFUSALS, shown

EDITS: Mapping[str, Callable[[Desk, str, int, Mapping[str, str]], dict[str, Any]]] = {
    "actors": edit_actor,
    "offerings": edit_offering,
    "groups": edit_group,
    "stock": edit_group,
    "services": edit_service,
    "cooperation": edit_cooperation,
}
_FORM = "/<region_id>/akteure/<key>/<table>"


@blueprint.get(f"{_FORM}/<id>")
def edit(region_id: str, key: str, table: str, id: str) -> str:
    """Show a row of an actor to be changed."""
    file, entry = _entry(region_id, key, table, id)
    return _form(file, entry, fields_of(table, entry.cells))


@blueprint.post(f"{_FORM}/<id>")
def save(region_id: str, key: str, table: str, id: str) -> Response | tuple[str, int]:
    """Save a row that was changed; where somebody was faster, both versions are shown."""
    file, entry = _entry(region_id, key, table, id)
    version, typed = forms.version(), cells_of_form(table)
    changed = {name: cell for name, cell in typed.items() if cell != entry.cells[name]}
    if not changed:  # also where a form is sent twice: what it says stands there already
        return _back(file)
    try:
        EDITS[table](the_desk(forms.request_key()), id, version, changed)
    except EntryRefused as refusal:
        return _refused(file, entry, typed, refusal), 422
    except REFUSALS as refusal:
        seen = shown(refusal, g.words.lang)
        if seen.status != 409:
            raise
        entry = _entry(region_id, key, table, id)[1]
        return _form(file, entry, fields_of(table, typed, now=entry.cells), refused=seen.sentence), 409
    return _back(file)


@blueprint.post(f"{_FORM}/<id>/bestaetigen")
def confirm(region_id: str, key: str, table: str, id: str) -> Response:
    """Note that the figures of a row hold today."""
    file, entry = _entry(region_id, key, table, id)
    today = {"as_of": file.opened.today.isoformat()}
    if entry.cells["as_of"] != today["as_of"]:
        EDITS[table](the_desk(forms.request_key()), id, forms.version(), today)
    return _back(file)


@blueprint.post(f"{_FORM}/<id>/beenden")
def end(region_id: str, key: str, table: str, id: str) -> Response:
    """End a cooperation."""
    file = _file(region_id, key, table)
    if table != "cooperation":
        abort(404)
    end_cooperation(the_desk(forms.request_key()), id, forms.version())
    return _back(file)


@blueprint.get(f"{_FORM}/neu")
def new(region_id: str, key: str, table: str) -> str:
    """Show the form of a new row."""
    file = _file(region_id, key, table)
    return _new_form(file, table, {"as_of": file.opened.today.isoformat()})


@blueprint.post(f"{_FORM}/neu")
def add(region_id: str, key: str, table: str) -> Response | tuple[str, int]:
    """Add a row."""
    file = _file(region_id, key, table)
    typed = {**cells_of_form(table), **_names(table)}
    try:
        _add(file, table, typed)
    except EntryRefused as refusal:
        texts, faults = _said(refusal)
        return _new_form(file, table, typed, texts, faults), 422
    except Refusal as refusal:
        if shown(refusal, g.words.lang).status != 422:
            raise
        return _new_form(file, table, typed, [refusal.text(g.words.lang)]), 422
    return _back(file)


def _add(file: ActorFile, table: str, typed: Mapping[str, str]) -> None:
    desk = the_desk(forms.request_key())
    region_id = file.opened.region.id
    if table == "offerings":
        add_offering(desk, file.actor.id, typed)
    elif table == "cooperation":
        add_cooperation(desk, region_id, {**typed, "from": file.actor.key})
    else:
        offering = next((one for one, _ in file.offerings if one.key == typed["offering"]), None)
        if offering is None:
            abort(404)
        add_dated(desk, offering.id, table, typed)


def _names(table: str) -> dict[str, str]:
    """What only a new row is asked for: how it is called, and what it hangs on."""
    asked = {"offerings": ("id",), "cooperation": ("to", "kind")}.get(table, ("id", "offering"))
    return {name: forms.text(name) for name in asked}


def _file(region_id: str, key: str, table: str) -> ActorFile:
    read = links_to_edit if table == "cooperation" else actor_to_edit
    file = read(the_desk(), region_id, key)
    if table not in EDITS:
        abort(404)
    return file


def _entry(region_id: str, key: str, table: str, id: str) -> tuple[ActorFile, Entry]:
    file = _file(region_id, key, table)
    entry = file.entry(table, id)
    if entry is None:
        abort(404)
    return file, entry


def _refused(file: ActorFile, entry: Entry, typed: Mapping[str, str], refusal: EntryRefused) -> str:
    texts, faults = _said(refusal)
    return _form(file, entry, fields_of(entry.table, typed, faults), refused=" ".join(texts))


def _said(refusal: EntryRefused) -> tuple[list[str], dict[str, str]]:
    """What is wrong with the row as a whole, and with its columns."""
    lang = g.words.lang
    known = {reason.column: reason.text(lang) for reason in refusal.reasons if reason.column}
    return [reason.text(lang) for reason in refusal.reasons if not reason.column], known


def _form(file: ActorFile, entry: Entry, fields: list[Any], refused: str = "") -> str:
    return render_template(
        "desk/network/edit.html", file=file, entry=entry, table=entry.table, fields=fields, refused=refused
    )


def _new_form(
    file: ActorFile,
    table: str,
    typed: Mapping[str, str],
    texts: list[str] | None = None,
    faults: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "desk/network/new.html",
        file=file,
        table=table,
        typed=typed,
        fields=fields_of(table, typed, faults),
        faults=faults or {},
        refused=" ".join(texts or ()),
        offering=typed.get("offering") or request.args.get("offering", ""),
    )


def _back(file: ActorFile) -> Response:
    address = url_for("network.actor", region_id=file.opened.region.id, key=file.actor.key)
    return redirect(address, 303)
