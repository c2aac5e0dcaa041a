"""A demo store is filled by the workflows themselves: what stands in it has really been done by somebody."""

from __future__ import annotations

from collections import Counter

import pytest

from plans.roles import Role
from store import journal
from store import tables as t
from store.unit_of_work import ReadingUnit
from tests.workflows.demo.conftest import HOUSEHOLDS, TODAY, Demo, a_demo
from workflows.access.sessions import Stage, caller_of
from workflows.access.sign_in import sign_in
from workflows.acting import Desk
from workflows.cases.lists import list_own_people
from workflows.demo.filling import fill
from workflows.refusal import Refusal


def rows_of(demo: Demo, table: t.Table) -> list[dict]:
    with ReadingUnit(demo.store) as unit:
        return unit.find(table)


def test_everybody_signs_in_with_the_password_that_was_shown(demo: Demo):
    for account in demo.filled.accounts:
        signed_in = sign_in(demo.store, account.login_name, account.password)
        assert signed_in.stage is Stage.READY
        (grant,) = caller_of(demo.store, signed_in.token).grants
        assert grant.role is account.role
    assert [account.role for account in demo.filled.accounts] == list(Role)


def test_passwords_are_shown_once_and_not_by_accident(demo: Demo):
    assert not any(account.password in repr(demo.filled) for account in demo.filled.accounts)


def test_the_counsellor_finds_people_to_look_after(demo: Demo):
    account = demo.filled.accounts[0]
    token = sign_in(demo.store, account.login_name, account.password).token
    assert list_own_people(Desk(demo.store, caller_of(demo.store, token))).rows


def test_what_was_done_lies_before_today_and_in_an_audit_without_a_gap(demo: Demo):
    assert all(row["created_at"].date() < TODAY for row in rows_of(demo, t.referral_event))
    with ReadingUnit(demo.store) as unit:
        verdict = journal.verify(unit.connection, demo.store.keys)
        assert (verdict.entries, verdict.flaws) == (unit.count(t.audit_entry), ())


def test_seats_taken_are_those_that_referrals_hold(demo: Demo):
    held = Counter(row["slot_group_id"] for row in rows_of(demo, t.referral) if row["state"].has_seat)
    taken = {row["id"]: row["taken"] for row in rows_of(demo, t.slot_group) if row["taken"]}
    assert taken == dict(held)
    assert taken


def test_all_households_asked_for_are_there(demo: Demo):
    assert demo.filled.households == len(rows_of(demo, t.household)) == HOUSEHOLDS


def test_a_store_in_use_is_not_filled(demo: Demo):
    with pytest.raises(Refusal, match="not empty"):
        fill(demo.store)


def test_the_same_seed_leads_the_same_lives(demo: Demo, tmp_path):
    def lives(made: Demo) -> list[tuple]:
        steps = {row["id"]: row for row in rows_of(made, t.need)}
        names = {row["id"]: row["name"] for row in rows_of(made, t.person)}
        return [
            (names[row["person_id"]], steps[row["need_id"]]["kind"], row["state"], row["sent_on"])
            for row in rows_of(made, t.referral)
        ]

    again = a_demo(tmp_path / "again.db")
    assert lives(again) == lives(demo)
    again.store.engine.dispose()
