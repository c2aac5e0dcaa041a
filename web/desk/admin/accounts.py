"""Konten: who can sign in, with which roles, and how it stands with each; a new account."""

from __future__ import annotations

from flask import flash, g, render_template, url_for

from plans.actions import Action
from plans.roles import Role
from web.desk.admin.frame import (
    INSTALLATION,
    above,
    blueprint,
    organisation_choices,
    refuse_others,
    region_choices,
)
from web.desk.filling import Page
from web.desk.form_page import Choices, Control, Field, FormPage, terms
from web.desk.forms import FieldFault, asked, request_key, text
from web.desk.guard import roles, the_desk
from workflows.access.accounts import NewAccount, list_accounts, open_account
from workflows.wording import LANGUAGES


@blueprint.get("")
def accounts() -> str:
    """Show every account that whoever is signed in reaches."""
    found = list_accounts(the_desk())
    return render_template(
        "desk/admin/accounts.html",
        accounts=found,
        places=dict(organisation_choices()),
        may_change=Role.ADMINISTRATOR in roles(),
    )


@blueprint.route("/konten/neu", methods=["GET", "POST"])
def new_account() -> Page:
    """Make an account with its first role; a password is given on its page."""
    refuse_others(Action.CREATE_ACCOUNT, Role.ADMINISTRATOR)
    fields = (
        Field("login_name", required=True),
        Field("display_name", required=True),
        *place_fields(),
        Field("language", Control.RADIOS, required=True, choices=_languages(), label="page_language"),
    )
    form = FormPage("account", fields, {"language": "de", "role": Role.COUNSELLOR.value}, (above(),))

    def act() -> str:
        role, region_id, organisation_id = asked_place()
        new = NewAccount(
            asked("login_name"), asked("display_name"), role, region_id, organisation_id, text("language")
        )
        id = open_account(the_desk(request_key()), new)
        flash(g.words("desk.admin.made"))
        return url_for("admin.account", account_id=id)

    return form.answer(act)


def place_fields() -> tuple[Field, ...]:
    """Fields for a role and where it holds."""
    return (
        Field("role", Control.SELECT, required=True, choices=terms(Role)),
        Field("region", Control.SELECT, required=True, choices=region_choices()),
        Field("organisation", Control.SELECT, choices=organisation_choices()),
    )


def asked_place() -> tuple[Role, str | None, str | None]:
    """Return the role of the form and where it holds.

    Raises
    ------
    FieldFault
        Where there is no such role.
    """
    named = asked("role")
    if named not in tuple(Role):
        raise FieldFault("role", "missing")
    region = asked("region")
    return Role(named), None if region == INSTALLATION else region, text("organisation") or None


def _languages() -> Choices:
    return tuple((lang, g.words(f"desk.languages.{lang}")) for lang in LANGUAGES)
