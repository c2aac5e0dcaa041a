"""A household by itself (Haushalt für sich): its own planning problem, with what everybody else leaves.

People whose needs are tied together meet all others only in the seats they take. So one need can be looked
at in a small problem of its own: the household's needs, the slots of the kinds in question, and of every
capacity the seats that nobody else holds. Whatever is asked of one need is answered there, at the same cost
in a county and in the nation.
"""

from typing import NamedTuple

import numpy as np

from matching.problem import NONE, Capacities, Floats, Ints, Needs, People, Plan, Problem, Slots


class Household(NamedTuple):
    """The small problem of the needs that are tied to one need; rows are its own.

    Parameters
    ----------
    problem : Problem
        Seats are those that nobody outside the household holds (no more than it could use), minimums what
        others leave to be filled; 0 where a fixed booking of theirs keeps the group running.
    need : int
        Row of the need that is asked about.
    planned : array of int
        Slot of each need in the plan, -1 = none.
    free : array of bool
        Needs that may be booked anew: the need and all that follow it, fixed ones left out.
    room : array of int
        Seats of each capacity that nobody outside the household holds.
    others : array of int
        Bookings that everybody else holds in each capacity.
    price : array of float
        What a seat in each capacity costs others, weighted waiting days.
    rows, slots, capacities : array of int
        Rows of needs, slots and capacities in the whole problem.
    """

    problem: Problem
    need: int
    planned: Ints
    free: np.ndarray[tuple[int], np.dtype[np.bool_]]
    room: Ints
    others: Ints
    price: Floats
    rows: Ints
    slots: Ints
    capacities: Ints


