"""Netzwerk ändern: one row at a time, by the partner it belongs to or by the coordinator.

What is entered is read and checked as if it stood in a partner file, so both obey the same rules; whoever
edits passes the version that was read. Cells are named by the English columns of the partner files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from network.columns import TABLE
from network.faults import Fault, PartnerFault
from network.partner_files import region_of
from network.partner_rows import key_of, rows_of, sheets_of
from plans.actions import Action
from plans.roles import ObjectScope
from store import seats
from store import tables as t
from store.tables import GroupShape, Table
from workflows.acting import Work, workflow
from workflows.partners.comparison import below_taken
from workflows.partners.from_store import region_as_handed_in
from workflows.partners.to_store import lock_network, write_network
from workflows.refusal import Refusal
from workflows.versions import check_read

Cells = Mapping[str, str]
"""Text by column; an empty one is not stated."""

_FILE_OF = {GroupShape.GROUP: "groups", GroupShape.STOCK: "stock"}


class EntryRefused(Refusal):
    """Eingabe abgelehnt: what was entered cannot be; says for every column why.

    Parameters
    ----------
    reasons : iterable of Fault
        What is wrong.
    """

    def __init__(self, reasons: Iterable[Fault]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("bad-entry")

    def text(self, lang: str) -> str:
        """One line: for each column what is wrong and what to write instead."""
        said = (": ".join(filter(None, (one.column, one.text(lang)))) for one in self.reasons)
        return f"{super().text(lang)} – {'; '.join(said)}"


@workflow(Action.EDIT_ACTOR)
def edit_actor(work: Work, organisation_id: str, version: int, cells: Cells) -> dict[str, Any]:
    """Akteur ändern: name, type, place, languages, contacts, or when it was confirmed (`as_of`).

    Returns
    -------
    dict
        `id` and its new `version`.

    Raises
    ------
    EntryRefused
        Where a cell cannot be read, or does not fit the others.
    Missing, Stale
        Where it is none of the caller's, or was changed since.
    """
    return _edit(work, t.organisation, organisation_id, version, "actors", cells)


@workflow(Action.EDIT_OFFERING)
def edit_offering(work: Work, offering_id: str, version: int, cells: Cells) -> dict[str, Any]:
    """Angebot ändern; its ways in follow. Returns and raises as `edit_actor`."""
    return _edit(work, t.offering, offering_id, version, "offerings", cells)


@workflow(Action.EDIT_OFFERING)
def add_offering(work: Work, organisation_id: str, cells: Cells) -> dict[str, Any]:
    """Angebot anlegen. Returns the `key` and raises as `edit_actor`."""
    row = _take_up(work, t.organisation, organisation_id)
    return _add(work, row["region_id"], "offerings", {**cells, "actor": row["key"]})


@workflow(Action.EDIT_SLOTS)
def edit_group(work: Work, slot_group_id: str, version: int, cells: Cells) -> dict[str, Any]:
    """Gruppe oder Bestand ändern: seats, booked, minimum, dates, times; its ways in follow.

    Raises
    ------
    EntryRefused
        Also where referrals hold more seats than would be left, or it is one date of a service.
    """
    row = _take_up(work, t.slot_group, slot_group_id)
    if row["shape"] is GroupShape.SERVICE:
        raise EntryRefused([Fault("services.csv", None, None, "edit_service", {"value": row["row_key"]})])
    return _edit(work, t.slot_group, slot_group_id, version, _FILE_OF[row["shape"]], cells)


@workflow(Action.EDIT_SLOTS)
def edit_service(work: Work, service_id: str, version: int, cells: Cells) -> dict[str, Any]:
    """Termin-Angebot ändern; all its dates follow. Returns and raises as `edit_group`."""
    return _edit(work, t.service, service_id, version, "services", cells)


@workflow(Action.EDIT_SLOTS)
def add_dated(work: Work, offering_id: str, table: str, cells: Cells) -> dict[str, Any]:
    """Gruppe, Termin-Angebot oder Bestand anlegen; `table` is groups, services or stock.

    Returns the `key` and raises as `edit_actor`.
    """
    row = _take_up(work, t.offering, offering_id)
    if table not in ("groups", "services", "stock"):
        raise EntryRefused([Fault(table, None, None, "unknown_table", {"value": table})])
    return _add(work, row["region_id"], table, {**cells, "offering": row["key"]})


@workflow(Action.EDIT_SLOTS)
def edit_queue(
    work: Work, slot_group_id: str, version: int, booked_elsewhere: int, waitlist_limit: int | None
) -> dict[str, Any]:
    """Belegung ändern: what the provider gave away itself, and how long the waiting list may get.

    Also for one date of a service.

    Parameters
    ----------
    slot_group_id : str
        Which group.
    version : int
        As it was read.
    booked_elsewhere : int
        Seats given away outside of the product, 0 to those that referrals leave.
    waitlist_limit : int or None
        Most entries of the waiting list, >= 0; None for no limit.

    Raises
    ------
    EntryRefused
        Where a number is negative.
    NoSeat
        Where referrals hold more seats than would be left; names the group.
    Missing, Stale
        See `edit_actor`.
    """
    row = _take_up(work, t.slot_group, slot_group_id)
    check_read(t.slot_group, row, version)
    for column, number in (("booked_elsewhere", booked_elsewhere), ("waitlist_limit", waitlist_limit)):
        if number is not None and number < 0:
            raise EntryRefused([Fault("", None, column, "negative", {"value": str(number)})])
    changed = work.unit.change(t.slot_group, slot_group_id, version, waitlist_limit=waitlist_limit)
    seats.resize(work.unit, slot_group_id, row["seats"], booked_elsewhere)
    work.record("slot_group", slot_group_id, row["region_id"], booked_elsewhere=booked_elsewhere)
    return {"id": slot_group_id, "version": changed["version"]}


@workflow(Action.EDIT_COOPERATION)
def add_cooperation(work: Work, region_id: str, cells: Cells) -> dict[str, Any]:
    """Kooperation anlegen: `from` and `to` are keys of actors. Returns and raises as `add_offering`."""
    work.allow_new(ObjectScope(region_id))
    return _add(work, region_id, "cooperation", cells)


@workflow(Action.EDIT_COOPERATION)
def edit_cooperation(work: Work, cooperation_id: str, version: int, cells: Cells) -> dict[str, Any]:
    """Kooperation ändern: agreement, since, source. Returns and raises as `edit_actor`."""
    return _edit(work, t.cooperation, cooperation_id, version, "cooperation", cells)


@workflow(Action.EDIT_COOPERATION)
def end_cooperation(work: Work, cooperation_id: str, version: int) -> dict[str, Any]:
    """Kooperation beenden: it is no longer shown. Returns and raises as `edit_actor`."""
    row = _take_up(work, t.cooperation, cooperation_id)
    check_read(t.cooperation, row, version)
    changed = work.unit.change(t.cooperation, cooperation_id, version, gone_on=work.today)
    work.record("cooperation", cooperation_id, row["region_id"])
    return {"id": cooperation_id, "version": changed["version"]}


def _take_up(work: Work, table: Table, id: str) -> dict[str, Any]:
    """The row, where it is the caller's; what is gone is not edited."""
    work.reach()
    row = work.unit.get(table, id)
    organisation_id = row["id"] if table is t.organisation else row.get("organisation_id")
    if "offering_id" in row:
        organisation_id = work.unit.get(t.offering, row["offering_id"])["organisation_id"]
    work.allow(ObjectScope(row["region_id"], organisation_id), table, id)
    if row["gone_on"] is not None:
        raise Refusal("row-gone", day=row["gone_on"].isoformat())
    return row


