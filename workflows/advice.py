"""One need of a planned problem folder (Auskunft): the best referrals for it, and why its slot or none.

The command line shows these. Only ids are known here: a problem folder holds no names.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import matching
from workflows.faults import CommandFault

SHOWN_IDS = 3
SHOWN_CASES = 3


@dataclass(frozen=True)
class SlotFacts:
    """What the problem says of a slot, for people to recognise it."""

    offering: str
    actor: str
    kind: str


@dataclass(frozen=True)
class PlannedProblem:
    """A problem folder, the plan and the prices that a run has written for it, read and fitted together."""

    problem: matching.Problem
    adviser: matching.Adviser

    def slot_facts(self, slot_id: str) -> SlotFacts:
        """Return offering, actor and kind of a slot."""
        slots, row = self.problem.slots, self.problem.slot_row[slot_id]
        return SlotFacts(slots.offering[row], slots.actor[row], self.problem.kinds[slots.kind[row]])

    def kind_of(self, need_id: str) -> str:
        """Return what a need asks for."""
        return self.problem.kinds[self.problem.needs.kind[self.problem.need_row[need_id]]]

    def person_of(self, need_id: str) -> str:
        """Return whose need it is."""
        return self.problem.people.ids[self.problem.needs.person[self.problem.need_row[need_id]]]


def read_planned(problem_folder: Path, plan_folder: Path) -> PlannedProblem:
    """Read a problem folder and the folder that ``match`` has written for it.

    Parameters
    ----------
    plan_folder : Path
        Holds ``plan.csv`` and ``prices.csv``.

    Raises
    ------
    ProblemFault
        The problem, the plan or the prices are faulty.
    OSError
        A file of the plan cannot be opened.
    CommandFault
        The plan is no feasible plan of this problem.
    """
    files = plan_folder / "plan.csv", plan_folder / "prices.csv"
    for file in files:
        with file.open("rb"):
            pass
    plan, prices = matching.read_plan(files[0]), matching.read_prices(files[1])
    problem = matching.read_problem(problem_folder)
    found = matching.check(problem, plan)
    if not found.feasible:
        broken = [where for cases in found.violations.values() for where in cases]
        shown = ", ".join(broken[:SHOWN_CASES]) + (" …" if len(broken) > SHOWN_CASES else "")
        raise CommandFault("plan-misfit", {"file": str(files[0]), "n": len(broken), "where": shown})
    return PlannedProblem(problem, matching.Adviser(problem, plan, prices))


def recommendation(planned: PlannedProblem, need_id: str, top: int) -> matching.Recommendation:
    """Return the `top` best slots for a need (>= 1), and every slot of its kind that is not offered.

    Raises
    ------
    CommandFault
        The need is unknown.
    """
    return planned.adviser.recommend(_known(planned.problem, need_id), top)


def explanation(planned: PlannedProblem, need_id: str) -> matching.Explanation:
    """Return why a need has its slot or none, the best refused alternative, and what would help.

    Raises
    ------
    CommandFault
        The need is unknown.
    """
    return matching.explain_with(planned.adviser, _known(planned.problem, need_id))


def _known(problem: matching.Problem, need_id: str) -> str:
    if need_id in problem.need_row:
        return need_id
    close = get_close_matches(need_id, problem.needs.ids[:100_000], SHOWN_IDS)
    known = ", ".join(close or problem.needs.ids[:SHOWN_IDS]) or "–"
    raise CommandFault("unknown-need", {"need": need_id[:60], "known": known})
