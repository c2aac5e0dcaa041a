"""People who want the same seats at the same time: what each process of a race does."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import event

from plans.referral_table import ReferralState
from store import engine as engines
from store import tables as t
from store.faults import NoSeat, StoreBusy
from store.seats import give_back, resize, take
from store.unit_of_work import ReadingUnit
from tests.reliability.harness import opened
from tests.store.builders import TODAY, a_unit, described

HELD = (ReferralState.REQUESTED, ReferralState.ACCEPTED, ReferralState.IN_PROGRESS)


@dataclass
class Tally:
    """What one process met with."""

    outcomes: Counter = field(default_factory=Counter)
    waits_ms: list[float] = field(default_factory=list)


def compete(barrier, address, referral_ids, way, seed):
    """One process: one attempt for each referral, each in its own transaction."""
    with opened(address) as store:
        if way in UNPROTECTED:
            UNPROTECTED[way](store.engine)
        act = WAYS[way](store, referral_ids, random.Random(seed))
        tally = Tally()
        barrier.wait(120)
        for referral_id in referral_ids:
            started = time.perf_counter()
            tally.outcomes[outcome_of(act, referral_id)] += 1
            tally.waits_ms.append((time.perf_counter() - started) * 1000)
    return tally


def outcome_of(act, referral_id):
    try:
        return act(referral_id)
    except NoSeat:
        return "no seat"
    except (StoreBusy, sa.exc.DBAPIError) as error:
        return f"failed: {type(error).__name__} {' '.join(str(error).split())[:60]}"


def booking(store, _referral_ids, _rng):
    """As the product does it: the seat is taken by one guarded UPDATE."""

    def book(referral_id):
        with a_unit(store) as uow:
            referral = uow.get(t.referral, referral_id)
            take(uow, referral["slot_group_id"])
            request(uow, referral)
            described(uow, referral_id).commit()
        return "booked"

    return book


def looking_first(store, _referral_ids, _rng):
    """Look in one transaction, write in the next, as a program without the guarded UPDATE does."""

    def book(referral_id):
        with ReadingUnit(store) as unit:
            referral = unit.get(t.referral, referral_id)
            seen = unit.get(t.slot_group, referral["slot_group_id"])
        if seen["taken"] >= seen["seats"]:
            return "no seat"
        time.sleep(0.001)  # what every program does between looking and writing
        with a_unit(store) as uow:
            group = t.slot_group.update().where(t.slot_group.c.id == seen["id"])
            uow.execute(group.values(taken=seen["taken"] + 1))
            request(uow, referral)
            described(uow, referral_id).commit()
        return "booked"

    return book


def mixing(store, referral_ids, rng):
    """Book, withdraw what was booked before, or change how many seats a group has."""
    book, booked = booking(store, referral_ids, rng), []

    def act(referral_id):
        chosen = rng.choice(("book", "book", "withdraw", "resize"))
        if chosen == "withdraw" and booked:
            return withdraw(store, booked.pop())
        if chosen == "resize":
            return change_seats(store, referral_id, rng)
        outcome = book(referral_id)
        booked.append(referral_id)
        return outcome

    return act


def withdraw(store, referral_id):
    with a_unit(store) as uow:
        referral = uow.get(t.referral, referral_id)
        give_back(uow, referral["slot_group_id"])
        ended = {"state": ReferralState.CANCELLED, "ended_on": TODAY, "hold_until_on": None}
        uow.change(t.referral, referral_id, referral["version"], **ended)
        described(uow, referral_id).commit()
    return "withdrawn"


def change_seats(store, referral_id, rng):
    with a_unit(store) as uow:
        group = uow.get(t.slot_group, uow.get(t.referral, referral_id)["slot_group_id"])
        resize(uow, group["id"], max(0, group["seats"] + rng.choice((-3, -1, 2))))
        described(uow, group["id"]).commit()
    return "resized"


def request(uow, referral):
    until = {"hold_until_on": TODAY + timedelta(days=3)}
    values = {"state": ReferralState.REQUESTED, "sent_on": TODAY, **until}
    uow.change(t.referral, referral["id"], referral["version"], **values)


def deferred(engine):
    """Without ``BEGIN IMMEDIATE``, or without READ COMMITTED: transactions that fail half-way."""
    if engine.dialect.name == "postgresql":
        event.listen(engine, "begin", _one_state_for_writers)
    else:
        engines._has_begun = _begin_later  # in a process of its own


def _one_state_for_writers(connection):
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _begin_later(raw):
    raw.execute("BEGIN")
    return True


WAYS = {"guarded": booking, "looking first": looking_first, "mixed": mixing, "deferred": booking}
UNPROTECTED = {"deferred": deferred}
