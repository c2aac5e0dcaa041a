from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.actions import Action
from plans.fault import PlanFault
from plans.roles import (
    ROLES_FILE,
    Grant,
    ObjectScope,
    Role,
    Whose,
    load_roles,
    may,
    relations,
    standard_roles,
)
from plans.words import word

COUNSELLOR = Grant(Role.COUNSELLOR, "anna", "musterkreis", "kim")
PROVIDER = Grant(Role.PROVIDER, "ben", "musterkreis", "vhs")
COORDINATOR = Grant(Role.COORDINATOR, "cem", "musterkreis", "kim")
PLANNER = Grant(Role.PLANNER, "dora", "musterkreis")
ADMINISTRATOR = Grant(Role.ADMINISTRATOR, "emil", "musterkreis")
AUDITOR = Grant(Role.AUDITOR, "fatma")
FILE = ObjectScope("musterkreis", "kim", frozenset({"anna"}))
REFERRAL = replace(FILE, recipient_id="vhs")
GRANTS = (COUNSELLOR, PROVIDER, COORDINATOR, PLANNER, ADMINISTRATOR, AUDITOR)


def test_every_action_has_its_row_and_its_words() -> None:
    assert set(standard_roles()) == set(Action)
    for lang in ("de", "en"):
        words = [word(action, lang) for action in Action]
        assert len(set(words)) == len(words)
        assert not [action for action in Action if action.value == word(action, lang) and "-" in action.value]


def test_every_role_and_every_relation_is_used() -> None:
    rows = standard_roles().values()
    assert {role for row in rows for role in row} == set(Role)
    assert {whose for row in rows for whose in row.values()} == set(Whose)


def test_a_counsellor_reads_the_files_of_the_own_organisation_only() -> None:
    assert may([COUNSELLOR], Action.READ_PERSON, FILE)
    assert may([COUNSELLOR], Action.READ_PERSON, replace(FILE, account_ids=frozenset()))
    assert not may([COUNSELLOR], Action.READ_PERSON, replace(FILE, organisation_id="caritas"))
    assert not may([COUNSELLOR], Action.READ_PERSON, replace(FILE, region_id="wetzlar"))


def test_only_who_looks_after_a_person_closes_the_plan() -> None:
    assert may([COUNSELLOR], Action.CLOSE_PLAN, FILE)
    assert not may([replace(COUNSELLOR, account_id="gül")], Action.CLOSE_PLAN, FILE)


def test_a_provider_answers_what_was_sent_to_it_and_reads_no_file() -> None:
    assert may([PROVIDER], Action.ACCEPT_REFERRAL, REFERRAL)
    assert not may([PROVIDER], Action.ACCEPT_REFERRAL, replace(REFERRAL, recipient_id="caritas"))
    assert not may([PROVIDER], Action.ACCEPT_REFERRAL, FILE)
    assert not may([PROVIDER], Action.READ_PERSON, REFERRAL)
    assert not may([PROVIDER], Action.CANCEL_REFERRAL, REFERRAL)


def test_nobody_answers_the_own_request() -> None:
    answers = (Action.ACCEPT_REFERRAL, Action.WAITLIST_REFERRAL, Action.REJECT_REFERRAL)
    for action in answers:
        assert not may([COUNSELLOR], action, REFERRAL)


@pytest.mark.parametrize(
    "grant", [PLANNER, ADMINISTRATOR, AUDITOR, COORDINATOR], ids=lambda grant: grant.role
)
@pytest.mark.parametrize(
    "action", [Action.READ_PERSON, Action.READ_REFERRAL, Action.READ_AGREEMENT, Action.SEARCH_PEOPLE]
)
def test_who_plans_administers_or_audits_reads_no_file_of_a_person(grant: Grant, action: Action) -> None:
    assert not may([grant], action, REFERRAL)


def test_an_administrator_of_a_region_stays_within_it() -> None:
    region = ObjectScope("musterkreis")
    assert may([ADMINISTRATOR], Action.CREATE_ACCOUNT, region)
    assert not may([ADMINISTRATOR], Action.CREATE_ACCOUNT, ObjectScope("wetzlar"))
    for action in (Action.CREATE_REGION, Action.RESTORE, Action.BACK_UP):
        assert not may([ADMINISTRATOR], action, ObjectScope())
        assert not may([ADMINISTRATOR], action, region)
        assert may([replace(ADMINISTRATOR, region_id=None)], action, ObjectScope())


def test_an_auditor_of_the_installation_reads_the_audit_of_every_region() -> None:
    assert may([AUDITOR], Action.READ_AUDIT, ObjectScope("musterkreis"))
    assert may([AUDITOR], Action.READ_AUDIT, ObjectScope())
    assert not may([replace(AUDITOR, region_id="wetzlar")], Action.READ_AUDIT, ObjectScope("musterkreis"))


def test_several_roles_add_up_and_none_allows_nothing() -> None:
    both = [COUNSELLOR, replace(PROVIDER, account_id="anna")]
    assert may(both, Action.REQUEST_SEAT, FILE) and may(both, Action.ACCEPT_REFERRAL, REFERRAL)
    assert not any(may([], action, REFERRAL) for action in Action)


def test_two_roles_in_two_regions_do_not_mix() -> None:
    grants = [COUNSELLOR, Grant(Role.COORDINATOR, "anna", "wetzlar", "stadt")]
    assert not may(grants, Action.EDIT_ACTOR, ObjectScope("musterkreis", "kim"))
    assert may(grants, Action.EDIT_ACTOR, ObjectScope("wetzlar", "vhs"))


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.PROVIDER, Role.COORDINATOR, Role.PLANNER])
def test_a_role_needs_its_region(role: Role) -> None:
    with pytest.raises(PlanFault, match="region_id"):
        Grant(role, "anna", None, "kim")


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.PROVIDER])
def test_counsellor_and_provider_need_their_organisation(role: Role) -> None:
    with pytest.raises(PlanFault, match="organisation_id"):
        Grant(role, "anna", "musterkreis")


IDS = st.none() | st.sampled_from(["musterkreis", "wetzlar", "kim", "vhs", "anna"])
SCOPES = st.builds(ObjectScope, IDS, IDS, st.frozensets(st.sampled_from(["anna", "ben"])), IDS)


@given(st.sampled_from(GRANTS), st.sampled_from(Action), SCOPES)
def test_a_regional_grant_never_reaches_beyond_it(grant: Grant, action: Action, scope: ObjectScope) -> None:
    if grant.region_id is not None and scope.region_id != grant.region_id:
        assert relations(grant, scope) == frozenset()
        assert not may([grant], action, scope)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('key = "edit-actor"', 'key = "edit-aktor"'), "edit-aktor"),
        (('key = "edit-actor"', 'key = "read-network"'), "occurs more than once"),
        (('coordinator = "own-region"', 'coordinator = "own-town"'), "own-town"),
        (('coordinator = "own-region"', 'chief = "own-region"'), "chief"),
        (('[[action]]\nkey = "restore"\nadministrator = "any"\n', ""), "“restore” is missing"),
        (('key = "restore"\nadministrator = "any"', 'key = "restore"'), "counsellor, provider"),
    ],
)
def test_a_table_that_cannot_be_is_refused(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    text = ROLES_FILE.read_text("utf-8")
    assert change[0] in text
    path = tmp_path / "roles.toml"
    path.write_text(text.replace(*change), "utf-8")
    with pytest.raises(PlanFault) as caught:
        load_roles(path)
    assert "roles.toml" in caught.value.text("en")
    assert words in caught.value.text("en")
