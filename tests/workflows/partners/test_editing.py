"""A partner changes its own rows, the coordinator all of the region; by the rules of the partner files."""

import pytest

from plans.roles import Role
from store import seats
from store import tables as t
from store.faults import Missing, NoSeat, NotAllowed, Stale
from store.unit_of_work import ReadingUnit
from tests.store.builders import a_unit, described
from tests.workflows.desks import REGION, a_caller, the_machine
from tests.workflows.partners.regions import an_empty_region, exported, imported, partner_files, row_of
from workflows.acting import Desk
from workflows.partners.editing import (
    EntryRefused,
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
from workflows.partners.imports import look_over_import
from workflows.partners.reading import list_old_figures, read_network
from workflows.refusal import Forbidden, Refusal

GROUP = "ik-vhs-01"


@pytest.fixture
def filled(store):
    an_empty_region(store)
    imported(store, partner_files())
    return the_machine(store)


@pytest.fixture
def provider(store, filled):
    return Desk(store, a_caller(Role.PROVIDER, "acc-1", row_of(store, t.organisation, "vhs")["id"]))


def the_group(store, key=GROUP):
    return row_of(store, t.slot_group, key)


def test_a_group_that_begins_later_moves_all_its_ways_in(store, provider):
    group = the_group(store)
    made = edit_group(provider, group["id"], group["version"], {"start": "08.06.2026", "seats": "22"})
    assert made["version"] > group["version"]
    assert the_group(store)["seats"] == 22
    assert row_of(store, t.slot, f"{GROUP}-from-3")["start_on"].isoformat() == "2026-08-03"


def test_an_edit_of_seats_alone_also_gives_a_new_version(store, provider):
    group = the_group(store)
    edit_group(provider, group["id"], group["version"], {"seats": "22"})
    with pytest.raises(Stale) as stale:
        edit_group(provider, group["id"], group["version"], {"seats": "24"})
    assert stale.value.current["seats"] == 22
    with pytest.raises(NotAllowed, match="version"):
        edit_group(provider, group["id"], None, {"seats": "24"})


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"start": "31.02.2027"}, "start"),
        ({"booked": "21"}, "booked"),
        ({"entry_modules": "9"}, "entry_modules"),
        ({"colour": "red"}, "colour"),
        ({"source": "=1+1"}, "source"),
    ],
)
def test_what_a_partner_file_may_not_say_cannot_be_entered(store, provider, cells, column):
    group, before = the_group(store), exported(store)
    with pytest.raises(EntryRefused) as refused:
        edit_group(provider, group["id"], group["version"], cells)
    assert column in refused.value.text("de")
    assert exported(store) == before


def test_an_id_stays(store, provider):
    group = the_group(store)
    with pytest.raises(EntryRefused, match="cannot be changed"):
        edit_group(provider, group["id"], group["version"], {"id": "other"})


def test_seats_never_fall_below_what_is_taken(store, provider):
    with a_unit(store) as uow:
        seats.take(uow, the_group(store)["id"])
        described(uow).commit()
    group = the_group(store)
    with pytest.raises(EntryRefused, match=GROUP):
        edit_group(provider, group["id"], group["version"], {"seats": "18"})
    with pytest.raises(NoSeat, match=group["id"]):
        edit_queue(provider, group["id"], group["version"], 20, None)
    edit_queue(provider, group["id"], group["version"], 19, 5)
    assert the_group(store)["waitlist_limit"] == 5
    assert read_network(provider, REGION).groups[GROUP].free_seats == 0


def test_what_is_foreign_looks_as_if_it_were_not_there(store, provider):
    foreign = the_group(store, "ik-lingua-01")
    for id in (foreign["id"], "grp-none"):
        with pytest.raises(Missing):
            edit_group(provider, id, 1, {"seats": "22"})
    with pytest.raises(Missing):
        edit_actor(provider, row_of(store, t.organisation, "kim")["id"], 1, {"phone": "0"})
    with pytest.raises(Forbidden):
        add_cooperation(provider, REGION, {})


