"""The rows of a large office that nobody lives in, table by table: what `benchmarks.stored_lists` writes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from network.model import ActorType
from plans.agreement import AgreementState
from plans.case_records import ClosureReason
from plans.consent import DataCategory, Purpose
from plans.help_plan import Phase
from plans.roles import Role
from store.tables import AppointmentState, GroupShape, ImportState, RunState

REGION, TODAY = "musterkreis", date(2026, 11, 25)
OFFICES, PROVIDERS, COUNSELLORS = 10, 40, 40
OFFERINGS, GROUPS = 200, 2_000
STEPS, REFERRALS = 5, 2
"""Steps of a help plan, and referrals of a step."""

AUDIT_ENTRIES_A_HOUSEHOLD, IMPORTS, RUNS = 5, 60, 20
KINDS = (
    "counselling/case-management",
    "placement-test",
    "integration-course/from-1",
    "vocational-language/B2",
    "job/intake",
)
ORIGIN = {"source": "benchmark", "illustrative": True, "unstated": []}
DAY = timedelta(days=1)

Row = dict[str, Any]
"""Columns and values, as `UnitOfWork.insert_all` takes them."""


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


def organisation_row(id: str, type: ActorType) -> Row:
    """An office or a provider."""
    place = {"place_name": "Musterstadt", "lat": 50.6, "lon": 9.2}
    contact = {"phone": "", "email": "", "website": "", "languages": ["deu"]}
    as_of = TODAY - timedelta(days=10 * (int(id[-2:]) % 20))
    return {
        **{"id": id, "region_id": REGION, "key": id, "name": id, "type": type, "as_of_on": as_of},
        **place,
        **contact,
        **ORIGIN,
    }


def account_row(id: str) -> Row:
    """The account of somebody who works there."""
    more = {"display_name": "Muster", "language": "de", "failed_attempts": 0, "is_active": True}
    return {"id": id, "login_name": id, **more}


def grant_row(n: int) -> Row:
    """The role of a counsellor."""
    return {
        "account_id": counsellor(n),
        "region_id": REGION,
        "organisation_id": office(n),
        "role": Role.COUNSELLOR,
    }


def offering_row(n: int) -> Row:
    """What a provider offers."""
    lists = {"requires": [], "features": [], "languages": []}
    more = {"name": "Angebot", "kind": "integration-course", "online": False, "as_of_on": TODAY}
    own = {"id": f"off-{n:04d}", "region_id": REGION, "organisation_id": provider(n), "key": f"off-{n:04d}"}
    return {**own, **more, **lists, **ORIGIN}


def group_row(n: int, groups: int) -> Row:
    """A group of an offering."""
    start = TODAY + timedelta(days=n % 300 - 100)
    lists = {"requires": [], "features": [], "times": ["mo-am"], "entry_modules": [1]}
    counts = {"modules": 1, "module_days": 60, "seats": 20, "booked_elsewhere": 5, "minimum": 0}
    days = {"start_on": start, "end_on": start + 60 * DAY, "as_of_on": TODAY - timedelta(days=n % 200)}
    own = {"id": group(n, groups), "region_id": REGION, "offering_id": f"off-{n % OFFERINGS:04d}"}
    keys = {"key": f"g{n}", "row_key": f"g{n}", "shape": GroupShape.GROUP, "online": False}
    return {**own, **keys, **days, **counts, **lists, **ORIGIN}


def slot_row(n: int, groups: int) -> Row:
    """The way into a group."""
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
        "end_on": start + 60 * DAY,
        **{"place_name": "Musterstadt", "lat": 50.6, "lon": 9.2, "online": False},
        **{"requires": [], "features": [], "times": ["mo-am"]},
    }


def import_run_row(n: int) -> Row:
    """An import of partner files, with files as large as they are."""
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


def household_row(n: int) -> Row:
    """A household."""
    home = {"home_name": "Musterstadt", "home_lat": 50.6, "home_lon": 9.2}
    more = {"children": [], "shared_childcare": False, "address": f"Musterweg {n}"}
    return {"id": f"hsh-{n:06d}", "organisation_id": office(n), **home, **more}


def person_row(n: int) -> Row:
    """The person of a household."""
    own = {"id": f"per-{n:06d}", "household_id": f"hsh-{n:06d}", "organisation_id": office(n)}
    who = {"name": name_of(n), "birth_on": birth_of(n), "contact": {"phone": "", "email": ""}}
    return {**own, **who, "profile": "recognised-refugee", "tags": []}


def plan_row(n: int) -> Row:
    """The help plan of a person; one of seven is closed."""
    is_closed = n % 7 == 6
    own = {"id": f"pln-{n:06d}", "person_id": f"per-{n:06d}", "organisation_id": office(n)}
    due_on = TODAY + timedelta(days=n % 60 - 10)
    due = {
        "next_appointment_on": due_on,
        "review_due_on": due_on,
        "overall_review_due_on": due_on + 90 * DAY,
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


def agreement_row(n: int) -> Row:
    """The agreement of a household."""
    state = (AgreementState.IN_FORCE, AgreementState.DRAFTED, AgreementState.BEING_AMENDED)[n % 3]
    own = {"household_id": f"hsh-{n:06d}", "organisation_id": office(n), "language": "ara"}
    return {**own, "state": state, "review_due_on": TODAY + timedelta(days=n % 60 - 10)}


def appointment_row(n: int, number: int) -> Row:
    """One of three talks, of which the last is to come."""
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


def consent_row(n: int, number: int) -> Row:
    """One of two consents: to planning, and to referrals."""
    until = TODAY + timedelta(days=n % 400 - 5) if number else None
    return {
        "person_id": f"per-{n:06d}",
        "recipient_type": ActorType.COURSE_PROVIDER if number else ActorType.MUNICIPALITY,
        "purpose": Purpose.REFERRAL if number else Purpose.PLANNING,
        "categories": [DataCategory.REFERENCE, DataCategory.IDENTITY],
        "from_on": TODAY - timedelta(days=200),
        "until_on": until,
    }


def run_row(n: int) -> Row:
    """A planning run."""
    at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=n)
    settings = {"mode": "new", "time_limit_seconds": 60, "process": {"host": "", "id": 1}}
    return {
        "id": f"run-{n:03d}",
        "region_id": REGION,
        "state": RunState.RELEASED,
        "today_on": TODAY,
        "horizon_end_on": TODAY + 365 * DAY,
        "settings": settings,
        "problem_hash": "",
        "started_at": at,
        "finished_at": at,
        "summary": {},
    }


def entry_row(sequence: int, n: int) -> Row:
    """An entry of the audit: a file that was read."""
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
