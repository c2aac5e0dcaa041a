"""The audit is read by auditors only, each where the role reaches, and verified as a whole."""

import pytest

from plans.roles import Role
from tests.workflows.access.builders import a_town, an_account, with_clock
from tests.workflows.access.conftest import cheap_hashes, clock  # noqa: F401
from tests.workflows.desks import REGION, a_caller, the_machine
from workflows.access.regions import create_organisation
from workflows.acting import Desk
from workflows.audit import read_audit, verify_audit
from workflows.operations import back_up
from workflows.refusal import Forbidden, Refusal

OTHER = "nachbarkreis"


@pytest.fixture
def here(store, clock):  # noqa: F811
    """Two regions, each with one entry of its own, and entries of none."""
    turned = with_clock(store, clock)
    for region in (REGION, OTHER):
        a_town(turned, region)
        place = {"place_name": "Neustadt", "lat": 51.0, "lon": 7.0}
        create_organisation(
            the_machine(turned), region, "kim", "KIM", "municipality", source="Beschluss 1", **place
        )
    return turned


def desk_of(store, role, region=REGION):
    organisation = "org-any" if role in (Role.COUNSELLOR, Role.PROVIDER) else None
    return Desk(store, a_caller(role, "acc-1", organisation, region))


def test_an_auditor_reads_the_entries_of_the_own_region_newest_first(here):
    (entry,) = read_audit(desk_of(here, Role.AUDITOR))
    assert (entry["action"], entry["region_id"]) == ("create-organisation", REGION)
    assert entry["details"] == {"type": "municipality"}
    everything = read_audit(desk_of(here, Role.AUDITOR, None))
    assert [row["sequence"] for row in everything] == [4, 3, 2, 1]
    assert {row["region_id"] for row in everything} == {REGION, OTHER, None}


def test_entries_come_in_pages_and_by_object_or_account(here):
    desk = desk_of(here, Role.AUDITOR, None)
    first = read_audit(desk, limit=3)
    assert len(first) == 3
    assert [row["sequence"] for row in read_audit(desk, limit=3, before=first[-1]["sequence"])] == [1]
    (entry,) = read_audit(desk, about=("organisation", first[0]["object_id"]))
    assert entry["object_id"] == first[0]["object_id"]
    assert read_audit(desk, account_id="acc-nobody") == []
    assert read_audit(desk, limit=-5) == first[:1]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.AUDITOR}))
def test_nobody_else_reads_it(here, role):
    with pytest.raises(Forbidden):
        read_audit(desk_of(here, role))


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_an_auditor_and_an_administrator_verify_the_whole_of_it(here, role):
    found = verify_audit(desk_of(here, role))
    assert (found["entries"], found["is_whole"], found["flaws"]) == (4, True, [])
    assert verify_audit(desk_of(here, role), found["anchor"])["is_whole"]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.AUDITOR, Role.ADMINISTRATOR}))
def test_nobody_else_verifies_it(here, role):
    with pytest.raises(Forbidden):
        verify_audit(desk_of(here, role))


def test_an_anchor_beyond_the_end_is_missed_and_one_that_is_none_refused(here):
    auditor = desk_of(here, Role.AUDITOR)
    found = verify_audit(auditor, f"99:{'0' * 64}")
    assert found["flaws"] == [{"flaw": "anchor-missed", "sequence": 99}]
    with pytest.raises(Refusal, match="64 characters"):
        verify_audit(auditor, "99")


@pytest.mark.parametrize("role", list(Role))
def test_a_backup_of_everything_is_for_an_administrator_of_the_installation(here, tmp_path, role):
    with pytest.raises(Forbidden):
        back_up(desk_of(here, role), tmp_path / "b")
    assert not (tmp_path / "b").exists()
    an_account(here, "emil", Role.ADMINISTRATOR, None)
    whole = Desk(here, a_caller(Role.ADMINISTRATOR, "acc-1", region=None))
    assert back_up(whole, tmp_path / "b").file.exists()
