"""Einstufung: what the placement test found, and why somebody deviates from it.

The test fixes kind of course and entry module; a deviation needs a written reason (IntV § 11).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from network.kinds import SLOT_KINDS
from plans.analysis import Skills
from plans.fault import refuse
from plans.needs import check_id, check_order
from plans.rules import RuleBook, standard_rules

SHORTEST_REASON = 10
"""Characters that a written reason has at least: a dash is none."""


@dataclass(frozen=True)
class PlacementResult:
    """Einstufungsergebnis: kind of course and entry module that a test found.

    Parameters
    ----------
    person_id : str
        Who was tested.
    tested_on : date
        Day of the test.
    kind : str
        Kind of slot recommended, e.g. ``integration-course/from-3``.
    skills : Skills
        German by skill.
    tested_by : str
        Organisation that tested.
    """

    person_id: str
    tested_on: date
    kind: str
    skills: Skills
    tested_by: str

    def __post_init__(self) -> None:
        check_id(self.person_id)
        check_id(self.tested_by)
        if self.kind not in SLOT_KINDS:
            raise refuse("unknown-kind", self.person_id, value=self.kind)

    def counts_until_on(self, book: RuleBook | None = None) -> date:
        """Last day on which the result counts for a vocational language course (DeuFöV § 8(1))."""
        rules = book or standard_rules()
        return self.tested_on + timedelta(days=rules.rule("certificate-age-days", self.tested_on).days)


@dataclass(frozen=True)
class PlacementDecision:
    """Entscheidung nach der Einstufung: what was chosen, and why where it is not what the test found.

    Parameters
    ----------
    result : PlacementResult
        What the test found.
    kind : str
        Kind chosen.
    decided_by : str
        Account that decided.
    decided_on : date
        Not before the test.
    reason : str
        Empty exactly where the result is followed.
    """

    result: PlacementResult
    kind: str
    decided_by: str
    decided_on: date
    reason: str = ""

    def __post_init__(self) -> None:
        check_order("placement", "tested_on", self.result.tested_on, "decided_on", self.decided_on)
        if self.kind not in SLOT_KINDS:
            raise refuse("unknown-kind", self.result.person_id, value=self.kind)
        if self.deviates and len(self.reason.strip()) < SHORTEST_REASON:
            raise refuse(
                "deviation-reason",
                self.result.person_id,
                kind=self.kind,
                found=self.result.kind,
                length=SHORTEST_REASON,
            )
        if self.reason and not self.deviates:
            raise refuse("no-deviation", self.result.person_id, kind=self.kind)

    @property
    def deviates(self) -> bool:
        """Whether another kind or module was chosen than the test found."""
        return self.kind != self.result.kind


def decide(
    result: PlacementResult, kind: str, decided_by: str, decided_on: date, reason: str = ""
) -> PlacementDecision:
    """Choose a kind of course after a placement test.

    Raises
    ------
    PlanFault
        Where the choice deviates from the result without a written reason, a reason is given without a
        deviation, or the decision lies before the test.
    """
    return PlacementDecision(result, kind, decided_by, decided_on, reason)
