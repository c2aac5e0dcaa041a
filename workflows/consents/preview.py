"""Vorschau: what a recipient will see of a person, before anything is sent."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from plans.actions import Action
from plans.consent import DataCategory, Purpose
from plans.disclosure import FieldView
from store import tables as t
from workflows.acting import Work, workflow
from workflows.consents.disclosing import Asked, look_through
from workflows.plain import plain
from workflows.referrals.advancing import asked_by
from workflows.referrals.carries import needed_for
from workflows.referrals.records import load_referral
from workflows.referrals.scopes import admit_referral
from workflows.scopes import admit


@workflow(Action.PREVIEW_DISCLOSURE)
def preview_disclosure(
    work: Work,
    need_id: str,
    recipient_id: str,
    carries: Collection[DataCategory] | None = None,
    purpose: Purpose = Purpose.REFERRAL,
) -> list[dict[str, Any]]:
    """Show the office what an organisation would see today because of a step (Vorschau der Weitergabe).

    Parameters
    ----------
    work : Work
        Called with a `Desk`; a file is read, so this is in the audit.
    need_id, recipient_id : str
        The step, and who would see.
    carries : collection of DataCategory, optional
        What would be handed on at most; by default what the kind of the step needs.
    purpose : Purpose
        What for.

    Returns
    -------
    list of dict
        Every recorded field with ``path``, ``category``, ``is_visible``, and its ``value`` where visible.
    """
    need = admit(work, t.need, need_id)
    carried = frozenset(carries or needed_for(need["kind"]))
    work.record("need", need_id, need["region_id"], recipient=recipient_id)
    return _as_json(look_through(work, Asked(need["person_id"], need_id, recipient_id, carried, purpose)))


@workflow(Action.PREVIEW_DISCLOSURE)
def preview_referral(work: Work, referral_id: str) -> list[dict[str, Any]]:
    """Show the office what the recipient of a referral would see today (see `preview_disclosure`)."""
    row = admit_referral(work, referral_id)
    work.record("referral", referral_id, row["region_id"], recipient=row["recipient_id"])
    return _as_json(look_through(work, asked_by(load_referral(work.unit, referral_id))))


def _as_json(views: Collection[FieldView]) -> list[dict[str, Any]]:
    return [plain(view) | {"value": plain(view.value)} for view in views]
