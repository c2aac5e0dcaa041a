"""A backup of a running database restores with equal rows; a damaged or foreign one is refused."""

import shutil
import stat
import threading
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from store import backup as backups
from store import backup_file, backup_sqlite, journal
from store import tables as t
from store.backup import back_up, check_backup, restore
from store.engine import make_engine
from store.faults import CannotDecrypt, CannotOpen, Damaged, StoreFault
from store.journal import Anchor
from store.migrations import migrate
from store.secrets import KeyRing
from store.unit_of_work import ReadingUnit, Store
from tests.store.builders import a_region, a_unit, a_whole_case, described


@pytest.fixture
def filled(store):
    with a_unit(store) as uow:
        a_whole_case(uow)
        uow.insert(t.rule_set, valid_from_on=uow.now.date(), content="a\nb\tc\\.\n", source="\N{SNOWMAN}")
        described(uow).commit()
    return store


@pytest.fixture
def target_url(filled, make_url):
    return make_url(filled.engine.dialect.name, migrated=False)


def rows(store):
    with store.engine.connect() as connection:
        return {
            table.name: connection.execute(sa.select(table).order_by(*table.primary_key)).all()
            for table in t.metadata.sorted_tables
        }


def opened(url, keys):
    return Store(make_engine(url), keys)


def test_a_backup_restores_into_an_empty_database_with_equal_rows(filled, target_url, tmp_path):
    made = back_up(filled, tmp_path / "b")
    assert made.tables["person"].rows == made.tables["audit_entry"].rows == 1
    assert restore(tmp_path / "b", target_url, filled.keys) == made == check_backup(tmp_path / "b")
    again = opened(target_url, filled.keys)
    assert rows(again) == rows(filled)
    with ReadingUnit(again) as unit:
        assert unit.find(t.person)[0]["name"] == "Sara Muster"
        assert unit.find(t.rule_set)[0]["content"] == "a\nb\tc\\.\n"
        assert journal.verify(unit.connection, again.keys, Anchor.read(made.anchor)).is_whole
    again.engine.dispose()


def test_only_its_owner_can_read_a_backup_and_it_names_nobody(filled, tmp_path):
    back_up(filled, tmp_path / "b")
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o600
    with zipfile.ZipFile(tmp_path / "b") as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Sara Muster" not in content
    assert b"VHS Musterstadt" in content


