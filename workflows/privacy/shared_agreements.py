"""Gemeinsame Vereinbarungen: somebody who is erased leaves agreements that others have signed as well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from plans.due_dates import agreement_review_due_on
from store import tables as t
from workflows.acting import Work
from workflows.agreements.records import load_agreement
from workflows.privacy.held import Row, Rows
from workflows.privacy.striking import strike


def leave_agreements(work: Work, held: Rows) -> None:
    """Take a person out of every agreement; one without other parties, or without a step of theirs, goes.

    What others signed stays: its versions, their steps and signatures. The steps, signatures, goals and the
    name of the person go.

    Parameters
    ----------
    work : Work
        The workflow, which deletes the person afterwards.
    held : mapping
        What is held about the person (`workflows.privacy.held.held_about`).
    """
    others = _names_of_others(work, held)
    for name, table in _OWN.items():
        for row in held[name]:
            work.unit.delete(table, row["id"])
    for agreement in held["agreement"]:
        if work.unit.count(t.agreement_party, agreement_id=agreement["id"]):
            _leave(work, agreement, held, others)
        else:
            work.unit.delete(t.agreement, agreement["id"])


_OWN: Mapping[str, t.Table] = {
    "agreement_finding": t.agreement_finding,
    "measure": t.measure,
    "signature": t.signature,
    "agreement_party": t.agreement_party,
}
"""Tables of agreements whose rows are about one person alone, in an order in which they can go."""


def _leave(work: Work, agreement: Row, held: Rows, others: list[str]) -> None:
    versions = work.unit.find(t.agreement_version, agreement_id=agreement["id"])
    left = [version for version in versions if work.unit.count(t.measure, agreement_version_id=version["id"])]
    if not left:
        work.unit.delete(t.agreement, agreement["id"])
        return
    for version in versions:
        if version in left:
            _strike_version(work, version, held, others)
        else:
            work.unit.delete(t.agreement_version, version["id"])
    _strike(work, t.agreement, [agreement], ("ending_why",), held, others)
    _state_anew(work, agreement["id"])


def _strike_version(work: Work, version: Row, held: Rows, others: list[str]) -> None:
    of_this = {"agreement_version_id": version["id"]}
    own = [(goal["text_de"], goal["text_en"]) for goal in held["goal"]]
    goals = [goal for goal in version["goals"] if (goal["text_de"], goal["text_en"]) not in own]
    goals = strike(goals, held["person"][0]["name"], others)
    work.unit.change(t.agreement_version, version["id"], version["version"], goals=goals)
    _strike(work, t.signature, work.unit.find(t.signature, **of_this), ("signed_by",), held, others)
    _strike(work, t.amendment, work.unit.find(t.amendment, **of_this), ("why",), held, others)
    measures = work.unit.find(t.measure, **of_this)
    _strike(work, t.measure, measures, ("goal_de", "goal_en"), held, others)
    for talk in work.unit.find(t.agreement_review, **of_this):
        findings = work.unit.find(t.agreement_finding, agreement_review_id=talk["id"])
        _strike(work, t.agreement_finding, findings, ("why",), held, others)


def _strike(
    work: Work, table: t.Table, rows: Iterable[Row], names: tuple[str, ...], held: Rows, others: list[str]
) -> None:
    for row in rows:
        struck: dict[str, Any] = {
            name: strike(row[name], held["person"][0]["name"], others) for name in names
        }
        if any(struck[name] != row[name] for name in names):
            work.unit.change(table, row["id"], row.get("version"), **struck)


def _state_anew(work: Work, agreement_id: str) -> None:
    """What was missing may have been the signature of the one who left."""
    row, agreement = work.unit.get(t.agreement, agreement_id), load_agreement(work.unit, agreement_id)
    due_on = agreement_review_due_on(agreement, work.book)
    work.unit.change(t.agreement, agreement_id, row["version"], state=agreement.state, review_due_on=due_on)


def _names_of_others(work: Work, held: Rows) -> list[str]:
    person = held["person"][0]
    rows = work.unit.find(t.person, household_id=person["household_id"])
    return [row["name"] for row in rows if row["id"] != person["id"]]
