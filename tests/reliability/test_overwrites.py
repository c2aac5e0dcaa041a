"""Promise 4: no silent overwrite: of two edits of the same version one wins, the other is shown both."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from store import rows
from store import tables as t
from store.faults import NotAllowed, Stale
from store.unit_of_work import ReadingUnit
from tests.reliability.whole_stores import a_whole_store
from tests.store.builders import TODAY, a_unit, described

EDITED = [table for table in t.metadata.sorted_tables if "version" in table.c]
DAYS = {
    "cooperation": "since_on",
    "help_plan": "next_appointment_on",
    "planning_run": "horizon_end_on",
    "waiting_list_entry": "expected_start_on",
    "placement": "tested_on",
    "consent": "from_on",
    "agreement": "review_due_on",
    "appointment": "planned_on",
    "referral": "expected_start_on",
    "service": "last_on",
    "rule_set": "valid_from_on",
    "agreement_version": "next_appointment_on",
}
WORDS = {
    "region": "source",
    "account": "display_name",
    "organisation": "phone",
    "offering": "name",
    "slot_group": "source",
    "slot": "place_name",
    "household": "address",
    "person": "name",
    "goal": "text_de",
    "need": "goal_de",
    "proposal": "decline_why",
    "reckoning": "asked_hash",
    "travel_times": "file_name",
    "import_run": "content_hash",
}
MOMENTS = {"role_grant": "revoked_at"}


def an_edit(table, number, now):
    """Another value for a column that people change."""
    if table.name in WORDS:
        return {WORDS[table.name]: f"Fassung {number}"}
    if table.name in DAYS:
        return {DAYS[table.name]: TODAY + timedelta(days=number % 300)}
    return {MOMENTS[table.name]: now + timedelta(seconds=number)}


def edit(store, table, row, number, together):
    """One of a pair: changes the row as it was read, when the other one is ready as well."""
    together.wait(60)
    try:
        with a_unit(store) as uow:
            changed = uow.change(table, row["id"], row["version"], **an_edit(table, number, uow.now))
            described(uow, row["id"]).commit()
        return changed
    except Stale as refusal:
        return refusal


def pairs(store, times):
    """Let two edit the same version of the same row at once, again and again, over all tables."""
    rng, together = random.Random(4), threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        for number in range(times):
            table = EDITED[number % len(EDITED)]
            with ReadingUnit(store) as unit:
                row = rng.choice(unit.find(table))
            both = [pool.submit(edit, store, table, row, 2 * number + n, together) for n in (0, 1)]
            yield table, row, [one.result() for one in both]


def test_of_two_edits_one_wins_and_the_other_is_shown_both_versions(
    store, fresh, sizes, figures, monkeypatch
):
    a_whole_store(store)
    for table, read, results in pairs(store, sizes.stale_pairs):
        (won,) = [one for one in results if isinstance(one, dict)]
        (lost,) = [one for one in results if isinstance(one, Stale)]
        assert won["version"] == lost.values["current_version"] == read["version"] + 1, table
        assert lost.values["version"] == read["version"]
        assert lost.current == won

    control = fresh()
    a_whole_store(control)
    monkeypatch.setattr(rows.WriteRows, "change", change_unseen)
    lost_edits = sum(
        all(isinstance(one, dict) for one in results) for _, _, results in pairs(control, sizes.stale_pairs)
    )
    assert lost_edits == sizes.stale_pairs
    figures.keep(
        "4",
        f"{sizes.stale_pairs:,} pairs over {len(EDITED)} tables: each time one won, one was refused with "
        "both versions; 0 overwritten",
        f"version not compared: {lost_edits:,} overwritten",
    )


def change_unseen(self, table, id, version=None, /, **values):
    """Like `change`, without the comparison of versions."""
    sealed = self._sealed(table, id, {**values, "version": table.c.version + 1})
    self.execute(table.update().where(table.c.id == id).values(sealed))
    return self.get(table, id)


@pytest.mark.parametrize("table", EDITED, ids=lambda table: table.name)
def test_an_edit_without_a_version_is_refused_for_every_table_that_people_edit(store, table):
    with a_unit(store) as uow, pytest.raises(NotAllowed, match="version"):
        uow.change(table, "any", None, **an_edit(table, 1, uow.now))


def test_every_table_that_people_edit_is_tried():
    assert {table.name for table in EDITED} == {*DAYS, *WORDS, *MOMENTS}
