"""A large office of which every page can be opened: `benchmarks.stored_lists` and what it leaves out.

Analyses, somebody in every role, runs with their figures; some agreements and a reckoning by the workflows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from benchmarks.office_rows import PROVIDERS, REGION, TODAY, answerer, provider
from benchmarks.stored_lists import CHUNK, Large, store_lists
from network.model import HALF_DAYS
from plans.analysis import Analysis, Availability
from plans.referral_table import Party, ReferralAction, ReferralState, SeatEffect
from plans.roles import Role
from store import tables as t
from store.unit_of_work import Agent, Store, UnitOfWork
from workflows.acting import COMMAND_LINE, Desk
from workflows.agreements.drafting import draft_agreement
from workflows.plain import plain
from workflows.planning_room.reckon import compute_reckoning
from workflows.planning_room.reckonings import start_reckoning

OF_THE_REGION = (Role.COORDINATOR, Role.PLANNER, Role.ADMINISTRATOR, Role.AUDITOR)
AGREEMENTS = 20
"""So many are drafted, for the first people."""

Row = dict[str, Any]


def account_of(role: Role) -> str:
    """Id of the account with a role in the whole region."""
    return f"acc-{role}"


def is_open(number: int) -> bool:
    """Whether the help plan of a person is open."""
    return number % 7 != 6


def store_pages(store: Store, households: int) -> Large:
    """Write a region with so many households into an empty store, so that every page can be opened.

    Parameters
    ----------
    store : Store
        Migrated, empty, with a clock near `benchmarks.stored_lists.TODAY`.
    households : int
        >= 200; see `benchmarks.stored_lists.store_lists`.
    """
    large = store_lists(store, households)
    with UnitOfWork(store, actor=Agent("benchmark"), purpose="fill a store to measure on") as unit:
        for table, source in ((t.analysis, _analyses(households)), (t.referral_event, _events(unit))):
            while part := list(islice(source, CHUNK)):
                unit.insert_all(table, part)
        unit.insert_all(t.account, [_account(role) for role in OF_THE_REGION])
        unit.insert_all(t.role_grant, list(_grants()))
        unit.execute(t.agreement.delete())
        unit.execute(t.planning_run.update().values(summary=_summary(store), status="optimal"))
        unit.describe("fill", "region", REGION, region_id=REGION)
        unit.commit()
    desk = Desk(store, COMMAND_LINE)
    for number in filter(is_open, range(AGREEMENTS)):
        draft_agreement(desk, f"hsh-{number:06d}", [f"per-{number:06d}"], "ara")
    compute_reckoning(desk, start_reckoning(desk, REGION, "gaps", {}))
    return large


def _analyses(households: int) -> Iterator[Row]:
    about = Analysis(TODAY - timedelta(days=200), Availability(frozenset(HALF_DAYS), 30), ("ara",))
    content = plain(about)
    for n in range(households):
        more = {"number": 1, "analysed_on": about.analysed_on, "content": content}
        yield {"region_id": REGION, "help_plan_id": f"pln-{n:06d}", **more}


def _events(unit: UnitOfWork) -> Iterator[Row]:
    """Every referral that waits for an answer was sent."""
    for row in unit.find(t.referral, state=ReferralState.REQUESTED):
        yield {
            **{"region_id": REGION, "referral_id": row["id"], "number": 1, "done_on": row["sent_on"]},
            **{"action": ReferralAction.REQUEST, "by": Party.COUNSELLOR, "seat": SeatEffect.HOLD},
            **{"to_state": ReferralState.REQUESTED, "marks_replan": False},
        }


def _account(role: Role) -> Row:
    more = {"display_name": "Muster", "language": "de", "failed_attempts": 0, "is_active": True}
    return {"id": account_of(role), "login_name": role.value, **more}


def _grants() -> Iterator[Row]:
    for n in range(PROVIDERS):
        own = {"organisation_id": provider(n), "role": Role.PROVIDER}
        yield {"account_id": answerer(n), "region_id": REGION, **own}
    for role in OF_THE_REGION:
        yield {"account_id": account_of(role), "region_id": REGION, "organisation_id": None, "role": role}


def _summary(store: Store) -> Row:
    """What a run keeps of its figures."""
    waits = {"needs": 1000, "served": 900, "median_days": 30.0, "mean_days": 42.0, "p90_days": 90.0}
    figures = {**waits, "within_six_weeks": 0.6}
    return {
        **{"taken_at": store.now().isoformat(), "proposals": 1000, "planned": figures, "first_come": figures},
        **{"earlier": None, "changes": {}, "marked_plans": 0},
        "left_out": {"without_consent": 0, "waiting_for_unplanned": 0},
    }
