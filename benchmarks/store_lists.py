"""How long does a list of a large office take, and does it go by index? ``python -m benchmarks.store_lists``.

On SQLite and on PostgreSQL 10,000 households with 50,000 steps and 100,000 referrals are written into an
empty database. Then every list that a page shows is asked for many times, by different people, and every
statement behind it is explained: none may read one of the large tables from one end to the other, nor many
more rows than it returns.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from benchmarks.explained import READ_FOR_NOTHING, READ_FOR_ONE, explained
from benchmarks.figures import machine, write_section
from benchmarks.office_rows import (
    AUDIT_ENTRIES_A_HOUSEHOLD,
    COUNSELLORS,
    OFFICES,
    REGION,
    RUNS,
    answerer,
    birth_of,
    counsellor,
    group,
    name_of,
    office,
    provider,
)
from benchmarks.stored_lists import Large, store_lists
from plans.agreement import AgreementState
from plans.referral_table import ReferralState
from plans.roles import Grant, Role
from store.engine import for_writing
from store.opening import set_up_store
from store.unit_of_work import Store
from tests.databases import postgresql_address
from workflows.acting import CLOCK, Caller, Desk
from workflows.agreements import reading as agreements
from workflows.audit import read_audit
from workflows.cases import lists as cases
from workflows.cases.search import search_people
from workflows.partners.imports import list_imports
from workflows.partners.reading import count_old_figures, list_old_figures
from workflows.planning_runs.proposals import list_proposals, list_run_proposals
from workflows.planning_runs.runs import count_marked_plans, list_runs
from workflows.referrals import groups, holds
from workflows.referrals import lists as referrals

HOUSEHOLDS, TIMES = 10_000, 60
LIMIT_MS = 50.0


@dataclass(frozen=True)
class Asking:
    """Fragende: the desks from which a large office asks for its lists.

    Parameters
    ----------
    store : Store
        Filled by `store_lists`.
    large : Large
        What is there.
    """

    store: Store
    large: Large

    def counsellor(self, n: int) -> Desk:
        """One of the counsellors."""
        return self._desk(Role.COUNSELLOR, counsellor(n), office(n))

    def provider(self, n: int) -> Desk:
        """Whoever answers for one of the providers."""
        return self._desk(Role.PROVIDER, answerer(n), provider(n))

    def of_region(self, role: Role) -> Desk:
        """Somebody with a role in the whole region."""
        return self._desk(role, f"acc-{role}", None)

    def _desk(self, role: Role, account_id: str, organisation_id: str | None) -> Desk:
        grant = Grant(role, account_id, REGION, organisation_id)
        return Desk(self.store, Caller("Muster", account_id, (grant,)), "benchmark")


Ask = Callable[[Asking, int], object]


def _own(question: Callable[[Desk], object]) -> Ask:
    return lambda asking, n: question(asking.counsellor(n))


def _of_region(role: Role, question: Callable[[Desk], object]) -> Ask:
    return lambda asking, n: question(asking.of_region(role))


def _sent(state: ReferralState) -> Ask:
    return lambda asking, n: referrals.list_own_referrals(asking.counsellor(n), state)


def _incoming(state: ReferralState) -> Ask:
    return lambda asking, n: referrals.list_incoming_referrals(asking.provider(n), state)


def _found(asking: Asking, n: int) -> object:
    known = n * 37 % asking.large.households
    return search_people(asking.counsellor(known), name_of(known), birth_of(known))


def _of_person(asking: Asking, n: int) -> object:
    known = n * 37 % asking.large.households
    return referrals.list_referrals_of_person(asking.counsellor(known), f"per-{known:06d}")


def _about_person(asking: Asking, n: int) -> object:
    about = ("person", f"per-{n * 37 % asking.large.households:06d}")
    return read_audit(asking.of_region(Role.AUDITOR), about=about)


def _group_of(asking: Asking, n: int) -> tuple[Desk, str]:
    count = asking.large.groups
    offering = n % count % 200  # group n belongs to offering n % 200, and that to provider n % 40
    return asking.provider(offering), group(n, count)


LISTS: Mapping[str, Ask] = {
    "my people": _own(cases.list_own_people),
    "due reviews": _own(cases.list_due_reviews),
    "waiting over six weeks": _own(cases.list_long_waits),
    "no follow-on": _own(cases.list_missing_follow_ons),
    "next appointments": _own(cases.list_next_appointments),
    "plans to be planned again": _own(cases.list_replan_marks),
    "search by name": _found,
    "agreements in force": _own(lambda desk: agreements.list_agreements(desk, AgreementState.IN_FORCE)),
    "agreements to be reviewed": _own(agreements.list_due_agreement_reviews),
    "own referrals: asked": _sent(ReferralState.REQUESTED),
    "own referrals: waiting": _sent(ReferralState.WAITLISTED),
    "own referrals: ended": _sent(ReferralState.REJECTED),
    "expiring holds": _own(referrals.list_ending_holds),
    "no answer": _own(lambda desk: referrals.list_unanswered(desk, 3)),
    "referrals of a person": _of_person,
    "incoming: asked": _incoming(ReferralState.REQUESTED),
    "incoming: waiting": _incoming(ReferralState.WAITLISTED),
    "waiting list of a group": lambda asking, n: groups.list_waiting(*_group_of(asking, n)),
    "participants of a group": lambda asking, n: groups.list_participants(*_group_of(asking, n)),
    "holds that have run out": lambda asking, n: holds.holds_run_out(Desk(asking.store, CLOCK)),
    "consents that have ended": lambda asking, n: holds.people_whose_consent_ended(Desk(asking.store, CLOCK)),
    "proposals of an office": _own(lambda desk: list_proposals(desk, limit=50)),
    "proposals of a run": _of_region(
        Role.PLANNER, lambda desk: list_run_proposals(desk, f"run-{RUNS - 1:03d}", 50)
    ),
    "planning runs": _of_region(Role.PLANNER, lambda desk: list_runs(desk, REGION)),
    "plans marked in the region": _of_region(Role.PLANNER, lambda desk: count_marked_plans(desk, REGION)),
    "imports": _of_region(Role.COORDINATOR, lambda desk: list_imports(desk, REGION)),
    "old figures": _of_region(Role.COORDINATOR, lambda desk: list_old_figures(desk, REGION, 180)),
    "old figures, counted": _of_region(Role.COORDINATOR, lambda desk: count_old_figures(desk, REGION)),
    "audit, newest": _of_region(Role.AUDITOR, read_audit),
    "audit about a person": _about_person,
    "audit of an account": lambda asking, n: read_audit(
        asking.of_region(Role.AUDITOR), account_id=counsellor(n)
    ),
}
"""Every list that a page shows, by its name in the table of figures."""


MORE: Mapping[str, Callable[[int], int]] = {
    "proposals of an office": lambda households: 4 * households // OFFICES,
    "next appointments": lambda households: 4 * households // COUNSELLORS,
    "audit of an account": lambda households: min(100, AUDIT_ENTRIES_A_HOUSEHOLD * households) * COUNSELLORS,
}
"""Rows that a list may read beside, by the number of households: all that is the asker's own.

