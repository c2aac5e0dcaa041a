"""Planungsstand aus dem Gedächtnis: what the questions of the planning room are asked about in a region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from matching import Proof
from matching.warm import plan_warm
from plans.actions import Action
from plans.roles import ObjectScope
from store.queries import planning_room as queries
from store.queries.planning_room import WayIn
from store.tables import GroupShape
from workflows.acting import Desk, Look, question
from workflows.cases.choices import towns_of
from workflows.partners.opened import OpenNetwork
from workflows.planning import HORIZON_DAYS
from workflows.planning_room.network import network_analysis_report
from workflows.planning_room.state import PlannedRegion
from workflows.planning_room.tables import Report
from workflows.planning_runs.runs import last_released, released_prices
from workflows.planning_runs.snapshot import Snapshot, take_snapshot
from workflows.wording import LANGUAGES, date_text

ONLINE = "online"
"""The place of a group that takes place nowhere."""
COURSE_SEATS = 5
"""From so many seats on a single date is offered to be changed; below, only groups filled together."""


@dataclass(frozen=True)
class Taken:
    """What a planning state is made of, as the store holds it (Momentaufnahme mit Preisen und Profilen)."""

    snapshot: Snapshot
    seat_prices: Mapping[str, float]
    profile_of: Mapping[str, str]
    offering_names: Mapping[str, str]


@question(Action.READ_PLANNING)
def take_planning_state(look: Look, region_id: str) -> Taken | None:
    """Take a region as planning sees it; None where no plan has been released yet.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    Missing
        Where there is no such region.
    """
    look.allow_new(ObjectScope(region_id))
    snapshot = take_snapshot(look, region_id)
    earlier = last_released(look.unit, region_id)
    if earlier is None:
        return None
    return Taken(
        snapshot,
        earlier.seat_prices,
        queries.profiles_by_person(look.unit, region_id),
        queries.offering_names(look.unit, region_id),
    )


@question(Action.READ_PLANNING)
def has_plan(look: Look, region_id: str) -> bool:
    """Whether a plan of a region has been released, without which there is nothing to reckon from."""
    look.allow_new(ObjectScope(region_id))
    return released_prices(look.unit, region_id)[0] is not None


@question(Action.READ_PLANNING)
def open_groups(look: Look, region_id: str, lang: str) -> list[tuple[str, str]]:
    """Return the groups that begin from today on and are worth a change: first way in and name, by name.

    Only ways in are read, nobody's need. The first way in stands for its group, as in `seat_groups`.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    """
    look.allow_new(ObjectScope(region_id))
    horizon_end = look.today + timedelta(days=HORIZON_DAYS)
    groups: dict[str, list[WayIn]] = defaultdict(list)
    for row in queries.ways_into_groups(look.unit, region_id, look.today, horizon_end):
        groups[row.group_id].append(row)
    offerings = queries.offering_names(look.unit, region_id)
    first = [min(rows, key=_first_in) for rows in groups.values() if _is_course(rows)]
    named = [(offerings.get(row.offering_id, ""), row) for row in first if row.start_on >= look.today]
    named.sort(key=lambda pair: (pair[0].casefold(), pair[1].start_on, pair[1].id))
    return [(row.id, f"{name}, {date_text(row.start_on, lang)}") for name, row in named]


@question(Action.READ_PLANNING)
def list_towns(look: Look, region_id: str) -> list[dict[str, Any]]:
    """Return the towns in which a group could take place: ``name``, ``lat`` and ``lon``, by name.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    """
    look.allow_new(ObjectScope(region_id))
    return towns_of(look.unit, region_id)


def _first_in(row: WayIn) -> tuple[int, date, str]:
    return (row.entry_module if row.shape is GroupShape.GROUP else 0, row.start_on, row.id)


def _is_course(rows: list[WayIn]) -> bool:
    return len(rows) > 1 or rows[0].minimum > 0 or rows[0].seats >= COURSE_SEATS


def open_planning_state(desk: Desk, region_id: str) -> PlannedRegion | None:
    """Return the problem of today with its plan: bookings, and proposals as far as they can still be kept.

    Whoever has neither gets what is left, as the next planning run would begin. Nothing of it is stored.
    Raises as `take_planning_state`.
    """
    taken = take_planning_state(desk, region_id)
    if taken is None:
        return None
    snapshot = taken.snapshot
    held = {need.id: need.fixed_slot or need.proposed_slot for need, _ in snapshot.needs.values()}
    warm = plan_warm(snapshot.problem, held, Proof(taken.seat_prices), steps=0, prove=False)
    return PlannedRegion(
        problem=snapshot.problem,
        plan=warm.plan,
        proof=warm.proof,
        seat_prices=taken.seat_prices,
        town_of={person.id: home.home.name for home in snapshot.households for person in home.members},
        profile_of={id_: taken.profile_of.get(id_, "") for id_ in snapshot.problem.people.ids},
        rows=snapshot.tables,
        names={lang: _names(taken, lang) for lang in LANGUAGES},
    )


def _names(taken: Taken, lang: str) -> dict[str, str]:
    """Names of actors and offerings; ways in by offering and day."""
    offices = {id_: office.name for id_, office in taken.snapshot.offices.items()}
    slots = {
        slot.id: f"{taken.offering_names.get(slot.offering_id, '')}, {date_text(slot.start_on, lang)}"
        for slot in taken.snapshot.supply.slots
    }
    return {**offices, **taken.offering_names, **slots}


def analyse_opened(opened: OpenNetwork, lang: str) -> Report:
    """Say what the network of a region can bear from today on; what the partners have handed in counts."""
    return network_analysis_report(replace(opened.region, today=opened.today), opened.analysis, lang)
