"""Tabellen: everything that is remembered, one table for each thing.

Every row has a text id; what people edit has a `version`; what belongs to a region names it, and refers to
rows of the same region only (the database itself refuses others). Secret columns are encrypted at rest.
"""

from __future__ import annotations

from store.tables.accounts import account, role_grant, session
from store.tables.agreements import (
    agreement,
    agreement_finding,
    agreement_party,
    agreement_review,
    agreement_version,
    amendment,
    measure,
    signature,
)
from store.tables.columns import Table, metadata, new_id
from store.tables.journal import audit_entry, audit_head, idempotency_key, installation
from store.tables.network import (
    GroupShape,
    cooperation,
    offering,
    organisation,
    region,
    service,
    slot,
    slot_group,
)
from store.tables.people import (
    AppointmentState,
    achievement,
    analysis,
    appointment,
    goal,
    help_plan,
    household,
    person,
    placement,
)
from store.tables.planning import (
    ImportState,
    ProposalState,
    ReckoningState,
    RunState,
    import_run,
    planning_run,
    proposal,
    reckoning,
    rule_set,
    travel_times,
)
from store.tables.privacy import seat_record
from store.tables.referrals import (
    answer_link,
    consent,
    disclosure,
    referral,
    referral_event,
    waiting_list_entry,
)
from store.tables.steps import need, review

__all__ = [
    "AppointmentState",
    "GroupShape",
    "ImportState",
    "ProposalState",
    "ReckoningState",
    "RunState",
    "Table",
    "account",
    "achievement",
    "agreement",
    "agreement_finding",
    "agreement_party",
    "agreement_review",
    "agreement_version",
    "amendment",
    "analysis",
    "answer_link",
    "appointment",
    "audit_entry",
    "audit_head",
    "consent",
    "cooperation",
    "disclosure",
    "goal",
    "help_plan",
    "household",
    "idempotency_key",
    "import_run",
    "installation",
    "measure",
    "metadata",
    "need",
    "new_id",
    "offering",
    "organisation",
    "person",
    "placement",
    "planning_run",
    "proposal",
    "reckoning",
    "referral",
    "referral_event",
    "region",
    "review",
    "role_grant",
    "rule_set",
    "seat_record",
    "service",
    "session",
    "signature",
    "slot",
    "slot_group",
    "travel_times",
    "waiting_list_entry",
]
