"""Promise 10: whatever is done to any entry of the audit is found."""

import itertools
import json

import pytest
import sqlalchemy as sa

from store import journal
from store import tables as t
from store.engine import for_writing
from tests.store.builders import a_unit, described

entry = t.audit_entry


def change(connection, number, _total):
    column, value = (
        ("object_id", "another"),
        ("actor_label", "Muster, Otto"),
        ("details", json.dumps({"n": -1})),
        ("purpose", "another"),
    )[number % 4]
    connection.execute(entry.update().where(entry.c.sequence == number).values({column: value}))


def delete(connection, number, _total):
    connection.execute(entry.delete().where(entry.c.sequence == number))


def reorder(connection, number, total):
    """Let two neighbours change places, with all that is in them."""
    first = min(number, total - 1)
    second, aside = first + 1, total + 9
    for old, new in ((first, aside), (second, first), (aside, second)):
        connection.execute(entry.update().where(entry.c.sequence == old).values(sequence=new))


def truncate(connection, number, _total):
    """Cut off the end, and put the row that guards it back to the entry before."""
    before = connection.execute(
        sa.select(entry.c.hash).where(entry.c.sequence == number - 1)
    ).scalar_one_or_none()
    connection.execute(entry.delete().where(entry.c.sequence >= number))
    moved = {"last_sequence": number - 1, "last_hash": before or journal.GENESIS}
    connection.execute(t.audit_head.update().values(moved))


def a_chain(store, entries):
    for number in range(entries):
        with a_unit(store) as uow:
            described(uow, f"x{number}", n=number).commit()


def found(store, tamper, number, total):
    """Whether it is found; it is undone afterwards."""
    with for_writing(store.engine).connect() as connection:
        transaction = connection.begin()
        tamper(connection, number, total)
        is_found = not journal.verify(connection, store.keys).is_whole
        transaction.rollback()
    return is_found


WAYS = (change, delete, reorder, truncate)


def test_every_tampering_with_every_entry_is_found(store, sizes, figures, monkeypatch):
    total = sizes.tampered_entries
    a_chain(store, total)
    with store.engine.connect() as connection:
        assert journal.verify(connection, store.keys).is_whole
    numbers = list(zip(range(1, total + 1), itertools.cycle(WAYS), strict=False))
    assert sum(found(store, way, number, total) for number, way in numbers) == total

    with store.engine.connect() as connection:
        known = {row.sequence: row.hash for row in connection.execute(sa.select(entry))}
    monkeypatch.setattr(journal, "_hash", lambda previous, sequence, values: known[sequence])
    changed = [number for number, way in numbers if way is change]
    unseen = sum(not found(store, change, number, total) for number in changed)
    assert unseen == len(changed)
    figures.keep(
        "10, audit",
        f"{total:,} entries, each changed, deleted, moved or cut off: found {total:,} times",
        f"hash over nothing: {unseen:,} of {len(changed):,} changes unseen",
    )


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_each_way_of_tampering_is_found_at_the_beginning_and_at_the_end(store, way):
    a_chain(store, 5)
    assert all(found(store, way, number, 5) for number in (1, 5))
