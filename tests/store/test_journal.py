"""Nothing in the audit can be changed, taken out, moved or cut off unseen: tampering with a real chain."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from store import journal
from store import tables as t
from store.engine import for_writing
from store.journal import Anchor, Flaw
from store.secrets import KeyRing
from store.unit_of_work import ReadingUnit, Store
from tests.store.builders import ANNA, a_unit, described

ENTRIES = 12
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def chain(store):
    """A store with a chain of some entries, a minute apart."""
    for number in range(1, ENTRIES + 1):
        clocked = Store(store.engine, store.keys, lambda n=number: NOON + timedelta(minutes=n))
        with a_unit(clocked) as uow:
            described(uow, f"x{number}", n=number).commit()
    return store


def verdict(store, anchor=None):
    with ReadingUnit(store) as unit:
        return journal.verify(unit.connection, store.keys, anchor)


def flaws(store, anchor=None):
    return {found.flaw for found in verdict(store, anchor).flaws}


def tamper(store, *statements):
    with for_writing(store.engine).begin() as connection:
        for statement in statements:
            connection.execute(statement)


def at(number):
    return t.audit_entry.c.sequence == number


def test_an_untouched_chain_is_whole(chain):
    found = verdict(chain)
    assert found.is_whole
    assert found.entries == found.anchor.sequence == ENTRIES


def test_a_store_in_which_nothing_happened_is_whole(store):
    assert verdict(store).is_whole


CHANGES = {
    "at": NOON,
    "account_id": "acc-other",
    "actor_label": "Muster, Otto",
    "purpose": "another",
    "action": "another",
    "object_type": "another",
    "object_id": "another",
    "region_id": "another",
    "details": '{"n":0}',
    "previous_hash": bytes(range(32)),
    "hash": bytes(range(32)),
}


def test_every_column_of_an_entry_is_guarded():
    assert set(CHANGES) | {"sequence"} == {column.name for column in t.audit_entry.c}


@pytest.mark.parametrize("number", [1, 5, ENTRIES])
@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_entry_is_found(chain, number, column):
    tamper(chain, t.audit_entry.update().where(at(number)).values({column: CHANGES[column]}))
    assert not verdict(chain).is_whole


@pytest.mark.parametrize("number", range(1, ENTRIES + 1))
def test_a_deleted_entry_is_found(chain, number):
    tamper(chain, t.audit_entry.delete().where(at(number)))
    expected = Flaw.END_MISSING if number == ENTRIES else Flaw.GAP
    assert expected in flaws(chain)


def test_two_entries_that_changed_places_are_found(chain):
    move = t.audit_entry.update()
    tamper(
        chain,
        move.where(at(3)).values(sequence=99),
        move.where(at(4)).values(sequence=3),
        move.where(at(99)).values(sequence=4),
    )
    assert {Flaw.NOT_LINKED, Flaw.CHANGED} <= flaws(chain)


@pytest.mark.parametrize("kept", [0, 1, 7, ENTRIES - 1])
def test_a_cut_off_end_is_found(chain, kept):
    tamper(chain, t.audit_entry.delete().where(t.audit_entry.c.sequence > kept))
    assert Flaw.END_MISSING in flaws(chain)


def test_an_end_cut_off_together_with_the_row_that_guards_it_is_found_by_its_seal(chain):
    with chain.engine.connect() as connection:
        last = connection.execute(sa.select(t.audit_entry).where(at(7))).one()
    tamper(
        chain,
        t.audit_entry.delete().where(t.audit_entry.c.sequence > 7),
        t.audit_head.update().values(last_sequence=7, last_hash=last.hash),
    )
    assert flaws(chain) == {Flaw.SEAL_BROKEN}


def test_a_chain_without_the_row_that_guards_it_is_found(chain):
    tamper(chain, t.audit_head.delete())
    assert flaws(chain) == {Flaw.HEAD_MISSING}


def test_a_chain_written_anew_from_the_middle_is_found_by_its_seal(chain):
    """Whoever recomputes every hash has no key for the seal."""
    entry = journal.Entry(NOON, None, ANNA.label, "lie", "test", "thing", "x", None, {})
    with for_writing(chain.engine).begin() as connection:
        connection.execute(t.audit_entry.delete().where(t.audit_entry.c.sequence > 7))
        last = connection.execute(sa.select(t.audit_entry).where(at(7))).one()
        connection.execute(t.audit_head.update().values(last_sequence=7, last_hash=last.hash))
        for _ in range(ENTRIES - 7):
            journal.append(connection, KeyRing.make(), entry)
    assert flaws(chain) == {Flaw.SEAL_BROKEN}


def test_an_entry_beyond_the_end_is_found(chain):
    with chain.engine.connect() as connection:
        values = dict(connection.execute(sa.select(t.audit_entry).where(at(ENTRIES))).one()._mapping)
    values |= {"sequence": ENTRIES + 1, "previous_hash": values["hash"], "hash": bytes(32)}
    tamper(chain, t.audit_entry.insert().values(values))
    assert Flaw.BEYOND_END in flaws(chain)


def test_an_older_state_put_back_as_a_whole_is_found_by_an_anchor_only(chain):
    with chain.engine.connect() as connection:
        old_head = dict(connection.execute(sa.select(t.audit_head)).one()._mapping)
    with a_unit(chain) as uow:
        anchor = Anchor.read(str(described(uow, "to be hidden").commit()))
    tamper(chain, t.audit_entry.delete().where(at(ENTRIES + 1)), t.audit_head.update().values(old_head))
    assert flaws(chain) == set()
    assert flaws(chain, anchor) == {Flaw.ANCHOR_MISSED}
    with a_unit(chain) as uow:
        described(uow, "put in its place").commit()
    assert flaws(chain, anchor) == {Flaw.ANCHOR_MISSED}


def test_an_anchor_of_the_same_chain_fits(chain):
    anchor = verdict(chain).anchor
    with a_unit(chain) as uow:
        described(uow).commit()
    assert verdict(chain, anchor).is_whole


def test_old_entries_can_be_pruned_and_the_rest_still_verified(chain):
    with a_unit(chain) as uow:
        assert journal.prune(uow.connection, chain.keys, NOON + timedelta(minutes=5)) == 4
        described(uow, "pruned").commit()
    found = verdict(chain)
    assert found.is_whole
    assert (found.entries, found.anchor.sequence) == (ENTRIES - 4 + 1, ENTRIES + 1)
    tamper(chain, t.audit_entry.delete().where(at(5)))
    assert Flaw.GAP in flaws(chain)


def test_everything_can_be_pruned(chain):
    with a_unit(chain) as uow:
        assert journal.prune(uow.connection, chain.keys, NOON + timedelta(days=1)) == ENTRIES
        described(uow, "pruned").commit()
    assert verdict(chain).is_whole


def test_an_entry_that_is_older_than_the_limit_but_follows_newer_ones_stays(chain):
    late = Store(chain.engine, chain.keys, lambda: NOON)
    with a_unit(late) as uow:
        described(uow, "clock set back").commit()
    with a_unit(chain) as uow:
        assert journal.prune(uow.connection, chain.keys, NOON + timedelta(minutes=3)) == 2
        described(uow, "pruned").commit()
    assert verdict(chain).is_whole


def test_without_the_hashes_a_change_would_not_be_found(chain, monkeypatch):
    """Control: with a hash that covers nothing the tampering goes unseen."""
    tamper(chain, t.audit_entry.update().where(at(5)).values(object_id="another"))
    assert Flaw.CHANGED in flaws(chain)
    with chain.engine.connect() as connection:
        rows = connection.execute(sa.select(t.audit_entry)).all()
    known = {row.sequence: row.hash for row in rows}
    monkeypatch.setattr(journal, "_hash", lambda previous, sequence, values: known[sequence])
    assert flaws(chain) == set()
