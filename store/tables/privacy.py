"""Tabellen des Datenschutzes: what stays of people who were erased, without anything that names them."""

from __future__ import annotations

import sqlalchemy as sa

from plans.referral_table import Reason, ReferralOutcome, ReferralState
from store.tables import columns as c

seat_record = sa.Table(
    "seat_record",
    c.metadata,
    c.own_id("sea"),
    *c.region_id(),
    *c.refers("organisation", "recipient_id", indexed=False),
    c.text("kind"),
    *c.term("state", ReferralState),
    *c.term("reason", Reason, optional=True),
    *c.term("outcome", ReferralOutcome, optional=True),
    c.day("sent_month_on", optional=False),
    c.number("access_days", optional=True),
    c.number("waiting_days", optional=True),
    *c.stamps(),
    sa.CheckConstraint("state <> 'draft'", name="sent"),
    sa.Index(None, "region_id", "sent_month_on"),
    sa.Index(None, "recipient_id"),
)
"""Platznachweis: one referral of somebody who was erased: what for, to whom, how it ended and how long it
took. It refers to no person, no step and no slot; of its days only the month is left."""
