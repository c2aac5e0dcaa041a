"""A large office in a store, written table by table: something to measure lists on.

Everything hangs together as the constraints ask (one open referral a need, chains of steps, waiting lists),
but no workflow has written it: the audit has entries without a chain, and nobody is a real person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from network.model import ActorType
from plans.agreement import AgreementState
from plans.case_records import ClosureReason
from plans.consent import DataCategory, Purpose
from plans.help_plan import Phase
from plans.needs import Relation
from plans.referral_table import Consequence, Reason, ReferralOutcome, ReferralState
from plans.roles import Role
from plans.steps import StepState
from store import tables as t
from store.tables import AppointmentState, GroupShape, ImportState, ProposalState, RunState
from store.unit_of_work import Agent, Store, UnitOfWork

REGION, TODAY = "musterkreis", date(2026, 11, 25)
OFFICES, PROVIDERS, COUNSELLORS = 10, 40, 40
OFFERINGS, GROUPS = 200, 2_000
STEPS, REFERRALS = 5, 2
"""Steps of a help plan, and referrals of a step."""

AUDIT_ENTRIES_A_HOUSEHOLD, IMPORTS, RUNS = 5, 60, 20
CHUNK = 5_000
KINDS = (
    "counselling/case-management",
    "placement-test",
    "integration-course/from-1",
    "vocational-language/B2",
    "job/intake",
)
_ORIGIN = {"source": "benchmark", "illustrative": True, "unstated": []}
_DAY = timedelta(days=1)

Row = dict[str, Any]


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


def office(number: int) -> str:
    """Id of an office."""
    return f"org-office-{number % OFFICES:02d}"


def counsellor(number: int) -> str:
    """Id of a counsellor; the number modulo `OFFICES` is the office."""
    return f"acc-counsellor-{number % COUNSELLORS:03d}"


def provider(number: int) -> str:
    """Id of a provider."""
    return f"org-provider-{number % PROVIDERS:02d}"


def answerer(number: int) -> str:
    """Id of whoever answers for a provider."""
    return f"acc-answerer-{number % PROVIDERS:02d}"


def name_of(number: int) -> str:
    """Name of a person."""
    return f"Person Muster ({number})"


def birth_of(number: int) -> date:
    """Day of birth of a person."""
    return date(1980, 1, 1) + timedelta(days=number % 9000)


def group(number: int, groups: int) -> str:
    """Id of a group."""
    return f"grp-{number % groups:05d}"


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
        self.rows(t.organisation, (_organisation(id, type) for id, type in (*offices, *providers)))
        self.rows(t.account, (_account(counsellor(n)) for n in range(COUNSELLORS)))
        self.rows(t.account, (_account(answerer(n)) for n in range(PROVIDERS)))
        self.rows(t.role_grant, (_grant(n) for n in range(COUNSELLORS)))
        self.rows(t.offering, (_offering(n) for n in range(OFFERINGS)))
        self.rows(t.slot_group, (_group(n, self.groups) for n in range(self.groups)))
        self.rows(t.slot, (_slot(n, self.groups) for n in range(self.groups)))
        self.rows(t.import_run, (_import(n) for n in range(IMPORTS)))

    def people(self) -> None:
        self.each(t.household, _household)
        self.each(t.person, _person)
        self.each(t.help_plan, _plan)
        self.each(t.agreement, _agreement)
        for number in range(STEPS):  # a step refers to the one before it
            self.each(t.need, lambda n, number=number: self._need(n, number))
        for number in range(3):
            self.each(t.appointment, lambda n, number=number: _appointment(n, number))
        for number in range(2):
            self.each(t.consent, lambda n, number=number: _consent(n, number))

    def referrals(self) -> None:
        self.rows(t.referral, (row for n in range(self.count) for row in self._referrals(n)))
        self.rows(t.waiting_list_entry, self._waiting())

    def planning(self) -> None:
        self.rows(t.planning_run, (_run(n) for n in range(RUNS)))
        for run in (RUNS - 2, RUNS - 1):
            self.each(t.proposal, lambda n, run=run: self._proposal(n, run))

    def audit(self) -> None:
        """Entries as they would be found; their hashes are none, since nobody verifies them here."""
        first = 1_000
        rows = (_entry(first + n, n) for n in range(self.count * AUDIT_ENTRIES_A_HOUSEHOLD))
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
            "entitled_on": begun - 10 * _DAY,
            "registered_on": begun if number < 4 else None,
            "placed_on": begun + 5 * _DAY if number < 3 else None,
            "started_on": begun + 20 * _DAY if number < 3 else None,
            "done_on": begun + 60 * _DAY if state is StepState.DONE else None,
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
            "hold_until_on": sent + 3 * _DAY if state is ReferralState.REQUESTED else None,
            "registered_on": None if state is ReferralState.DRAFT else sent,
            "placed_on": sent + 2 * _DAY if has_seat else None,
            "started_on": sent + 9 * _DAY if has_begun else None,
            "ended_on": sent + 20 * _DAY if state.is_end else None,
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
                "expected_start_on": TODAY + 30 * _DAY,
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


def _organisation(id: str, type: ActorType) -> Row:
    place = {"place_name": "Musterstadt", "lat": 50.6, "lon": 9.2}
    contact = {"phone": "", "email": "", "website": "", "languages": ["deu"]}
    as_of = TODAY - timedelta(days=10 * (int(id[-2:]) % 20))
    return {
        **{"id": id, "region_id": REGION, "key": id, "name": id, "type": type, "as_of_on": as_of},
        **place,
        **contact,
        **_ORIGIN,
    }


def _account(id: str) -> Row:
    more = {"display_name": "Muster", "language": "de", "failed_attempts": 0, "is_active": True}
    return {"id": id, "login_name": id, **more}


def _grant(n: int) -> Row:
    return {
        "account_id": counsellor(n),
        "region_id": REGION,
        "organisation_id": office(n),
        "role": Role.COUNSELLOR,
    }


def _offering(n: int) -> Row:
    lists = {"requires": [], "features": [], "languages": []}
    more = {"name": "Angebot", "kind": "integration-course", "online": False, "as_of_on": TODAY}
    own = {"id": f"off-{n:04d}", "region_id": REGION, "organisation_id": provider(n), "key": f"off-{n:04d}"}
    return {**own, **more, **lists, **_ORIGIN}


def _group(n: int, groups: int) -> Row:
    start = TODAY + timedelta(days=n % 300 - 100)
    lists = {"requires": [], "features": [], "times": ["mo-am"], "entry_modules": [1]}
    counts = {"modules": 1, "module_days": 60, "seats": 20, "booked_elsewhere": 5, "minimum": 0}
    days = {"start_on": start, "end_on": start + 60 * _DAY, "as_of_on": TODAY - timedelta(days=n % 200)}
    own = {"id": group(n, groups), "region_id": REGION, "offering_id": f"off-{n % OFFERINGS:04d}"}
    keys = {"key": f"g{n}", "row_key": f"g{n}", "shape": GroupShape.GROUP, "online": False}
    return {**own, **keys, **days, **counts, **lists, **_ORIGIN}


def _slot(n: int, groups: int) -> Row:
    start = TODAY + timedelta(days=n % 300 - 100)
    return {
        "id": f"slt-{n:05d}",
        "region_id": REGION,
        "slot_group_id": group(n, groups),
        "offering_id": f"off-{n % OFFERINGS:04d}",
        "organisation_id": provider(n),
        "key": f"s{n}",
        "kind": KINDS[n % len(KINDS)],
        "entry_module": 1,
        "start_on": start,
        "end_on": start + 60 * _DAY,
        **{"place_name": "Musterstadt", "lat": 50.6, "lon": 9.2, "online": False},
        **{"requires": [], "features": [], "times": ["mo-am"]},
    }


def _import(n: int) -> Row:
    return {
        "region_id": REGION,
        "state": ImportState.APPLIED,
        "content_hash": "0" * 64,
        "content": b"\0" * 50_000,
        "differences": {
            "organisation": None,
            "counts": {"changed": 500},
            "rows": [{"change": "changed"}] * 500,
        },
        "before": b"\0" * 10_000,
    }


def _household(n: int) -> Row:
    home = {"home_name": "Musterstadt", "home_lat": 50.6, "home_lon": 9.2}
    more = {"children": [], "shared_childcare": False, "address": f"Musterweg {n}"}
    return {"id": f"hsh-{n:06d}", "organisation_id": office(n), **home, **more}


def _person(n: int) -> Row:
    own = {"id": f"per-{n:06d}", "household_id": f"hsh-{n:06d}", "organisation_id": office(n)}
    who = {"name": name_of(n), "birth_on": birth_of(n), "contact": {"phone": "", "email": ""}}
    return {**own, **who, "profile": "recognised-refugee", "tags": []}


def _plan(n: int) -> Row:
    is_closed = n % 7 == 6
    own = {"id": f"pln-{n:06d}", "person_id": f"per-{n:06d}", "organisation_id": office(n)}
    due_on = TODAY + timedelta(days=n % 60 - 10)
    due = {
        "next_appointment_on": due_on,
        "review_due_on": due_on,
        "overall_review_due_on": due_on + 90 * _DAY,
    }
    marked = datetime(2026, 11, 1, tzinfo=UTC) if n % 9 == 0 else None
    closed = {
        "closed_on": TODAY - timedelta(days=n % 300),
        "closure_reason": ClosureReason.GOALS_REACHED,
        "erase_due_on": TODAY + timedelta(days=n % 700 - 50),
    }
    return {
        **own,
        "counsellor_id": counsellor(n),
        "phase": Phase.CLOSED if is_closed else Phase.ACTIVE,
        "announced_languages": [],
        "arrived_on": TODAY - timedelta(days=300),
        **(closed if is_closed else {**due, "replan_marked_at": marked}),
    }


def _agreement(n: int) -> Row:
    state = (AgreementState.IN_FORCE, AgreementState.DRAFTED, AgreementState.BEING_AMENDED)[n % 3]
    own = {"household_id": f"hsh-{n:06d}", "organisation_id": office(n), "language": "ara"}
    return {**own, "state": state, "review_due_on": TODAY + timedelta(days=n % 60 - 10)}


def _appointment(n: int, number: int) -> Row:
    on = TODAY + timedelta(days=(n % 60 - 10) - 60 * (2 - number))
    is_held = number < 2
    return {
        "help_plan_id": f"pln-{n:06d}",
        "account_id": counsellor(n),
        "state": AppointmentState.HELD if is_held else AppointmentState.PLANNED,
        "planned_on": on,
        "held_on": on if is_held else None,
        "is_overall": False,
    }


def _consent(n: int, number: int) -> Row:
    until = TODAY + timedelta(days=n % 400 - 5) if number else None
    return {
        "person_id": f"per-{n:06d}",
        "recipient_type": ActorType.COURSE_PROVIDER if number else ActorType.MUNICIPALITY,
        "purpose": Purpose.REFERRAL if number else Purpose.PLANNING,
        "categories": [DataCategory.REFERENCE, DataCategory.IDENTITY],
        "from_on": TODAY - timedelta(days=200),
        "until_on": until,
    }


def _run(n: int) -> Row:
    at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=n)
    settings = {"mode": "new", "time_limit_seconds": 60, "process": {"host": "", "id": 1}}
    return {
        "id": f"run-{n:03d}",
        "region_id": REGION,
        "state": RunState.RELEASED,
        "today_on": TODAY,
        "horizon_end_on": TODAY + 365 * _DAY,
        "settings": settings,
        "problem_hash": "",
        "started_at": at,
        "finished_at": at,
        "summary": {},
    }


def _entry(sequence: int, n: int) -> Row:
    return {
        "sequence": sequence,
        "at": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=n),
        "account_id": counsellor(n),
        "actor_label": "Muster",
        "purpose": "counselling",
        "action": "read-person",
        "object_type": "person",
        "object_id": f"per-{n // AUDIT_ENTRIES_A_HOUSEHOLD:06d}",
        "region_id": REGION,
        "details": "{}",
        "previous_hash": sequence.to_bytes(32, "big"),
        "hash": (sequence + 1).to_bytes(32, "big"),
    }
