"""Dated rules decide how long data are kept; what is due is listed, and goes when it is told to."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from plans.case_records import ClosureReason
from plans.referral_table import ReferralState
from store import journal
from store import tables as t
from store.faults import StoreBusy
from store.idempotency import claim, keep
from store.unit_of_work import ReadingUnit
from tests.reliability.whole_stores import a_network, a_whole_person
from tests.store.builders import a_need, a_referral, a_unit, described
from tests.workflows.desks import REGION, the_machine
from workflows.access.rule_sets import load_rule_file
from workflows.privacy import retention
from workflows.privacy.retention import Kept, apply_retention, list_due

TODAY = date(2026, 3, 2)
CLOSED = {"phase": "closed", "closure_reason": next(iter(ClosureReason))}
SHORTER = """[[rule]]
key = "retention-case-days"
value = 30
unit = "days"
valid_from = 2000-01-01
basis = "assumption"
source = "Deletion concept of the office"
label_de = "Löschung"
label_en = "Deletion"
"""


class Office:
    """A store whose clock a test turns, with one person."""

    def __init__(self, store):
        self.day = TODAY
        self.store = replace(store, now=self.now)
        with a_unit(self.store) as uow:
            self.ids = a_network(uow)
            self.person = a_whole_person(uow, self.ids, "Sara Muster")
            described(uow).commit()

    def now(self):
        return datetime(self.day.year, self.day.month, self.day.day, 9, tzinfo=UTC)

    @property
    def desk(self):
        return the_machine(self.store)

    def rows(self, table, **equal):
        with ReadingUnit(self.store) as unit:
            return unit.find(table, **equal)

    def close(self, closed_on):
        (plan,) = self.rows(t.help_plan, person_id=self.person)
        with a_unit(self.store) as uow:
            for row in uow.find(t.referral):
                ended = {"state": ReferralState.REJECTED, "ended_on": closed_on}
                uow.change(t.referral, row["id"], row["version"], **ended)
            due_on = closed_on + timedelta(days=730)
            uow.change(
                t.help_plan, plan["id"], plan["version"], closed_on=closed_on, erase_due_on=due_on, **CLOSED
            )
            described(uow).commit()

    def due(self):
        return {due.kind: due.count for due in list_due(self.desk)}


@pytest.fixture
def office(store):
    return Office(store)


def test_a_closed_case_goes_on_its_day_and_not_before(office):
    office.close(TODAY)
    office.day = TODAY + timedelta(days=729)
    assert office.due()[Kept.CASE] == 0
    office.day += timedelta(days=1)
    assert office.due()[Kept.CASE] == 1
    assert apply_retention(office.desk).gone["case"] == 1
    assert office.rows(t.person) == []
    assert office.due()[Kept.CASE] == 0


def test_the_rule_of_the_region_decides_also_for_cases_closed_before_it_was_loaded(office):
    office.close(TODAY)
    office.day = TODAY + timedelta(days=40)
    assert office.due()[Kept.CASE] == 0
    load_rule_file(office.desk, SHORTER, "office.toml", REGION, office.day, "Order 7")
    (due,) = (due for due in list_due(office.desk) if due.kind is Kept.CASE)
    assert (due.count, due.ids, due.rule.days) == (1, (office.person,), 30)
    assert due.said()["source"] == "Deletion concept of the office"


def test_a_plan_that_was_opened_again_since_the_list_is_kept(office, monkeypatch):
    office.close(TODAY - timedelta(days=800))
    (due,) = (due for due in list_due(office.desk) if due.kind is Kept.CASE)
    (plan,) = office.rows(t.help_plan)
    with a_unit(office.store) as uow:
        opened = {"phase": "active", "closed_on": None, "closure_reason": None, "erase_due_on": None}
        uow.change(t.help_plan, plan["id"], plan["version"], **opened)
        described(uow).commit()
    monkeypatch.setattr(retention, "list_due", lambda _: [due])
    assert apply_retention(office.desk).gone["case"] == 0
    assert office.rows(t.person)


def test_a_draft_that_nobody_touched_for_a_quarter_goes_and_a_sent_one_stays(office):
    (plan,) = office.rows(t.help_plan)
    with a_unit(office.store) as uow:
        draft = a_referral(uow, a_need(uow, REGION, plan["id"], position=2), office.ids["slot"])
        described(uow).commit()
    office.day += timedelta(days=91)
    assert apply_retention(office.desk).gone["draft"] == 1
    assert draft not in [row["id"] for row in office.rows(t.referral)] and office.rows(t.referral)


def test_records_of_seats_answers_and_old_entries_go_after_their_time(office):
    with a_unit(office.store) as uow:
        claim(uow, "key-of-today", "x")
        keep(uow, "key-of-today", "person")
        described(uow).commit()
    office.day += timedelta(days=8)
    assert apply_retention(office.desk).gone["request-key"] == 2
    office.day += timedelta(days=3660)
    due = office.due()
    assert due[Kept.SEAT_RECORD] == 1 and due[Kept.AUDIT] >= 2
    gone = apply_retention(office.desk).gone
    assert (gone["seat-record"], gone["audit"]) == (1, due[Kept.AUDIT])
    assert office.due()[Kept.AUDIT] == 0 and office.rows(t.seat_record) == []
    with ReadingUnit(office.store) as unit:
        assert journal.verify(unit.connection, unit.keys).is_whole


def test_one_that_fails_keeps_nothing_from_the_others_and_is_due_again(office, monkeypatch):
    office.close(TODAY - timedelta(days=800))
    with a_unit(office.store) as uow:
        other = a_whole_person(uow, office.ids, "Karim Muster")
        described(uow).commit()
    first, office.person = office.person, other
    office.close(TODAY - timedelta(days=800))
    erase = retention.erase

    def busy_with_the_first(work, person_id):
        if person_id == first:
            raise StoreBusy("busy", seconds=1)
        return erase(work, person_id)

    monkeypatch.setattr(retention, "erase", busy_with_the_first)
    done = apply_retention(office.desk)
    assert (done.gone["case"], len(done.failed)) == (1, 1)
    assert [row["id"] for row in office.rows(t.person)] == [first]
    assert office.due()[Kept.CASE] == 1


def test_an_open_plan_is_never_due_however_old(office):
    office.day += timedelta(days=3000)
    assert office.due()[Kept.CASE] == 0
