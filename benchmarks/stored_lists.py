"""A large office in a store, written table by table: something to measure lists on.

Everything hangs together as the constraints ask (one open referral a need, chains of steps, waiting lists),
but no workflow has written it: the audit has entries without a chain, and nobody is a real person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from benchmarks.office_rows import (
    AUDIT_ENTRIES_A_HOUSEHOLD,
    COUNSELLORS,
    DAY,
    GROUPS,
    IMPORTS,
    KINDS,
    OFFERINGS,
    OFFICES,
    PROVIDERS,
    REFERRALS,
    REGION,
    RUNS,
    STEPS,
    TODAY,
    Row,
    account_row,
    agreement_row,
    answerer,
    appointment_row,
    consent_row,
    counsellor,
    entry_row,
    grant_row,
    group,
    group_row,
    household_row,
    import_run_row,
    offering_row,
    office,
    organisation_row,
    person_row,
    plan_row,
    provider,
    run_row,
    slot_row,
)
from network.model import ActorType
from plans.consent import DataCategory
from plans.needs import Relation
from plans.referral_table import Consequence, Reason, ReferralOutcome, ReferralState
from plans.steps import StepState
from store import tables as t
from store.tables import ProposalState
from store.unit_of_work import Agent, Store, UnitOfWork

CHUNK = 5_000
"""Rows that are written with one statement."""


@dataclass(frozen=True)
class Large:
    """Großer Bestand: how much was written, and where to look.

    Parameters
    ----------
    households : int
        As many persons and help plans.
    needs, referrals, groups : int
        Rows.
    """

    households: int
    needs: int
    referrals: int
    groups: int

    def noon(self) -> datetime:
        """Noon of the day on which everything stands as it was written, UTC: a clock for the store."""
        return datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)


def store_lists(store: Store, households: int) -> Large:
    """Write a region with so many households into an empty store.

    Parameters
    ----------
    store : Store
        Migrated, empty.
    households : int
        Each with one person, `STEPS` steps and `REFERRALS` referrals of each.
    """
    agent = Agent("benchmark")
    with UnitOfWork(store, actor=agent, purpose="fill a store to measure on") as unit:
        writer = _Writer(unit, households)
        writer.network()
        writer.people()
        writer.referrals()
        writer.planning()
        writer.audit()
        unit.describe("fill", "region", REGION, region_id=REGION)
        unit.commit()
    needs = households * STEPS
    return Large(households, needs, needs * REFERRALS, writer.groups)


class _Writer:
    def __init__(self, unit: UnitOfWork, households: int) -> None:
        self.unit, self.count = unit, households
        self.groups = min(GROUPS, max(20, households // 5))

    def rows(self, table: t.Table, rows: Iterable[Row]) -> None:
        """Write many rows, some thousands at a time."""
        source = iter(rows)
        while part := list(islice(source, CHUNK)):
            self.unit.insert_all(table, part)

    def each(self, table: t.Table, row: Callable[[int], Row]) -> None:
        """Write one row for each household."""
        self.rows(table, ({"region_id": REGION, **row(n)} for n in range(self.count)))

    def network(self) -> None:
        names = {"name_de": "Musterkreis", "name_en": "Sample County", "ags": "", "licence": "CC0-1.0"}
        more = {"population": 250_000, "today_on": TODAY, "source": "", "fictional": True, "towns": []}
        self.unit.insert(t.region, id=REGION, **names, **more)
        offices = ((office(n), ActorType.MUNICIPALITY) for n in range(OFFICES))
        providers = ((provider(n), ActorType.COURSE_PROVIDER) for n in range(PROVIDERS))
        self.rows(t.organisation, (organisation_row(id, type) for id, type in (*offices, *providers)))
        self.rows(t.account, (account_row(counsellor(n)) for n in range(COUNSELLORS)))
        self.rows(t.account, (account_row(answerer(n)) for n in range(PROVIDERS)))
        self.rows(t.role_grant, (grant_row(n) for n in range(COUNSELLORS)))
        self.rows(t.offering, (offering_row(n) for n in range(OFFERINGS)))
        self.rows(t.slot_group, (group_row(n, self.groups) for n in range(self.groups)))
        self.rows(t.slot, (slot_row(n, self.groups) for n in range(self.groups)))
        self.rows(t.import_run, (import_run_row(n) for n in range(IMPORTS)))

    def people(self) -> None:
        self.each(t.household, household_row)
        self.each(t.person, person_row)
        self.each(t.help_plan, plan_row)
        self.each(t.agreement, agreement_row)
        for number in range(STEPS):  # a step refers to the one before it
            self.each(t.need, lambda n, number=number: self._need(n, number))
        for number in range(3):
            self.each(t.appointment, lambda n, number=number: appointment_row(n, number))
        for number in range(2):
            self.each(t.consent, lambda n, number=number: consent_row(n, number))

    def referrals(self) -> None:
        self.rows(t.referral, (row for n in range(self.count) for row in self._referrals(n)))
        self.rows(t.waiting_list_entry, self._waiting())

    def planning(self) -> None:
        self.rows(t.planning_run, (run_row(n) for n in range(RUNS)))
        for run in (RUNS - 2, RUNS - 1):
            self.each(t.proposal, lambda n, run=run: self._proposal(n, run))

    def audit(self) -> None:
        """Entries as they would be found; their hashes are none, since nobody verifies them here."""
        first = 1_000_000  # far beyond the entries that an opened file writes itself
        rows = (entry_row(first + n, n) for n in range(self.count * AUDIT_ENTRIES_A_HOUSEHOLD))
        while part := list(islice(rows, CHUNK)):
            self.unit.execute(t.audit_entry.insert(), part)

    def _need(self, n: int, number: int) -> Row:
        state = (StepState.DONE, StepState.DONE, StepState.UNDER_WAY, StepState.OPEN, StepState.OPEN)[number]
        begun = TODAY - timedelta(days=200 - 30 * number + n % 25)
        has_seat = state is StepState.UNDER_WAY
        return {
            "id": f"ned-{n:06d}-{number}",
            "help_plan_id": f"pln-{n:06d}",
            "person_id": f"per-{n:06d}",
            "position": number + 1,
            "kind": KINDS[number],
            "goal_de": "Schritt",
            "goal_en": "Step",
            "after_need_id": f"ned-{n:06d}-{number - 1}" if number else None,
            "relation": Relation.END,
            "lag_days": 0,
            "earliest_on": begun,
            "target_on": begun + timedelta(days=60),
            "weight": 1.0,
            "features": [],
            "fixed_slot_id": self._slot_of(n) if has_seat else None,
            "responsible": office(n),
            "preconditions": [],
            "state": state,
            "entitled_on": begun - 10 * DAY,
            "registered_on": begun if number < 4 else None,
            "placed_on": begun + 5 * DAY if number < 3 else None,
            "started_on": begun + 20 * DAY if number < 3 else None,
            "done_on": begun + 60 * DAY if state is StepState.DONE else None,
        }

    def _referrals(self, n: int) -> Iterator[Row]:
        waits = (ReferralState.REQUESTED, ReferralState.WAITLISTED, ReferralState.ACCEPTED)[n % 3]
        ends = (ReferralState.REJECTED, ReferralState.EXPIRED, ReferralState.CANCELLED, ReferralState.FAILED)
        last = (
            *(ReferralState.COMPLETED, ReferralState.COMPLETED, ReferralState.IN_PROGRESS, waits),
            ReferralState.DRAFT if n % 4 == 0 else ReferralState.CANCELLED,
        )
        for number in range(STEPS):
            for attempt, state in enumerate((ends[(n + number) % 4], last[number])):
                yield self._referral(n, number, attempt, state)

    def _referral(self, n: int, number: int, attempt: int, state: ReferralState) -> Row:
        sent = TODAY - timedelta(days=190 - 30 * number - 10 * attempt + n % 20)
        if state is ReferralState.REQUESTED:
            sent = TODAY - timedelta(days=n % 5)
        has_seat = state in (ReferralState.ACCEPTED, ReferralState.IN_PROGRESS, ReferralState.COMPLETED)
        has_begun = state in (ReferralState.IN_PROGRESS, ReferralState.COMPLETED)
        has_failed = state.is_end and state is not ReferralState.COMPLETED
        return {
            "id": f"ref-{n:06d}-{number}-{attempt}",
            "region_id": REGION,
            "person_id": f"per-{n:06d}",
            "need_id": f"ned-{n:06d}-{number}",
            "slot_id": self._slot_of(n + 7 * number + attempt),
            "slot_group_id": group(n + 7 * number + attempt, self.groups),
            "kind": KINDS[number],
            "organisation_id": office(n),
            "recipient_id": provider(n + 7 * number + attempt),
            "carries": [DataCategory.REFERENCE, DataCategory.IDENTITY],
            "state": state,
            "sent_on": None if state is ReferralState.DRAFT else sent,
            "hold_until_on": sent + 3 * DAY if state is ReferralState.REQUESTED else None,
            "registered_on": None if state is ReferralState.DRAFT else sent,
            "placed_on": sent + 2 * DAY if has_seat else None,
            "started_on": sent + 9 * DAY if has_begun else None,
            "ended_on": sent + 20 * DAY if state.is_end else None,
            "reason": Reason.OTHER if has_failed else None,
            "consequence": Consequence.ANOTHER_PROVIDER if has_failed else None,
            "outcome": ReferralOutcome.GOAL_REACHED if state is ReferralState.COMPLETED else None,
        }

    def _waiting(self) -> Iterator[Row]:
        for n in range(1, self.count, 3):
            yield {
                "region_id": REGION,
                "slot_group_id": group(n + 7 * 3 + 1, self.groups),
                "referral_id": f"ref-{n:06d}-3-1",
                "priority": 1000,
                "joined_on": TODAY - timedelta(days=n % 60),
                "expected_start_on": TODAY + 30 * DAY,
            }

    def _proposal(self, n: int, run: int) -> Row:
        return {
            "planning_run_id": f"run-{run:03d}",
            "need_id": f"ned-{n:06d}-4",
            "person_id": f"per-{n:06d}",
            "slot_id": self._slot_of(n + run),
            "organisation_id": office(n),
            "state": ProposalState.PROPOSED if run == RUNS - 1 else ProposalState.OUTDATED,
            "reasons": [{"code": "soonest", "de": "Am frühesten", "en": "The soonest"}],
            "alternatives": [],
        }

    def _slot_of(self, number: int) -> str:
        return f"slt-{number % self.groups:05d}"
