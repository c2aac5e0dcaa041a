"""Angebot aus dem Gedächtnis: ways in and free seats as planning reads them (see `network.supply`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from network.model import Capacity, Place, Slot, Supply
from store.queries.snapshot import SlotRow
from store.tables import GroupShape


def supply_of(rows: Sequence[SlotRow], own_slots: Iterable[str], today: date) -> Supply:
    """Turn the ways in of a region into slots and capacities.

    Parameters
    ----------
    rows : sequence of SlotRow
        Ways in, with how full their groups are.
    own_slots : iterable of str
        Slots of the bookings that enter the planning problem themselves, one for each booking: their seats
        count as free, because the problem books them again.
    today : date
        Groups that began before this day run already, whatever their minimum.

    Returns
    -------
    Supply
        Ids of slots and groups are those of the store; a course group has one capacity a module.
    """
    group_of = {row.id: row.group_id for row in rows}
    own = Counter(group_of[slot] for slot in own_slots)
    capacities: dict[str, Capacity] = {}
    for row in rows:
        seats, missing = _counts(row, own[row.group_id], today)
        for name in _uses(row):
            capacities[name] = Capacity(name, seats, missing)
    return Supply(tuple(_slot(row) for row in rows), tuple(capacities[name] for name in sorted(capacities)))


def _counts(row: SlotRow, own: int, today: date) -> tuple[int, int]:
    """Free seats, and bookings that the group still lacks, the own ones of the problem not counted."""
    booked = row.booked_elsewhere + row.taken - own
    free = row.seats - booked
    runs = row.group_start_on < today
    return free, 0 if runs else min(max(0, row.minimum - booked), free)


def _uses(row: SlotRow) -> tuple[str, ...]:
    if row.shape is not GroupShape.GROUP:
        return (row.group_id,)
    return tuple(f"{row.group_id}-m{module}" for module in range(row.entry_module, row.modules + 1))


def _slot(row: SlotRow) -> Slot:
    has_place = not row.online and row.lat is not None and row.lon is not None
    return Slot(
        id=row.id,
        offering_id=row.offering_id,
        actor_id=row.organisation_id,
        kind=row.kind,
        start_on=row.start_on,
        end_on=row.end_on,
        uses=_uses(row),
        place=Place(row.place_name or "", row.lat or 0.0, row.lon or 0.0) if has_place else None,
        online=row.online,
        requires=row.requires,
        features=row.features,
        times=row.times,
        row_id=row.group_id,
    )
