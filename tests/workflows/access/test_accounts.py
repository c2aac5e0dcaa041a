"""Accounts and roles: an administrator manages what lies within reach, and never the own account."""

import pytest

from plans.actions import Action
from plans.fault import PlanFault
from plans.roles import Grant, ObjectScope, Role, may
from store.faults import Missing, Stale
from tests.workflows.access.builders import (
    PASSWORD,
    a_desk,
    a_town,
    account,
    an_account,
    entries,
    version_of,
    with_clock,
    with_second_factor,
)
from tests.workflows.access.test_rule_sets import a_file, an_entry
from tests.workflows.desks import REGION, a_caller, the_machine
from workflows.access.accounts import (
    NewAccount,
    create_account,
    deactivate_account,
    list_accounts,
    reactivate_account,
    reset_password,
    reset_second_factor,
)
from workflows.access.regions import create_organisation, create_region, list_regions
from workflows.access.roles import grant_role, revoke_role
from workflows.access.rule_sets import load_rule_file, rule_files, rules_on
from workflows.access.sessions import NotSignedIn
from workflows.access.sign_in import sign_in
from workflows.acting import Desk
from workflows.refusal import Forbidden, Refusal

OTHER = "nachbarkreis"


@pytest.fixture
def here(store, clock):
    return with_clock(store, clock)


@pytest.fixture
def town(here):
    office, _ = a_town(here)
    return office


@pytest.fixture
def other_town(here):
    office, _ = a_town(here, OTHER)
    return office


def an_administrator(store, clock, region=REGION):
    return a_desk(store, clock, Role.ADMINISTRATOR, region=region)


def test_an_administrator_makes_an_account_with_its_first_role(here, clock, town):
    desk = an_administrator(here, clock)
    id = create_account(desk, NewAccount("Cem", " Cem  Muster ", Role.COUNSELLOR, REGION, town))
    made = account(here, id)
    assert (made["login_name"], made["display_name"], made["has_password"]) == ("cem", "Cem Muster", False)
    assert [(role["role"], role["organisation_id"]) for role in made["roles"]] == [("counsellor", town)]
    action, object_id, details = entries(here)[-1]
    assert (action, object_id, details["role"]) == ("create-account", id, "counsellor")
    assert "Cem" not in str(details)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"login_name": "a b"}, "signing in cannot be"),
        ({"login_name": "ab"}, "signing in cannot be"),
        ({"login_name": "x" * 65}, "signing in cannot be"),
        ({"login_name": "anna"}, "taken"),
        ({"login_name": "ANNA"}, "taken"),
        ({"display_name": "  "}, "empty"),
        ({"display_name": "x" * 121}, "too long"),
        ({"display_name": "Cem\x00Muster"}, "control"),
        ({"language": "fr"}, "language"),
    ],
)
def test_an_account_that_cannot_be_is_refused_and_nothing_is_left(here, town, given, why):
    an_account(here)
    values = {"login_name": "cem", "display_name": "Cem Muster", "role": Role.PLANNER, "region_id": REGION}
    before = len(list_accounts(the_machine(here)))
    with pytest.raises(Refusal, match=why):
        create_account(the_machine(here), NewAccount(**{**values, **given}))
    assert len(list_accounts(the_machine(here))) == before


def test_a_password_that_cannot_be_makes_no_account(here, town):
    with pytest.raises(Refusal, match="too easy"):
        an_account(here, password="passwort12345")
    assert list_accounts(the_machine(here)) == []


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.PROVIDER])
def test_a_role_without_its_organisation_is_refused(here, town, role):
    with pytest.raises(PlanFault, match="organisation_id"):
        an_account(here, role=role)
    assert list_accounts(the_machine(here)) == []


def test_a_role_in_an_organisation_of_another_region_is_refused(here, town, other_town):
    with pytest.raises(Missing):
        an_account(here, role=Role.COUNSELLOR, organisation=other_town)


def test_the_same_role_is_not_given_twice(here, town):
    id = an_account(here)
    with pytest.raises(Refusal, match="holds this role"):
        grant_role(the_machine(here), id, Role.PLANNER, REGION)


def test_a_role_that_was_revoked_can_be_given_again_but_not_revoked_twice(here, town):
    id = an_account(here)
    grant = account(here, id)["roles"][0]["grant_id"]
    revoke_role(the_machine(here), grant, 1)
    with pytest.raises(Refusal, match="revoked already"):
        revoke_role(the_machine(here), grant, 2)
    assert grant_role(the_machine(here), id, Role.PLANNER, REGION) != grant


