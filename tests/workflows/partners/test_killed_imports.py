"""Promise 5: an import that is killed leaves nothing; the same files then import, and then change nothing."""

import pytest

from network.partner_files import find_region, read_region
from store import tables as t
from store.opening import set_up_store
from store.unit_of_work import ReadingUnit
from tests.reliability.harness import Figures
from tests.reliability.sizes import SIZES
from tests.workflows.desks import REGION, the_machine
from tests.workflows.partners.killed import apply_and_be_killed, statements_of
from tests.workflows.partners.regions import an_empty_region, exported, imported, partner_files
from workflows.partners.from_store import region_from_store
from workflows.partners.imports import apply_import, preview_import, undo_import

NETWORK = (t.organisation, t.offering, t.service, t.slot_group, t.slot, t.cooperation)


@pytest.fixture
def office(database_url, tmp_path):
    """An address, the file of its keys, and its store with an empty region."""
    keys = tmp_path / "office.keys"
    store = set_up_store(database_url, key_file=keys)
    an_empty_region(store)
    yield database_url, keys, store
    store.engine.dispose()


@pytest.fixture
def statements(office, make_url, tmp_path):
    """How many statements the import takes on this kind of database: counted where nobody kills it."""
    store = set_up_store(make_url(office[2].engine.dialect.name), key_file=tmp_path / "twin.keys")
    an_empty_region(store)
    preview = preview_import(the_machine(store), REGION, partner_files())
    yield statements_of(store, preview["import_id"])
    store.engine.dispose()


def rows_in(store):
    with ReadingUnit(store) as unit:
        return {table.name: unit.count(table) for table in NETWORK}


def test_an_import_that_is_killed_leaves_nothing_and_the_same_files_import_afterwards(office, statements):
    url, keys, store = office
    before, empty = exported(store), rows_in(store)
    preview = preview_import(the_machine(store), REGION, partner_files())
    figures = Figures("SQLite" if store.engine.dialect.name == "sqlite" else "PostgreSQL")
    for number in range(SIZES.kills):
        statement = statements - number * 9 % statements
        assert apply_and_be_killed(url, keys, preview["import_id"], statement) == -9
        assert (rows_in(store), exported(store)) == (empty, before), f"killed at statement {statement}"
    apply_import(the_machine(store), preview["import_id"], 1)
    with ReadingUnit(store) as unit:
        assert region_from_store(unit, REGION) == read_region(find_region(REGION))
        run = unit.get(t.import_run, preview["import_id"])
    again = preview_import(the_machine(store), REGION, partner_files())
    assert again["counts"] == {"added": 0, "changed": 0, "gone": 0}
    undo_import(the_machine(store), run["id"], run["version"])
    assert exported(store).keys() == before.keys()
    assert all(exported(store)[name] == before[name] for name in before.keys() - {"region.csv"})
    figures.keep(
        "5",
        f"an import killed {SIZES.kills} times with -9, at each of its {statements} statements: 0 partial, "
        "the same files then import, again they change 0 rows, undo restores the export",
        "every statement made to last at once: a part is left (the test below it)",
    )


def test_an_import_row_by_row_would_leave_a_part(office):
    """Control of the test before: every statement lasts at once."""
    url, keys, store = office
    before = exported(store)
    preview = preview_import(the_machine(store), REGION, partner_files())
    assert apply_and_be_killed(url, keys, preview["import_id"], 24, row_by_row=True) == -9
    with ReadingUnit(store) as unit:
        assert unit.get(t.import_run, preview["import_id"])["state"] == "previewed"
    assert exported(store) != before


def test_undo_restores_the_export_to_the_byte(office):
    store = office[2]
    imported(store, partner_files())
    before = exported(store)
    run = imported(store, partner_files(groups=(",20,18,12,mo", ",22,18,12,mo"), stock=("01,2,", "01,9,")))
    undo_import(the_machine(store), run["import_id"], run["version"])
    assert exported(store) == before
