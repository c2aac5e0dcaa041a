"""Promise 12: backups made while others write restore to what they say they hold."""

import itertools
import shutil
import sqlite3
import threading
import zipfile
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from store import backup_postgresql, backup_sqlite, journal
from store import tables as t
from store.backup import back_up, restore
from store.engine import for_writing
from store.journal import Anchor
from store.unit_of_work import ReadingUnit
from tests.reliability.whole_stores import REGION, a_whole_store
from tests.store.builders import a_region, a_unit, described

WRITERS, PAIRS_A_BACKUP = 2, 15
"""Writers go on for longer than a backup takes, but the database must not outgrow the test."""


def write(store, turns, stop, failures, writer):
    """Write without a pause: pairs of a region and a goal, of which no state may show only one."""
    try:
        for number in itertools.count():
            turns.acquire()
            if stop.is_set():
                return
            a_pair(store, f"pair-{writer}-{number}")
    except BaseException as error:
        failures.append(error)


def a_pair(store, mark):
    with a_unit(store) as uow:
        a_region(uow, mark)
        (plan,) = uow.find(t.help_plan, limit=1)
        about = {"region_id": plan["region_id"], "help_plan_id": plan["id"]}
        uow.insert(t.goal, position=9, text_de=mark, text_en=mark, **about)
        described(uow).commit()


@contextmanager
def writers(store):
    """Let others write; gives what lets them go on for a while."""
    turns, stop, failures = threading.Semaphore(0), threading.Event(), []
    arguments = [(store, turns, stop, failures, writer) for writer in range(WRITERS)]
    threads = [threading.Thread(target=write, args=row) for row in arguments]
    for thread in threads:
        thread.start()
    try:
        yield lambda: turns.release(PAIRS_A_BACKUP)
    finally:
        stop.set()
        turns.release(WRITERS)
        for thread in threads:
            thread.join()
    assert failures == []


def is_one_state(store, anchor):
    """Whether no pair is torn, the audit is whole, and it ends where its row says."""
    with ReadingUnit(store) as unit:
        regions = {row["id"] for row in unit.find(t.region)} - {REGION}
        goals = {row["text_de"] for row in unit.find(t.goal, position=9)}
        return regions == goals and journal.verify(unit.connection, store.keys, anchor).is_whole


def naive_sqlite(store, folder):
    """A plain copy of the file; whether it is as good as the database was before."""
    with store.engine.connect() as connection:
        before = connection.scalar(sa.select(sa.func.count()).select_from(t.audit_entry))
    copy = folder / "copy.db"
    shutil.copyfile(Path(store.engine.url.database), copy)
    try:
        return backup_sqlite.states(copy)["audit_entry"].rows >= before
    except sqlite3.DatabaseError:
        return False
    finally:
        for rest in folder.glob("copy.db*"):
            rest.unlink()


def naive_postgresql(store, folder):
    """One table after the other, each as it is when its turn comes; whether they fit together."""
    with (
        zipfile.ZipFile(folder / "copy", "w") as archive,
        store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        made = backup_postgresql.write_tables(connection, archive)
    with zipfile.ZipFile(folder / "copy") as archive:
        goals = archive.read("tables/goal.copy").count(b"pair-") // 2
    (folder / "copy").unlink()
    return made["region"].rows - 1 == goals


NAIVE = {"sqlite": naive_sqlite, "postgresql": naive_postgresql}


def test_every_backup_under_write_load_restores_to_one_state(store, fresh, sizes, figures, tmp_path):
    a_whole_store(store, people=10)
    restored, naive, good, bad_copies = fresh(), NAIVE[store.engine.dialect.name], 0, 0
    with writers(store) as go_on:
        for _ in range(sizes.backups):
            go_on()
            made = back_up(store, tmp_path / "backup")
            restore(tmp_path / "backup", restored.engine.url, store.keys, replace=True)
            copy = type(store)(restored.engine, store.keys)
            good += is_one_state(copy, Anchor.read(made.anchor))
            (tmp_path / "backup").unlink()
            go_on()
            bad_copies += not naive(store, tmp_path)
    assert good == sizes.backups
    assert bad_copies > 0
    figures.keep(
        "12",
        f"{good} of {sizes.backups} backups under write load restored, each table with equal checksum "
        "and the audit whole",
        f"plain copy: {bad_copies} of {sizes.backups} bad",
    )


def test_a_torn_pair_or_a_cut_audit_would_be_seen(store):
    """Control of `is_one_state`."""
    a_whole_store(store)
    a_pair(store, "pair")
    assert is_one_state(store, None)
    with a_unit(store) as uow:
        a_region(uow, "alone")
        described(uow).commit()
    assert not is_one_state(store, None)
    with for_writing(store.engine).begin() as connection:
        connection.execute(t.region.delete().where(t.region.c.id == "alone"))
    assert is_one_state(store, None)
    with for_writing(store.engine).begin() as connection:
        connection.execute(t.audit_entry.delete())
    assert not is_one_state(store, None)
