"""Plätze: the only place where seats are counted; each change is one guarded UPDATE.

The condition stands in the UPDATE itself, so that two who come at once cannot both take the last seat; the
check constraint of the table is the second lock.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from store.faults import Missing, NoSeat
from store.rows import WriteRows
from store.tables import slot_group as group


def take(unit: WriteRows, slot_group_id: str) -> None:
    """Take one seat of a group.

    Raises
    ------
    NoSeat
        Where none is free.
    Missing
        Where there is no such group.
    """
    is_free = group.c.taken + group.c.booked_elsewhere < group.c.seats
    if not _update(unit, slot_group_id, is_free, {"taken": group.c.taken + 1}):
        raise NoSeat("full", group=_known(unit, slot_group_id))


def give_back(unit: WriteRows, slot_group_id: str) -> None:
    """Give one seat of a group back.

    Raises
    ------
    NoSeat
        Where none is taken.
    Missing
        Where there is no such group.
    """
    if not _update(unit, slot_group_id, group.c.taken > 0, {"taken": group.c.taken - 1}):
        raise NoSeat("none-taken", group=_known(unit, slot_group_id))


def resize(unit: WriteRows, slot_group_id: str, seats: int, booked_elsewhere: int = 0) -> None:
    """Change how many seats a group has, and how many of them its provider gave away itself.

    Parameters
    ----------
    unit : UnitOfWork
        Writes.
    slot_group_id : str
        Which group.
    seats, booked_elsewhere : int
        Seats in all, and those taken outside of this product, both >= 0.

    Raises
    ------
    NoSeat
        Where more seats are taken than would be left.
    Missing
        Where there is no such group.
    """
    fits = sa.and_(group.c.taken + booked_elsewhere <= seats, sa.literal(booked_elsewhere) >= 0)
    values = {"seats": sa.literal(seats), "booked_elsewhere": sa.literal(booked_elsewhere)}
    if not _update(unit, slot_group_id, fits, values):
        taken = unit.get(group, _known(unit, slot_group_id))["taken"]
        raise NoSeat(
            "too-few-seats", group=slot_group_id, taken=taken, seats=seats, elsewhere=booked_elsewhere
        )


def _update(
    unit: WriteRows,
    slot_group_id: str,
    condition: sa.ColumnElement[bool],
    values: Mapping[str, sa.ColumnElement[int]],
) -> bool:
    target = group.update().where(group.c.id == slot_group_id, condition)
    return unit.execute(target.values(**values, updated_at=unit.now)).rowcount == 1


def _known(unit: WriteRows, slot_group_id: str) -> str:
    if not unit.count(group, id=slot_group_id):
        raise Missing("missing", table=group.name, id=slot_group_id)
    return slot_group_id
