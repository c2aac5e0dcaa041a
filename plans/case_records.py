"""Ankündigung, Gespräch, Erfolg, Abschluss: what the life of a help plan records beside its steps.

Source: the Dortmund contract model (2003) asks the reception centre early about those who will come, and
counts as its success who lives without benefits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from plans.analysis import check_languages
from plans.fault import refuse
from plans.needs import check_id, check_order


class Achievement(StrEnum):
    """Erfolg: what a help plan has led to."""

    LANGUAGE_GOAL = "language-goal"
    QUALIFICATION_RECOGNISED = "qualification-recognised"
    TRAINING_BEGUN = "training-begun"
    WORK_BEGUN = "work-begun"
    OWN_HOME = "own-home"
    WITHOUT_BENEFITS = "without-benefits"


class ClosureReason(StrEnum):
    """Grund des Abschlusses."""

    GOALS_REACHED = "goals-reached"
    HANDED_OVER = "handed-over"
    MOVED_AWAY = "moved-away"
    NO_CONTACT = "no-contact"
    OWN_WISH = "own-wish"
    OTHER_REASON = "other-reason"


@dataclass(frozen=True)
class ArrivalNotice:
    """Ankündigung: what the reception centre says before a person arrives.

    Parameters
    ----------
    announced_on, expected_on : date
        Day of the notice, and day on which the person is expected, not before it.
    announced_by : str
        Organisation, such as the reception centre.
    languages : tuple of str
        ISO 639-3, so that the first talk has an interpreter.
    """

    announced_on: date
    expected_on: date
    announced_by: str
    languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_id(self.announced_by)
        check_order("notice", "announced_on", self.announced_on, "expected_on", self.expected_on)
        check_languages(self.languages)


@dataclass(frozen=True)
class Closure:
    """Abschluss: when and why a help plan ended.

    Parameters
    ----------
    closed_on : date
        Day.
    reason : ClosureReason
        Why.
    text : str
        In words; must be given for OTHER_REASON.
    """

    closed_on: date
    reason: ClosureReason
    text: str = ""

    def __post_init__(self) -> None:
        if self.reason is ClosureReason.OTHER_REASON and not self.text.strip():
            raise refuse("needed-for", str(self.closed_on), field="text", action=self.reason)


@dataclass(frozen=True)
class Talk:
    """Gespräch: a talk in which every open step was reviewed.

    Parameters
    ----------
    held_on : date
        Day.
    is_overall : bool
        Whether the plan as a whole was reviewed as well: goals, resources, barriers.
    """

    held_on: date
    is_overall: bool = False
