"""Promise 9: whatever happens in whatever order, nobody is told anything without a consent that holds then.

What a consent allows is counted here anew, from what the history did, without the rules of the product.
"""

from collections import Counter
from datetime import timedelta
from itertools import count
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from network.model import ActorType
from plans.actions import Action
from plans.consent import DataCategory, Purpose
from plans.disclosure import CATEGORY_OF_FIELD, KEPT_BESIDE
from plans.fault import PlanFault
from plans.planning_consent import PLANNING_CATEGORIES
from store import tables as t
from store.faults import Missing, StoreFault
from store.unit_of_work import ReadingUnit
from tests.reliability.sizes import SIZES
from tests.store.builders import a_unit, described
from tests.workflows.desks import REGION, the_machine
from tests.workflows.referrals.towns import CARRIES, TODAY, a_town
from workflows.acting import Look
from workflows.consents.giving import give_consent, narrow_consent, withdraw_consent
from workflows.planning_runs.snapshot import take_snapshot
from workflows.referrals.groups import list_participants
from workflows.referrals.holds import run_clock
from workflows.referrals.office import draft_referral, request_seat
from workflows.referrals.provider import read_incoming_referral
from workflows.refusal import Refusal

REFUSED = (Refusal, PlanFault, StoreFault)
CATEGORY = {**CATEGORY_OF_FIELD, **KEPT_BESIDE}
CAN_BE_GIVEN = sorted(set(DataCategory) - {DataCategory.INTERNAL})
CATEGORIES = st.just(set(CARRIES)) | st.sets(st.sampled_from(CAN_BE_GIVEN), min_size=1)
LAST_DAY = st.none() | st.integers(0, 4)
TO_VHS = ("vhs", "type")
CHOICE = st.integers(0, 5)


