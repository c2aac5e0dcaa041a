"""Kinds of people whose chains the network analysis follows (Fälle), from the chain templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import product
from math import prod

from network.analysis.coverage import Case, CaseStep
from network.kinds import Stage, kind_of
from plans.analysis import Cefr
from plans.chain import Profile, Step, half_days
from plans.fictional import fiction
from plans.needs import Relation
from plans.rules import RuleBook, standard_rules
from plans.templates import profiles

DIMENSIONS = ("profile", "level", "half-day", "childcare", "language")
CHILDCARE = "childcare/place"
NO_CHILDCARE, PLACE_FIRST, AT_COURSE = "none", "place-first", "at-course"


def profile_cases(on: date, book: RuleBook | None = None) -> tuple[Case, ...]:
    """Every profile at its levels, half-days and languages, with its share of all people.

    Profiles whose chain asks for a childcare place are counted a second time, in the dimension ``childcare``
    only, as people who need the care at the course itself instead.

    Parameters
    ----------
    on : date
        Day whose rules set the lags between the steps.
    """
    rules = book or standard_rules()
    return tuple(case for profile in profiles() for case in _cases(profile, on, rules))


def _cases(profile: Profile, on: date, book: RuleBook) -> Iterator[Case]:
    traits = fiction().traits[profile.key]
    spoken = sum(traits.languages.values())
    needs_place = any(CHILDCARE in step.kind_by_level.values() for step in profile.steps)
    ways = product(traits.levels.items(), _patterns(profile.times), traits.languages.items())
    for (level, level_share), (parts, parts_share), (language, times_spoken) in ways:
        case = Case(
            weight=profile.share * level_share * parts_share * times_spoken / spoken,
            facts={
                "profile": profile.key,
                "level": level.value,
                "half-day": "+".join(parts),
                "childcare": PLACE_FIRST if needs_place else NO_CHILDCARE,
                "language": language,
            },
            steps=_steps(profile.steps, level, on, book),
            tags=profile.tags,
            times=half_days(parts),
            language=language,
        )
        yield case
        if needs_place:
            yield _with_care_at_course(case)


def _patterns(times: Mapping[str, float]) -> Iterator[tuple[tuple[str, ...], float]]:
    """Every set of parts of the week on which somebody may be free, with its share; but the empty one."""
    names = list(times)
    for chosen in product((True, False), repeat=len(names)):
        parts = tuple(name for name, free in zip(names, chosen, strict=True) if free)
        share = prod(
            times[name] if free else 1 - times[name] for name, free in zip(names, chosen, strict=True)
        )
        if parts and share > 0:
            yield parts, share


def _steps(steps: tuple[Step, ...], level: Cefr, on: date, book: RuleBook) -> tuple[CaseStep, ...]:
    number = {step.key: n for n, step in enumerate(steps)}
    return tuple(
        CaseStep(
            kind=step.kind(level),
            after=None if step.after is None else number[step.after],
            from_start=step.relation is Relation.START,
            lag_days=step.lag.on(on, book),
            spoken=kind_of(step.kind(level)).stage is Stage.COUNSELLING,
        )
        for step in steps
    )


def _with_care_at_course(case: Case) -> Case:
    """The same person without a childcare place, but with care offered at the courses."""
    place = next(n for n, step in enumerate(case.steps) if step.kind == CHILDCARE)
    before = case.steps[place].after
    steps = []
    for n, step in enumerate(case.steps):
        after = before if step.after == place else step.after
        after = after - 1 if after is not None and after > place else after
        care = frozenset({"childcare"}) if kind_of(step.kind).stage is Stage.COURSE else frozenset()
        from_start = False if step.after == place else step.from_start
        if n != place:
            steps.append(replace(step, after=after, from_start=from_start, features=step.features | care))
    return replace(case, steps=tuple(steps), facts={**case.facts, "childcare": AT_COURSE}, only="childcare")
