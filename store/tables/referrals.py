"""Tabellen der Vermittlung: referrals and their steps, waiting lists, consents, what was disclosed."""

from __future__ import annotations

import sqlalchemy as sa

from network.model import ActorType
from plans.consent import DataCategory, Purpose
from plans.referral_table import (
    OPEN,
    Consequence,
    Party,
    Reason,
    ReferralAction,
    ReferralOutcome,
    ReferralState,
    SeatEffect,
)
from store.tables import columns as c

_OPEN = c.among("state", OPEN)

referral = sa.Table(
    "referral",
    c.metadata,
    c.own_id("ref"),
    *c.region_id(),
    *c.refers("person"),
    *c.refers("need", indexed=False),
    *c.refers("slot"),
    *c.refers("slot_group", indexed=False),
    c.text("kind"),
    *c.refers("organisation", indexed=False),
    *c.refers("organisation", "recipient_id", indexed=False),
    c.term_set("carries", DataCategory),
    *c.term("state", ReferralState),
    c.day("sent_on"),
    c.day("hold_until_on"),
    c.day("entitled_on"),
    c.day("registered_on"),
    c.day("placed_on"),
    c.day("started_on"),
    c.day("expected_start_on"),
    c.day("ended_on"),
    *c.term("reason", Reason, optional=True),
    *c.term("consequence", Consequence, optional=True),
    *c.term("outcome", ReferralOutcome, optional=True),
    *c.edited(),
    c.within_region(),
    sa.CheckConstraint("(hold_until_on IS NOT NULL) = (state = 'requested')", name="hold"),
    sa.CheckConstraint(f"(ended_on IS NULL) = ({_OPEN})", name="ended"),
    sa.CheckConstraint("sent_on IS NOT NULL OR state IN ('draft', 'cancelled')", name="sent"),
    sa.Index("uq_referral_active", "need_id", unique=True, **c.only_while(_OPEN)),
    sa.Index(None, "need_id", "state"),
    sa.Index(None, "hold_until_on", **c.only_while("state = 'requested'")),
    sa.Index(None, "organisation_id", "hold_until_on", "id", **c.only_while("state = 'requested'")),
    sa.Index(None, "recipient_id", "state", "updated_at", "id"),
    sa.Index(None, "organisation_id", "state", "updated_at", "id"),
    sa.Index(None, "slot_group_id", "state"),
    sa.Index(None, "region_id", "updated_at"),
    sa.Index(
        "ix_referral_unanswered",
        *("organisation_id", "sent_on"),
        **c.only_while("state IN ('requested', 'waitlisted')"),
    ),
    sa.Index(
        "ix_referral_waiting", "region_id", "registered_on", **c.only_while("started_on IS NULL AND " + _OPEN)
    ),
)
"""Vermittlung: one attempt to place one need in one slot; at most one is open for each need.
`organisation_id` sends, `recipient_id` offers the slot and sees nothing of it before `sent_on`. The seat it
holds is counted in its `slot_group`."""

referral_event = sa.Table(
    "referral_event",
    c.metadata,
    c.own_id("rfe"),
    *c.region_id(),
    *c.refers("referral", owned=True, indexed=False),
    c.number("number"),
    *c.term("action", ReferralAction),
    *c.term("by", Party),
    c.account_id(optional=True),
    c.day("done_on", optional=False),
    *c.term("to_state", ReferralState),
    *c.term("seat", SeatEffect),
    c.flag("marks_replan"),
    *c.term("reason", Reason, optional=True),
    c.secret("reason_text"),
    *c.term("consequence", Consequence, optional=True),
    *c.term("outcome", ReferralOutcome, optional=True),
    c.day("expected_start_on"),
    *c.stamps(),
    sa.UniqueConstraint("referral_id", "number"),
)
"""Ereignis einer Vermittlung: one step that was done, numbered from 1."""

waiting_list_entry = sa.Table(
    "waiting_list_entry",
    c.metadata,
    c.own_id("wai"),
    *c.region_id(),
    *c.refers("slot_group", indexed=False),
    *c.refers("referral", owned=True, indexed=False),
    c.number("priority"),
    c.day("joined_on", optional=False),
    c.day("expected_start_on"),
    c.day("left_on"),
    *c.edited(),
    sa.Index("uq_waiting_list_entry_referral", "referral_id", unique=True, **c.only_while("left_on IS NULL")),
    sa.Index(None, "referral_id"),
    sa.Index(None, "slot_group_id", "priority", "joined_on", **c.only_while("left_on IS NULL")),
)
"""Wartelistenplatz: who waits for a seat of a group; the smaller priority is called first, then the
longer wait."""

consent = sa.Table(
    "consent",
    c.metadata,
    c.own_id("con"),
    *c.region_id(),
    *c.refers("person", owned=True),
    *c.refers("organisation", "recipient_id", optional=True),
    *c.term("recipient_type", ActorType, optional=True),
    *c.term("purpose", Purpose),
    c.term_set("categories", DataCategory),
    c.day("from_on", optional=False),
    c.day("until_on"),
    c.day("withdrawn_on"),
    c.account_id("recorded_by", optional=True),
    *c.edited(),
    c.within_region(),
    sa.CheckConstraint("recipient_id IS NOT NULL OR recipient_type IS NOT NULL", name="recipient"),
    sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name="dates"),
    sa.Index(None, "until_on", **c.only_while("until_on IS NOT NULL AND withdrawn_on IS NULL")),
)
"""Einwilligung: who may see which data of a person, for what and how long."""

disclosure = sa.Table(
    "disclosure",
    c.metadata,
    c.own_id("dis"),
    *c.region_id(),
    *c.refers("person", owned=True),
    *c.refers("referral", optional=True, owned=True),
    *c.refers("organisation", "recipient_id", indexed=False),
    *c.term("purpose", Purpose),
    c.term_set("categories", DataCategory),
    c.json("consent_ids"),
    c.secret("content", optional=False),
    c.account_id("disclosed_by", optional=True),
    c.instant("disclosed_at", optional=False),
    *c.stamps(),
    sa.Index(None, "recipient_id", "disclosed_at"),
)
"""Weitergabe: what was really shown or sent, to whom, and under which consents."""

answer_link = sa.Table(
    "answer_link",
    c.metadata,
    c.own_id("aln"),
    *c.region_id(),
    *c.refers("referral", owned=True),
    sa.Column("token_hash", sa.LargeBinary, nullable=False, info={"is_hidden": True}),
    c.account_id("made_by", optional=True),
    c.instant("expires_at", optional=False),
    c.instant("answered_at"),
    c.instant("ended_at"),
    *c.stamps(),
    sa.UniqueConstraint("token_hash"),
)
"""Antwortlink: lets whoever has it answer one referral once without an account; only a hash of its token is
kept. It is over with its time, its answer, a newer one, and when the referral is no request any more."""
