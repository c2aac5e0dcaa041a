"""Fahrzeiten: minutes between the places of a region, handed in by its planners; they measure its ways."""

from __future__ import annotations

from typing import Any

from network.analysis.travel import GreatCircle, Travel, times_of, travel_rows
from plans.actions import Action
from plans.roles import ObjectScope
from store import tables as t
from store.faults import Missing
from store.rows import ReadRows
from workflows.acting import Desk, Look, Work, question, workflow
from workflows.refusal import Refusal

Row = dict[str, Any]
SHOWN = 20


def hand_in_travel_times(desk: Desk, region_id: str, name: str, data: bytes) -> str:
    """Read a file of travel times and keep it; from now on it holds for its region.

    Parameters
    ----------
    name, data : str, bytes
        Name of the file and what is in it: CSV or Excel, see `network.analysis.travel.travel_rows`.

    Returns
    -------
    str
        Id of the table.

    Raises
    ------
    PartnerFault
        With everything that is wrong in the file.
    Forbidden, Missing
        See `keep_travel_times`.
    """
    list_travel_times(desk, region_id)  # nobody else has a file read
    return keep_travel_times(desk, region_id, name, [list(row) for row in travel_rows(data, name)])


@workflow(Action.KEEP_TRAVEL_TIMES)
def keep_travel_times(work: Work, region_id: str, name: str, rows: list[list[Any]]) -> str:
    """Keep a table of travel times, which holds from now on.

    Parameters
    ----------
    rows : list of [str, str, float]
        From, to, minutes.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    Missing
        Where there is no such region.
    """
    work.allow_new(ObjectScope(region_id))
    work.unit.get(t.region, region_id)
    values = {"handed_in_at": work.now, "handed_in_by": work.caller.account_id}
    id = work.unit.insert(t.travel_times, region_id=region_id, file_name=name, rows=rows, **values)
    work.record("travel_times", id, region_id, rows=len(rows))
    return id


@workflow(Action.KEEP_TRAVEL_TIMES)
def take_back_travel_times(work: Work, region_id: str, travel_times_id: str, version: int) -> str:
    """Take a table back: the one before it holds again, or great circles where there is none.

    Returns
    -------
    str
        Id of the table.

    Raises
    ------
    Missing
        Where the region has no such table, or is none of the caller's.
    Refusal
        Where it was taken back already.
    """
    work.reach()
    row = work.unit.get(t.travel_times, travel_times_id)
    work.allow(ObjectScope(row["region_id"]), t.travel_times, travel_times_id)
    if row["region_id"] != region_id:
        raise Missing("missing", table=t.travel_times.name, id=travel_times_id)
    if row["taken_back_at"] is not None:
        raise Refusal("travel-times-taken-back")
    work.unit.change(t.travel_times, travel_times_id, version, taken_back_at=work.now)
    work.record("travel_times", travel_times_id, row["region_id"], taken_back=True)
    return travel_times_id


@question(Action.READ_PLANNING)
def list_travel_times(look: Look, region_id: str) -> list[Row]:
    """List the newest tables of a region, also those taken back: when each was handed in, and how many rows.

    Returns
    -------
    list of dict
        ``id``, ``version``, ``file_name``, ``handed_in_at``, ``taken_back_at`` (ISO), ``rows`` (how many),
        ``places`` (folded names in it) and ``holds``.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    """
    look.allow_new(ObjectScope(region_id))
    newest = [t.travel_times.c.handed_in_at.desc(), t.travel_times.c.id.desc()]
    rows = look.unit.find(t.travel_times, order_by=newest, limit=SHOWN, region_id=region_id)
    holding = next((row["id"] for row in rows if row["taken_back_at"] is None), None)
    return [
        {
            **{name: row[name] for name in ("id", "version", "file_name")},
            "handed_in_at": row["handed_in_at"].isoformat(),
            "taken_back_at": row["taken_back_at"].isoformat() if row["taken_back_at"] else None,
            "rows": len(row["rows"]),
            "places": sorted({place.casefold() for start, end, _ in row["rows"] for place in (start, end)}),
            "holds": row["id"] == holding,
        }
        for row in rows
    ]


def travel_of(unit: ReadRows, region_id: str) -> Travel:
    """Return what measures the ways of a region: the newest table not taken back, else great circles."""
    newest = [t.travel_times.c.handed_in_at.desc(), t.travel_times.c.id.desc()]
    rows = unit.find(t.travel_times, order_by=newest, limit=1, region_id=region_id, taken_back_at=None)
    return (
        times_of((str(a), str(b), float(minutes)) for a, b, minutes in rows[0]["rows"])
        if rows
        else GreatCircle()
    )