class History(RuleBasedStateMachine):
    """What one person, her office and a provider may do, and what the provider comes to know."""

    town: ClassVar = None
    seen: ClassVar = Counter()
    numbers: ClassVar = count()

    @initialize(is_willing=st.booleans().map(lambda drawn: not drawn))
    def begin(self, is_willing):
        self.town.today = TODAY
        self.person, self.need = self.town.with_person(f"Muster {next(self.numbers)}")
        self.consents, self.referral_id = [], None
        self.seen["histories"] += 1
        if is_willing:
            self.give(set(CARRIES), "vhs", None)

    @rule(categories=CATEGORIES, to=st.sampled_from((*TO_VHS, "plan", "other")), last=LAST_DAY)
    def give(self, categories, to, last):
        recipients = {"vhs": (self.town.vhs, None), "other": (self.town.other, None)}
        recipients |= {"type": (None, ActorType.COURSE_PROVIDER), "plan": (None, ActorType.MUNICIPALITY)}
        until = None if last is None else self.town.today + timedelta(days=last)
        if to == "plan":
            categories = categories | PLANNING_CATEGORIES
        purpose = Purpose.PLANNING if to == "plan" else Purpose.REFERRAL
        given = give_consent(
            self.town.anna, self.person, purpose, categories, *recipients[to], self.town.today, until
        )
        made = {"id": given["consent_id"], "version": given["version"], "categories": set(categories)}
        self.consents.append({**made, "to": to, "until": until, "withdrawn": False})

    @precondition(lambda self: self.consents)
    @rule(which=CHOICE, left=CATEGORIES)
    def narrow(self, which, left):
        consent = self.consents[which % len(self.consents)]
        try:
            done = narrow_consent(self.town.anna, consent["id"], consent["version"], left)
        except REFUSED:
            return
        consent |= {"version": done["version"], "categories": consent["categories"] & left}

    @precondition(lambda self: self.consents)
    @rule(which=CHOICE)
    def withdraw(self, which):
        consent = self.consents[which % len(self.consents)]
        try:
            done = withdraw_consent(self.town.anna, consent["id"], consent["version"])
        except REFUSED:
            return
        consent |= {"version": done["version"], "withdrawn": True}

    @rule(days=st.integers(1, 3), clock=st.booleans())
    def wait(self, days, clock):
        self.town.later(days)
        if clock:
            run_clock(self.town.clock)

    @rule()
    def refer(self):
        """Ask for a seat by a new draft, or by one that was refused before for want of a consent."""
        try:
            if self.referral_id is None or self.town.row(t.referral, self.referral_id)["state"].is_end:
                drafted = draft_referral(self.town.anna, self.need, self.town.far)
                self.referral_id = drafted["referral_id"]
            request_seat(self.town.anna, self.referral_id, self.town.version(self.referral_id))
        except REFUSED:
            return
        for row in self.town.rows(t.disclosure, referral_id=self.referral_id):
            self.told(row["content"])

    @precondition(lambda self: self.referral_id)
    @rule()
    def look(self):
        try:
            self.told(read_incoming_referral(self.town.vhs_desk, self.referral_id)["fields"])
        except Missing:
            return
        with pytest.raises(Missing):
            read_incoming_referral(self.town.other_desk, self.referral_id)

    @rule()
    def list_names(self):
        for row in list_participants(self.town.vhs_desk, self.town.far_group):
            if row["referral_id"] == self.referral_id and "person.name" in row:
                self.told({"person.name": row["person.name"]})

    @rule()
    def plan(self):
        with ReadingUnit(self.town.store) as unit:
            snapshot = take_snapshot(Look(the_machine(self.town.store), Action.RUN_PLANNING, unit), REGION)
        if self.need in snapshot.needs:
            self.seen["planned"] += 1
            assert self.allowed(("plan",)) >= PLANNING_CATEGORIES

    def told(self, fields):
        self.seen["fields"] += len(fields)
        for path in fields:
            record, _, name = path.partition(".")
            assert CATEGORY[f"{record.partition('[')[0]}.{name}"] in self.allowed(TO_VHS), path

    def allowed(self, to):
        """Categories that a consent given, not withdrawn and not over, covers today."""
        valid = (
            one
            for one in self.consents
            if one["to"] in to
            and not one["withdrawn"]
            and (one["until"] or self.town.today) >= self.town.today
        )
        return set().union(*(one["categories"] for one in valid))

    def teardown(self):
        """Take the person away at once: to erase as the product does is a promise of its own."""
        with a_unit(self.town.store) as uow:
            household_id = uow.get(t.person, self.person)["household_id"]
            for referral in uow.find(t.referral, person_id=self.person):
                uow.delete(t.referral, referral["id"])
            uow.delete(t.person, self.person)
            uow.delete(t.household, household_id)
            described(uow).commit()


def histories(store, number, steps, phases=tuple(Phase), drawn_by=7):
    """Run so many histories on a town of their own; what was seen in them."""
    town = a_town(store)
    town.ids["far_group"], town.ids["far"] = town.with_group("far", 2_000, seats=100_000)
    machine = seed(drawn_by)(type("History", (History,), {"town": town, "seen": Counter()}))
    quiet = settings(
        max_examples=number,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run_state_machine_as_test(machine, settings=quiet)
    return machine.seen


@pytest.mark.parametrize("drawn_by", SIZES.history_seeds)
def test_no_history_tells_an_organisation_anything_that_no_consent_covers_then(
    store, fresh, sizes, figures, monkeypatch, drawn_by
):
    is_sqlite = store.engine.dialect.name == "sqlite"
    number = (sizes.histories if is_sqlite else sizes.postgresql_histories) // len(sizes.history_seeds)
    seen = histories(store, number, sizes.history_steps, drawn_by=drawn_by)
    assert seen["histories"] >= number and seen["fields"] > 0
    monkeypatch.setattr("plans.disclosure.allowed", lambda *_: True)
    monkeypatch.setattr("plans.referral.missing_categories", lambda *_: frozenset())
    with pytest.raises(AssertionError):
        histories(fresh(), 50, 12, [Phase.generate])  # need not be made simple
    figures.keep(
        f"9, seed {drawn_by}",
        f"{seen['histories']:,} random histories of at most {sizes.history_steps} steps: {seen['fields']:,} "
        f"fields told, planned {seen['planned']:,} times, 0 without a consent that held then",
        "the filter by consent taken away: found",
    )
