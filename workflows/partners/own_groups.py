"""Eigene Gruppen: what an organisation keeps current: groups, dates and stock with their seats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from plans.actions import Action
from plans.roles import ObjectScope
from store import tables as t
from store.queries.network import groups_to_keep
from store.tables import GroupShape
from workflows.acting import Look, question

DATES_AHEAD_DAYS = 56
"""Of services that come again and again, so many days are listed."""


@dataclass(frozen=True)
class OwnGroup:
    """Eigene Gruppe: one line of the table that a partner keeps current.

    Parameters
    ----------
    id, version : str, int
        To change it with.
    key, name, kind : str
        Its id in the partner files, and the name and kind of its offering.
    shape : GroupShape
        A course group, one date of a service, or places of a stock.
    start_on, end_on : date
        When.
    seats, booked, taken : int
        In all; given away by the partner itself; held by referrals.
    minimum : int
        Bookings that the group needs; 0 where it needs none.
    waitlist_limit : int or None
        Most entries of its waiting list; None for no limit.
    waiting : int
        Who waits for it.
    as_of, is_old : date or None, bool
        When it was last confirmed, and whether that is long ago.
    has_begun : bool
        Whether it began before today, so that its day is no longer to be changed.
    """

    id: str
    version: int
    key: str
    name: str
    kind: str
    shape: GroupShape
    start_on: date
    end_on: date
    seats: int
    booked: int
    taken: int
    minimum: int
    waitlist_limit: int | None
    waiting: int
    as_of: date | None
    is_old: bool
    has_begun: bool

    @property
    def free(self) -> int:
        """Seats that are free."""
        return self.seats - self.booked - self.taken

    @property
    def missing(self) -> int:
        """Bookings that the group still lacks."""
        return max(0, self.minimum - self.booked - self.taken)


@question(Action.EDIT_SLOTS)
def list_own_groups(look: Look) -> list[OwnGroup]:
    """Eigene Gruppen auflisten: those of the caller's organisations that are not over, by their start.

    Raises
    ------
    Forbidden
        Where none of the caller's roles may change seats.
    """
    grants = [grant for _, grant in look.reach()]
    own = {grant.organisation_id for grant in grants if grant and grant.organisation_id}
    until_on = look.today + timedelta(days=DATES_AHEAD_DAYS)
    rows = groups_to_keep(look.unit, own, look.today, until_on) if own else ()
    return [_own_group(look, row) for row in rows]


@question(Action.EDIT_SLOTS)
def own_group(look: Look, slot_group_id: str) -> OwnGroup:
    """Eigene Gruppe: one of them.

    Raises
    ------
    Missing
        Where there is none, or it is none of the caller's: both look the same.
    """
    look.reach()
    row = look.unit.get(t.slot_group, slot_group_id)
    offering = look.unit.get(t.offering, row["offering_id"])
    scope = ObjectScope(row["region_id"], offering["organisation_id"])
    look.allow(scope, t.slot_group, slot_group_id)
    named = {"offering_name": offering["name"], "offering_kind": offering["kind"]}
    return _own_group(look, {**row, **named})


def _own_group(look: Look, row: dict[str, Any]) -> OwnGroup:
    age = look.book.rule("partner-figure-age-days", look.today).days
    same = ("id", "version", "key", "shape", "start_on", "end_on", "seats", "taken", "minimum")
    return OwnGroup(
        **{name: row[name] for name in (*same, "waitlist_limit")},
        name=row["offering_name"],
        kind=row["offering_kind"],
        booked=row["booked_elsewhere"],
        waiting=look.unit.count(t.waiting_list_entry, slot_group_id=row["id"], left_on=None),
        as_of=row["as_of_on"],
        is_old=row["as_of_on"] is None or row["as_of_on"] < look.today - timedelta(days=age),
        has_begun=row["start_on"] < look.today,
    )
