"""Tabellen der Menschen: households, persons, help plans and what a plan's life records."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa

from plans.case_records import Achievement, ClosureReason
from plans.help_plan import Phase
from plans.model import Gender
from store.tables import columns as c


class AppointmentState(StrEnum):
    """Stand eines Gesprächstermins."""

    PLANNED = "planned"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


household = sa.Table(
    "household",
    c.metadata,
    c.own_id("hsh"),
    *c.region_id(),
    *c.refers("organisation"),
    c.text("home_name"),
    c.real("home_lat"),
    c.real("home_lon"),
    c.json("children"),
    c.flag("shared_childcare"),
    c.secret("address"),
    *c.edited(),
    c.within_region(),
)
"""Haushalt: people with one home. The home's point is rounded (planning needs it); the address is secret."""

person = sa.Table(
    "person",
    c.metadata,
    c.own_id("per"),
    *c.region_id(),
    *c.refers("household"),
    *c.refers("organisation"),
    c.secret("name", optional=False),
    c.secret("birth_on", optional=False, holds_day=True),
    c.secret("contact"),
    c.blind_index("name_birth_index", of=("name", "birth_on")),
    *c.term("gender", Gender, optional=True),
    c.text("profile"),
    c.term_set("tags"),
    *c.edited(),
    c.within_region(),
    sa.Index(None, "region_id", "name_birth_index"),
)
"""Person: somebody with a help plan; the id is the pseudonym. `organisation_id` is the office
that keeps it."""

help_plan = sa.Table(
    "help_plan",
    c.metadata,
    c.own_id("pln"),
    *c.region_id(),
    *c.refers("person", owned=True, indexed=False),
    *c.refers("organisation", indexed=False),
    c.account_id("counsellor_id", optional=True),
    *c.term("phase", Phase),
    c.day("announced_on"),
    c.day("expected_on"),
    *c.refers("organisation", "announced_by", optional=True),
    c.term_set("announced_languages"),
    c.day("arrived_on"),
    c.day("next_appointment_on"),
    c.day("review_due_on"),
    c.day("overall_review_due_on"),
    c.instant("replan_marked_at"),
    c.day("closed_on"),
    *c.term("closure_reason", ClosureReason, optional=True),
    c.secret("closure_text"),
    c.day("erase_due_on"),
    *c.edited(),
    c.within_region(),
    sa.UniqueConstraint("person_id"),
    sa.CheckConstraint("(closed_on IS NOT NULL) = (phase = 'closed')", name="closed"),
    sa.Index(None, "counsellor_id", "review_due_on", **c.only_while("closed_on IS NULL")),
    sa.Index(None, "organisation_id", "phase", "review_due_on"),
    sa.Index(None, "erase_due_on", **c.only_while("erase_due_on IS NOT NULL")),
    sa.Index(None, "region_id", "replan_marked_at", **c.only_while("replan_marked_at IS NOT NULL")),
)
"""Hilfeplan: one for each person, from the notice before arrival to the closure. The due dates follow from
`plans.due_dates` and are written with every change, so that lists can be read by index."""

analysis = sa.Table(
    "analysis",
    c.metadata,
    c.own_id("ana"),
    *c.region_id(),
    *c.refers("help_plan", owned=True, indexed=False),
    c.number("number"),
    c.day("analysed_on", optional=False),
    c.json("content"),
    c.account_id("analysed_by", optional=True),
    *c.stamps(),
    sa.UniqueConstraint("help_plan_id", "number"),
)
"""Kompetenz- und Sozialanalyse: each one is kept, numbered from 1; the last one counts."""

goal = sa.Table(
    "goal",
    c.metadata,
    c.own_id("gol"),
    *c.region_id(),
    *c.refers("help_plan", owned=True),
    c.number("position"),
    c.text("text_de"),
    c.text("text_en"),
    c.day("due_on"),
    *c.edited(),
)
"""Ziel: what a plan as a whole is for, in their order."""

achievement = sa.Table(
    "achievement",
    c.metadata,
    c.own_id("ach"),
    *c.region_id(),
    *c.refers("help_plan", owned=True),
    *c.term("what", Achievement),
    c.day("achieved_on", optional=False),
    *c.stamps(),
    sa.Index(None, "region_id", "what", "achieved_on"),
)
"""Erfolg: what a plan has led to, such as a life without benefits."""

appointment = sa.Table(
    "appointment",
    c.metadata,
    c.own_id("apt"),
    *c.region_id(),
    *c.refers("help_plan", owned=True),
    c.account_id(optional=True),
    *c.term("state", AppointmentState),
    c.day("planned_on"),
    c.day("held_on"),
    c.flag("is_overall"),
    c.secret("note"),
    *c.edited(),
    c.within_region(),
    sa.CheckConstraint("(held_on IS NOT NULL) = (state = 'held')", name="held"),
    sa.Index(None, "account_id", "planned_on", "id", **c.only_while("state = 'planned'")),
)
"""Gespräch: agreed, held, missed or cancelled; a held one is a talk in which the steps were reviewed."""

placement = sa.Table(
    "placement",
    c.metadata,
    c.own_id("plc"),
    *c.region_id(),
    *c.refers("person", owned=True),
    c.day("tested_on", optional=False),
    c.text("kind"),
    c.json("skills"),
    *c.refers("organisation", "tested_by", optional=True),
    c.text("decided_kind", optional=True),
    c.account_id("decided_by", optional=True),
    c.day("decided_on"),
    c.secret("reason"),
    *c.edited(),
    sa.CheckConstraint("decided_kind IS NULL OR decided_kind = kind OR reason IS NOT NULL", name="reason"),
    sa.CheckConstraint("(decided_kind IS NULL) = (decided_on IS NULL)", name="decided"),
)
"""Einstufung: what the test found and what was chosen; a deviation needs a written reason."""
