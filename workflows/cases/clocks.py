"""Die vier Daten beider Uhren: noted by hand where no referral leads them."""

from __future__ import annotations

from datetime import date
from typing import Any

from plans.actions import Action
from plans.waiting import ClockDates
from workflows.acting import Work, workflow
from workflows.cases.booking import check_no_referral
from workflows.cases.days import check_has_been
from workflows.cases.plans import take_step, told
from workflows.cases.records import keep_step


@workflow(Action.EDIT_PLAN)
def note_entitlement(work: Work, step_id: str, version: int, entitled_on: date | None) -> dict[str, Any]:
    """Note the day on which somebody was entitled or obliged; the access time counts from here.

    Parameters
    ----------
    work, step_id, version
        The workflow, the step, and its version that was read.
    entitled_on : date or None
        Day; None takes back one that was wrong.

    Returns
    -------
    dict
        ``id`` and new ``version`` of the step.
    """
    file, step = take_step(work, step_id, version)
    known = step.clocks
    dates = ClockDates(entitled_on, known.registered_on, known.placed_on, known.started_on)
    row = keep_step(work, file, step.note_dates(dates))
    work.record("need", step_id, file.plan["region_id"], entitled_on=entitled_on)
    return told(row)


@workflow(Action.EDIT_PLAN)
def note_dates(work: Work, step_id: str, version: int, dates: ClockDates) -> dict[str, Any]:
    """Note all four dates of a step that somebody takes without a referral of this product.

    Parameters
    ----------
    work, step_id, version
        The workflow, the step, and its version that was read.
    dates : ClockDates
        Entitled, registered, placed, started, as far as they have been; a start puts the step under way.

    Returns
    -------
    dict
        ``id`` and new ``version`` of the step.

    Raises
    ------
    Refusal
        Where a referral is open for the step: the dates follow from it then.
    """
    file, step = take_step(work, step_id, version)
    check_no_referral(work.unit, step_id)
    for name in ("registered_on", "placed_on", "started_on"):
        if (on := getattr(dates, name)) is not None:
            check_has_been(work, name, on)
    row = keep_step(work, file, step.note_dates(dates))
    work.record("need", step_id, file.plan["region_id"], state=row["state"])
    return told(row)
