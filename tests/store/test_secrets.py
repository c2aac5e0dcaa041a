"""Names, birth dates and contact data cannot be read at rest, or found but by exact look-up."""

import os
import stat
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from store import tables as t
from store.engine import for_writing
from store.faults import CannotDecrypt
from store.key_file import KEY_VARIABLE, load_keys, save_keys
from store.opening import open_store, set_up_store
from store.rotation import rotate, secret_columns
from store.secrets import KeyRing, normalised
from store.tables import metadata
from store.unit_of_work import ReadingUnit, Store
from tests.store.builders import a_person, a_region, a_unit, a_whole_case, an_organisation, described


@pytest.fixture
def person_id(store):
    with a_unit(store) as uow:
        case = a_whole_case(uow)
        described(uow).commit()
    return case["person"]


def raw(store, person_id):
    with store.engine.connect() as connection:
        query = sa.select(t.person).where(t.person.c.id == person_id)
        return connection.execute(query).one()._mapping


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_what_is_encrypted_for_a_place_opens_there(value):
    ring = KeyRing.make()
    sealed = ring.encrypt(value, "person", "name", "per-1")
    assert ring.decrypt(sealed, "person", "name", "per-1") == value


@pytest.mark.parametrize(
    "place", [("person", "name", "per-2"), ("person", "contact", "per-1"), ("x", "name", "per-1")]
)
def test_it_opens_nowhere_else(place):
    ring = KeyRing.make()
    with pytest.raises(CannotDecrypt, match="cannot be decrypted"):
        ring.decrypt(ring.encrypt("Sara", "person", "name", "per-1"), *place)


def test_no_single_changed_byte_goes_unnoticed():
    ring = KeyRing.make()
    sealed = ring.encrypt("Sara", "person", "name", "per-1")
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(CannotDecrypt):
            ring.decrypt(changed, "person", "name", "per-1")


def test_a_key_does_not_show_itself():
    ring = KeyRing.make()
    assert ring.written()[0] not in repr(ring)
    assert repr(ring.newest.master)[2:-1] not in repr(ring)


def test_the_row_holds_no_word_of_the_person_and_the_unit_gives_them_in_clear(store, person_id):
    stored = b"".join(value for value in raw(store, person_id).values() if isinstance(value, bytes))
    for word in (b"Sara", b"Muster", b"1990", b"123456", b"example"):
        assert word not in stored
    with ReadingUnit(store) as unit:
        person = unit.get(t.person, person_id)
    assert (person["name"], person["birth_on"]) == ("Sara Muster", date(1990, 5, 17))
    assert person["contact"]["phone"] == "0000 123456"


def test_no_byte_of_the_file_holds_a_word_of_the_person(make_url):
    """And with a table without encryption the same search finds it."""
    from store.engine import make_engine

    url = make_url("sqlite")
    store = Store(make_engine(url), KeyRing.make())
    with a_unit(store) as uow:
        a_region(uow)
        office = an_organisation(uow, "musterkreis", name="Findbarer Verein")
        a_person(uow, "musterkreis", office, name="Unfindbar Muster")
        described(uow).commit()
    store.engine.dispose()
    pages = b"".join(path.read_bytes() for path in Path(sa.make_url(url).database).parent.glob("*.db*"))
    assert b"Unfindbar" not in pages
    assert b"Findbarer Verein" in pages


@pytest.mark.parametrize("name", ["Sara Muster", "MUSTER, Sara", " sára  muster ", "Muster-Sara"])
def test_a_person_is_found_by_the_exact_name_however_it_is_written(store, person_id, name):
    with ReadingUnit(store) as unit:
        index = t.person.c.name_birth_index
        found = unit.look_up(index, name, date(1990, 5, 17), region_id="musterkreis")
        assert [row["id"] for row in found] == [person_id]
        assert unit.look_up(index, name, date(1990, 5, 18)) == []
        assert unit.look_up(index, name + "mann", date(1990, 5, 17)) == []


def test_umlauts_and_their_two_letters_are_one():
    assert normalised("Jürgen Groß") == normalised("GROSS juergen")
    assert normalised("Ju\u0308rgen") == normalised("Jürgen")
    assert normalised("Anna Muster") != normalised("Anne Muster")


def test_a_changed_name_is_found_by_the_new_one_only(store, person_id):
    with a_unit(store) as uow:
        uow.change(t.person, person_id, 1, name="Sara Beispiel")
        index = t.person.c.name_birth_index
        assert len(uow.look_up(index, "Sara Beispiel", date(1990, 5, 17))) == 1
        assert uow.look_up(index, "Sara Muster", date(1990, 5, 17)) == []


