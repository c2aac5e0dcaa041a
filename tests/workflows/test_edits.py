"""Every edit of a case or agreement: one audit entry that names nobody, no loss, nothing for strangers."""

import inspect

import pytest
import sqlalchemy as sa

from plans.roles import Role
from store import tables as t
from store.faults import Missing, NotAllowed, Stale
from store.unit_of_work import ReadingUnit
from tests.workflows.agreements.edits import AGREEMENT_EDITS
from tests.workflows.cases.edits import CASE_EDITS
from tests.workflows.cases.scene import a_running_case
from workflows.acting import DECLARED
from workflows.refusal import Forbidden

EDITS = (*CASE_EDITS, *AGREEMENT_EDITS)
NAMING = ("Amina", "Karim", "Sara", "Muster", "1990-05-17", "0000 123456", "example.org", "Musterweg")


@pytest.fixture
def scene(store):
    return a_running_case(store)


def entries(scene):
    with ReadingUnit(scene.store) as unit:
        return unit.connection.execute(sa.select(t.audit_entry).order_by("sequence")).all()


def row_behind(scene, edit):
    if edit.edits is t.help_plan:
        return scene.plan(edit.about)
    return scene.row(edit.edits, edit.about)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.workflow.__name__)
def test_an_edit_is_refused_where_it_must_and_leaves_one_entry_where_it_is_made(scene, edit):
    edit.first(scene)
    id, row, before = scene.ids[edit.about], row_behind(scene, edit), len(entries(scene))
    version = row["version"]

    # What belongs to another office looks as if it were not there; other roles may not at all.
    with pytest.raises(Missing) as foreign:
        edit.call(scene.stranger, scene, id, version)
    with pytest.raises(Missing) as missing:
        edit.call(scene.stranger, scene, "x-0", version)
    assert str(foreign.value).replace(id, "…") == str(missing.value).replace("x-0", "…")
    with pytest.raises((Forbidden, Missing)):
        edit.call(scene.desk(Role.PROVIDER, "ben", "vhs"), scene, id, version)

    # No silent overwrite: without a version, or with one that is out of date, nothing happens.
    with pytest.raises(NotAllowed, match="version that was read"):
        edit.call(scene.anna, scene, id, None)
    with pytest.raises(Stale) as stale:
        edit.call(scene.anna, scene, id, version - 1)
    assert stale.value.current == row
    assert row_behind(scene, edit) == row
    assert len(entries(scene)) == before

    # The edit itself: one new version, one entry, which names nobody.
    edit.call(scene.anna, scene, id, version)
    assert row_behind(scene, edit)["version"] == version + 1
    (entry,) = entries(scene)[before:]
    declared = next(known for known in DECLARED.values() if known.function is edit.workflow)
    assert (entry.action, entry.account_id) == (declared.action, scene.ids["anna"])
    assert not [word for word in NAMING if word in f"{entry.details} {entry.purpose} {entry.object_id}"]

    # Who read the same version and comes second is told what stands there now.
    with pytest.raises(Stale) as late:
        edit.call(scene.anna, scene, id, version)
    assert late.value.current == row_behind(scene, edit)


def test_every_workflow_that_takes_a_version_is_among_these_edits():
    known = {edit.workflow for edit in EDITS}
    taking = {
        name
        for name, declared in DECLARED.items()
        if name.startswith(("workflows.cases.", "workflows.agreements."))
        and "version" in inspect.signature(declared.function).parameters
        and declared.function not in known
    }
    assert taking == set()
