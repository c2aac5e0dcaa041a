"""Netzwerk ins Gedächtnis: the rows of a region are brought from what they are to what they shall be.

Rows keep their ids; what is no longer offered gets the day on which it went, since referrals name it, and
comes back to life when it is offered again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from network.model import Region
from store import seats
from store import tables as t
from store.queries.network import by_keys
from store.tables import Table
from workflows.acting import Work
from workflows.partners.columns import (
    WantedGroup,
    dated_rows,
    groups_of,
    offering_columns,
    organisation_columns,
    region_columns,
    service_columns,
)

Columns = Mapping[str, Any]


def lock_network(work: Work, region_id: str) -> None:
    """Let one at a time change the network of a region, until the end of the transaction.

    Raises
    ------
    Stale
        Where somebody else has just changed it.
    """
    row = work.unit.get(t.region, region_id)
    work.unit.change(t.region, region_id, row["version"])


def write_network(work: Work, before: Region, after: Region) -> None:
    """Bring the network of a region from one state to another; only what differs is touched.

    Parameters
    ----------
    work : Work
        The workflow; its row of the region is locked already.
    before : Region
        As it stands, by `workflows.partners.from_store.region_as_handed_in`.
    after : Region
        As it shall be.

    Raises
    ------
    NoSeat
        Where a group would get fewer seats than are taken.
    """
    writer = _Writer(work, before, after)
    writer.write_region()
    writer.write_organisations()
    writer.write_offerings()
    writer.write_services()
    writer.write_groups()
    writer.write_cooperations()


class _Writer:
    """Holds both states and the ids of the rows that others refer to."""

    def __init__(self, work: Work, before: Region, after: Region) -> None:
        self.work, self.unit, self.before, self.after = work, work.unit, before, after
        self.organisation_ids: dict[str, str] = {}
        self.offering_ids: dict[str, str] = {}

    def write_region(self) -> None:
        row = self.unit.get(t.region, self.after.id)
        self._change(t.region, row, region_columns(self.after))

    def write_organisations(self) -> None:
        actors = self.after.actors
        wanted = {key: organisation_columns(actors[key]) for key in _differing(self.before.actors, actors)}
        self.organisation_ids = self._keep(t.organisation, wanted, self.before.actors.keys() - actors.keys())
        self.organisation_ids |= self._ids(t.organisation, actors.keys() - wanted.keys())

    def write_offerings(self) -> None:
        offerings = self.after.offerings
        wanted = {
            key: offering_columns(offerings[key], self.organisation_ids[offerings[key].actor_id])
            for key in _differing(self.before.offerings, offerings)
        }
        self.offering_ids = self._keep(t.offering, wanted, self.before.offerings.keys() - offerings.keys())
        self.offering_ids |= self._ids(t.offering, offerings.keys() - wanted.keys())

    def write_services(self) -> None:
        services = self.after.services
        wanted = {
            key: service_columns(services[key], self.offering_ids[services[key].offering_id])
            for key in _differing(self.before.services, services)
        }
        self._keep(t.service, wanted, self.before.services.keys() - services.keys())

    def write_groups(self) -> None:
        before = {row.id: (row, *self._context(self.before, row)) for row in dated_rows(self.before)}
        after = {row.id: (row, *self._context(self.after, row)) for row in dated_rows(self.after)}
        wanted: dict[str, WantedGroup] = {}
        for id in _differing(before, after):
            row, offering, home = after[id]
            wanted |= groups_of(row, offering, home, self.offering_ids[offering.id])
        touched = {*_differing(before, after), *(before.keys() - after.keys())}
        present = by_keys(self.unit, t.slot_group, self.after.id, touched, "row_key")
        gone = {row["key"] for row in present if row["gone_on"] is None} - wanted.keys()
        ids = self._keep_groups(wanted, {row["key"]: row for row in present}, gone)
        slots: dict[str, Columns] = {}
        for key, group in wanted.items():
            offering = self.after.offerings[after[group.columns["row_key"]][0].offering_id]
            of = {
                "slot_group_id": ids[key],
                "offering_id": group.columns["offering_id"],
                "organisation_id": self.organisation_ids[offering.actor_id],
            }
            slots |= {name: {**columns, **of} for name, columns in group.slots.items()}
        former = by_keys(self.unit, t.slot, self.after.id, {row["id"] for row in present}, "slot_group_id")
        gone_slots = {row["key"] for row in former if row["gone_on"] is None} - slots.keys()
        self._keep(t.slot, slots, gone_slots)

    def write_cooperations(self) -> None:
        def named(region: Region) -> dict[tuple[str, str, str], Any]:
            return {(one.from_actor, one.to_actor, one.kind): one for one in region.cooperations}

        before, after = named(self.before), named(self.after)
        touched = {*_differing(before, after), *(before.keys() - after.keys())}
        if not touched:
            return
        key_of = {row["id"]: row["key"] for row in self.unit.find(t.organisation, region_id=self.after.id)}
        rows = {
            (key_of[row["from_organisation_id"]], key_of[row["to_organisation_id"]], row["kind"]): row
            for row in self.unit.find(t.cooperation, region_id=self.after.id)
        }
        new = []
        for key in sorted(touched & after.keys()):
            one = after[key]
            ends = {
                "from_organisation_id": self.organisation_ids[one.from_actor],
                "to_organisation_id": self.organisation_ids[one.to_actor],
            }
            names = ("kind", "agreement", "since_on", "source", "illustrative")
            columns = {**ends, **{name: getattr(one, name) for name in names}, "gone_on": None}
            if key in rows:
                self._change(t.cooperation, rows[key], columns)
            else:
                new.append({"region_id": self.after.id, **columns})
        self.unit.insert_all(t.cooperation, new)
        for key in touched - after.keys():
            self._change(t.cooperation, rows[key], {"gone_on": self.work.today})

    def _keep_groups(
        self, wanted: Mapping[str, WantedGroup], rows: Mapping[str, dict[str, Any]], gone: Collection[str]
    ) -> dict[str, str]:
        """Keep groups; their seats only change by `store.seats`. Returns their ids by key."""
        ids, new = {}, []
        for key, group in wanted.items():
            row = rows.get(key)
            if row is None:
                counts = {"seats": group.seats, "booked_elsewhere": group.booked_elsewhere or 0}
                new.append({"region_id": self.after.id, "key": key, **group.columns, **counts})
                continue
            ids[key] = row["id"]
            booked = row["booked_elsewhere"] if group.booked_elsewhere is None else group.booked_elsewhere
            has_other_seats = (row["seats"], row["booked_elsewhere"]) != (group.seats, booked)
            if has_other_seats:
                seats.resize(self.unit, row["id"], group.seats, booked)
            columns = {**group.columns, "gone_on": None}
            self._change(t.slot_group, row, columns, always=has_other_seats)
        made = self.unit.insert_all(t.slot_group, new)
        ids |= dict(zip((row["key"] for row in new), made, strict=True))
        for key in gone:
            self._change(t.slot_group, rows[key], {"gone_on": self.work.today})
        return ids

    def _keep(self, table: Table, wanted: Mapping[str, Columns], gone: Collection[str]) -> dict[str, str]:
        """Insert, change or revive rows by their keys, and note which are gone. Returns the ids wanted."""
        rows = {row["key"]: row for row in by_keys(self.unit, table, self.after.id, {*wanted, *gone})}
        new = [
            {"region_id": self.after.id, "key": key, **columns}
            for key, columns in wanted.items()
            if key not in rows
        ]
        ids = dict(zip((row["key"] for row in new), self.unit.insert_all(table, new), strict=True))
        for key in wanted.keys() & rows.keys():
            ids[key] = rows[key]["id"]
            self._change(table, rows[key], {**wanted[key], "gone_on": None})
        for key in gone:
            self._change(table, rows[key], {"gone_on": self.work.today})
        return ids

    def _change(self, table: Table, row: Columns, columns: Columns, *, always: bool = False) -> None:
        """Write what differs; `always` gives the row a new version in any case."""
        changed = {name: value for name, value in columns.items() if row[name] != value}
        if changed or always:
            self.unit.change(table, row["id"], row["version"], **changed)

    def _ids(self, table: Table, keys: Collection[str]) -> dict[str, str]:
        return {row["key"]: row["id"] for row in by_keys(self.unit, table, self.after.id, keys)}

    @staticmethod
    def _context(region: Region, row: Any) -> tuple[Any, Any]:
        return region.offerings[row.offering_id], region.home_of(row.offering_id)


def _differing(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> list[Any]:
    """Keys of what is new or different."""
    return [key for key, row in after.items() if before.get(key) != row]