Proposals stand in the order in which their slots begin, which no index of proposals knows: all undecided ones
of the office are sorted, each with its run and its slot. PostgreSQL sorts all talks that an account has
agreed, with plan and person, where it reckons that few of them are of the account's own offices. And it reads
the audit in its order, where entries are neighbours on the disk, until it has the 100 newest of one account,
instead of fetching each from a place of its own: as long as one entry in some dozens is that account's.
"""


@dataclass(frozen=True)
class Timed:
    """Gemessene Liste.

    Parameters
    ----------
    median_ms, p95_ms : float
        Of all times, milliseconds.
    whole : tuple of str
        Large tables that it read from one end to the other; empty where it went by index.
    greedy : tuple of str
        Statements that read many more rows than they returned.
    """

    median_ms: float
    p95_ms: float
    whole: tuple[str, ...]
    greedy: tuple[str, ...] = ()


def measure(asking: Asking, times: int, *, small: bool = False) -> dict[str, Timed]:
    """Ask for every list so many times.

    Parameters
    ----------
    asking : Asking
        Who asks.
    times : int
        How often each, >= 1.
    small : bool
        Whether the tables are so small that a database would rather read them whole: it is told not to.
    """
    found = {}
    for name, ask in LISTS.items():
        more = MORE[name](asking.large.households) if name in MORE else 0
        with explained(asking.store.engine, small=small, more=more) as seen:
            ask(asking, 0)
        taken = sorted(_milliseconds(ask, asking, n) for n in range(1, times + 1))
        p95 = taken[math.ceil(0.95 * len(taken)) - 1]
        found[name] = Timed(taken[len(taken) // 2], p95, tuple(seen.whole), tuple(seen.greedy))
    return found


def _milliseconds(ask: Ask, asking: Asking, n: int) -> float:
    began = time.perf_counter()
    ask(asking, n)
    return (time.perf_counter() - began) * 1000


def filled(url: str, key_file: Path, households: int) -> Asking:
    """Fill an empty database, and let it look at what it holds, as a server does by itself."""
    store = set_up_store(url, key_file=key_file)
    large = store_lists(store, households)
    if store.engine.dialect.name == "postgresql":
        with for_writing(store.engine).connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(sa.text("ANALYZE"))
    return Asking(replace(store, now=large.noon), large)


def table(found: Mapping[str, Mapping[str, Timed]]) -> str:
    """As a table: lists by rows, databases by columns."""
    heads = " | ".join(f"{name} median ms | {name} p95 ms" for name in found)
    lines = [f"| list | {heads} |", "| --- |" + " ---: |" * (2 * len(found))]
    for name in LISTS:
        cells = (f"{one[name].median_ms:.1f} | {one[name].p95_ms:.1f}" for one in found.values())
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def verdict(found: Mapping[str, Mapping[str, Timed]]) -> str:
    """In one sentence each: lists over the limit, without an index, and those that read too much."""
    timed = [(name, where, one) for where, lists in found.items() for name, one in lists.items()]
    slow = [f"{name} ({where})" for name, where, one in timed if one.p95_ms > LIMIT_MS]
    whole = [f"{name} ({where}: {', '.join(one.whole)})" for name, where, one in timed if one.whole]
    greedy = [f"{name} ({where}: {'; '.join(one.greedy)})" for name, where, one in timed if one.greedy]
    return (
        f"Over {LIMIT_MS:.0f} ms at p95: {', '.join(slow) or 'none'}. "
        f"Reading a large table from one end to the other: {', '.join(whole) or 'none'}. "
        f"Reading more than {READ_FOR_ONE} rows for each that is shown and {READ_FOR_NOTHING} beside (in "
        f"{' and '.join(MORE)}: all that is the asker's own): {', '.join(greedy) or 'none'}."
    )


def main() -> int:
    """Measure both databases and write the section of ``docs/figures.md``; 1 where a list is too slow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--dry", action="store_true", help="print only")
    parser.add_argument("--only", choices=("SQLite", "PostgreSQL"))
    asked = parser.parse_args()
    found: dict[str, dict[str, Timed]] = {}
    with TemporaryDirectory() as name:
        urls = {"SQLite": f"sqlite:///{name}/lists.db", "PostgreSQL": ""}
        for database in [asked.only] if asked.only else urls:
            url = urls[database] or postgresql_address()
            asking = filled(url, Path(name) / f"{database}.key", asked.households)
            found[database] = measure(asking, TIMES)
            large: Any = asking.large
            asking.store.engine.dispose()
    text = (
        f"{large.households:,} households, {large.needs:,} steps, {large.referrals:,} referrals; each list "
        f"{TIMES} times, by different people. {verdict(found)}\n\n{table(found)}"
    )
    print(text)
    if not asked.dry:
        write_section("machine, lists", machine(("sqlalchemy", "psycopg")))
        write_section("lists", text)
    return int(
        any(t.whole or t.greedy or t.p95_ms > LIMIT_MS for one in found.values() for t in one.values())
    )


if __name__ == "__main__":
    raise SystemExit(main())
