"""How well programmes connect (Anschlussfähigkeit): level out against level in, end against next start.

The transition gap (Übergangslücke) is the number of days between the end of a group or date and the next
start of a kind that it opens, at a level that has been reached, within reach of a town that reaches the
first as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from network.actors import CEFR_LEVELS
from network.analysis.grid import Flags, Grid, Ints
from network.analysis.handovers import next_kinds
from network.kinds import KINDS
from network.supply import Slot

SIX_WEEKS_DAYS = 42
TOP_LEVEL = len(CEFR_LEVELS) - 1


@dataclass(frozen=True)
class OfferingGap:
    """One programme and what follows it: median days to the next start; None where mostly nothing follows."""

    offering: str
    seats: int
    median_days: int | None


@dataclass(frozen=True)
class Transition:
    """From one kind to the next (Übergang).

    Parameters
    ----------
    seats
        Seats of the ways in that end early enough to be judged: six weeks before the days of the grid are
        over.
    median_days
        Median over these seats of the days to the next start; None where mostly nothing follows.
    within_six_weeks
        Share of the seats, 0 to 1, after which something starts within six weeks.
    without
        Share of the seats, 0 to 1, after which nothing starts at all.
    level_gap
        Share of the seats, 0 to 1, after which something would start, but only at a level not reached.
    worst
        Programmes with the longest gaps, longest first.
    """

    kind: str
    next_kind: str
    seats: int
    median_days: int | None
    within_six_weeks: float
    without: float
    level_gap: float
    worst: tuple[OfferingGap, ...]


def transitions(
    grid: Grid, reach: Flags, pause_days: Mapping[str, int] | None = None, worst: int = 3
) -> tuple[Transition, ...]:
    """Every pair of kinds of which the first opens the second and has seats that can be judged.

    Parameters
    ----------
    pause_days
        Days after the end of a kind before anything can follow, for example until a test result is there.
    worst
        Programmes named for each pair at most.
    """
    common = (reach.astype(np.int32).T @ reach.astype(np.int32)) > 0
    levels = _levels(grid)
    found = []
    for kind in grid.kinds:
        pause = (pause_days or {}).get(kind, 0)
        ready = grid.end + 1 + pause
        judged = (grid.rows.kind[grid.row] == grid.kinds.index(kind)) & (ready + SIX_WEEKS_DAYS <= grid.days)
        slots = _last_entries(grid, np.flatnonzero(judged))
        for other in next_kinds(kind) if len(slots) else ():
            next_start = _NextStart(grid, common, other, levels.entry)
            gap = next_start.after(slots, ready, levels.out[slots])
            any_level = next_start.after(slots, ready, np.full(len(slots), TOP_LEVEL))
            found.append(_transition(grid, kind, other, slots, gap, any_level, worst))
    return tuple(found)


def _last_entries(grid: Grid, slots: Ints) -> Ints:
    """One slot for every row: whoever joins at whichever module, the group ends once."""
    _, first = np.unique(grid.row[slots], return_index=True)
    return slots[first]


@dataclass(frozen=True)
class _Levels:
    """Level reached after each slot and asked for at its start; nothing stated counts as fitting all."""

    out: Ints
    entry: Ints


def _levels(grid: Grid) -> _Levels:
    out, entry = (
        np.array([of(grid, slot) for slot in grid.slots], np.int64) for of in (_level_out, _level_in)
    )
    return _Levels(out, entry)


def _level_out(grid: Grid, slot: Slot) -> int:
    offering = grid.network.region.offerings[slot.offering_id]
    return _number(offering.level_out or KINDS[offering.kind].level_out, TOP_LEVEL)


def _number(level: str | None, unknown: int) -> int:
    return CEFR_LEVELS.index(level) if level else unknown


def _level_in(grid: Grid, slot: Slot) -> int:
    offering = grid.network.region.offerings[slot.offering_id]
    _, _, module = slot.kind.partition("/from-")
    by_module = KINDS[offering.kind].entry_levels
    if module and by_module:
        return CEFR_LEVELS.index(by_module[int(module) - 1])
    return _number(offering.level_in or (by_module[0] if by_module else None), 0)


class _NextStart:
    """Days to the next start of a kind near each place."""

    def __init__(self, grid: Grid, common: Flags, kind: str, entry_level: Ints) -> None:
        self.grid, self.common, self.entry_level = grid, common, entry_level
        self.of_kind = grid.rows.kind[grid.row] == grid.kinds.index(kind)
        self.tables: dict[int, Ints] = {}

    def after(self, slots: Ints, ready: Ints, level: Ints) -> Ints:
        """For each slot the days from its ready day to the next start; -1 where nothing follows."""
        gap = np.full(len(slots), -1, np.int64)
        for reached in np.unique(level).tolist():
            mine = level == reached
            day = ready[slots[mine]]
            start = self._table(reached)[self.grid.slot_place[slots[mine]], day]
            gap[mine] = np.where(start < self.grid.days, start - day, -1)
        return gap

    def _table(self, level: int) -> Ints:
        """For each place and day the next start near it at most at a level; ``days`` where none is."""
        if level not in self.tables:
            grid, of = self.grid, self.of_kind & (self.entry_level <= level)
            own = np.full((grid.online + 1, grid.days), grid.days, np.int64)
            own[grid.slot_place[of], grid.start[of]] = grid.start[of]
            own = np.minimum.accumulate(own[:, ::-1], axis=1)[:, ::-1]
            used = np.flatnonzero((own < grid.days).any(axis=1))
            near = np.full_like(own, grid.days)
            for place in range(grid.online + 1):
                sources = used[self.common[place, used]]
                if len(sources):
                    near[place] = own[sources].min(axis=0)
            self.tables[level] = near
        return self.tables[level]


def _transition(
    grid: Grid, kind: str, other: str, slots: Ints, gap: Ints, any_level: Ints, worst: int
) -> Transition:
    seats = grid.rows.seats[grid.row[slots]]
    whole = int(seats.sum())

    def share(chosen: Flags) -> float:
        return float(seats[chosen].sum() / whole)

    return Transition(
        kind,
        other,
        whole,
        _median(gap, seats),
        share((gap >= 0) & (gap <= SIX_WEEKS_DAYS)),
        share((gap < 0) & (any_level < 0)),
        share((gap < 0) & (any_level >= 0)),
        _worst(grid, slots, gap, seats, worst),
    )


def _median(gap: Ints, seats: Ints) -> int | None:
    """Median of the gaps, each as often as there are seats; nothing following counts as the longest gap."""
    longest = np.iinfo(np.int64).max
    value = np.where(gap < 0, longest, gap)
    order = np.argsort(value, kind="stable")
    middle = int(np.searchsorted(np.cumsum(seats[order]), seats.sum() / 2))
    found = int(value[order][middle])
    return None if found == longest else found


def _worst(grid: Grid, slots: Ints, gap: Ints, seats: Ints, worst: int) -> tuple[OfferingGap, ...]:
    offering = grid.rows.offering[grid.row[slots]]
    found = []
    for number in np.unique(offering).tolist():
        of = offering == number
        median = _median(gap[of], seats[of])
        if median is None or median > SIX_WEEKS_DAYS:
            found.append(OfferingGap(grid.offerings[number], int(seats[of].sum()), median))
    found.sort(key=lambda one: (one.median_days is not None, -(one.median_days or 0), one.offering))
    return tuple(found[:worst])
