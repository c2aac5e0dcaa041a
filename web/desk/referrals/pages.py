"""Seiten des Vermittelns: the best referrals for a step, two compared, one asked for, one taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from werkzeug.wrappers import Response

from network.kinds import kind_label
from plans.referral_table import TRANSITIONS, Reason, ReferralAction, ReferralState
from web.desk.filling import Page
from web.desk.form_page import Control, Field, FormPage, lead_to, terms
from web.desk.forms import asked_day, day_of, one_of, request_key, text, version
from web.desk.guard import the_desk
from web.desk.referrals.disclosed import preview_of
from web.desk.referrals.excluded import grouped
from workflows.consents.preview import preview_disclosure
from workflows.planning_runs.calling_up import who_could_begin
from workflows.planning_runs.suggest import suggest_slots
from workflows.referrals.answer_links import make_answer_link
from workflows.referrals.carries import needed_for
from workflows.referrals.offers import ask_for_seat, ask_to_wait, describe_slots, names_of_people
from workflows.referrals.office import cancel_referral
from workflows.refusals_shown import REFUSALS, shown

blueprint = Blueprint("referrals", __name__, url_prefix="/vermittlung")

COMPARED = 2
NOBODY_WAITS_DAYS = 0.5
"""What others lose below so many days is called nothing: prices are not more exact than that."""
TRY_ANOTHER = (409, 422)
"""Refusals of a request after which the best slots of now are shown with the reason."""

Row = dict[str, Any]


@blueprint.get("/<need_id>")
def best(need_id: str) -> str:
    """Show the best referrals for a step."""
    return _best_page(need_id, "")


@blueprint.route("/<need_id>/platz/<slot_id>", methods=["GET", "POST"])
def ask(need_id: str, slot_id: str) -> Page:
    """Show what the recipient would see, and ask for the seat in one click."""
    seen = describe_slots(the_desk(), need_id, [slot_id])
    if slot_id not in seen["slots"]:
        abort(404)
    if request.method == "POST":
        return _asked_for(seen, need_id, slot_id)
    slot = seen["slots"][slot_id]
    views = preview_disclosure(the_desk(), need_id, slot["organisation_id"])
    return render_template(
        "desk/referrals/ask.html",
        seen=seen,
        slot=slot,
        crumbs_above=_above(seen, url_for("referrals.best", need_id=need_id)),
        preview=preview_of(views, needed_for(slot["kind"])),
    )


@blueprint.route("/<need_id>/warteliste/<slot_id>", methods=["GET", "POST"])
def wait(need_id: str, slot_id: str) -> Page:
    """Have a person put on the waiting list of a group."""
    seen = describe_slots(the_desk(), need_id, [slot_id])
    if slot_id not in seen["slots"]:
        abort(404)
    slot = seen["slots"][slot_id]
    fields = (Field("expected_start_on", Control.DAY, required=True),)
    named = {"name": seen["person_name"], "offering": slot["offering"], "organisation": slot["organisation"]}
    above = _above(seen, url_for("referrals.best", need_id=need_id))

    def join() -> str:
        ask_to_wait(the_desk(request_key()), need_id, slot_id, asked_day("expected_start_on"))
        return _case(seen)

    return FormPage("wait", fields, {"expected_start_on": slot["start_on"]}, above, named).answer(join)


@blueprint.get("/<need_id>/nachruecken/<slot_id>")
def call_up(need_id: str, slot_id: str) -> str:
    """Show who else of the office could take the seat that a step has left."""
    found = who_could_begin(the_desk(), need_id, slot_id)
    seen = describe_slots(the_desk(), need_id, [slot_id])
    return render_template(
        "desk/referrals/call_up.html",
        found=found,
        slot=seen["slots"][slot_id],
        names=names_of_people(the_desk(), [one["person_id"] for one in found["people"]]),
        crumbs_above=_above(seen, None),
        cost=_cost_to_others,
        chain_effect=_chain_effect,
    )


@blueprint.route("/<need_id>/zurueckziehen", methods=["GET", "POST"])
def take_back(need_id: str) -> Page:
    """Cancel the open referral of a step; its seat becomes free."""
    seen = describe_slots(the_desk(), need_id, [])
    # A form that is sent twice is answered as it was the first time, when the referral has ended.
    referral = seen["referral"] or (seen["last_referral"] if request.method == "POST" else None)
    if referral is None:
        abort(404)
    transition = TRANSITIONS.get((ReferralState(referral["state"]), ReferralAction.CANCEL))
    allowed = transition.reasons if transition else ()
    fields = (
        Field(
            "reason", Control.RADIOS, True, terms(r for r in Reason if r in allowed), label="cancel_reason"
        ),
        Field("text", Control.LONG, label="cancel_text"),
    )
    above = _above(seen, None)

    def cancel() -> str:
        reason = one_of(Reason, "reason")
        cancel_referral(the_desk(request_key()), referral["id"], version(), reason, text("text"))
        return _case(seen)

    named = {"name": seen["person_name"], "kind": kind_label(seen["need"]["kind"], g.words.lang)}
    return FormPage("take-back", fields, {"version": referral["version"]}, above, named, True).answer(cancel)


@blueprint.route("/<need_id>/link", methods=["GET", "POST"])
def answer_link(need_id: str) -> str:
    """Make a link by which a provider without an account answers the request of a step; it is shown once."""
    seen = describe_slots(the_desk(), need_id, [])
    if seen["referral"] is None:
        abort(404)
    made = None
    if request.method == "POST":
        made = make_answer_link(the_desk(request_key()), seen["referral"]["id"])
    return render_template(
        "desk/referrals/answer_link.html",
        seen=seen,
        made=made,
        address=made and url_for("by_link.show", token=made.token, _external=True),
        crumbs_above=_above(seen, None),
    )


def _asked_for(seen: Row, need_id: str, slot_id: str) -> Response | tuple[str, int]:
    """Ask for the seat; where it was lost in the meantime, say why and show the best of now."""
    try:
        ask_for_seat(the_desk(request_key()), need_id, slot_id)
    except REFUSALS as error:
        refused = shown(error, g.words.lang)
        if refused.status not in TRY_ANOTHER:
            raise
        return _best_page(need_id, refused.sentence), refused.status
    return lead_to(f"{_case(seen)}#step-{need_id}")


def _best_page(need_id: str, refused: str) -> str:
    found = suggest_slots(the_desk(), need_id)
    slot_ids = {one["slot_id"] for one in (*found["offers"], *found["excluded"])}
    seen = describe_slots(the_desk(), need_id, slot_ids)
    compared = request.args.getlist("vergleich")[:COMPARED]
    offers = [one for one in found["offers"] if one["slot_id"] in seen["slots"]]
    return render_template(
        "desk/referrals/best.html",
        refused=refused,
        seen=seen,
        found=found,
        offers=offers,
        compared=[one for one in offers if one["slot_id"] in compared],
        excluded=grouped(found["excluded"], seen["slots"], g.words.lang),
        crumbs_above=_above(seen, None),
        cost=_cost_to_others,
        chain_effect=_chain_effect,
        target_on=day_of(seen["need"]["target_on"]),
    )


def _cost_to_others(offer: Mapping[str, Any]) -> str:
    """What a seat costs others, in plain words."""
    days = offer["others_days"]
    if days < NOBODY_WAITS_DAYS:
        return str(g.words("desk.referrals.others.nobody"))
    return str(g.words("desk.referrals.others.wait", days=g.words.count("days", round(days))))


def _chain_effect(offer: Mapping[str, Any]) -> str:
    """What a seat means for the steps that follow."""
    days = offer["chain_delay_days"]
    if not days:
        return str(g.words("desk.referrals.chain.same"))
    key = "later" if days > 0 else "sooner"
    return str(g.words(f"desk.referrals.chain.{key}", days=g.words.count("days", abs(days))))


def _case(seen: Row) -> str:
    return url_for("cases.show", person_id=seen["person_id"])


def _above(seen: Row, best_address: str | None) -> tuple[tuple[str, str], ...]:
    pages = (
        (g.words("desk.menu.people"), url_for("people.show")),
        (seen["person_name"], _case(seen)),
    )
    return pages if best_address is None else (*pages, (g.words("desk.referrals.title"), best_address))