def _edit(work: Work, table: Table, id: str, version: int, file: str, cells: Cells) -> dict[str, Any]:
    row = _take_up(work, table, id)
    lock_network(work, row["region_id"])
    check_read(table, work.unit.get(table, id), version)
    key = _cooperation_key(work, row) if table is t.cooperation else row["key"]
    _write_row(work, row["region_id"], file, key, cells)
    now = work.unit.get(table, id)
    if now["version"] == version:  # only what hangs on the row has changed, or nothing
        now = work.unit.change(table, id, version)
    work.record(table.name, id, row["region_id"], columns=sorted(cells))
    return {"id": id, "version": now["version"]}


def _add(work: Work, region_id: str, file: str, cells: Cells) -> dict[str, Any]:
    lock_network(work, region_id)
    key = key_of(file, cells)
    _write_row(work, region_id, file, None, cells)
    work.record("region", region_id, region_id, table=file, key=key)
    return {"key": key}


def _write_row(work: Work, region_id: str, file: str, key: str | None, cells: Cells) -> None:
    """Change or (key None) add one row, where the network is sound with it."""
    unknown = sorted(cells.keys() - {column.name for column in TABLE[file].columns})
    if unknown:
        values = {"value": unknown[0], "columns": TABLE[file].header()}
        raise EntryRefused([Fault(f"{file}.csv", None, unknown[0], "unknown_column", values)])
    before = region_as_handed_in(work.unit, region_id)
    rows = rows_of(before)
    changed = {**(rows[file][key] if key is not None else {}), **cells}
    new_key = key_of(file, changed)
    if key is None and new_key in rows[file]:
        raise Refusal("key-taken", key=new_key)
    if key is not None and new_key != key:
        raise EntryRefused([Fault(f"{file}.csv", None, None, "key_stays", {"value": key})])
    rows[file][new_key] = changed
    sheets = sheets_of(rows)
    try:
        after = region_of(sheets)
    except PartnerFault as fault:
        raise EntryRefused(fault.faults) from fault
    if taken := tuple(below_taken(work.unit, before, after, sheets)):
        raise EntryRefused(taken)
    write_network(work, before, after)


def _cooperation_key(work: Work, row: Mapping[str, Any]) -> str:
    ends = (work.unit.get(t.organisation, row[f"{end}_organisation_id"])["key"] for end in ("from", "to"))
    return key_of("cooperation", dict(zip(("from", "to"), ends, strict=True)) | {"kind": row["kind"].value})
