"""Plätze: the only place where seats are counted; each change is one guarded UPDATE.

The condition stands in the UPDATE itself, so that two who come at once cannot both take the last seat; the
check constraint of the table is the second lock.
"""

from __future__ import annotations

import sqlalchemy as sa

from store.faults import Missing, NoSeat
from store.rows import WriteRows
from store.tables import slot_group as group

_SEATS, _ELSEWHERE = (sa.bindparam(name, type_=sa.Integer) for name in ("to_seats", "to_elsewhere"))
_OF_ONE = (
    group.update()
    .where(group.c.id == sa.bindparam("is_id"))
    .values(updated_at=sa.bindparam("to_updated_at", type_=group.c.updated_at.type))
)
_TAKE = _OF_ONE.where(group.c.taken + group.c.booked_elsewhere < group.c.seats).values(
    taken=group.c.taken + 1
)
_GIVE_BACK = _OF_ONE.where(group.c.taken > 0).values(taken=group.c.taken - 1)
_RESIZE = _OF_ONE.where(group.c.taken + _ELSEWHERE <= _SEATS, _ELSEWHERE >= 0).values(
    seats=_SEATS, booked_elsewhere=_ELSEWHERE
)


def take(unit: WriteRows, slot_group_id: str) -> None:
    """Take one seat of a group.

    Raises
    ------
    NoSeat
        Where none is free.
    Missing
        Where there is no such group.
    """
    if not _update(unit, slot_group_id, _TAKE):
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
    if not _update(unit, slot_group_id, _GIVE_BACK):
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
    if not _update(unit, slot_group_id, _RESIZE, to_seats=seats, to_elsewhere=booked_elsewhere):
        taken = unit.get(group, _known(unit, slot_group_id))["taken"]
        raise NoSeat(
            "too-few-seats", group=slot_group_id, taken=taken, seats=seats, elsewhere=booked_elsewhere
        )


def _update(unit: WriteRows, slot_group_id: str, statement: sa.Update, **to: int) -> bool:
    values = {"is_id": slot_group_id, "to_updated_at": unit.now, **to}
    return unit.execute(statement, values).rowcount == 1


def _known(unit: WriteRows, slot_group_id: str) -> str:
    if not unit.count(group, id=slot_group_id):
        raise Missing("missing", table=group.name, id=slot_group_id)
    return slot_group_id
