"""What the planner sees (Lückenansicht): savings, missing seats, groups that do not open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from network.model import Actor, Group, Offering, Slot
from workflows.planning import NeedEntry
from workflows.reasons import why_open
from workflows.session import Outcome, RegionDesk
from workflows.small_cells import Count, safe_counts
from workflows.waiting import WaitingFigures, waiting_figures

TOP_SEATS = 10


@dataclass(frozen=True)
class Comparison:
    """First come, first served against the optimised plan, with the proof.

    Parameters
    ----------
    first_cost, best_cost, lower_bound : float
        Weighted waiting days; no plan costs less than `lower_bound`.
    gap : float
        How far the optimised plan may be from the best possible one, as a share of its cost, 0 to 1.
    """

    first_come: WaitingFigures
    best: WaitingFigures
    first_cost: float
    best_cost: float
    lower_bound: float
    gap: float
    seconds: float

    @property
    def saved_share(self) -> float:
        """Share of the weighted waiting days that planning saves against first come, first served."""
        return 1 - self.best_cost / self.first_cost if self.first_cost > 0 else 0.0


@dataclass(frozen=True)
class SeatGap:
    """Where one more seat would save waiting: a course group, a date of a service, or a stock.

    `saved_days` are weighted waiting days over all people; `planned` of `seats` free seats are taken.
    """

    slot: Slot
    offering: Offering
    actor: Actor
    saved_days: float
    seats: int
    planned: int


@dataclass(frozen=True)
class PeopleGap:
    """People without a seat, or with a late one, in one kind or town, and why they have none."""

    code: str
    unserved: Count
    late: Count
    reasons: tuple[tuple[str, Count | None], ...]


@dataclass(frozen=True)
class PeopleGaps:
    """A table of people in need by kind or by town; totals count each person once."""

    rows: tuple[PeopleGap, ...]
    unserved: Count
    late: Count


@dataclass(frozen=True)
class ClosedGroup:
    """A course group that the plan leaves below its minimum: it does not open."""

    group: Group
    offering: Offering
    actor: Actor
    missing_participants: int


@dataclass(frozen=True)
class GapsView:
    """Everything on the planner's page."""

    comparison: Comparison
    seats: tuple[SeatGap, ...]
    by_kind: PeopleGaps
    by_town: PeopleGaps
    closed_groups: tuple[ClosedGroup, ...]
    groups: int


def gaps_view(desk: RegionDesk, top: int = TOP_SEATS) -> GapsView:
    """Return the planner's figures of a desk, with the `top` places where one more seat saves most."""
    return GapsView(
        comparison=comparison(desk),
        seats=seat_gaps(desk, top),
        by_kind=_people_gaps(desk, lambda step: step.need.kind.partition("/from-")[0]),
        by_town=_people_gaps(desk, lambda step: step.household.home.name),
        closed_groups=closed_groups(desk),
        groups=len(_open_groups(desk)),
    )


def figures(desk: RegionDesk, outcome: Outcome) -> WaitingFigures:
    """Return the waiting figures of one plan over all needs that are not booked already."""
    planned = sum(not step.need.fixed_slot for step in desk.steps.values())
    return waiting_figures(outcome.check.waiting_days.values(), planned)


def comparison(desk: RegionDesk) -> Comparison:
    """Return the waiting of both plans and what is proven of the optimised one."""
    return Comparison(
        first_come=figures(desk, desk.first_come),
        best=figures(desk, desk.best),
        first_cost=desk.first_come.check.cost,
        best_cost=desk.best.check.cost,
        lower_bound=desk.result.lower_bound,
        gap=desk.result.gap,
        seconds=desk.result.seconds,
    )


