"""Schritt, wie er vereinbart wird: what a counsellor and a person agree on for one step of the plan."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from network.kinds import SLOT_KINDS
from network.labels import FEATURES
from plans.fault import refuse
from plans.identity import check_known
from plans.needs import Goal, Need, Relation
from plans.steps import PlanStep, Precondition


@dataclass(frozen=True)
class Follows:
    """Anschluss: after which step of the household a step comes, and how closely.

    Parameters
    ----------
    after : str or None
        Id of the step before; None = it may come at once.
    relation, lag_days, max_lag_days
        See `plans.needs.Need`.
    """

    after: str | None = None
    relation: Relation = Relation.END
    lag_days: int = 0
    max_lag_days: int | None = None

    def place(self, need: Need) -> Need:
        """Put a need in this place of the chain."""
        return replace(
            need,
            after=self.after,
            relation=self.relation,
            lag_days=self.lag_days,
            max_lag_days=self.max_lag_days,
        )


@dataclass(frozen=True)
class StepDraft:
    """Vereinbarter Schritt: what, for what, who, from when, until when.

    Parameters
    ----------
    kind : str
        Kind of slot, of `network.kinds.SLOT_KINDS`.
    goal : Goal
        What it is for.
    responsible : str
        Id of the organisation that has to act, or of the person.
    earliest_on, target_on : date, date or None
        From when, and by when it should have started (Zeitziel).
    weight : float
        Priority, > 0; 1 is usual.
    features : frozenset of str
        What the slot must offer, of `network.labels.FEATURES`.
    preconditions : frozenset of Precondition
        What is still missing.

    Raises
    ------
    PlanFault
        Where the kind or a feature is not known.
    """

    kind: str
    goal: Goal
    responsible: str
    earliest_on: date
    target_on: date | None = None
    weight: float = 1.0
    features: frozenset[str] = field(default_factory=frozenset)
    preconditions: frozenset[Precondition] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if self.kind not in SLOT_KINDS:
            raise refuse("unknown-kind", "kind", value=self.kind)
        check_known("features", self.features, FEATURES)

    def begin(self, id: str, follows: Follows, entitled_on: date | None = None) -> PlanStep:
        """Make the step, in its place of the chain; ``entitled_on`` begins the access time."""
        need = Need(id, self.kind, self.earliest_on, self.goal)
        step = PlanStep(follows.place(self._fill(need)), self.responsible, self.preconditions)
        return step.note_dates(replace(step.clocks, entitled_on=entitled_on))

    def revise(self, step: PlanStep) -> PlanStep:
        """Change a step to what was agreed now (see `PlanStep.revise`)."""
        return step.revise(self._fill(step.need), self.responsible, self.preconditions)

    def _fill(self, need: Need) -> Need:
        return replace(
            need,
            kind=self.kind,
            goal=self.goal,
            earliest_on=self.earliest_on,
            target_on=self.target_on,
            weight=self.weight,
            features=self.features,
        )
