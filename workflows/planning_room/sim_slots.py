"""Slots that are free beside a plan (Freie Termine), and steps moved up to them at nobody's cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np

import matching
from workflows.planning_room.fit import Fit, Ints


def free_slots(fit: Fit, seats: Ints, row: int, window: tuple[int, int | None], on: date) -> Iterator[int]:
    """Slots that a need could take within its window, with a seat left, the earliest first.

    Parameters
    ----------
    seats : array of int
        Seats left of each capacity.
    window : (int, int or None)
        First and last day of a start, as ``Fit.window`` gives them.
    on : date
        Nothing begins before this day.
    """
    slots, needs = fit.problem.slots, fit.problem.needs
    of_kind = fit.slots_of_kind[int(needs.kind[row])]
    start = slots.start[of_kind]
    good = start >= max(window[0], on.toordinal())
    if window[1] is not None:
        good &= start <= window[1]
    for holds in fit.suits(row, of_kind).values():
        good &= holds
    found = of_kind[good]
    for slot in found[np.lexsort((found, slots.start[found]))].tolist():
        if seats[fit.problem.uses_of(slot)].min() > 0 and not _overlaps(fit, row, slot):
            yield slot


def _overlaps(fit: Fit, row: int, slot: int) -> bool:
    """Whether a slot meets another booking of the same exclusive group in days and half-days."""
    needs, slots, sets = fit.problem.needs, fit.problem.slots, fit.problem.sets
    beside = np.flatnonzero((needs.group == needs.group[row]) & (fit.chosen >= 0))
    return any(
        slots.start[other] <= slots.end[slot]
        and slots.start[slot] <= slots.end[other]
        and bool(sets[slots.times[other]] & sets[slots.times[slot]])
        for other in fit.chosen[beside].tolist()
    )


def bring_forward(
    problem: matching.Problem, plan: matching.Plan, arrives: Mapping[str, date], on: date
) -> matching.Plan:
    """Let every step begin as early as it can while all others stay as planned (Vorziehen).

    A plan may put off a placement test to the week before the course: to the plan it is the same where
    somebody waits. In truth who is tested early can take a seat that becomes free, and can miss the test once
    without missing the course. Nobody leaves a group that would lack participants then, nor joins one that
    does. People who came first are moved first, those who are only expected last, and nobody so that a
    later step would lose its slot.
    """
    fit = Fit.of(problem, plan)
    seats = (problem.capacities.seats - fit.load).astype(np.int64)
    children: dict[int, list[int]] = defaultdict(list)
    for row, before in enumerate(problem.needs.after.tolist()):
        children[before].append(row)
    people, last = problem.people.ids, date.max
    waiting = sorted(
        children[-1], key=lambda row: (arrives.get(people[problem.needs.person[row]], last), row)
    )
    for row in waiting:  # grows while it is read: a step stands behind the one before it
        if fit.chosen[row] >= 0 and problem.needs.fixed[row] < 0:
            _move_up(fit, seats, row, children[row], on)
        waiting += children[row]
    return problem.plan(fit.chosen)


def _move_up(fit: Fit, seats: Ints, row: int, later: list[int], on: date) -> None:
    planned, window = int(fit.chosen[row]), fit.window(row)
    if window is None or not _opens_with(fit, seats, planned, -1):
        return
    fit.chosen[row] = -1
    for slot in free_slots(fit, seats, row, window, on):
        if fit.problem.slots.start[slot] >= fit.problem.slots.start[planned]:
            break
        fit.chosen[row] = slot
        if _opens_with(fit, seats, slot, 0) and all(_keeps(fit, step) for step in later):
            seats[fit.problem.uses_of(planned)] += 1
            seats[fit.problem.uses_of(slot)] -= 1
            return
        fit.chosen[row] = -1
    fit.chosen[row] = planned


def _opens_with(fit: Fit, seats: Ints, slot: int, more: int) -> bool:
    """Whether the groups of a slot have their minimum with so many participants more."""
    held, uses = fit.problem.capacities, fit.problem.uses_of(slot)
    load = held.seats[uses] - seats[uses] + more
    return bool(((load >= held.minimum[uses]) | (held.minimum[uses] <= 1)).all())


def _keeps(fit: Fit, row: int) -> bool:
    """Whether a step may still begin on its day."""
    slot, window = int(fit.chosen[row]), fit.window(row)
    if slot < 0 or window is None:
        return slot < 0
    first, last = window
    return bool(
        first <= fit.problem.slots.start[slot] and (last is None or fit.problem.slots.start[slot] <= last)
    )
