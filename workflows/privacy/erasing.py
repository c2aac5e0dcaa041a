"""Löschen: everything about a person goes (GDPR Art. 17, SGB X § 84); what has to stay names nobody.

What stays: the audit, which knows ids only; for every referral that was sent a record of the seat without
person, step, slot or day (`store.tables.privacy`); and what belongs to others as well: the household while
somebody lives in it, and agreements that somebody else signed, without the part, the goals and the name of
the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from plans.actions import Action
from plans.needs import Relation
from plans.referral_table import OPEN, Party, ReferralAction
from plans.waiting import Clock, read_clock
from store import tables as t
from store.queries.locks import keep_to_itself
from workflows.acting import Look, Work, question, workflow
from workflows.cases.from_rows import clocks_from
from workflows.privacy.held import Row, Rows, count_rows, held_about, ids_of
from workflows.privacy.shared_agreements import leave_agreements
from workflows.referrals.advancing import end_referral
from workflows.referrals.records import keep_person, open_referrals_of, take_up
from workflows.scopes import admit, plan_of
from workflows.versions import check_read


class Ground(StrEnum):
    """Löschgrund: why somebody is erased."""

    REQUEST = "request"
    MISTAKE = "mistake"
    RETENTION = "retention"


@dataclass(frozen=True)
class Erased:
    """Gelöscht: what went, and what stayed.

    Parameters
    ----------
    rows : mapping of str to int
        Rows about the person that there were, by table.
    kept : int
        Records of seats that were written; they name nobody.
    freed : int
        Seats that became free.
    recipients : tuple of str
        Ids of the organisations that were told something: they must be told of the erasure (GDPR Art. 19).
    """

    rows: dict[str, int]
    kept: int
    freed: int
    recipients: tuple[str, ...]

    def said(self) -> dict[str, Any]:
        """As JSON."""
        return {"rows": self.rows, "kept": self.kept, "freed": self.freed, "recipients": [*self.recipients]}


@workflow(Action.ERASE_PERSON)
def erase_person(work: Work, person_id: str, version: int, ground: Ground) -> dict[str, Any]:
    """Erase a person (Person löschen); open referrals are cancelled first, and their seats become free.

    Parameters
    ----------
    work : Work
        Called with a `Desk`.
    person_id, version : str, int
        Who, and the version of the help plan that was read.
    ground : Ground
        Why.

    Returns
    -------
    dict
        ``person_id``, ``rows`` (by table), ``kept``, ``freed`` and ``recipients``: see `Erased`.

    Raises
    ------
    Missing
        Where there is no such person, or it is none of the caller's.
    Stale
        Where the help plan was changed since it was read.
    """
    region_id = admit(work, t.person, person_id)["region_id"]
    keep_person(work, person_id)
    check_read(t.help_plan, plan_of(work.unit, person_id), version)
    erased = erase(work, person_id)
    work.record("person", person_id, region_id, ground=ground, **erased.said())
    return {"person_id": person_id, **erased.said()}


@question(Action.ERASE_PERSON)
def preview_erasure(look: Look, person_id: str) -> dict[str, Any]:
    """Say what an erasure would take away and what would stay; nothing is changed.

    Returns
    -------
    dict
        As `erase_person`, with the ``version`` of the help plan that it needs; ``closed_on`` is None while
        the person is still helped.
    """
    admit(look, t.person, person_id)
    plan = plan_of(look.unit, person_id)
    held = held_about(look.unit, person_id)
    would = Erased(count_rows(held), len(_sent(held)), _seats_held(held), _recipients(held))
    closed_on = plan["closed_on"] and plan["closed_on"].isoformat()
    return {"person_id": person_id, "version": plan["version"], "closed_on": closed_on, **would.said()}


def erase(work: Work, person_id: str) -> Erased:
    """Erase a person, as part of a workflow that has asked for permission and records it.

    Raises
    ------
    Missing
        Where there is no such person.
    """
    keep_person(work, person_id)
    household_id = work.unit.get(t.person, person_id)["household_id"]
    before = held_about(work.unit, person_id)
    for referral_id in open_referrals_of(work.unit, person_id):
        file = take_up(work, referral_id)
        end_referral(work, file, ReferralAction.WITHDRAW_CONSENT, Party.PERSON)
    held = held_about(work.unit, person_id)
    _keep_seat_records(work, held)
    leave_agreements(work, held)
    _let_others_follow_nobody(work, held)
    for referral in held["referral"]:
        work.unit.delete(t.referral, referral["id"])
    work.unit.delete(t.person, person_id)
    if not work.unit.count(t.person, household_id=household_id):
        work.unit.delete(t.household, household_id)
    _forget_answers(work, held)
    return Erased(count_rows(before), len(_sent(held)), _seats_held(before), _recipients(held))


def _sent(held: Rows) -> list[Row]:
    return [row for row in held["referral"] if row["sent_on"] is not None]


def _seats_held(held: Rows) -> int:
    return sum(row["state"].has_seat for row in held["referral"] if row["state"] in OPEN)


def _recipients(held: Rows) -> tuple[str, ...]:
    told = {row["recipient_id"] for row in (*held["disclosure"], *_sent(held))}
    return tuple(sorted(told))


def _keep_seat_records(work: Work, held: Rows) -> None:
    ended = {row["id"]: row["ended_on"] for row in held["referral"]}
    rows = []
    for row in sorted(_sent(held), key=lambda row: (row["kind"], row["recipient_id"])):
        dates = clocks_from(row)
        days = {clock: read_clock(dates, clock, work.today, ended[row["id"]]).days for clock in Clock}
        rows.append(
            {
                **{name: row[name] for name in ("region_id", "recipient_id", "kind", "state")},
                **{name: row[name] for name in ("reason", "outcome")},
                "sent_month_on": row["sent_on"].replace(day=1),
                "access_days": days[Clock.ACCESS],
                "waiting_days": days[Clock.WAITING],
            }
        )
    work.unit.insert_all(t.seat_record, rows)


def _let_others_follow_nobody(work: Work, held: Rows) -> None:
    """Steps of others in the household that waited for one of these steps no longer wait for anything."""
    own = {row["id"] for row in held["need"]}
    followers = work.unit.find(t.need, t.need.c.after_need_id.in_(sorted(own)))
    others = [row for row in followers if row["id"] not in own]
    keep_to_itself(work.unit, t.need, *(row["id"] for row in others))
    alone = {"after_need_id": None, "relation": Relation.END, "lag_days": 0, "max_lag_days": None}
    for row in others:
        work.unit.change(t.need, row["id"], row["version"], **alone)


def _forget_answers(work: Work, held: Rows) -> None:
    """Answers kept for requests that come twice are copies: those that name a row of the person go."""
    ids = ids_of(held)
    for key in work.unit.find(t.idempotency_key):
        if ids & _words_of(key["answer"]):
            work.unit.delete(t.idempotency_key, key["id"])


def _words_of(value: Any) -> frozenset[str]:
    """Every text within a JSON value."""
    if isinstance(value, str):
        return frozenset({value})
    if isinstance(value, dict):
        return frozenset().union(*(_words_of(one) for one in value.values()))
    if isinstance(value, list):
        return frozenset().union(*(_words_of(one) for one in value))
    return frozenset()
