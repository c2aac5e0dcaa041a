"""Tabellen der Vereinbarungen: agreements, their versions, parties, measures, signatures and reviews."""

from __future__ import annotations

import sqlalchemy as sa

from plans.agreement import AgreementState
from plans.agreement_records import Side
from plans.steps import Finding
from store.tables import columns as c

agreement = sa.Table(
    "agreement",
    c.metadata,
    c.own_id("agr"),
    *c.region_id(),
    *c.refers("household"),
    *c.refers("organisation", indexed=False),
    c.text("language"),
    *c.term("state", AgreementState),
    c.day("review_due_on"),
    c.day("ended_on"),
    *c.term("ended_by", Side, optional=True),
    c.secret("ending_why"),
    *c.edited(),
    c.within_region(),
    sa.CheckConstraint("(ended_on IS NOT NULL) = (state = 'ended')", name="ended"),
    sa.Index(None, "organisation_id", "state", "review_due_on"),
    sa.Index(None, "organisation_id", "state", "id"),
)
"""Integrationsvereinbarung: of one or more persons of a household with the office."""

agreement_version = sa.Table(
    "agreement_version",
    c.metadata,
    c.own_id("agv"),
    *c.region_id(),
    *c.refers("agreement", owned=True, indexed=False),
    c.number("number"),
    c.day("drafted_on", optional=False),
    c.json("goals"),
    c.json("office_commitments"),
    c.json("person_commitments"),
    c.text("consequence"),
    c.day("next_appointment_on"),
    c.number("office_signatures"),
    *c.edited(),
    c.within_region(),
    sa.UniqueConstraint("agreement_id", "number"),
    sa.CheckConstraint("number >= 1 AND office_signatures >= 1", name="numbers"),
)
"""Fassung: one wording, numbered from 1; its steps are rows of `measure`."""

agreement_party = sa.Table(
    "agreement_party",
    c.metadata,
    c.own_id("agp"),
    *c.region_id(),
    *c.refers("agreement", owned=True, indexed=False),
    *c.refers("person", owned=True),
    c.number("position"),
    *c.stamps(),
    sa.UniqueConstraint("agreement_id", "person_id"),
)
"""Vertragspartei: a person of the household who is a party."""

measure = sa.Table(
    "measure",
    c.metadata,
    c.own_id("mea"),
    *c.region_id(),
    *c.refers("agreement_version", owned=True, indexed=False),
    *c.refers("need", owned=True),
    *c.refers("person", owned=True),
    c.number("position"),
    c.text("kind"),
    c.text("goal_de"),
    c.text("goal_en"),
    c.day("goal_due_on"),
    c.text("responsible"),
    c.day("from_on", optional=False),
    c.day("due_on"),
    *c.stamps(),
    sa.UniqueConstraint("agreement_version_id", "need_id"),
)
"""Maßnahme: one step with its dates, as a version states it."""

signature = sa.Table(
    "signature",
    c.metadata,
    c.own_id("sig"),
    *c.region_id(),
    *c.refers("agreement_version", owned=True),
    *c.term("side", Side),
    c.text("party_id"),
    c.secret("signed_by", optional=False),
    c.day("signed_on", optional=False),
    c.account_id("recorded_by", optional=True),
    *c.stamps(),
)
"""Unterschrift: recorded (no account: by the machine itself); the signed paper is kept elsewhere."""

amendment = sa.Table(
    "amendment",
    c.metadata,
    c.own_id("amd"),
    *c.region_id(),
    *c.refers("agreement_version", owned=True, indexed=False),
    c.secret("why", optional=False),
    c.account_id("drafted_by", optional=True),
    *c.stamps(),
    sa.UniqueConstraint("agreement_version_id"),
)
"""Änderung: why a version after the first was drafted."""

agreement_review = sa.Table(
    "agreement_review",
    c.metadata,
    c.own_id("agw"),
    *c.region_id(),
    *c.refers("agreement_version", owned=True),
    c.day("reviewed_on", optional=False),
    *c.stamps(),
    c.within_region(),
)
"""Überprüfung einer Vereinbarung: one talk about one version."""

agreement_finding = sa.Table(
    "agreement_finding",
    c.metadata,
    c.own_id("agf"),
    *c.region_id(),
    *c.refers("agreement_review", owned=True, indexed=False),
    *c.refers("need", owned=True),
    *c.term("finding", Finding),
    c.secret("why"),
    *c.stamps(),
    sa.UniqueConstraint("agreement_review_id", "need_id"),
    sa.CheckConstraint("finding <> 'obstructed' OR why IS NOT NULL", name="why"),
)
"""Befund: what a review of an agreement found for one step."""
