"""Aufbewahrung: dated rules say how long data are kept; what is due is listed, and goes when it is told to.

Every person, draft or kind of record is a transaction of its own, which looks again whether it is due: one
that fails keeps nothing from the others, and to run it again does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from plans.actions import Action
from plans.roles import ObjectScope, may
from plans.rules import Rule, RuleBook
from store import idempotency, journal
from store import tables as t
from store.faults import StoreFault
from store.queries import retention as queries
from store.wiping import wipe
from workflows.access.rule_sets import book_of
from workflows.acting import LOCAL_TIME, Desk, Look, Work, question, workflow
from workflows.plain import plain
from workflows.privacy.erasing import Ground, erase, keep_all
from workflows.privacy.held import HELD
from workflows.referrals.records import take_up
from workflows.scopes import plan_of


class Kept(StrEnum):
    """Aufbewahrtes: what is kept for so long as the rule ``retention-<kind>-days`` says."""

    CASE = "case"
    DRAFT = "draft"
    SEAT_RECORD = "seat-record"
    REQUEST_KEY = "request-key"
    AUDIT = "audit"

    @property
    def rule_key(self) -> str:
        """Name of the rule."""
        return f"retention-{self.value}-days"


OF_INSTALLATION = (Kept.REQUEST_KEY, Kept.AUDIT)
"""Kinds that belong to no region."""


@dataclass(frozen=True)
class Due:
    """Fällig: what of one kind has to go, in a region or the installation.

    Parameters
    ----------
    kind : Kept
        What.
    region_id : str or None
        Where.
    rule : Rule
        Why: the rule of today.
    count : int
        How many, >= 0.
    oldest : date or datetime or None
        Since when the oldest of them is kept.
    ids : tuple of str
        Persons or drafts; empty for other kinds.
    """

    kind: Kept
    region_id: str | None
    rule: Rule
    count: int
    oldest: date | datetime | None = None
    ids: tuple[str, ...] = ()

    def said(self) -> dict[str, Any]:
        """As JSON, with the length, name and source of the rule."""
        rule = {name: getattr(self.rule, name) for name in ("days", "source", "label_de", "label_en")}
        facts = {"count": self.count, "oldest": plain(self.oldest), "ids": list(self.ids)}
        return {"kind": self.kind.value, "region_id": self.region_id, **rule, **facts}


@dataclass(frozen=True)
class Applied:
    """Angewandt: how many of each kind have gone, and the persons and drafts that could not."""

    gone: dict[str, int]
    failed: tuple[str, ...]


@question(Action.APPLY_RETENTION)
def list_due(look: Look) -> tuple[Due, ...]:
    """List what has to go by today, kind by kind, in every region of the caller, also where there is nothing.

    What belongs to the installation is listed for whoever holds the role there.
    """
    found = [due for region_id in _regions(look) for due in _due_in(look, region_id)]
    if look.caller.is_machine or may(look.caller.grants, look.action, ObjectScope()):
        found += _due_in_installation(look)
    return tuple(found)


def apply_retention(desk: Desk) -> Applied:
    """Let everything go that is due in the caller's regions; a second run of the same day finds nothing.

    Returns
    -------
    Applied
        How many; what could not go now (somebody else was at work on it) is due again the next time.
    """
    gone, failed = dict.fromkeys((kind.value for kind in Kept), 0), []
    for due in list_due(desk):
        for step in _steps(desk, due):
            try:
                gone[due.kind] += step()
            except StoreFault as fault:
                failed.append(str(fault))
    return Applied(gone, tuple(failed))


def wipe_traces(desk: Desk) -> bool:
    """Take what was deleted out of the database's files (`store.wiping.wipe`); False: try again later."""
    return wipe(desk.store, [*HELD, t.idempotency_key.name])


@workflow(Action.APPLY_RETENTION)
def erase_when_due(work: Work, person_id: str) -> int:
    """Erase a person whose help plan was closed so long ago, unless it was opened again. Returns how many."""
    region_id = _admit(work, t.person, person_id)
    keep_all(work, person_id)
    plan, book = plan_of(work.unit, person_id), book_of(work.unit, region_id, work.today)
    if plan["closed_on"] is None or case_due_on(plan["closed_on"], book) > work.today:
        work.record("person", person_id, region_id, kept=True)
        return 0
    erased = erase(work, person_id)
    work.record("person", person_id, region_id, ground=Ground.RETENTION, **erased.said())
    return 1


@workflow(Action.APPLY_RETENTION)
def delete_draft_when_due(work: Work, referral_id: str) -> int:
    """Delete a referral that was drafted so long ago and never sent. Returns how many."""
    region_id = _admit(work, t.referral, referral_id)
    row = take_up(work, referral_id).row
    cut = _instant(work, book_of(work.unit, region_id, work.today), Kept.DRAFT)
    is_due = row["sent_on"] is None and row["updated_at"] < cut
    if is_due:
        work.unit.delete(t.referral, referral_id)
    work.record("referral", referral_id, region_id, kept=not is_due)
    return int(is_due)


