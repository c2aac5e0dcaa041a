"""What would help (Abhilfe): the smallest changes under which a need would get a slot, each one tried.

For every slot of the kind the rules that exclude it say what would have to be different, and by how much.
The change is then made in the household's own problem, and the need is looked at again there: only what
really brings a slot is named.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from matching.household import Household
from matching.problem import AFTER_START, NONE, Problem
from matching.recommend import Case, Offer

MOST_TRIALS = 12  # slots tried for one kind of change
#: What a change takes, to order changes of different kinds; an assumption.
EFFORT = {
    "distance": 1.0,  # a kilometre
    "too-early": 1.0,  # a day
    "too-late": 1.0,
    "full": 5.0,  # a seat
    "group-not-reached": 5.0,  # a participant
    "half-day": 10.0,  # a half-day of the week
    "overlap": 12.0,  # an appointment
    "online": 15.0,
    "features": 20.0,  # a feature
    "requires": 40.0,  # a condition
}

_TEXTS = {
    "distance": {
        "en": "a way of {km} km instead of {max_km} km",
        "de": "ein Weg von {km} km statt {max_km} km",
    },
    "half-day": {"en": "time also on: {half_days}", "de": "auch Zeit am: {half_days}"},
    "online": {"en": "attending online", "de": "online teilnehmen"},
    "features": {"en": "the slot offering: {features}", "de": "der Termin bietet: {features}"},
    "requires": {"en": "the slot open without: {tags}", "de": "der Termin ist offen auch ohne: {tags}"},
    "too-early": {
        "en": "the step possible {days} days earlier",
        "de": "der Schritt ist {days} Tage früher möglich",
    },
    "before": {
        "en": "the step before ending {days} days sooner",
        "de": "der vorige Schritt endet {days} Tage früher",
    },
    "too-late": {
        "en": "{days} days more allowed after the step before",
        "de": "nach dem vorigen Schritt sind {days} Tage mehr erlaubt",
    },
    "full": {"en": "one more seat in {capacities}", "de": "ein Platz mehr in {capacities}"},
    "group-not-reached": {
        "en": "more participants in the group: {missing}",
        "de": "mehr Teilnehmende in der Gruppe: {missing}",
    },
    "overlap": {
        "en": "another time for: {needs}",
        "de": "eine andere Zeit für: {needs}",
    },
}
REMEDIES = tuple(_TEXTS)


@dataclass(frozen=True)
class Remedy:
    """One change (Abhilfe).

    Parameters
    ----------
    code : str
        One of ``REMEDIES``: the rule that it lifts, or ``before``: the step before would have to end sooner.
    values : mapping
        By how much: ``km`` and ``max_km``; ``half_days``, ``features`` or ``tags`` (lists of words);
        ``days``, of them ``earliest_days`` by an earlier ready day and ``lag_days`` by a shorter lag;
        ``capacities`` (list, or capacity id -> participants); ``missing``; ``needs`` in the way.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self, lang: str = "en") -> str:
        """Say the change in words, in English (``en``) or German (``de``)."""
        return _TEXTS[self.code][lang].format(**{k: _shown(v, lang) for k, v in self.values.items()})


def _shown(value: object, lang: str) -> str:
    if isinstance(value, float):
        return f"{value:g}".replace(".", "," if lang == "de" else ".")
    return ", ".join(value) if isinstance(value, list) else str(value)


@dataclass(frozen=True)
class Help:
    """Changes that together bring a need a slot, and which.

    Parameters
    ----------
    effort : float
        How much would have to change, in the units of ``EFFORT``; the smallest comes first.
    serves : bool
        True where the need that was asked about gets a slot, and not only the step before it.
    """

    remedies: tuple[Remedy, ...]
    offer: Offer
    effort: float
    serves: bool = True


def find_help(case: Case, wanted: int, most: int = 3) -> list[Help]:
    """Changes that would bring the case's need a slot, smallest first, one for each kind of change.

    Parameters
    ----------
    wanted : int
        Row of the need (in the household) that is to be served in the end: the case's own or a later one.
    """
    by_rules: dict[tuple[str, ...], list[tuple[float, int, tuple[Remedy, ...]]]] = defaultdict(list)
    for place in range(len(case.hurdles.slots)):
        rules = tuple(case.hurdles.all_of(place))
        remedies = tuple(remedy for rule in rules if (remedy := _remedy(case, place, rule)))
        if rules and len(remedies) == len(rules):
            effort = sum(_effort(remedy, rule) for remedy, rule in zip(remedies, rules, strict=True))
            by_rules[rules].append((effort, place, remedies))
    found: list[Help] = []
    for rules in sorted(by_rules, key=lambda rules: (len(rules), min(by_rules[rules])[0], rules)):
        simpler = any(len(one.remedies) < len(rules) for one in found)
        if simpler:
            break
        one = _first_that_helps(case, sorted(by_rules[rules], key=lambda entry: entry[:2]), wanted)
        found += [one] if one else []
    found.sort(key=lambda one: (not one.serves, one.effort, one.offer.start_on, one.offer.slot))
    return found[:most]