class Households:
    """Takes single households out of a problem and its plan.

    Parameters
    ----------
    price : array of float, one for each capacity
        What a seat costs others.

    Raises
    ------
    KeyError
        The plan names a slot that does not exist.
    """

    def __init__(self, problem: Problem, plan: Plan, price: Floats) -> None:
        self.problem, self.price = problem, price
        self.planned = problem.rows(plan)
        self.booked = _bookings(problem, self.planned)
        self.fixed = _bookings(problem, problem.needs.fixed)
        self.of_kind = _Index(problem.slots.kind, len(problem.kinds))
        self.of_group = _Index(problem.needs.group, int(problem.needs.group.max(initial=-1)) + 1)
        self.after = _Index(problem.needs.after + 1, len(problem.needs.ids) + 1)

    def of(self, need: int, booked: Ints | None = None, lost: bool = False) -> Household:
        """The household of a need (row).

        Parameters
        ----------
        booked : array of int, optional
            Bookings in each capacity, the household's own included, where they differ from the plan's.
        lost : bool
            True: the need and all that follow it have lost the slots of the plan.
        """
        rows = self._tied(need)
        free = np.isin(rows, self.following(need)) & (self.problem.needs.fixed[rows] < 0)
        slots = self._slots(rows, free)
        household = self._cut_out(need, rows, free, slots, self.booked if booked is None else booked)
        if lost:
            return household._replace(planned=np.where(free, NONE, household.planned).astype(np.int32))
        return household

    def count(self, slots: Ints) -> Ints:
        """Seats that bookings of these slots (rows, one for each, negative = none) take in each capacity."""
        return _bookings(self.problem, slots)

    def holders(self, capacities: Ints) -> list[int]:
        """Needs whose slot uses all of these capacities."""
        wanted = np.zeros(len(self.problem.capacities.ids), np.int64)
        wanted[capacities] = 1
        slots = self.problem.slots
        if not len(slots.ids):
            return []
        uses_all = np.add.reduceat(wanted[slots.uses], slots.use_ptr[:-1]) == len(capacities)
        return np.flatnonzero((self.planned >= 0) & uses_all[self.planned]).tolist()

    def following(self, need: int) -> list[int]:
        """Rows of a need and of all that come after it."""
        found = [need]
        for row in found:
            found += self.after[row + 1].tolist()
        return found

    def uses(self, slots: Ints) -> tuple[Ints, Ints]:
        """Capacities of some slots, one list behind the other, and where each list begins."""
        return _rows_of(self.problem.slots.use_ptr, self.problem.slots.uses, slots)

    def _tied(self, need: int) -> Ints:
        """Needs tied to one by predecessors or by an exclusive group, in the order of their rows."""
        needs = self.problem.needs
        found, seen = [need], {need}
        for row in found:
            before = [int(needs.after[row])] if needs.after[row] >= 0 else []
            tied = before + self.after[row + 1].tolist() + self.of_group[int(needs.group[row])].tolist()
            new = dict.fromkeys(other for other in tied if other not in seen)
            seen.update(new)
            found += new
        return np.array(sorted(found), np.int32)

    def _slots(self, rows: Ints, free: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Ints:
        kinds = np.unique(self.problem.needs.kind[rows[free]])
        held = self.planned[rows]
        return np.unique(np.concatenate([held[held >= 0], *(self.of_kind[int(k)] for k in kinds)]))

    def _cut_out(
        self,
        need: int,
        rows: Ints,
        free: np.ndarray[tuple[int], np.dtype[np.bool_]],
        slots: Ints,
        booked: Ints,
    ) -> Household:
        whole = self.problem
        uses, use_ptr = self.uses(slots)
        capacities, own_uses = np.unique(uses, return_inverse=True)
        held = self.planned[rows]
        others = (booked - self.count(held))[capacities]
        runs = (self.fixed - self.count(whole.needs.fixed[rows]))[capacities] > 0
        minimum = np.where(runs, 0, whole.capacities.minimum[capacities])
        missing = np.maximum(0, minimum - others).astype(np.int32)
        room = (whole.capacities.seats[capacities] - others).astype(np.int32)
        seats = np.minimum(room, np.maximum(missing, len(rows) + 1))
        people, person = np.unique(whole.needs.person[rows], return_inverse=True)
        small = Problem(
            whole.parameters,
            whole.kinds,
            whole.sets,
            Capacities([whole.capacities.ids[k] for k in capacities], seats, missing),
            _slots(whole.slots, slots, use_ptr, own_uses.astype(np.int32)),
            _people(whole.people, people),
            _needs(whole.needs, rows, slots, person.astype(np.int32)),
        )
        place = int(np.searchsorted(rows, need))
        planned = _places(slots, held)
        price, others = self.price[capacities], others.astype(np.int32)
        return Household(small, place, planned, free, room, others, price, rows, slots, capacities)


class _Index:
    """Rows by a number that each carries."""

    def __init__(self, numbers: Ints, many: int) -> None:
        self.order = np.argsort(numbers, kind="stable").astype(np.int32)
        self.ptr = np.concatenate([[0], np.cumsum(np.bincount(numbers, minlength=many))])

    def __getitem__(self, number: int) -> Ints:
        return self.order[self.ptr[number] : self.ptr[number + 1]]


def _bookings(problem: Problem, chosen: Ints) -> Ints:
    """Bookings in each capacity; ``chosen`` holds the slot of each need, negative = none."""
    uses, _ = _rows_of(problem.slots.use_ptr, problem.slots.uses, chosen[chosen >= 0])
    return np.bincount(uses, minlength=len(problem.capacities.ids)).astype(np.int32)


def _rows_of(ptr: Ints, values: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """Lists of some rows, one behind the other, and where each begins."""
    many = ptr[rows + 1] - ptr[rows]
    begin = np.concatenate([[0], np.cumsum(many)]).astype(np.int32)
    inside = np.arange(begin[-1]) - np.repeat(begin[:-1], many)
    return values[np.repeat(ptr[rows], many) + inside], begin


def _places(sorted_rows: Ints, rows: Ints) -> Ints:
    """Place of each row among ``sorted_rows``; negative rows stay as they are."""
    return np.where(rows >= 0, np.searchsorted(sorted_rows, rows), rows).astype(np.int32)


def _slots(whole: Slots, rows: Ints, use_ptr: Ints, uses: Ints) -> Slots:
    return Slots(
        [whole.ids[k] for k in rows],
        [whole.offering[k] for k in rows],
        [whole.actor[k] for k in rows],
        whole.kind[rows],
        whole.start[rows],
        whole.end[rows],
        use_ptr,
        uses,
        whole.lat[rows],
        whole.lon[rows],
        whole.online[rows],
        whole.requires[rows],
        whole.features[rows],
        whole.times[rows],
    )


def _people(whole: People, rows: Ints) -> People:
    columns = {name: column[rows] for name, column in whole._asdict().items() if name != "ids"}
    return People([whole.ids[k] for k in rows], **columns)


def _needs(whole: Needs, rows: Ints, slots: Ints, person: Ints) -> Needs:
    columns = {name: column[rows] for name, column in whole._asdict().items() if name != "ids"}
    proposed = whole.proposed[rows]
    # a proposal outside the slots in question cannot be kept, and is charged
    known = (proposed < 0) | np.isin(proposed, slots)
    columns |= {
        "person": person,
        "after": _places(rows, whole.after[rows]),
        "group": np.unique(whole.group[rows], return_inverse=True)[1].astype(np.int32),
        "fixed": _places(slots, whole.fixed[rows]),
        "proposed": _places(slots, np.where(known, proposed, NONE - 1).astype(np.int32)),
    }
    return Needs([whole.ids[k] for k in rows], **columns)
