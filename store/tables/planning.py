"""Tabellen der Planung und der Einspielung: planning runs, proposals, reckonings, imports, dated rules."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa

from store.tables import columns as c


class RunState(StrEnum):
    """Stand eines Planungslaufs."""

    RUNNING = "running"
    FINISHED = "finished"
    RELEASED = "released"
    FAILED = "failed"


class ReckoningState(StrEnum):
    """Stand einer Berechnung."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"


class ProposalState(StrEnum):
    """Stand eines Vorschlags."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LOST = "lost"
    OUTDATED = "outdated"


class ImportState(StrEnum):
    """Stand einer Einspielung."""

    PREVIEWED = "previewed"
    APPLIED = "applied"
    UNDONE = "undone"


planning_run = sa.Table(
    "planning_run",
    c.metadata,
    c.own_id("run"),
    *c.region_id(),
    *c.term("state", RunState),
    c.day("today_on", optional=False),
    c.day("horizon_end_on", optional=False),
    c.json("settings"),
    c.text("problem_hash"),
    c.instant("started_at", optional=False),
    c.instant("finished_at"),
    c.text("status", optional=True),
    c.real("cost_days", optional=True),
    c.real("bound_days", optional=True),
    c.json("summary"),
    c.json("seat_prices", optional=True),
    c.account_id("started_by", optional=True),
    *c.edited(),
    c.within_region(),
    sa.Index(None, "region_id", "started_at"),
    sa.Index("uq_planning_run_running", "region_id", unique=True, **c.only_while("state = 'running'")),
)
"""Planungslauf: one question to the engine and what it answered, with its proof; at most one of a region
runs at a time. `seat_prices` are weighted waiting days by group and module, where they are not 0."""

reckoning = sa.Table(
    "reckoning",
    c.metadata,
    c.own_id("rec"),
    *c.region_id(),
    *c.term("state", ReckoningState),
    c.text("question"),
    c.json("asked"),
    c.text("asked_hash"),
    c.json("settings"),
    c.json("summary"),
    c.json("answer", optional=True),
    c.instant("started_at", optional=False),
    c.instant("finished_at"),
    c.account_id("started_by", optional=True),
    *c.edited(),
    sa.Index(None, "region_id", "question", "started_at"),
    sa.Index(
        "uq_reckoning_running", "region_id", "asked_hash", unique=True, **c.only_while("state = 'running'")
    ),
)
"""Berechnung: a question of the planning room that takes long, and its answer: figures, of no single person.
The same question about a region runs once at a time."""

travel_times = sa.Table(
    "travel_times",
    c.metadata,
    c.own_id("tvt"),
    *c.region_id(),
    c.text("file_name"),
    c.json("rows"),
    c.instant("handed_in_at", optional=False),
    c.account_id("handed_in_by", optional=True),
    c.instant("taken_back_at"),
    *c.edited(),
    sa.Index(None, "region_id", "handed_in_at"),
)
"""Fahrzeiten einer Region: from, to and minutes of each row of a file. The newest that was not taken back
holds."""

proposal = sa.Table(
    "proposal",
    c.metadata,
    c.own_id("pro"),
    *c.region_id(),
    *c.refers("planning_run", owned=True, indexed=False),
    *c.refers("need", owned=True),
    *c.refers("person", owned=True),
    *c.refers("slot", optional=True, indexed=False),
    *c.refers("organisation", indexed=False),
    *c.term("state", ProposalState),
    c.json("reasons"),
    c.json("alternatives"),
    c.json("change", optional=True),
    *c.refers("referral", optional=True, owned=True),
    c.account_id("decided_by", optional=True),
    c.instant("decided_at"),
    c.secret("decline_why"),
    *c.edited(),
    sa.UniqueConstraint("need_id", "planning_run_id"),
    sa.Index(None, "planning_run_id", "need_id"),
    sa.Index(None, "organisation_id", "state"),
    sa.Index("ix_proposal_slot", "slot_id", "state", "need_id", "person_id", "planning_run_id"),
)
"""Vorschlag: which slot the plan has for a need (none: `slot_id` is empty), why, and the best refused ones.
`change` says what is other than in the plan before, and why; `organisation_id` is the office that decides."""

import_run = sa.Table(
    "import_run",
    c.metadata,
    c.own_id("imp"),
    *c.region_id(),
    *c.term("state", ImportState),
    c.text("content_hash"),
    sa.Column("content", sa.LargeBinary, nullable=False),
    c.json("differences"),
    sa.Column("before", sa.LargeBinary, nullable=True),
    c.account_id("imported_by", optional=True),
    c.instant("applied_at"),
    c.instant("undone_at"),
    *c.edited(),
    sa.Index(None, "region_id", "created_at"),
)
"""Einspielung: partner files as they came, what they would change, and what it takes to undo them."""

rule_set = sa.Table(
    "rule_set",
    c.metadata,
    c.own_id("rul"),
    sa.Column("region_id", sa.Text, nullable=True),
    sa.ForeignKeyConstraint(["region_id"], ["region.id"]),
    c.day("valid_from_on", optional=False),
    c.text("content"),
    c.text("source"),
    c.account_id("loaded_by", optional=True),
    *c.edited(),
    sa.Index(None, "region_id", "valid_from_on"),
)
"""Regelwerk: a file of dated rules as it was loaded, for a region or (empty) for the installation."""