@workflow(Action.APPLY_RETENTION)
def forget_seat_records(work: Work, region_id: str) -> int:
    """Delete the records of seats of a region that were kept for long enough. Returns how many."""
    work.allow_new(ObjectScope(region_id))
    before = _day(work, book_of(work.unit, region_id, work.today), Kept.SEAT_RECORD)
    count = queries.forget_seat_records(work.unit, region_id, before)
    work.record("region", region_id, region_id, seat_records=count)
    return count


@workflow(Action.APPLY_RETENTION)
def forget_request_keys(work: Work) -> int:
    """Delete the answers kept for requests that come twice, after their time. Returns how many."""
    work.allow_new(ObjectScope())
    before = _instant(work, book_of(work.unit, None, work.today), Kept.REQUEST_KEY)
    count = idempotency.forget(work.unit, before)
    work.record("installation", "database", None, request_keys=count)
    return count


@workflow(Action.APPLY_RETENTION)
def prune_audit(work: Work) -> int:
    """Delete the oldest entries of the audit; the rest can still be verified. Returns how many."""
    work.allow_new(ObjectScope())
    before = _instant(work, book_of(work.unit, None, work.today), Kept.AUDIT)
    count = journal.prune(work.unit.connection, work.unit.keys, before)
    work.record("installation", "database", None, entries=count)
    return count


def _due_in(look: Look, region_id: str) -> Iterator[Due]:
    book = book_of(look.unit, region_id, look.today)
    cases = [
        (person_id, closed_on)
        for person_id, closed_on in queries.closed_plans(look.unit, region_id)
        if case_due_on(closed_on, book) <= look.today
    ]
    drafts = queries.drafts_unchanged_since(look.unit, region_id, _instant(look, book, Kept.DRAFT))
    for kind, rows in ((Kept.CASE, cases), (Kept.DRAFT, drafts)):
        oldest = rows[0][1] if rows else None
        rule = book.rule(kind.rule_key, look.today)
        yield Due(kind, region_id, rule, len(rows), oldest, tuple(id for id, _ in rows))
    before = _day(look, book, Kept.SEAT_RECORD)
    rule = book.rule(Kept.SEAT_RECORD.rule_key, look.today)
    yield Due(Kept.SEAT_RECORD, region_id, rule, *queries.old_seat_records(look.unit, region_id, before))


def _due_in_installation(look: Look) -> Iterator[Due]:
    book = book_of(look.unit, None, look.today)
    asked = {Kept.REQUEST_KEY: queries.old_request_keys, Kept.AUDIT: queries.old_entries}
    for kind, ask in asked.items():
        rule = book.rule(kind.rule_key, look.today)
        yield Due(kind, None, rule, *ask(look.unit, _instant(look, book, kind)))


def _steps(desk: Desk, due: Due) -> Iterator[Callable[[], int]]:
    """One call for each transaction that is needed; none where nothing is due."""
    if due.kind is Kept.CASE:
        yield from (lambda id=id: erase_when_due(desk, id) for id in due.ids)
    elif due.kind is Kept.DRAFT:
        yield from (lambda id=id: delete_draft_when_due(desk, id) for id in due.ids)
    elif due.count and due.kind is Kept.SEAT_RECORD and due.region_id is not None:
        region_id = due.region_id
        yield lambda: forget_seat_records(desk, region_id)
    elif due.count and due.kind is Kept.REQUEST_KEY:
        yield lambda: forget_request_keys(desk)
    elif due.count and due.kind is Kept.AUDIT:
        yield lambda: prune_audit(desk)


def case_due_on(closed_on: date, book: RuleBook) -> date:
    """Day on which a closed case must go: by the rule that holds, for the day of the closure, today."""
    return closed_on + timedelta(days=book.rule(Kept.CASE.rule_key, closed_on).days)


def _day(look: Look, book: RuleBook, kind: Kept) -> date:
    return look.today - timedelta(days=book.rule(kind.rule_key, look.today).days)


def _instant(look: Look, book: RuleBook, kind: Kept) -> datetime:
    return datetime.combine(_day(look, book, kind), time(), LOCAL_TIME)


def _admit(work: Work, table: t.Table, id: str) -> str:
    work.reach()
    row = work.unit.get(table, id)
    work.allow(ObjectScope(row["region_id"]), table, id)
    return str(row["region_id"])


def _regions(look: Look) -> list[str]:
    """Regions in which the caller may do this."""
    regions = {grant.region_id if grant else None for _, grant in look.reach()}
    everywhere = [row["id"] for row in look.unit.find(t.region)]
    return everywhere if None in regions else [id for id in everywhere if id in regions]
