"""Online slots that nobody can tell apart, as one offer (gleiche Online-Termine).

What a slot costs a person is the same for two online slots of equal kind, days, half-days, features and
tags: only their seats differ. Such slots can stand in a list of pairs as one *offer* (Angebot), whose price
is that of its cheapest member. In the whole nation three quarters of all pairs are online slots, and most of
them have many alike.
"""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from matching.problem import Flags, Ints, Problem, Slots

ALIKE = ("kind", "start", "end", "requires", "features", "times")


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
    member_ptr, members : array of int
        The slots of each offer, two at least: where each list begins, and the lists.
    """

    problem: Problem
    bookable: Flags
    hidden: Flags
    member_ptr: Ints
    members: Ints


def one_by_one(problem: Problem, bookable: Flags) -> Listed:
    """Every slot by itself, no offers."""
    none = np.zeros(0, np.int32)
    return Listed(problem, bookable, np.zeros(len(bookable), np.bool_), np.zeros(1, np.int32), none)


def merged(problem: Problem, bookable: Flags) -> Listed:
    """Online slots alike as offers, all others by themselves.

    Parameters
    ----------
    bookable : array of bool, one for each slot
        Slots with a seat; the others are in no offer.
    """
    slots = problem.slots
    chosen = np.flatnonzero(bookable & slots.online).astype(np.int32)
    looks = np.stack([getattr(slots, name)[chosen] for name in ALIKE], axis=1)
    _, offer = np.unique(looks, axis=0, return_inverse=True)
    offer = offer.reshape(-1)
    counts = np.bincount(offer, minlength=1)
    order = np.argsort(offer, kind="stable")
    members = chosen[order][counts[offer[order]] > 1]
    member_ptr = np.concatenate([[0], np.cumsum(counts[counts > 1])]).astype(np.int32)
    hidden = np.zeros(len(bookable), np.bool_)
    hidden[members] = True
    firsts = members[member_ptr[:-1]]
    none, all_of_them = np.zeros(len(firsts), np.bool_), np.ones(len(firsts), np.bool_)
    return Listed(
        replace(problem, slots=_followed_by(slots, firsts)),
        np.concatenate([bookable & ~hidden, all_of_them]),
        np.concatenate([hidden, none]),
        member_ptr,
        members,
    )


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
