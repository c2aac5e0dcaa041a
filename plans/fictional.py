"""Erfundene Personen als Daten: what fictional people look like, read from ``fictional.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from plans.analysis import Cefr, check_languages
from plans.entries import Entry, entries_of, read_toml
from plans.rules import standard_rules
from plans.templates import profiles

FICTIONAL_FILE = Path(__file__).with_name("fictional.toml")


@dataclass(frozen=True)
class Shares:
    """Anteile: how frequent what is among fictional people; shares 0 to 1, times in days."""

    women_share: float
    online_share: float
    step_free_share: float
    reaches_largest_town_share: float
    announced_share: float
    announced_days: float
    waiting_mean_days: float
    waiting_most_days: float
    shared_care_share: float
    booked_share: float
    proposed_share: float


@dataclass(frozen=True)
class Traits:
    """Merkmale eines Profils: what fictional people of one profile look like.

    Parameters
    ----------
    levels, languages, priorities : mapping to float
        German level, first language and priority rule, each with its share.
    ages, schooling_years : tuple of int
        Lowest and highest, years.
    professions : tuple of str
        One is drawn; empty = none.
    done : frozenset of str
        Steps of the chain that a share `done_share` of the people has behind it.
    present_years_most : float
        Longest time between arrival and registration, years.
    """

    key: str
    levels: Mapping[Cefr, float]
    languages: Mapping[str, float]
    ages: tuple[int, int]
    schooling_years: tuple[int, int]
    professions: tuple[str, ...]
    priorities: Mapping[str, float]
    done: frozenset[str]
    done_share: float
    present_years_most: float


@dataclass(frozen=True)
class Fiction:
    """Alles, woraus erfundene Personen entstehen: names, shares, and the traits of every profile."""

    surnames: tuple[str, ...]
    given_names: Mapping[str, Mapping[str, tuple[str, ...]]]
    shares: Shares
    ways_km: Mapping[float, float]
    traits: Mapping[str, Traits]


@cache
def fiction() -> Fiction:
    """Return the fictional traits that come with the project."""
    return load_fiction()


def load_fiction(path: Path = FICTIONAL_FILE) -> Fiction:
    """Read fictional traits from a TOML file.

    Raises
    ------
    PlanFault
        Names file, line and entry of the fault; every profile of the chain templates must have its traits.
    """
    document, text = read_toml(path)
    top = Entry(document, path.name, None, "")
    names = {lang: _read_names(_table(top, "names", lang)) for lang in top.get("names", dict, "[names.ara]")}
    check_languages(names)
    travel = _table(top, "travel")
    traits = [_read_traits(entry, names) for entry in entries_of(document, text, path.name, "profile")]
    found = {entry.key: entry for entry in traits}
    for entry in profiles():
        if entry.key not in found:
            raise top.refuse("missing-key", field=f"[[profile]] {entry.key}")
    return Fiction(
        surnames=_texts(top, "surnames"),
        given_names=names,
        shares=_read_shares(_table(top, "people")),
        ways_km={float(km): travel.number(km, 0, 1) for km in travel.values},
        traits=found,
    )


def _table(parent: Entry, *keys: str) -> Entry:
    entry = parent
    for key in keys:
        entry = Entry(entry.get(key, dict, f"[{key}]"), parent.file, None, ".".join(keys))
    return entry


def _read_shares(people: Entry) -> Shares:
    days = {name: people.number(name, 1, 3650) for name in Shares.__annotations__ if name.endswith("_days")}
    shares = {name: people.number(name, 0, 1) for name in Shares.__annotations__ if name.endswith("_share")}
    people.only(*days, *shares)
    return Shares(**days, **shares)


def _read_names(entry: Entry) -> dict[str, tuple[str, ...]]:
    return {gender: _texts(entry, gender) for gender in ("female", "male")}


def _read_traits(entry: Entry, names: Mapping[str, Any]) -> Traits:
    entry.only(*Traits.__annotations__)
    template = {found.key: found for found in profiles()}
    key = entry.one_of("key", tuple(template))
    done = _texts(entry, "done", [])
    for step in done:
        entry.one_of_value("done", step, tuple(known.key for known in template[key].steps))
    priorities = tuple(
        rule.removeprefix("priority-") for rule in standard_rules().known() if "priority-" in rule
    )
    levels = _weights(entry, "levels", tuple(Cefr))
    return Traits(
        key=key,
        levels={Cefr(level): share for level, share in levels.items()},
        languages=_weights(entry, "languages", tuple(names)),
        ages=_span(entry, "ages", 16, 99),
        schooling_years=_span(entry, "schooling_years", 0, 25),
        professions=_texts(entry, "professions"),
        priorities=_weights(entry, "priorities", priorities),
        done=frozenset(done),
        done_share=entry.number("done_share", 0, 1, 0.0),
        present_years_most=entry.number("present_years_most", 0, 15),
    )


def _weights(entry: Entry, key: str, allowed: tuple[str, ...]) -> dict[str, float]:
    table = Entry(entry.get(key, dict, f"{key} = {{ … }}"), entry.file, entry.line, f"{entry.name}, {key}")
    for name in table.values:
        table.one_of_value(key, name, allowed)
    weights = {name: table.number(name, 0, 1e6) for name in table.values}
    if not sum(weights.values()) > 0:
        raise entry.refuse("empty", field=key)
    return weights


def _span(entry: Entry, key: str, low: int, high: int) -> tuple[int, int]:
    span = entry.get(key, list, f"{key} = [{low}, {high}]")
    is_span = len(span) == 2 and all(type(value) is int for value in span)
    if not is_span or not low <= span[0] <= span[1] <= high:
        raise entry.refuse("out-of-range", field=key, value=span, allowed=f"[{low} … {high}]")
    return span[0], span[1]


def _texts(entry: Entry, key: str, default: Any = ...) -> tuple[str, ...]:
    values = entry.get(key, list, f'{key} = ["…"]', default)
    if not all(isinstance(value, str) for value in values) or (default is ... and not values):
        raise entry.refuse("bad-type", value=values, expected="texts", example=f'{key} = ["…"]')
    return tuple(values)
