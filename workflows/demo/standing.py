"""Stand der letzten Tage: what is half done when somebody looks, as on any day in an office."""

from __future__ import annotations

from workflows.demo.lives import World
from workflows.demo.referring import LeftAs

QUESTIONS = (LeftAs.STEP, LeftAs.DRAFT, LeftAs.REQUEST, LeftAs.STEP, LeftAs.DRAFT, LeftAs.REQUEST)
"""How far each question of the last day has come."""


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
        for left_as in QUESTIONS:
            any(one.take_up_question(left_as) for one in own_first)

    def _change_an_agreement(self) -> None:
        any(agreeing.amend() for agreeing in self.world.agreeing)
