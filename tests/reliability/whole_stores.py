"""Stores in which every table has rows: one network, and any number of people with all that is kept."""

from datetime import date, timedelta
from typing import Any

from network.model import CooperationKind
from plans.agreement import AgreementState
from plans.agreement_records import Side
from plans.case_records import Achievement
from plans.consent import DataCategory, Purpose
from plans.referral_table import Party, ReferralAction, ReferralState, SeatEffect
from plans.roles import Role
from plans.steps import Finding
from store import tables as t
from store.idempotency import claim, keep
from store.opening import sealed_check
from store.tables import new_id
from store.unit_of_work import Store, UnitOfWork
from tests.store.builders import (
    CONDITIONS,
    ORIGIN,
    TODAY,
    a_finished_reckoning,
    a_group,
    a_need,
    a_person,
    a_plan,
    a_referral,
    a_region,
    a_slot,
    a_unit,
    an_account,
    an_organisation,
    described,
)

REGION = "musterkreis"
RULE = """[[rule]]
key = "retention-draft-days"
value = 90
unit = "days"
valid_from = 2000-01-01
basis = "assumption"
source = "Sample"
label_de = "Löschung"
label_en = "Deletion"
"""


def a_network(uow: UnitOfWork) -> dict[str, str]:
    """A region with an office, a provider with all it offers, an account with a role, and a planning run."""
    region = a_region(uow, REGION)
    office = an_organisation(uow, region, "office", name="Stadt Musterstadt", type="municipality")
    provider = an_organisation(uow, region)
    group = a_group(uow, region, provider, seats=100_000)
    account = an_account(uow)
    ids = {
        "region": region,
        "office": office,
        "provider": provider,
        "group": group,
        "slot": a_slot(uow, region, provider, group),
        "account": account,
    }
    uow.insert(
        t.role_grant, account_id=account, role=Role.COUNSELLOR, region_id=region, organisation_id=office
    )
    until = {"last_seen_at": uow.now, "expires_at": uow.now + timedelta(hours=10)}
    uow.insert(t.session, account_id=account, token_hash=bytes(32), **until)
    both = {"from_organisation_id": office, "to_organisation_id": provider, "kind": CooperationKind.REFERS}
    uow.insert(t.cooperation, region_id=region, agreement="", source="", illustrative=True, **both)
    uow.insert(t.service, region_id=region, offering_id=uow.get(t.slot_group, group)["offering_id"], **_DATES)
    seat = {"kind": "integration-course", "state": ReferralState.COMPLETED, "sent_month_on": TODAY}
    uow.insert(t.seat_record, region_id=region, recipient_id=provider, **seat)
    uow.insert(t.rule_set, valid_from_on=TODAY, content=RULE, source="")
    uow.insert(
        t.import_run, region_id=region, state="previewed", content_hash="0", content=b"", differences={}
    )
    own_id = new_id("ins")
    uow.insert(t.installation, id=own_id, key_check=sealed_check(uow.keys, own_id))
    ids["run"] = uow.insert(t.planning_run, region_id=region, started_at=uow.now, **_RUN)
    a_finished_reckoning(uow, region)
    uow.insert(t.travel_times, region_id=region, file_name="", rows=[], handed_in_at=uow.now)
    return ids


def a_whole_person(uow: UnitOfWork, ids: dict[str, str], words: str = "Muster", **given: Any) -> str:
    """A person with at least one row in every table that can hold one; returns the id.

    `words` stand in everything that is written about the person in free text, secret or not.
    """
    region, office, account = ids["region"], ids["office"], ids["account"]
    person = a_person(uow, region, office, name=words, contact={"email": f"{words}@example.org"}, **given)
    household = uow.get(t.person, person)["household_id"]
    version = uow.get(t.household, household)["version"]
    uow.change(t.household, household, version, address=words)
    plan = a_plan(uow, region, office, person, counsellor_id=account)
    of_plan = {"region_id": region, "help_plan_id": plan}
    uow.insert(t.analysis, number=1, analysed_on=TODAY, content={"notes": words}, **of_plan)
    uow.insert(t.goal, position=1, text_de=words, text_en=words, **of_plan)
    uow.insert(t.achievement, what=next(iter(Achievement)), achieved_on=TODAY, **of_plan)
    held = {"state": "held", "held_on": TODAY, "planned_on": TODAY, "is_overall": False}
    talk = uow.insert(t.appointment, account_id=account, note=words, **held, **of_plan)
    uow.insert(
        t.placement,
        region_id=region,
        person_id=person,
        tested_on=TODAY,
        kind="integration-course",
        skills={},
        decided_kind="literacy-course",
        decided_on=TODAY,
        reason=words,
    )
    need = a_need(uow, region, plan, goal_de=words, goal_en=words)
    obstructed = {"finding": Finding.OBSTRUCTED, "why": words}
    uow.insert(
        t.review,
        region_id=region,
        need_id=need,
        appointment_id=talk,
        number=1,
        reviewed_on=TODAY,
        **obstructed,
    )
    _agreement(uow, ids, household, person, need, words)
    _referral(uow, ids, person, need, words)
    return person