def seat_gaps(desk: RegionDesk, top: int = TOP_SEATS) -> tuple[SeatGap, ...]:
    """Return where one more seat would save most weighted waiting days, the largest saving first.

    A further seat in a course group is one in every module, so that the prices of its modules are added up
    over those that the group's earliest way in still uses.
    """
    first_way_in: dict[str, Slot] = {}
    for slot in sorted(desk.slots.values(), key=lambda slot: (slot.start_on, slot.id)):
        key = slot.row_id if slot.row_id in desk.region.groups else slot.id
        first_way_in.setdefault(key, slot)
    priced = sorted(first_way_in.values(), key=lambda slot: (-desk.seat_price(slot), slot.id))
    return tuple(_seat_gap(desk, slot) for slot in priced[:top] if desk.seat_price(slot) >= 0.5)


def _seat_gap(desk: RegionDesk, slot: Slot) -> SeatGap:
    return SeatGap(
        slot=slot,
        offering=desk.region.offerings[slot.offering_id],
        actor=desk.region.actors[slot.actor_id],
        saved_days=desk.seat_price(slot),
        seats=desk.free_seats(slot),
        planned=max(desk.bookings.get(capacity, 0) for capacity in slot.uses),
    )


def closed_groups(desk: RegionDesk) -> tuple[ClosedGroup, ...]:
    """Return the course groups that lack participants and that the plan cannot fill, by start."""
    closed = []
    for group in _open_groups(desk):
        missing = group.missing(desk.today)
        modules = (f"{group.id}-m{module}" for module in range(1, group.modules + 1))
        if missing > max((desk.bookings.get(capacity, 0) for capacity in modules), default=0):
            offering = desk.region.offerings[group.offering_id]
            closed.append(ClosedGroup(group, offering, desk.region.actors[offering.actor_id], missing))
    return tuple(sorted(closed, key=lambda one: (one.group.start_on, one.group.id)))


def _open_groups(desk: RegionDesk) -> list[Group]:
    """Return the groups that have a way in within the horizon."""
    ids = {slot.row_id for slot in desk.slots.values()}
    return [group for group in desk.region.groups.values() if group.id in ids]


def _is_late(desk: RegionDesk, step: NeedEntry) -> bool:
    slot = desk.slot_of(step.need.id)
    return bool(slot and step.need.target_on and slot.start_on > step.need.target_on)


def _people_gaps(desk: RegionDesk, code_of: Callable[[NeedEntry], str]) -> PeopleGaps:
    unserved: dict[str, set[str]] = defaultdict(set)
    late: dict[str, set[str]] = defaultdict(set)
    why: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for step in desk.steps.values():
        code, person = code_of(step), step.person.id
        if desk.slot_of(step.need.id) is None:
            unserved[code].add(person)
            why[code][why_open(desk, step.need)].add(person)
        elif _is_late(desk, step):
            late[code].add(person)
    codes = sorted(unserved.keys() | late.keys(), key=lambda c: (-len(unserved[c]), -len(late[c]), c))
    safe_unserved = safe_counts([len(unserved[code]) for code in codes], len(set().union(*unserved.values())))
    safe_late = safe_counts([len(late[code]) for code in codes], len(set().union(*late.values())))
    rows = zip(codes, safe_unserved.cells, safe_late.cells, strict=True)
    return PeopleGaps(
        rows=tuple(
            PeopleGap(code, left, behind, _safe_reasons(why[code], left)) for code, left, behind in rows
        ),
        unserved=safe_unserved.total,
        late=safe_late.total,
    )


def _safe_reasons(why: dict[str, set[str]], unserved: Count) -> tuple[tuple[str, Count | None], ...]:
    """Count the people behind each reason, unless their sum would give a hidden count away."""
    reasons = sorted(why.items(), key=lambda item: (-len(item[1]), item[0]))
    if not isinstance(unserved, int):
        return tuple((reason, None) for reason, _ in reasons)
    safe = safe_counts([len(people) for _, people in reasons], unserved)
    return tuple((reason, count) for (reason, _), count in zip(reasons, safe.cells, strict=True))
