"""Vorschläge: what a counsellor is shown of a released plan, and what planners see of any run."""

from __future__ import annotations

from datetime import date
from typing import Any

from network.kinds import kind_label
from plans.actions import Action
from plans.roles import ObjectScope, Whose
from store import tables as t
from store.faults import Missing
from store.queries import planning as queries
from store.tables import ProposalState
from workflows.acting import Look, question

SHOWN = 200
"""So many proposals are listed at most, unless more are asked for."""

Row = dict[str, Any]


@question(Action.LIST_PROPOSALS)
def list_proposals(
    look: Look, states: tuple[ProposalState, ...] = (ProposalState.PROPOSED,), limit: int = SHOWN
) -> list[dict[str, Any]]:
    """List the released proposals that the caller's offices decide on, the earliest start first.

    Parameters
    ----------
    look : Look
        Who asks.
    states : tuple of ProposalState
        Which of them; those still to be decided by default.
    limit : int
        At most so many for each office, >= 1.

    Returns
    -------
    list of dict
        As JSON, with reasons and alternatives in German and English, and the seats free right now. People are
        named by their ids.
    """
    return [
        shown(row)
        for office in sorted(_offices(look))
        for row in queries.proposals_for_office(look.unit, office, states, limit)
    ]


@question(Action.LIST_PROPOSALS)
def read_proposal(look: Look, proposal_id: str) -> dict[str, Any]:
    """Read a released proposal that one of the caller's offices decides on, or has decided.

    Raises
    ------
    Missing
        Where there is none.
    """
    offices = _offices(look)
    row = queries.released_proposal(look.unit, proposal_id)
    if row is None or row["organisation_id"] not in offices:
        raise Missing("missing", table=t.proposal.name, id=proposal_id)
    return shown(row)


@question(Action.READ_PLANNING)
def list_run_proposals(look: Look, run_id: str, limit: int = 10_000) -> list[dict[str, Any]]:
    """List what a run proposes, released or not, in the order of the needs.

    Parameters
    ----------
    look : Look
        Who asks.
    run_id : str
        Which run.
    limit : int
        At most so many, >= 1.
    """
    look.reach()
    run = look.unit.get(t.planning_run, run_id)
    look.allow(ObjectScope(run["region_id"]), t.planning_run, run_id)
    return [shown(row) for row in queries.proposals_of_run(look.unit, run_id, limit)]


def shown(row: Row) -> dict[str, Any]:
    """Return a proposal as JSON, with its need and slot in words."""
    told = ("id", "version", "planning_run_id", "need_id", "person_id", "slot_id", "referral_id")
    words = ("reasons", "alternatives", "change", "goal_de", "goal_en", "offering", "provider", "free_seats")
    return {
        **{name: row[name] for name in (*told, *words)},
        "state": row["state"].value,
        "kind": row["kind"],
        "kind_de": kind_label(row["kind"], "de"),
        "kind_en": kind_label(row["kind"], "en"),
        "start_on": _day(row["start_on"]),
        "end_on": _day(row["end_on"]),
        "target_on": _day(row["target_on"]),
        "place": row["place_name"],
        "decided_at": row["decided_at"].isoformat() if row["decided_at"] else None,
    }


def _offices(look: Look) -> set[str]:
    """Organisations for which the caller decides."""
    return {
        grant.organisation_id
        for whose, grant in look.reach()
        if whose is Whose.OWN_ORGANISATION and grant is not None and grant.organisation_id is not None
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