def _agreement(
    uow: UnitOfWork, ids: dict[str, str], household: str, person: str, need: str, words: str
) -> None:
    region = ids["region"]
    agreement = uow.insert(
        t.agreement,
        region_id=region,
        household_id=household,
        organisation_id=ids["office"],
        language="de",
        state=AgreementState.ENDED,
        ended_on=TODAY,
        ended_by=Side.OFFICE,
        ending_why=words,
    )
    uow.insert(t.agreement_party, region_id=region, agreement_id=agreement, person_id=person, position=1)
    version = uow.insert(
        t.agreement_version,
        region_id=region,
        agreement_id=agreement,
        number=1,
        drafted_on=TODAY,
        goals=[words],
        office_commitments=[words],
        person_commitments=[words],
        consequence=words,
        office_signatures=1,
    )
    of_version = {"region_id": region, "agreement_version_id": version}
    said = {"kind": "integration-course", "goal_de": words, "goal_en": words, "responsible": person}
    uow.insert(t.measure, need_id=need, person_id=person, position=1, from_on=TODAY, **said, **of_version)
    signed = {"side": Side.PERSON, "party_id": person, "signed_by": words, "signed_on": TODAY}
    uow.insert(t.signature, recorded_by=ids["account"], **signed, **of_version)
    uow.insert(t.amendment, why=words, **of_version)
    talk = uow.insert(t.agreement_review, reviewed_on=TODAY, **of_version)
    found = {"finding": Finding.OBSTRUCTED, "why": words}
    uow.insert(t.agreement_finding, region_id=region, agreement_review_id=talk, need_id=need, **found)


def _referral(uow: UnitOfWork, ids: dict[str, str], person: str, need: str, words: str) -> None:
    region, provider, account = ids["region"], ids["provider"], ids["account"]
    referral = a_referral(uow, need, ids["slot"], ReferralState.WAITLISTED, sent_on=TODAY)
    uow.insert(
        t.referral_event,
        region_id=region,
        referral_id=referral,
        number=1,
        action=ReferralAction.JOIN_WAITLIST,
        by=Party.COUNSELLOR,
        done_on=TODAY,
        to_state=ReferralState.WAITLISTED,
        seat=next(iter(SeatEffect)),
        marks_replan=False,
        reason_text=words,
    )
    made = {"token_hash": new_id("tok").encode(), "made_by": account, "expires_at": uow.now}
    uow.insert(t.answer_link, region_id=region, referral_id=referral, **made)
    uow.insert(
        t.waiting_list_entry,
        region_id=region,
        slot_group_id=ids["group"],
        referral_id=referral,
        priority=1,
        joined_on=TODAY,
    )
    seen = {"purpose": Purpose.REFERRAL, "categories": [DataCategory.REFERENCE], "recipient_id": provider}
    about = {"region_id": region, "person_id": person}
    consent = uow.insert(t.consent, from_on=TODAY, recorded_by=account, **seen, **about)
    uow.insert(
        t.disclosure,
        referral_id=referral,
        consent_ids=[consent],
        content={"name": words},
        disclosed_by=account,
        disclosed_at=uow.now,
        **seen,
        **about,
    )
    uow.insert(
        t.proposal,
        planning_run_id=ids["run"],
        need_id=need,
        slot_id=ids["slot"],
        organisation_id=ids["office"],
        state="declined",
        reasons=[],
        alternatives=[],
        decline_why=words,
        **about,
    )
    key = f"key-of-{person}"
    claim(uow, key, words)
    keep(uow, key, {"person": person, "name": words})


def a_whole_store(store: Store, people: int = 1) -> dict[str, str]:
    """Fill a store so that every table has rows; ids of the network."""
    with a_unit(store) as uow:
        ids = a_network(uow)
        for number in range(people):
            a_whole_person(uow, ids, f"Muster {number}")
        described(uow).commit()
    return ids


_DATES = {
    "key": "advice",
    "first_on": TODAY,
    "last_on": TODAY,
    "interval_days": 7,
    "seats": 3,
    "duration_days": 1,
    "online": True,
    "times": ["mo-am"],
    **CONDITIONS,
    **ORIGIN,
}
_RUN = {
    "state": "finished",
    "today_on": TODAY,
    "horizon_end_on": date(2027, 3, 2),
    "settings": {},
    "problem_hash": "0",
    "summary": {},
}
