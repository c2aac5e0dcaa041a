"""What a person may ask for, and what goes when its time is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from plans.case_records import ClosureReason
from plans.referral_table import ReferralState
from store import tables as t
from store.unit_of_work import ReadingUnit, Store
from tests.reliability.interrupting import Fresh, Life, call
from tests.reliability.whole_stores import REGION, a_network, a_whole_person
from tests.store.builders import TODAY, a_need, a_referral, a_unit, described
from tests.workflows.desks import the_machine
from workflows.privacy.answering import answer_access_request
from workflows.privacy.erasing import Ground, erase_person
from workflows.privacy.retention import (
    delete_draft_when_due,
    erase_when_due,
    forget_request_keys,
    forget_seat_records,
    prune_audit,
)

YEARS_LATER = datetime(2046, 3, 2, 12, tzinfo=UTC)


def on(store: Store, day: date) -> Store:
    return replace(store, now=lambda: datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def of_erasing(fresh: Fresh) -> Life:
    """Somebody who asks what is known, and then to be forgotten."""
    store = on(fresh(), TODAY)
    with a_unit(store) as uow:
        person = a_whole_person(uow, a_network(uow))
        described(uow).commit()
    desk = the_machine(store)
    yield call(answer_access_request, desk, person)
    with ReadingUnit(store) as unit:
        (plan,) = unit.find(t.help_plan, person_id=person)
    yield call(erase_person, desk, person, plan["version"], Ground.REQUEST)


def of_retention(fresh: Fresh) -> Life:
    """Twenty years later: a closed case, a draft, and records of each kind."""
    store = on(fresh(), TODAY)
    with a_unit(store) as uow:
        ids = a_network(uow)
        person, other = a_whole_person(uow, ids), a_whole_person(uow, ids, "Beispiel")
        for row in uow.find(t.referral, person_id=person):
            uow.change(t.referral, row["id"], row["version"], state=ReferralState.REJECTED, ended_on=TODAY)
        (plan,) = uow.find(t.help_plan, person_id=person)
        closed = {"phase": "closed", "closure_reason": ClosureReason.GOALS_REACHED, "closed_on": TODAY}
        uow.change(t.help_plan, plan["id"], plan["version"], erase_due_on=TODAY, **closed)
        others = uow.find(t.help_plan, person_id=other)[0]["id"]
        draft = a_referral(uow, a_need(uow, REGION, others, position=2), ids["slot"])
        described(uow).commit()
    desk = the_machine(replace(store, now=lambda: YEARS_LATER))
    assert (yield call(erase_when_due, desk, person)) == 1
    assert (yield call(delete_draft_when_due, desk, draft)) == 1
    assert (yield call(forget_seat_records, desk, REGION)) > 0
    assert (yield call(forget_request_keys, desk)) > 0
    assert (yield call(prune_audit, desk)) > 0