def test_nothing_is_left_beside_a_backup(filled, target_url, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    back_up(filled, folder / "b")
    restore(folder / "b", target_url, filled.keys)
    assert list(folder.iterdir()) == [folder / "b"]


def test_a_target_with_rows_is_replaced_only_where_that_is_asked_for(filled, make_url, tmp_path):
    other = opened(make_url(filled.engine.dialect.name), filled.keys)
    with a_unit(other) as uow:
        a_region(uow, "another")
        described(uow).commit()
    before = rows(other)
    back_up(filled, tmp_path / "b")
    with pytest.raises(StoreFault, match="holds data already"):
        restore(tmp_path / "b", other.engine.url, filled.keys)
    assert rows(other) == before
    restore(tmp_path / "b", other.engine.url, filled.keys, replace=True)
    assert rows(other) == rows(filled)
    with a_unit(other) as uow:  # and work goes on, in the same chain
        assert described(uow).commit().sequence == 2
    other.engine.dispose()


def test_any_changed_byte_is_found_and_refused_in_one_line(filled, target_url, tmp_path):
    back_up(filled, tmp_path / "b")
    whole = (tmp_path / "b").read_bytes()
    for at in [*range(0, 120), *range(120, len(whole), max(1, len(whole) // 60)), len(whole) - 1]:
        (tmp_path / "c").write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        with pytest.raises(Damaged, match="is damaged") as refusal:
            restore(tmp_path / "c", target_url, filled.keys)
        assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("content", [b"", b"PK", b"no backup", b"foerderkette-backup/1 " + b"0" * 64 + b"\n"])
def test_what_is_no_backup_is_refused(filled, target_url, tmp_path, content):
    (tmp_path / "b").write_bytes(content)
    with pytest.raises(Damaged, match="is damaged"):
        restore(tmp_path / "b", target_url, filled.keys)


def test_a_backup_cut_short_or_missing_is_refused(filled, target_url, tmp_path):
    back_up(filled, tmp_path / "b")
    whole = (tmp_path / "b").read_bytes()
    (tmp_path / "c").write_bytes(whole[: len(whole) // 2])
    for name in ("c", "nowhere"):
        with pytest.raises(Damaged):
            restore(tmp_path / name, target_url, filled.keys)


def test_a_backup_of_another_schema_is_refused(filled, target_url, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(backups, "head", lambda: "0000_older")
        back_up(filled, tmp_path / "b")
    with pytest.raises(Damaged, match="0000_older"):
        restore(tmp_path / "b", target_url, filled.keys)


def test_an_old_database_is_not_backed_up_as_a_new_one(filled, tmp_path):
    migrate(filled.engine, "0007_planning")
    with pytest.raises(CannotOpen, match="0007_planning"):
        back_up(filled, tmp_path / "b")


def test_a_backup_goes_only_into_its_own_kind_of_database(filled, make_url, tmp_path):
    back_up(filled, tmp_path / "b")
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[filled.engine.dialect.name]
    with pytest.raises(Damaged, match="the same kind"):
        restore(tmp_path / "b", make_url(other, migrated=False), filled.keys)


def test_a_backup_whose_key_is_missing_is_refused(filled, target_url, tmp_path):
    back_up(filled, tmp_path / "b")
    with pytest.raises(CannotDecrypt, match=filled.keys.newest.id.hex()):
        restore(tmp_path / "b", target_url, KeyRing.make())


def test_a_backup_never_overwrites_a_file(filled, tmp_path):
    (tmp_path / "b").write_text("something dear")
    with pytest.raises(StoreFault, match="holds data already"):
        back_up(filled, tmp_path / "b")
    assert (tmp_path / "b").read_text() == "something dear"


def test_a_folder_that_is_not_there_is_named(filled, tmp_path):
    with pytest.raises(StoreFault, match="cannot be written"):
        back_up(filled, tmp_path / "nowhere" / "b")


def test_a_full_disk_leaves_no_half_backup(filled, tmp_path, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup_file.os, "fsync", full)
    with pytest.raises(StoreFault, match="No space left"):
        back_up(filled, tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_rows_that_differ_from_the_manifest_undo_the_restore(filled, target_url, tmp_path, monkeypatch):
    back_up(filled, tmp_path / "b")
    wrong = {"person": backup_file.TableState(2, "x")}
    manifest = check_backup(tmp_path / "b")
    lying = backup_file.Manifest(**{**vars(manifest), "tables": wrong})
    monkeypatch.setattr(backups, "check_backup", lambda file: lying)
    with pytest.raises(Damaged, match="person"):
        restore(tmp_path / "b", target_url, filled.keys)
    left = make_engine(target_url)
    if sa.inspect(left).has_table("person"):
        with left.connect() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(t.person)) == 0
    left.dispose()


def writing(store, stop):
    """Write without a pause: pairs of regions, of which a state must never show only one."""
    number = 0
    while not stop.is_set():
        number += 1
        with a_unit(store) as uow:
            a_region(uow, f"a{number}")
            a_region(uow, f"b{number}")
            described(uow).commit()


@pytest.fixture
def busy(filled):
    stop = threading.Event()
    writers = [threading.Thread(target=writing, args=(Store(filled.engine, filled.keys), stop))]
    for writer in writers:
        writer.start()
    yield filled
    stop.set()
    for writer in writers:
        writer.join()


def test_backups_under_write_load_each_hold_one_state(busy, target_url, tmp_path):
    for number in range(5):
        made = back_up(busy, tmp_path / f"b{number}")
        restore(tmp_path / f"b{number}", target_url, busy.keys, replace=True)
        again = opened(target_url, busy.keys)
        with ReadingUnit(again) as unit:
            found = {row["id"] for row in unit.find(t.region)} - {"musterkreis"}
            assert {f"{'ba'[id_[0] == 'b']}{id_[1:]}" for id_ in found} == found
            assert journal.verify(unit.connection, busy.keys, Anchor.read(made.anchor)).is_whole
            assert unit.count(t.audit_entry) == made.tables["audit_entry"].rows
        again.engine.dispose()


def test_a_plain_copy_of_the_file_lacks_what_was_committed(make_url, tmp_path):
    """Control: the file alone, without what stands beside it in the write-ahead log."""
    store = opened(make_url("sqlite"), KeyRing.make())
    with a_unit(store) as uow:
        described(uow).commit()
    shutil.copyfile(Path(store.engine.url.database), tmp_path / "copy.db")
    made = back_up(store, tmp_path / "b")
    store.engine.dispose()
    assert made.tables["audit_entry"].rows == 1
    assert backup_sqlite.states(tmp_path / "copy.db")["audit_entry"].rows == 0


def test_a_backup_made_while_keys_change_needs_all_of_them(filled, target_url, tmp_path):
    changing = Store(filled.engine, filled.keys.with_new_key())
    with a_unit(changing) as uow:
        uow.insert(t.rule_set, valid_from_on=uow.now.date(), content="", source="")
        described(uow).commit()
    back_up(changing, tmp_path / "b")
    for keys in (filled.keys, changing.keys.only_newest()):
        with pytest.raises(CannotDecrypt, match="put back the key file"):
            restore(tmp_path / "b", target_url, keys)
    restore(tmp_path / "b", target_url, changing.keys)