def _first_that_helps(
    case: Case, entries: list[tuple[float, int, tuple[Remedy, ...]]], wanted: int
) -> Help | None:
    """Try the changes in turn; the first that serves the need, or else the first that brings any slot."""
    second: Help | None = None
    for effort, place, remedies in entries[:MOST_TRIALS]:
        slot = int(case.hurdles.slots[place])
        try:
            changed = Case(with_remedies(case, slot, remedies))
        except ValueError:  # a booking that stands would break a rule
            continue
        tried = changed.outcome(case.problem.slots.ids[slot], wanted)
        if tried is None:
            continue
        offer, serves = tried
        if serves:
            return Help(remedies, offer, effort)
        second = second or Help(remedies, offer, effort, serves=False)
    return second


def _effort(remedy: Remedy, rule: str) -> float:
    values = remedy.values
    match rule:
        case "distance":
            amount = values["km"] - values["max_km"]
        case "too-early" | "too-late":
            amount = values["days"]
        case "group-not-reached":
            amount = values["missing"]
        case "half-day" | "features" | "requires" | "overlap":
            (words,) = values.values()
            amount = len(words)
        case _:
            amount = 1
    return EFFORT[rule] * float(amount)


def _remedy(case: Case, place: int, rule: str) -> Remedy | None:
    """What would lift a rule for one slot; None where nothing would."""
    hurdles, desk, slot = case.hurdles, case.desk, int(case.hurdles.slots[place])
    ids = case.problem.capacities.ids
    uses = desk.uses(slot)
    match rule:
        case "features" | "requires" | "half-day":
            key = {"features": "features", "requires": "tags", "half-day": "half_days"}[rule]
            return Remedy(rule, {key: sorted(hurdles.lacking(slot)[rule])})
        case "online":
            return Remedy(rule)
        case "distance":
            most = float(case.problem.people.max_km[hurdles.person])
            return Remedy(rule, {"km": math.ceil(hurdles.km[place]), "max_km": _plain(most)})
        case "too-early":
            return _sooner(case, slot)
        case "too-late":
            return Remedy(rule, hurdles.values(place, rule))
        case "full":
            return Remedy(rule, {"capacities": [ids[u] for u in uses if desk.left[u] <= 0]})
        case "group-not-reached":
            many = {ids[u]: int(desk.missing[u]) - 1 for u in uses if desk.missing[u] > 1}
            roomy = all(desk.left[u] > desk.missing[u] - 1 for u in uses if desk.missing[u] > 1)
            return Remedy(rule, {"missing": max(many.values()), "capacities": many}) if roomy else None
        case "overlap":
            names = [case.problem.needs.ids[desk.c.row[j]] for j in desk.in_the_way(desk.need, slot)]
            return Remedy(rule, {"needs": names})
    return None


def _plain(number: float) -> float | int:
    return int(number) if number == int(number) else number


def _sooner(case: Case, slot: int) -> Remedy | None:
    """The ready day moved to the start of the slot: by what it hangs on."""
    c, i, window = case.desk.c, case.desk.need, case.hurdles.window
    start = int(case.problem.slots.start[slot])
    earliest = max(0, int(c.earliest[i]) - start)
    lag = 0
    before = 0
    if c.after[i] >= 0:
        over = max(0, window.base + int(c.lag[i]) - start)
        lag = min(over, int(c.lag[i]))
        before = over - lag
    values = {"days": window.ready - start, "earliest_days": earliest, "lag_days": lag, "before_days": before}
    if before and not _can_end_sooner(case, before):
        return None
    return Remedy("before" if before else "too-early", values | ({"days": before} if before else {}))


def _can_end_sooner(case: Case, days: int) -> bool:
    """True where the step before can be thought shorter by so many days: it still ends after it starts."""
    c, i = case.desk.c, case.desk.need
    pair = int(case.desk.planned[c.after[i]])
    return bool(c.relation[i] != AFTER_START and c.end[pair] - days >= c.start[pair])


def with_remedies(case: Case, slot: int, remedies: tuple[Remedy, ...]) -> Household:
    """The household's problem with the changes made for one slot (row)."""
    household = case.household
    for remedy in remedies:
        household = _APPLY[remedy.code](case, household, slot, remedy.values)
    return household


