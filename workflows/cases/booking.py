"""Schritt und Vermittlung: what a referral for a step forbids the help plan to do by itself."""

from __future__ import annotations

from plans.referral_table import OPEN, ReferralState
from store import tables as t
from store.rows import ReadRows
from workflows.refusal import Refusal


def check_no_referral(unit: ReadRows, step_id: str, *, may_run: bool = False) -> None:
    """Refuse while a referral for a step is open.

    Parameters
    ----------
    unit : ReadRows
        Reads.
    step_id : str
        Id of the need.
    may_run : bool
        Whether one that has begun is no obstacle: a child may stay in the nursery when the step is done.

    Raises
    ------
    Refusal
        Names the referral.
    """
    states = OPEN - {ReferralState.IN_PROGRESS} if may_run else OPEN
    for referral in unit.find(t.referral, t.referral.c.state.in_(states), need_id=step_id):
        raise Refusal("open-referral", step=step_id, referral=referral["id"], state=referral["state"])
