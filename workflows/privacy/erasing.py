"""Löschen: everything about a person goes (GDPR Art. 17, SGB X § 84); what has to stay names nobody.

What stays: the audit, which knows ids only; for every referral that was sent a record of the seat without
person, step, slot or day (`store.tables.privacy`); and what belongs to others as well: the household while
somebody lives in it, and agreements that somebody else signed, without the part, the goals and the name of
the person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from plans.actions import Action
from plans.needs import Relation
from store import tables as t
from store.queries.locks import keep_to_itself
from workflows.acting import Look, Work, question, workflow
from workflows.keeping import keep_household
from workflows.privacy.held import Rows, count_rows, held_about, ids_of
from workflows.privacy.seat_records import groups_to_free, sent_referrals, settle_seats
from workflows.privacy.shared_agreements import leave_agreements
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
    keep_all(work, person_id)
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
    closed_on = plan["closed_on"] and plan["closed_on"].isoformat()
    return {
        "person_id": person_id,
        "version": plan["version"],
        "closed_on": closed_on,
        **_erased(held).said(),
    }


@question(Action.ERASE_PERSON)
def names_of_recipients(look: Look, ids: Sequence[str]) -> tuple[str, ...]:
    """Return the names of organisations that must be told of an erasure, sorted."""
    look.reach()
    rows = look.unit.find(t.organisation, t.organisation.c.id.in_(ids)) if ids else []
    return tuple(sorted(row["name"] for row in rows))


def erase(work: Work, person_id: str) -> Erased:
    """Erase a person, as part of a workflow that has asked for permission and records it.

    Raises
    ------
    Missing
        Where there is no such person.
    """
    keep_all(work, person_id)
    held = held_about(work.unit, person_id)
    household_id = held["household"][0]["id"]
    settle_seats(work, held)
    leave_agreements(work, held)
    _let_others_follow_nobody(work, held)
    for referral in held["referral"]:
        work.unit.delete(t.referral, referral["id"])
    work.unit.delete(t.person, person_id)
    if not work.unit.count(t.person, household_id=household_id):
        work.unit.delete(t.household, household_id)
    _forget_answers(work, held)
    return _erased(held)


def keep_all(work: Work, person_id: str) -> None:
    """Keep everything that an erasure changes: proposals, the whole household, referrals."""
    household_id = work.unit.get(t.person, person_id)["household_id"]
    _keep_rows(work, t.proposal, person_id)
    keep_household(work, household_id)
    _keep_rows(work, t.referral, person_id)


def _keep_rows(work: Work, table: t.Table, person_id: str) -> None:
    rows = work.unit.find(table, person_id=person_id)
    keep_to_itself(work.unit, table, *(row["id"] for row in rows))


def _erased(held: Rows) -> Erased:
    sent = sent_referrals(held)
    told = {row["recipient_id"] for row in (*held["disclosure"], *sent)}
    return Erased(count_rows(held), len(sent), len(groups_to_free(held)), tuple(sorted(told)))


def _let_others_follow_nobody(work: Work, held: Rows) -> None:
    """Steps of others in the household that waited for one of these steps no longer wait for anything."""
    own = {row["id"] for row in held["need"]}
    followers = work.unit.find(t.need, t.need.c.after_need_id.in_(sorted(own)))
    others = [row for row in followers if row["id"] not in own]
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
