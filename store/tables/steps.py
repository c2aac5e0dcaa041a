"""Tabellen der Schritte: the dated needs of help plans, with the four dates of both clocks, and reviews."""

from __future__ import annotations

import sqlalchemy as sa

from plans.needs import Relation
from plans.steps import Finding, Precondition, StepState
from store.tables import columns as c

_OPEN = c.among("state", (state for state in StepState if not state.is_end))

need = sa.Table(
    "need",
    c.metadata,
    c.own_id("ned"),
    *c.region_id(),
    *c.refers("help_plan", owned=True, indexed=False),
    *c.refers("person", owned=True),
    c.number("position"),
    c.text("kind"),
    c.text("goal_de"),
    c.text("goal_en"),
    c.day("goal_due_on"),
    *c.refers("need", "after_need_id", optional=True),
    *c.term("relation", Relation),
    c.number("lag_days"),
    c.number("max_lag_days", optional=True),
    c.day("earliest_on", optional=False),
    c.day("target_on"),
    c.real("weight"),
    c.term_set("features"),
    *c.refers("slot", "fixed_slot_id", optional=True),
    *c.refers("slot", "proposed_slot_id", optional=True),
    c.text("responsible"),
    c.term_set("preconditions", Precondition),
    *c.term("state", StepState),
    c.day("entitled_on"),
    c.day("registered_on"),
    c.day("placed_on"),
    c.day("started_on"),
    c.day("done_on"),
    *c.edited(),
    c.within_region(),
    sa.CheckConstraint("weight > 0", name="weight"),
    sa.CheckConstraint("lag_days >= 0 AND (max_lag_days IS NULL OR max_lag_days >= lag_days)", name="lags"),
    sa.CheckConstraint("(done_on IS NOT NULL) = (state IN ('done', 'dropped'))", name="done"),
    sa.CheckConstraint("fixed_slot_id IS NULL OR proposed_slot_id IS NULL", name="slots"),
    sa.Index(None, "help_plan_id", "state"),
    sa.Index(None, "id", "state"),
    sa.Index(None, "region_id", "kind", "target_on", **c.only_while(_OPEN)),
    sa.Index(
        "ix_need_waiting",
        *("region_id", "registered_on"),
        **c.only_while("state = 'open' AND started_on IS NULL AND registered_on IS NOT NULL"),
    ),
    sa.Index("ix_need_goal_due", "region_id", "target_on", **c.only_while(_OPEN)),
)
"""Bedarf: one step of a help plan. `responsible` is the id of an organisation or of the person. The dates
entitled, registered, placed, started are those of both clocks; ``ix_need_waiting`` finds long waits."""

review = sa.Table(
    "review",
    c.metadata,
    c.own_id("rev"),
    *c.region_id(),
    *c.refers("need", owned=True, indexed=False),
    *c.refers("appointment", optional=True, owned=True),
    c.number("number"),
    c.day("reviewed_on", optional=False),
    *c.term("finding", Finding),
    c.secret("why"),
    *c.stamps(),
    sa.UniqueConstraint("need_id", "number"),
    sa.CheckConstraint("finding <> 'obstructed' OR why IS NOT NULL", name="why"),
)
"""Überprüfung eines Schritts: done, open or obstructed (then with the reason), numbered from 1."""
