"""Stand der letzten Tage: what is half done when somebody looks, as on any day in an office."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from plans.help_plan import Phase
from plans.needs import Goal
from plans.step_draft import StepDraft
from store import tables as t
from workflows.cases import steps
from workflows.demo.agreed import agree_to
from workflows.demo.lives import World
from workflows.demo.referring import LEAD_DAYS, Referring
from workflows.referrals import office
from workflows.referrals.answer_links import make_answer_link

KIND = "counselling/case-management"
QUESTION = Goal("Fragen zur Wohnung klären", "Settle questions about the flat")


class LeftAs(StrEnum):
    """Wie weit etwas ist: a step alone, a draft beside it, or a request that is answered by a link."""

    STEP = "step"
    DRAFT = "draft"
    REQUEST = "request"


class Standing:
    """Stand: lets some things begin on the last working day, so that they are not over on the next.

    Parameters
    ----------
    world : World
        Where; the people of the demo's own counsellor come first.
    """

    def __init__(self, world: World) -> None:
        self.world = world

    def plan(self) -> None:
        """Put everything on the agenda of the last working day."""
        self.world.simulation.before_end(0, self._take_up_questions)
        self.world.simulation.before_end(0, self._change_an_agreement)

    def _take_up_questions(self) -> None:
        own_id = self.world.staff.counsellors[0].caller.account_id
        everybody = self.world.referring.values()
        own_first = iter(sorted(everybody, key=lambda one: one.life.desk.caller.account_id != own_id))
        for left_as in (*LeftAs, *LeftAs):
            any(_takes_up_question(one, left_as) for one in own_first)

    def _change_an_agreement(self) -> None:
        any(agreeing.amend() for agreeing in self.world.agreeing)


def _takes_up_question(referring: Referring, left_as: LeftAs) -> bool:
    """Add a step, so far as somebody's plan and free seats allow it; returns whether they do."""
    life, plan = referring.life, referring.life.plan
    if plan["phase"] is not Phase.ACTIVE:
        return False
    draft = StepDraft(KIND, QUESTION, plan["organisation_id"], life.today)
    step_id = steps.add_step(life.desk, life.id, life.version, draft)["step_id"]
    need = life.world.simulation.row(t.need, step_id)
    free, _ = referring.ways_in(need, life.today + timedelta(days=LEAD_DAYS))
    if not free or left_as is LeftAs.STEP:
        return bool(free)
    agree_to(life, free[0])
    drafted = office.draft_referral(life.desk, step_id, free[0]["id"])
    if left_as is LeftAs.REQUEST:
        office.request_seat(life.desk, drafted["referral_id"], drafted["version"])
        make_answer_link(life.desk, drafted["referral_id"])
    return True