def test_an_actor_and_an_offering_are_changed_and_new_ones_derived(store, provider):
    vhs = row_of(store, t.organisation, "vhs")
    edit_actor(provider, vhs["id"], vhs["version"], {"phone": "069 1", "as_of": "2026-11-25"})
    offering = row_of(store, t.offering, "ik-vhs")
    edit_offering(provider, offering["id"], offering["version"], {"features": "childcare"})
    assert "childcare" in row_of(store, t.slot, f"{GROUP}-from-1")["features"]
    origin = {"illustrative": "yes"}
    add_offering(provider, vhs["id"], {"id": "neu", "name": "Neu", "kind": "placement-test", **origin})
    new = row_of(store, t.offering, "neu")
    service = {"first": "01.03.2027", "last": "15.03.2027", "every_days": "7", "seats": "2"}
    add_dated(provider, new["id"], "services", {"id": "neu-t", **service, "duration_days": "1", **origin})
    assert row_of(store, t.slot, "neu-t-2027-03-15")["gone_on"] is None
    row = row_of(store, t.service, "neu-t")
    edit_service(provider, row["id"], row["version"], {"last": "08.03.2027"})
    assert row_of(store, t.slot, "neu-t-2027-03-15")["gone_on"] is not None
    with pytest.raises(EntryRefused, match="neu-t"):
        edit_group(provider, the_group(store, "neu-t-2027-03-01")["id"], 1, {"seats": "3"})
    with pytest.raises(Refusal, match="neu"):
        add_offering(provider, vhs["id"], {"id": "neu", "name": "Neu", "kind": "placement-test", **origin})


def test_a_cooperation_is_made_changed_and_ended(store, filled):
    coordinator = Desk(store, a_caller(Role.COORDINATOR, "acc-2"))
    ends = {"from": "vhs", "to": "sozialamt", "kind": "refers"}
    add_cooperation(coordinator, REGION, {**ends, "illustrative": "yes"})
    with ReadingUnit(store) as unit:
        made = unit.find(t.cooperation, region_id=REGION, agreement="", since_on=None)
        vhs, office = (unit.find(t.organisation, key=key)[0]["id"] for key in ("vhs", "sozialamt"))
    (row,) = (
        one for one in made if (one["from_organisation_id"], one["to_organisation_id"]) == (vhs, office)
    )
    done = edit_cooperation(coordinator, row["id"], row["version"], {"agreement": "Vereinbarung"})
    assert any(one.from_actor == "vhs" and one.agreement == "Vereinbarung" for one in _coops(coordinator))
    end_cooperation(coordinator, row["id"], done["version"])
    assert not any(one.from_actor == "vhs" and one.to_actor == "sozialamt" for one in _coops(coordinator))
    with pytest.raises(Refusal, match="gone since"):
        edit_cooperation(coordinator, row["id"], done["version"] + 1, {"agreement": "x"})


def _coops(desk):
    return read_network(desk, REGION).cooperations


def test_what_was_edited_shows_as_a_difference_to_the_files(store, provider, filled):
    group = the_group(store)
    edit_group(provider, group["id"], group["version"], {"minimum": "10"})
    (only,) = look_over_import(filled, REGION, partner_files())["differences"]
    assert only["cells"] == {"minimum": ["10", "12"]}


def test_old_figures_are_listed_with_whom_to_ask_until_they_are_confirmed(store, filled):
    old = list_old_figures(filled, REGION, 10)
    assert [one["as_of_on"] for one in old] == sorted(one["as_of_on"] for one in old)
    row = next(one for one in old if one["table"] == "organisation")
    assert row["organisation"]
    today = store.now().date().isoformat()
    edit_actor(filled, row["id"], row["version"], {"as_of": today})
    assert row["id"] not in {one["id"] for one in list_old_figures(filled, REGION, 10)}
    assert not any(one["key"].startswith("fm-kim-t1-") for one in old)
