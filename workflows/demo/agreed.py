"""Einverständnis der Vorführung: whom a person lets know what, and which course is chosen after a test."""

from __future__ import annotations

from datetime import date, timedelta

from plans.consent import Purpose, Recipient
from workflows.acting import Desk
from workflows.cases.placement import deviate_from_placement, follow_placement, record_placement_test
from workflows.consents.giving import give_consent
from workflows.demo.lives import Life
from workflows.demo.supply import Slot
from workflows.referrals.carries import needed_for

CONSENTS = {"for good": 0.6, "two years": 0.25, "until the end": 0.15}
"""Until when somebody allows what a provider needs."""

AFTER_THE_END_DAYS, LONG_DAYS = 14, 730


def agree_to(life: Life, slot: Slot) -> None:
    """A person lets a provider know what it needs for a slot: this one, or all of its type."""
    of_type = Recipient(None, life.world.supply.types[slot["organisation_id"]])
    this = Recipient(slot["organisation_id"])
    needed, ends_on = needed_for(slot["kind"]), slot["end_on"] + timedelta(days=AFTER_THE_END_DAYS)
    for known in (of_type, this):
        allowed, until_on = life.consents.get(known, (frozenset(), None))
        if needed <= allowed and (until_on is None or until_on >= ends_on):
            return
    chosen = this if life.happens("allows one provider only", 0.5) else of_type
    until_on = _until(life, ends_on)
    give_consent(
        *(life.desk, life.id, Purpose.REFERRAL, needed),
        recipient_id=chosen.organisation_id,
        recipient_type=chosen.actor_type,
        until_on=until_on,
    )
    life.consents[chosen] = (needed, until_on)


def place(life: Life, tester: Desk, kind: str, tested_by: str) -> None:
    """A test found a level: the office follows it, or chooses otherwise with a reason."""
    skills = life.person.plan.analysis.german
    made = record_placement_test(tester, life.id, life.today, kind, skills, tested_by)
    course, _, entry = kind.rpartition("/")
    other = {"from-1": "from-3", "from-3": "from-1"}.get(entry)
    if course == "integration-course" and other and life.happens("another course", 0.1):
        why = "Im Gespräch mit der Teststelle anders eingeschätzt; der Kurs beginnt früher."
        deviate_from_placement(life.desk, made["id"], made["version"], f"{course}/{other}", why)
    else:
        follow_placement(life.desk, made["id"], made["version"])


def _until(life: Life, ends_on: date) -> date | None:
    how_long = life.choose("a consent", CONSENTS)
    if how_long == "for good":
        return None
    return ends_on if how_long == "until the end" else max(life.today + timedelta(days=LONG_DAYS), ends_on)