def test_nobody_changes_the_own_account_of_an_administrator(here, clock, town):
    desk = an_administrator(here, clock)
    own = desk.caller.account_id
    version = version_of(here, own)
    with pytest.raises(Refusal, match="own account"):
        grant_role(desk, own, Role.COUNSELLOR, REGION, town)
    for change in (deactivate_account, reset_second_factor, reset_password):
        with pytest.raises(Refusal, match="own account"):
            change(desk, own, version)


CHANGES = [deactivate_account, reset_second_factor, reset_password, reactivate_account]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_an_account_of_elsewhere_looks_as_if_it_were_not_there(here, clock, town, other_town, change):
    desk = an_administrator(here, clock)
    foreign = an_account(here, "dora", region=OTHER)
    with pytest.raises(Missing) as found:
        change(desk, foreign, 1)
    with pytest.raises(Missing) as nowhere:
        change(desk, "acc-nowhere", 1)
    assert str(found.value).replace(foreign, "…") == str(nowhere.value).replace("acc-nowhere", "…")


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_who_also_works_elsewhere_cannot_be_taken_over_from_one_region(here, clock, town, other_town, change):
    desk = an_administrator(here, clock)
    both = an_account(here, "dora")
    grant_role(the_machine(here), both, Role.PLANNER, OTHER)
    whole = an_account(here, "emil")
    grant_role(the_machine(here), whole, Role.ADMINISTRATOR)
    for id in (both, whole):
        with pytest.raises(Missing):
            change(desk, id, version_of(here, id))


def test_an_edit_of_what_somebody_else_has_changed_is_refused(here, town):
    id = an_account(here)
    version = version_of(here, id)
    deactivate_account(the_machine(here), id, version)
    with pytest.raises(Stale):
        reactivate_account(the_machine(here), id, version)


def test_deactivating_and_opening_again_each_happen_once(here, town):
    id = an_account(here)
    with pytest.raises(Refusal, match="not deactivated"):
        reactivate_account(the_machine(here), id, version_of(here, id))
    deactivate_account(the_machine(here), id, version_of(here, id))
    with pytest.raises(Refusal, match="deactivated"):
        deactivate_account(the_machine(here), id, version_of(here, id))
    with pytest.raises(Refusal, match="deactivated"):
        grant_role(the_machine(here), id, Role.AUDITOR, REGION)


def test_a_reset_password_lifts_the_lock(here, town):
    id = an_account(here)
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            sign_in(here, "anna", "falsch")
    temporary = reset_password(the_machine(here), id, version_of(here, id))
    assert sign_in(here, "anna", temporary)


def test_a_list_shows_what_the_role_reaches(here, clock, town, other_town):
    desk = an_administrator(here, clock)
    an_account(here, "anna")
    both = an_account(here, "berta")
    grant_role(the_machine(here), both, Role.PLANNER, OTHER)
    an_account(here, "cora", region=OTHER)
    shown = {row["login_name"]: row for row in list_accounts(desk)}
    assert set(shown) == {f"administrator-{REGION}", "anna", "berta"}
    assert [role["region_id"] for role in shown["berta"]["roles"]] == [REGION]
    assert len(list_accounts(the_machine(here))) == 4
    assert len(list_accounts(a_desk(here, clock, Role.AUDITOR, region=None))) == 5


def test_a_region_and_an_organisation_can_be_made_once(here):
    machine = the_machine(here)
    create_region(machine, "neukreis", "Neukreis", "New County", fictional=True)
    with pytest.raises(Refusal, match="taken"):
        create_region(machine, "neukreis", "Neukreis", "New County")
    made = an_organisation_of(machine, "neukreis")
    with pytest.raises(Refusal, match="taken"):
        an_organisation_of(machine, "neukreis")
    assert list_regions(machine) == [
        {"region_id": "neukreis", "name_de": "Neukreis", "name_en": "New County"}
    ]
    assert an_account(here, role=Role.COUNSELLOR, region="neukreis", organisation=made)


def an_organisation_of(desk, region, **given):
    values = {"place_name": "Neustadt", "lat": 51.0, "lon": 7.0, "source": "Beschluss 1"}
    return create_organisation(desk, region, "kim", "KIM Neukreis", "municipality", **{**values, **given})


