"""Förderkette als Vorlage: the steps of a usual chain, and the needs of a person made from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from plans.analysis import Cefr
from plans.needs import Goal, Need, Relation
from plans.rules import RuleBook, standard_rules

WEEK_PARTS: Mapping[str, tuple[str, ...]] = {
    **{part: tuple(f"{day}-{part}" for day in ("mo", "tu", "we", "th", "fr")) for part in ("am", "pm", "ev")},
    "sa-am": ("sa-am",),
    "sa-pm": ("sa-pm",),
}
"""Half-days behind the parts of the week that a time pattern names."""


@dataclass(frozen=True)
class Lag:
    """Abstand: a number of days, partly from dated rules.

    Parameters
    ----------
    days : int
        Days that always hold, >= 0.
    rules : tuple of str
        Keys of rules whose days are added.
    """

    days: int = 0
    rules: tuple[str, ...] = ()

    def on(self, day: date, book: RuleBook) -> int:
        """Number of days under the rules of a day."""
        return self.days + sum(book.rule(key, day).days for key in self.rules)


@dataclass(frozen=True)
class Step:
    """Schritt einer Vorlage: one step of a chain.

    Parameters
    ----------
    key : str
        Name within the profile.
    kind_by_level : mapping of Cefr to str
        Kind for people who have reached that level; a step without choice has one entry, A0.
    goal : Goal
        What it is for.
    after : str or None
        Key of the step before.
    relation, lag, max_lag, target_days
        As in `plans.needs.Need`; `target_days` are counted from registration.
    """

    key: str
    kind_by_level: Mapping[Cefr, str]
    goal: Goal
    after: str | None = None
    relation: Relation = Relation.END
    lag: Lag = Lag()
    max_lag: Lag | None = None
    target_days: int | None = None

    def kind(self, level: Cefr) -> str:
        """Kind for somebody who has reached a level: that of the highest entry not above it."""
        reached = [known for known in self.kind_by_level if known.rank <= level.rank]
        return self.kind_by_level[max(reached, key=lambda known: known.rank)]


@dataclass(frozen=True)
class Profile:
    """Profil: a usual situation, and its chain of steps.

    Parameters
    ----------
    key, label_de, label_en : str
        Name, for the data and for people.
    share : float
        Share of the people in this situation, 0 to 1 (an assumption).
    tags : frozenset of str
        Neutral facts that hold for all of them.
    times : mapping of str to float
        Parts of the week (`WEEK_PARTS`) and the share of people who can attend then.
    goal : Goal
        What the plan as a whole is for.
    steps : tuple of Step
        A predecessor stands before its followers.
    """

    key: str
    label_de: str
    label_en: str
    share: float
    tags: frozenset[str]
    times: Mapping[str, float]
    goal: Goal
    steps: tuple[Step, ...]

    def label(self, lang: str) -> str:
        """Name in German (``de``) or English."""
        return self.label_de if lang == "de" else self.label_en

    def needs(
        self,
        prefix: str,
        level: Cefr,
        registered_on: date,
        *,
        entitled_on: date | None = None,
        weight: float = 1.0,
        done: frozenset[str] = frozenset(),
        features: frozenset[str] = frozenset(),
        book: RuleBook | None = None,
    ) -> tuple[Need, ...]:
        """Make the needs of a person from this chain.

        Parameters
        ----------
        prefix : str
            Start of the ids of the needs; the step's place in the chain is added.
        level : Cefr
            German level reached; chooses the entry module.
        registered_on : date
            The waiting counts from here.
        entitled_on : date, optional
            The access time counts from here.
        weight : float
            Priority, > 0.
        done : frozenset of str
            Keys of steps done already: left out; what followed them may begin at once.
        features : frozenset of str
            What every slot must offer.
        book : RuleBook, optional
            Dated rules; those of the project by default.

        Returns
        -------
        tuple of Need
            One need a step that is still open, in the order of the chain.
        """
        rules = book or standard_rules()
        open_steps = [(n, step) for n, step in enumerate(self.steps, 1) if step.key not in done]
        ids = {step.key: f"{prefix}-{n}" for n, step in open_steps}
        first = Need(
            id=prefix,
            kind="-",
            earliest_on=registered_on,
            goal=self.goal,
            entitled_on=entitled_on,
            weight=weight,
            features=features,
        )
        return tuple(
            _follow(_at_step(first, step, ids[step.key], level), step, ids, rules) for _, step in open_steps
        )


def _at_step(need: Need, step: Step, id_: str, level: Cefr) -> Need:
    target_on = None if step.target_days is None else need.earliest_on + timedelta(days=step.target_days)
    goal = replace(step.goal, due_on=target_on)
    return replace(need, id=id_, kind=step.kind(level), goal=goal, target_on=target_on)


def _follow(need: Need, step: Step, ids: Mapping[str, str], book: RuleBook) -> Need:
    if step.after is None or step.after not in ids:
        return need
    on = need.earliest_on
    max_lag_days = None if step.max_lag is None else step.max_lag.on(on, book)
    return replace(
        need,
        after=ids[step.after],
        relation=step.relation,
        lag_days=step.lag.on(on, book),
        max_lag_days=max_lag_days,
    )


def half_days(parts: Iterable[str]) -> frozenset[str]:
    """Half-days of all the given parts of the week (`WEEK_PARTS`)."""
    return frozenset(half_day for part in parts for half_day in WEEK_PARTS[part])
