"""Online slots that nobody can tell apart, as one offer (gleiche Online-Termine).

What a slot costs a person is the same for two online slots of equal kind, days, half-days and required tags
that both offer what the need asks for: only their seats differ. Such slots can stand in a list of pairs as
one *offer* (Angebot), whose price is that of its cheapest member. In the whole nation three quarters of all
pairs are online slots, and most of them have many alike.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from matching.problem import Flags, Ints, Problem, Slots

ALIKE = ("kind", "start", "end", "requires", "times")
ANYBODY = -1


class Listed(NamedTuple):
    """What pairs are made of: the slots of a problem, and behind them the offers.

    Parameters
    ----------
    problem : Problem
        The same one, its slots followed by the offers.
    bookable : array of bool
        Slots and offers that pairs are made of.
    hidden : array of bool
        Slots that an offer stands for; only who was proposed one of them has it as a pair of its own.
    asked : array of int
        Of an offer the features, as a number of ``Problem.sets``, that a need must ask for to take it;
        ``ANYBODY`` for slots.
    member_ptr, members : array of int
        The slots of each offer: where each list begins, and the lists.
    """

    problem: Problem
    bookable: Flags
    hidden: Flags
    asked: Ints
    member_ptr: Ints
    members: Ints


def one_by_one(problem: Problem, bookable: Flags) -> Listed:
    """Every slot by itself, no offers."""
    none, nobody = np.zeros(0, np.int32), np.zeros(len(bookable), np.bool_)
    asked = np.full(len(bookable), ANYBODY, np.int32)
    return Listed(problem, bookable, nobody, asked, np.zeros(1, np.int32), none)


def merged(problem: Problem, bookable: Flags) -> Listed:
    """Online slots alike as offers, for each list of features that needs ask for; all others by themselves.

    Parameters
    ----------
    bookable : array of bool, one for each slot
        Slots with a seat; the others are in no offer.
    """
    asked_for = np.unique(problem.needs.features).tolist()
    found = [_alike(problem, bookable, features) for features in asked_for]
    members, counts = _joined(members for members, _ in found), _joined(counts for _, counts in found)
    asked = np.repeat(np.array(asked_for, np.int32), [len(counts) for _, counts in found])
    hidden = np.zeros(len(bookable), np.bool_)
    hidden[members[np.repeat(counts > 1, counts)]] = True
    kept = hidden[members[np.cumsum(counts) - counts]]  # who is alone for all needs is no offer
    return _listed(problem, bookable, hidden, members[np.repeat(kept, counts)], counts[kept], asked[kept])


def _joined(parts: Iterable[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, np.int32), *parts])


def _listed(
    problem: Problem, bookable: Flags, hidden: Flags, members: Ints, counts: Ints, asked: Ints
) -> Listed:
    """The slots and these offers behind them."""
    member_ptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    firsts, none = members[member_ptr[:-1]], np.zeros(len(counts), np.bool_)
    return Listed(
        replace(problem, slots=_followed_by(problem.slots, firsts)),
        np.concatenate([bookable & ~hidden, ~none]),
        np.concatenate([hidden, none]),
        np.concatenate([np.full(len(bookable), ANYBODY, np.int32), asked]),
        member_ptr,
        members,
    )


def _alike(problem: Problem, bookable: Flags, features: int) -> tuple[Ints, Ints]:
    """Online slots with all these features, those alike one after another; how many are alike each time."""
    slots, asked = problem.slots, problem.sets[features]
    offers_all = np.array([asked <= held for held in problem.sets], np.bool_)
    chosen = np.flatnonzero(bookable & slots.online & offers_all[slots.features]).astype(np.int32)
    looks = np.stack([getattr(slots, name)[chosen] for name in ALIKE], axis=1)
    _, offer, counts = np.unique(looks, axis=0, return_inverse=True, return_counts=True)
    return chosen[np.argsort(offer.reshape(-1), kind="stable")], counts.astype(np.int32)


def _followed_by(slots: Slots, rows: Ints) -> Slots:
    """The slots, and once more those of some rows; the latter use no capacity."""
    longer: dict[str, Any] = {}
    for name, column in slots._asdict().items():
        if isinstance(column, list):
            longer[name] = [*column, *map(column.__getitem__, rows.tolist())]
        elif name not in ("use_ptr", "uses"):
            longer[name] = np.concatenate([column, column[rows]])
    nothing = np.full(len(rows), slots.use_ptr[-1], np.int32)
    return slots._replace(use_ptr=np.concatenate([slots.use_ptr, nothing]), **longer)
