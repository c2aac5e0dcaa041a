"""Partner files that are handed in, applied and taken back, and a network that is edited row by row."""

from __future__ import annotations

from collections.abc import Mapping

from plans.roles import Role
from store import tables as t
from store.unit_of_work import ReadingUnit, Store
from tests.reliability.interrupting import Fresh, Life, call
from tests.workflows.desks import REGION, a_caller, the_machine
from tests.workflows.partners.regions import an_empty_region, partner_files, row_of
from workflows.acting import Desk
from workflows.partners.editing import (
    add_cooperation,
    add_dated,
    add_offering,
    edit_actor,
    edit_cooperation,
    edit_group,
    edit_offering,
    edit_queue,
    edit_service,
    end_cooperation,
)
from workflows.partners.imports import apply_import, preview_import, undo_import

_ORIGIN = {"illustrative": "yes"}
_KEPT = {"actors.csv": ("kim", "vhs"), "offerings.csv": ("ik-vhs",), "groups.csv": ("ik-vhs-01",)}
_SERVICE = {
    **{"id": "test-t", "first": "01.03.2027", "last": "15.03.2027", "every_days": "7", "seats": "2"},
    **{"duration_days": "1", **_ORIGIN},
}


def a_small_region() -> Mapping[str, bytes]:
    """Partner files of two actors with one course."""
    kept = partner_files()
    for name in kept.keys() - {"region.csv", "towns.csv"}:
        head, *lines = kept[name].decode().splitlines(keepends=True)
        wanted = [line for line in lines if line.split(",", 1)[0] in _KEPT.get(name, ())]
        kept[name] = "".join((head, *wanted)).encode()
    return kept


def of_partners(fresh: Fresh) -> Life:
    """A region that is handed in, taken back, handed in again and edited."""
    store = fresh()
    an_empty_region(store)
    machine = the_machine(store)
    for is_kept in (False, True):
        previewed = yield call(preview_import, machine, REGION, a_small_region())
        assert previewed["problems"] == []
        applied = yield call(apply_import, machine, previewed["import_id"], previewed["version"])
        if not is_kept:
            yield call(undo_import, machine, previewed["import_id"], applied["version"])
    provider = Desk(store, a_caller(Role.PROVIDER, "acc-1", row_of(store, t.organisation, "vhs")["id"]))
    yield from _of_a_provider(store, provider)
    yield from _of_cooperation(store, Desk(store, a_caller(Role.COORDINATOR, "acc-2")))


def _of_a_provider(store: Store, desk: Desk) -> Life:
    vhs = row_of(store, t.organisation, "vhs")
    yield call(edit_actor, desk, vhs["id"], vhs["version"], {"phone": "0000 1"})
    yield call(edit_offering, desk, *_named(store, t.offering, "ik-vhs"), {"features": "childcare"})
    yield call(edit_group, desk, *_named(store, t.slot_group, "ik-vhs-01"), {"start": "08.06.2026"})
    yield call(edit_queue, desk, *_named(store, t.slot_group, "ik-vhs-01"), 3, 5)
    test = {"id": "test", "name": "Test", "kind": "placement-test", **_ORIGIN}
    yield call(add_offering, desk, vhs["id"], test)
    yield call(add_dated, desk, row_of(store, t.offering, "test")["id"], "services", _SERVICE)
    yield call(edit_service, desk, *_named(store, t.service, "test-t"), {"last": "08.03.2027"})


def _of_cooperation(store: Store, desk: Desk) -> Life:
    ends = {"from": "vhs", "to": "kim", "kind": "refers", **_ORIGIN}
    yield call(add_cooperation, desk, REGION, ends)
    with ReadingUnit(store) as unit:
        id = unit.find(t.cooperation)[0]["id"]
    done = yield call(edit_cooperation, desk, id, 1, {"agreement": "Vereinbarung"})
    yield call(end_cooperation, desk, id, done["version"])


def _named(store: Store, table: t.Table, key: str) -> tuple[str, int]:
    row = row_of(store, table, key)
    return row["id"], row["version"]
