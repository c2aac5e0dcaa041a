"""Promise 14: of people who are erased, nothing is left: in no page, copy, log, export or later backup."""

import logging
import zipfile
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from plans.case_records import ClosureReason
from plans.referral_table import ReferralState
from store import tables as t
from store.backup import back_up
from store.engine import for_writing
from store.unit_of_work import ReadingUnit
from tests.reliability.whole_stores import REGION, a_network, a_whole_person
from tests.store.builders import TODAY, a_unit, described
from tests.workflows.desks import the_machine
from workflows.partners.folders import export_folder
from workflows.privacy import erasing
from workflows.privacy.erasing import Ground, erase_person, preview_erasure
from workflows.privacy.retention import apply_retention, wipe_traces

LONG_AGO = TODAY - timedelta(days=3000)


def people_in(store, count, first=0):
    """People of whom every text and every secret bears a mark of their own: id by mark."""
    marks = [f"Zqx{number:05d}kw Muster" for number in range(first, first + count)]
    with a_unit(store) as uow:
        ids = next(iter(uow.find(t.role_grant)), None)
        ids = a_network(uow) if ids is None else _network_of(uow)
        made = {mark: a_whole_person(uow, ids, mark) for mark in marks}
        described(uow).commit()
    return made


def _network_of(uow):
    keys = {"office": "office", "provider": "vhs"}
    ids = {name: uow.find(t.organisation, key=key)[0]["id"] for name, key in keys.items()}
    rows = {"group": t.slot_group, "slot": t.slot, "account": t.account, "run": t.planning_run}
    return {**ids, **{name: uow.find(table)[0]["id"] for name, table in rows.items()}, "region": REGION}


def close_long_ago(store, people):
    with a_unit(store) as uow:
        for person in people:
            (plan,) = uow.find(t.help_plan, person_id=person)
            closed = {"phase": "closed", "closure_reason": next(iter(ClosureReason)), "closure_text": "moved"}
            days = {"closed_on": LONG_AGO, "erase_due_on": LONG_AGO}
            uow.change(t.help_plan, plan["id"], plan["version"], **closed, **days)
            for row in uow.find(t.referral, person_id=person):
                ended = {"state": ReferralState.REJECTED, "ended_on": TODAY}
                uow.change(t.referral, row["id"], row["version"], **ended)
        described(uow).commit()


def erase_all(store, people):
    """Half of them because they ask, the others because their time is over."""
    asking, waiting = people[::2], people[1::2]
    close_long_ago(store, waiting)
    desk = the_machine(store)
    for person in asking:
        erase_person(desk, person, preview_erasure(desk, person)["version"], Ground.REQUEST)
    assert apply_retention(desk).gone["case"] == len(waiting)


def clear_rows(store):
    """Every row of every table, secrets in clear."""
    with ReadingUnit(store) as unit:
        for table in t.metadata.sorted_tables:
            for row in unit.find(table):
                yield str(row).encode()


def pages(store):
    """The files of the database as they lie on the disk."""
    if store.engine.dialect.name == "sqlite":
        file = Path(store.engine.url.database)
        yield from (one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
        return
    with for_writing(store.engine).execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(sa.text("CHECKPOINT"))
        folder = Path(connection.scalar(sa.text("SHOW data_directory")))
        own = connection.scalar(sa.text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    yield from (one.read_bytes() for one in (folder / "base" / str(own)).iterdir() if one.is_file())
    yield from (one.read_bytes() for one in folder.glob("*log*") if one.is_file())


def in_backup(store, file):
    back_up(store, file)
    with zipfile.ZipFile(file) as archive:
        yield from (archive.read(name) for name in archive.namelist())


def hits(marks, sources):
    """How many marks are found anywhere in some bytes."""
    wanted = {mark.encode() for mark in marks} | {mark.split()[0].encode() for mark in marks}
    return sum(any(mark in source for mark in wanted) for source in sources)


def exported(store, folder):
    folder.mkdir()
    export_folder(the_machine(store), REGION, folder)
    return [file.read_bytes() for file in folder.iterdir()]


def test_nothing_of_people_who_are_erased_is_left_anywhere(
    store, fresh, sizes, figures, tmp_path, monkeypatch, caplog
):
    for room in ("store", "plans", "workflows", "web"):
        caplog.set_level(logging.DEBUG, logger=room)
    gone, stay = people_in(store, sizes.erased_people), people_in(store, 2, first=90_000)
    erase_all(store, list(gone.values()))
    assert wipe_traces(the_machine(store))
    places = {
        "rows": [*clear_rows(store)],
        "pages": [*pages(store)],
        "backup": [*in_backup(store, tmp_path / "next.backup")],
        "exports": exported(store, tmp_path / "export"),
        "logs": [caplog.text.encode()],
    }
    assert {name: hits(gone, found) for name, found in places.items()} == dict.fromkeys(places, 0)
    assert all(hits([mark], places[name]) for mark in stay for name in ("rows", "pages", "backup"))

    control = fresh()
    some = people_in(control, 4)
    erase_all(control, list(some.values()))
    unwiped = hits(some, pages(control))
    assert unwiped > 0
    monkeypatch.setattr(erasing, "_forget_answers", lambda *_: None)
    copied = people_in(control, 2, first=50)
    erase_all(control, list(copied.values()))
    assert hits(copied, clear_rows(control)) > 0
    megabytes = sum(map(len, places["pages"])) / 1e6
    figures.keep(
        "14",
        f"{len(gone):,} people erased (half by request, half past retention): 0 hits in "
        f"{megabytes:.0f} MB of database files, {len(places['rows']):,} rows in clear, the next backup, "
        "exports and logs",
        f"traces not wiped: {unwiped} files with hits; answers to requests not erased: found",
    )