def _with(household: Household, table: str, column: str, row: int, value: Any) -> Household:
    """One cell of the household's problem changed."""
    rows = getattr(household.problem, table)
    changed = getattr(rows, column).copy()
    changed[row] = value
    problem = replace(household.problem, **{table: rows._replace(**{column: changed})})
    return household._replace(problem=problem)


def _with_words(household: Household, table: str, column: str, row: int, words: frozenset[str]) -> Household:
    """A cell that holds a list of words."""
    sets = [*household.problem.sets, words]
    household = household._replace(problem=replace(household.problem, sets=sets))
    return _with(household, table, column, row, len(sets) - 1)


def _distance(case: Case, household: Household, slot: int, values: Mapping[str, Any]) -> Household:
    return _with(household, "people", "max_km", case.hurdles.person, values["km"])


def _half_day(case: Case, household: Household, slot: int, values: Mapping[str, Any]) -> Household:
    problem: Problem = household.problem
    has = problem.sets[problem.people.times[case.hurdles.person]]
    return _with_words(household, "people", "times", case.hurdles.person, has | set(values["half_days"]))


def _online(case: Case, household: Household, slot: int, values: Mapping[str, Any]) -> Household:
    return _with(household, "people", "online", case.hurdles.person, True)


def _features(case: Case, household: Household, slot: int, values: Mapping[str, Any]) -> Household:
    has = household.problem.sets[household.problem.slots.features[slot]]
    return _with_words(household, "slots", "features", slot, has | set(values["features"]))


def _requires(case: Case, household: Household, slot: int, values: Mapping[str, Any]) -> Household:
    has = household.problem.sets[household.problem.slots.requires[slot]]
    return _with_words(household, "slots", "requires", slot, has - set(values["tags"]))


def _sooner_ready(case: Case, household: Household, slot: int, values: Mapping[str, Any]) -> Household:
    row, needs = household.need, household.problem.needs
    household = _with(household, "needs", "earliest", row, needs.earliest[row] - values["earliest_days"])
    household = _with(household, "needs", "lag_days", row, needs.lag_days[row] - values["lag_days"])
    if values["before_days"]:
        held = int(household.planned[needs.after[row]])
        end = household.problem.slots.end[held] - values["before_days"]
        household = _with(household, "slots", "end", held, end)
    return household


def _later(case: Case, household: Household, slot: int, values: Mapping[str, Any]) -> Household:
    most = int(household.problem.needs.max_lag_days[household.need]) + values["days"]
    return _with(household, "needs", "max_lag_days", household.need, most)


def _one_more_seat(case: Case, household: Household, slot: int, values: Mapping[str, Any]) -> Household:
    ids = household.problem.capacities.ids
    return _more_room(household, {ids.index(name): 1 for name in values["capacities"]})


def with_more_seats(case: Case, slot: int | None = None) -> Household:
    """The household's problem as if every full capacity (of one slot) had one seat more."""
    full = np.flatnonzero(case.desk.left <= 0)
    if slot is not None:
        full = np.intersect1d(full, case.desk.uses(slot))
    return _more_room(case.household, {int(u): 1 for u in full})


def _more_room(household: Household, seats: Mapping[int, int]) -> Household:
    room = household.room.copy()
    for row, many in seats.items():
        room[row] += many
        now = household.problem.capacities.seats[row] + many
        household = _with(household, "capacities", "seats", row, now)
    return household._replace(room=room)


def _participants(case: Case, household: Household, slot: int, values: Mapping[str, Any]) -> Household:
    """More people register elsewhere: fewer are missing, and they take seats."""
    ids, others = household.problem.capacities.ids, household.others.copy()
    for name, many in values["capacities"].items():
        row = ids.index(name)
        others[row] += many
        left = household.problem.capacities.minimum[row] - many
        household = _with(household, "capacities", "minimum", row, left)
    household = _more_room(household, {ids.index(name): -many for name, many in values["capacities"].items()})
    return household._replace(others=others)


def _another_time(case: Case, household: Household, slot: int, values: Mapping[str, Any]) -> Household:
    """What is in the way gives up its slot, and with it what comes after it."""
    needs, planned = household.problem.needs, household.planned.copy()
    gone = {needs.ids.index(name) for name in values["needs"]}
    for row in gone:
        household = _with(household, "needs", "fixed", row, NONE)
    while True:
        planned[list(gone)] = NONE
        more = set(np.flatnonzero(np.isin(needs.after, list(gone)) & (needs.fixed < 0)).tolist()) - gone
        if not more:
            return household._replace(planned=planned)
        gone |= more


_APPLY = {
    "distance": _distance,
    "half-day": _half_day,
    "online": _online,
    "features": _features,
    "requires": _requires,
    "too-early": _sooner_ready,
    "before": _sooner_ready,
    "too-late": _later,
    "full": _one_more_seat,
    "group-not-reached": _participants,
    "overlap": _another_time,
}