@pytest.mark.parametrize(
    "given",
    [{"lat": 91.0}, {"lon": -181.0}, {"lat": float("nan")}, {"place_name": " "}],
    ids=str,
)
def test_an_organisation_that_cannot_be_is_refused(here, town, given):
    with pytest.raises(Refusal):
        an_organisation_of(the_machine(here), REGION, **given)


@pytest.mark.parametrize("id", ["", "x", "Groß", "a b", "../x", "-x", "x" * 41])
def test_a_region_id_that_cannot_be_is_refused(here, id):
    with pytest.raises(Refusal, match="small letters"):
        create_region(the_machine(here), id, "Name", "Name")


# Every action of this room, as it is called for an object of the region.
CALLS = {
    Action.CREATE_REGION: lambda desk, made: create_region(desk, "neukreis", "Neukreis", "New"),
    Action.CREATE_ORGANISATION: lambda desk, made: an_organisation_of(desk, REGION),
    Action.READ_ACCOUNTS: lambda desk, made: list_accounts(desk),
    Action.CREATE_ACCOUNT: lambda desk, made: create_account(
        desk, NewAccount("neu", "Neu Muster", Role.PLANNER, REGION)
    ),
    Action.DEACTIVATE_ACCOUNT: lambda desk, made: deactivate_account(desk, made["account"], made["version"]),
    Action.RESET_PASSWORD: lambda desk, made: reset_password(desk, made["account"], made["version"]),
    Action.RESET_SECOND_FACTOR: lambda desk, made: reset_second_factor(
        desk, made["account"], made["version"]
    ),
    Action.GRANT_ROLE: lambda desk, made: grant_role(desk, made["account"], Role.AUDITOR, REGION),
    Action.REVOKE_ROLE: lambda desk, made: revoke_role(desk, made["grant"], 1),
    Action.READ_RULES: lambda desk, made: (rules_on(desk, REGION, made["today"]), rule_files(desk, REGION)),
    Action.EDIT_RULES: lambda desk, made: load_rule_file(
        desk, made["rules"], "rules.toml", REGION, made["today"], "Dienstanweisung"
    ),
}


@pytest.fixture
def made(here, clock, town):
    """An account of the region with a role and a second factor, and a file of rules."""
    id = an_account(here)
    with_second_factor(here, clock, "anna")
    return {
        "account": id,
        "version": version_of(here, id),
        "grant": account(here, id)["roles"][0]["grant_id"],
        "today": clock().date(),
        "rules": a_file(an_entry("seat-hold-days", 5, "days")),
    }


def somebody(store, role, region, organisation):
    id = an_account(store, f"some-{role}", role, region, organisation)
    return Desk(store, a_caller(role, id, organisation, region))


def may_in_region(action):
    """Roles that may do it in their region; a new region is no object of any."""
    scope = ObjectScope() if action is Action.CREATE_REGION else ObjectScope(REGION, "office")
    grants = [Grant(role, "anna", REGION, "office") for role in Role]
    return [grant.role for grant in grants if may([grant], action, scope)]


@pytest.mark.parametrize("action", list(CALLS))
def test_no_role_that_the_table_does_not_name_may_do_it(here, town, made, action):
    for role in set(Role) - set(may_in_region(action)):
        with pytest.raises(Forbidden):
            CALLS[action](somebody(here, role, REGION, town), made)


@pytest.mark.parametrize(("action", "role"), [(one, role) for one in CALLS for role in may_in_region(one)])
def test_every_role_that_the_table_names_may_do_it(here, town, made, action, role):
    CALLS[action](somebody(here, role, REGION, town), made)


@pytest.mark.parametrize("action", [action for action in CALLS if action is not Action.READ_ACCOUNTS])
def test_a_role_elsewhere_may_do_nothing_here(here, other_town, made, action):
    for role in Role:
        with pytest.raises((Forbidden, Missing)):
            CALLS[action](somebody(here, role, OTHER, other_town), made)


@pytest.mark.parametrize("action", list(CALLS))
def test_an_administrator_of_the_installation_may_do_all_of_it(here, made, action):
    CALLS[action](somebody(here, Role.ADMINISTRATOR, None, None), made)


def test_the_password_of_a_new_account_is_not_in_the_audit(here, town):
    an_account(here)
    assert PASSWORD not in str(entries(here))
