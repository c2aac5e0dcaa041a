"""Angaben zu einem Schritt der Vermittlung: what a transition asks for, completed or refused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from plans.fault import refuse
from plans.referral_table import NEED_TEXT, SUGGESTED, Consequence, Reason, ReferralOutcome, Transition


@dataclass(frozen=True)
class Details:
    """Angaben zu einem Schritt: what a transition asks for; what it does not ask for is refused.

    Parameters
    ----------
    reason : Reason or None
        Why, where a reason is asked for; may be left out where only one is possible.
    text : str
        In words; must be given for NOT_ELIGIBLE (which rule) and OTHER.
    consequence : Consequence or None
        What happens next; None = the one suggested for the reason.
    outcome : ReferralOutcome or None
        Result of a completed step.
    expected_start_on : date or None
        Day on which a seat is expected on the waiting list, not in the past.
    """

    reason: Reason | None = None
    text: str = ""
    consequence: Consequence | None = None
    outcome: ReferralOutcome | None = None
    expected_start_on: date | None = None


NO_DETAILS = Details()
"""For transitions that ask for nothing."""


def complete_details(details: Details, row: Transition, on: date, where: str) -> Details:
    """Check details against a row of the table, and fill in what follows from it.

    Parameters
    ----------
    details : Details
        As given.
    row : Transition
        The row that is to be taken.
    on : date
        Day of the step.
    where : str
        Id of the referral, for the message.

    Returns
    -------
    Details
        With the only possible reason and the suggested consequence where none was given.

    Raises
    ------
    PlanFault
        Where something is missing that the row asks for, or given that it does not ask for.
    """
    reason = _reason(details, row, where)
    asked = {
        "consequence": bool(row.reasons),
        "outcome": row.asks_outcome,
        "expected_start_on": row.asks_expected_start,
    }
    for name, is_asked in asked.items():
        if getattr(details, name) is not None and not is_asked:
            raise refuse("not-asked", where, field=name, action=row.action)
        if getattr(details, name) is None and is_asked and name != "consequence":
            raise refuse("needed-for", where, field=name, action=row.action)
    expected_on = details.expected_start_on
    if expected_on is not None and expected_on < on:
        raise refuse("out-of-range", where, field="expected_start_on", value=expected_on, allowed=f">= {on}")
    consequence = details.consequence or (SUGGESTED[reason] if reason else None)
    return replace(details, reason=reason, consequence=consequence)


def _reason(details: Details, row: Transition, where: str) -> Reason | None:
    only = next(iter(row.reasons)) if len(row.reasons) == 1 else None
    reason = details.reason or only
    if not row.reasons and reason is not None:
        raise refuse("not-asked", where, field="reason", action=row.action)
    if row.reasons and reason not in row.reasons:
        raise refuse("reason-needed", where, action=row.action, allowed=row.reasons)
    if reason in NEED_TEXT and not details.text.strip():
        raise refuse("needed-for", where, field="text", action=reason)
    return reason