def test_a_value_moved_to_another_row_does_not_open(store, person_id):
    with a_unit(store) as uow:
        other = a_person(
            uow, "musterkreis", uow.get(t.person, person_id)["organisation_id"], name="Omar Muster"
        )
        described(uow).commit()
    with for_writing(store.engine).begin() as connection:
        stolen = raw(store, other)["name"]
        connection.execute(t.person.update().where(t.person.c.id == person_id).values(name=stolen))
    with ReadingUnit(store) as unit, pytest.raises(CannotDecrypt, match=r"person\.name"):
        unit.get(t.person, person_id)


def test_after_a_rotation_the_old_key_is_not_needed_and_the_new_one_is(store, person_id):
    both = Store(store.engine, store.keys.with_new_key())
    with ReadingUnit(both) as unit:  # rows not rotated yet are read and found
        assert unit.look_up(t.person.c.name_birth_index, "Sara Muster", date(1990, 5, 17))
    with a_unit(both) as uow:
        assert rotate(uow) == 2  # a household with an address, a person
        described(uow).commit()
    with ReadingUnit(Store(store.engine, both.keys.only_newest())) as unit:
        assert unit.get(t.person, person_id)["name"] == "Sara Muster"
        assert unit.look_up(t.person.c.name_birth_index, "Sara Muster", date(1990, 5, 17))
    with ReadingUnit(store) as unit, pytest.raises(CannotDecrypt, match="no key fits"):
        unit.get(t.person, person_id)


def test_a_rotation_leaves_no_secret_of_any_table_behind(store, person_id):
    both = Store(store.engine, store.keys.with_new_key())
    with a_unit(both) as uow:
        rotate(uow)
        described(uow).commit()
    seen = 0
    with store.engine.connect() as connection:
        for table in metadata.sorted_tables:
            for name in secret_columns(table):
                for sealed in connection.scalars(sa.select(table.c[name]).where(table.c[name].is_not(None))):
                    assert sealed[1:9] == both.keys.newest.id
                    seen += 1
    assert seen == 4


def test_a_new_store_makes_a_key_file_only_for_its_owner(empty_url, tmp_path, monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    file = tmp_path / "deep" / "keys"
    store = set_up_store(empty_url, key_file=file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load_keys(file) == store.keys
    store.engine.dispose()
    again = open_store(empty_url, key_file=file)
    again.engine.dispose()
    file.unlink()
    for opening in (open_store, set_up_store):  # a database in use gets no second key
        with pytest.raises(CannotDecrypt, match="there is no key"):
            opening(empty_url, key_file=file)
    save_keys(KeyRing.make(), file)
    with pytest.raises(CannotDecrypt, match="no key fits this database"):
        open_store(empty_url, key_file=file)


def test_a_key_from_the_environment_goes_before_the_file(tmp_path, monkeypatch):
    ring = KeyRing.make().with_new_key()
    monkeypatch.setenv(KEY_VARIABLE, ", ".join(ring.written()))
    assert load_keys(tmp_path / "none") == ring


@pytest.mark.parametrize("word", ["", "short", "a" * 43 + "!", "YWJj"])
def test_a_broken_key_is_refused_with_its_place(word):
    with pytest.raises(CannotDecrypt, match="FOERDERKETTE_KEY"):
        KeyRing.read([word], KEY_VARIABLE)


@pytest.mark.skipif(os.name != "posix", reason="modes are a matter of POSIX")
def test_a_key_file_that_others_can_read_is_refused(tmp_path, monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    file = tmp_path / "keys"
    save_keys(KeyRing.make(), file)
    file.chmod(0o640)
    with pytest.raises(CannotDecrypt, match="0600"):
        load_keys(file)


@pytest.mark.parametrize("text", ["", "[]", '{"keys": []}', '{"keys": 3}', '{"keys": ["YQ=="]}'])
def test_a_broken_key_file_is_refused_with_its_name(tmp_path, monkeypatch, text):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    file = tmp_path / "keys"
    save_keys(KeyRing.make(), file)
    file.write_text(text)
    with pytest.raises(CannotDecrypt, match="keys"):
        load_keys(file)


def test_a_key_file_is_never_overwritten_by_chance(tmp_path):
    file = tmp_path / "keys"
    save_keys(KeyRing.make(), file)
    before = file.read_bytes()
    with pytest.raises(FileExistsError):
        save_keys(KeyRing.make(), file)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]
