"""Planning with those who are expected (Vorausschau): sampled arrivals compete for the seats."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from matching.problem import NONE, Ints, Needs, People, Problem

PREFIX = "arrival:"


def with_arrivals(problem: Problem, arrivals: Problem) -> Problem:
    """The problem with the people and needs of another one added; its slots and capacities are not used.

    Parameters
    ----------
    problem : Problem
        The present problem.
    arrivals : Problem
        Sampled future people and their needs, ``earliest`` on the days on which they are expected. Their
        bookings (``fixed_slot``, ``proposed_slot``) are dropped and their ids prefixed, so none can be
        mistaken for one that is there.
    """
    prefix = PREFIX
    while any(name.startswith(prefix) for name in (*problem.needs.ids, *problem.people.ids)):
        prefix = ":" + prefix
    numbers = {words: k for k, words in enumerate(problem.sets)}
    sets = np.array([numbers.setdefault(words, len(numbers)) for words in arrivals.sets], np.int32)
    kind_row = {kind: k for k, kind in enumerate(problem.kinds)}
    kinds = np.array([kind_row.setdefault(kind, len(kind_row)) for kind in arrivals.kinds], np.int32)
    return Problem(
        problem.parameters,
        list(kind_row),
        list(numbers),
        problem.capacities,
        problem.slots,
        _people(problem.people, arrivals.people, prefix, sets),
        _needs(problem.needs, arrivals.needs, prefix, len(problem.people.ids), sets, kinds),
    )


def _ids(prefix: str, ids: Sequence[str]) -> list[str]:
    return [prefix + name for name in ids]


def _people(here: People, new: People, prefix: str, sets: Ints) -> People:
    return People(
        here.ids + _ids(prefix, new.ids),
        np.concatenate([here.lat, new.lat]),
        np.concatenate([here.lon, new.lon]),
        np.concatenate([here.max_km, new.max_km]),
        np.concatenate([here.online, new.online]),
        np.concatenate([here.tags, sets[new.tags]]),
        np.concatenate([here.times, sets[new.times]]),
    )


def _needs(here: Needs, new: Needs, prefix: str, people: int, sets: Ints, kinds: Ints) -> Needs:
    none = np.full(len(new.ids), NONE, np.int32)
    groups = int(here.group.max(initial=-1)) + 1
    after = np.where(new.after >= 0, new.after + len(here.ids), NONE)
    added = new._replace(
        person=new.person + people,
        kind=kinds[new.kind],
        after=after.astype(np.int32),
        features=sets[new.features],
        group=new.group + groups,
        fixed=none,
        proposed=none,
    )
    columns: list[Any] = [np.concatenate([old, more]) for old, more in zip(here[1:], added[1:], strict=True)]
    return Needs(here.ids + _ids(prefix, new.ids), *columns)
