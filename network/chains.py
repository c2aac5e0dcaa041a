"""Which chains of offerings lead from a situation to a goal (Förderketten), and where they break."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise, product

from network.actors import CEFR_LEVELS
from network.graph import SupportNetwork
from network.kinds import KINDS, with_implied
from network.model import Offering, Slot


class BreakCode(StrEnum):
    """Why a chain breaks at a step."""

    NO_OFFERING = "no-offering"
    NO_SLOT = "no-slot"
    LEVEL_GAP = "level-gap"
    NO_COOPERATION = "no-cooperation"


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """A place where a chain breaks.

    Parameters
    ----------
    kind
        The step that cannot be reached or is handed over to.
    after
        The step before; None at the first.
    evidence
        Ids of the offerings (level gap, no slot) or actors (no cooperation) looked at.
    from_on
        For a missing slot: the day from which none was found.
    """

    code: BreakCode
    kind: str
    after: str | None
    evidence: tuple[str, ...] = ()
    from_on: date | None = None


@dataclass(frozen=True, slots=True)
class ChainStep:
    """A step of a chain: a kind, who offers it, and the earliest way in after the step before."""

    kind: str
    offerings: tuple[str, ...]
    actors: tuple[str, ...]
    earliest: Slot | None


@dataclass(frozen=True, slots=True)
class Chain:
    """A way to a goal through kinds of offerings, with the steps' evidence and every break.

    ``done_on`` is the earliest day on which the last step can be over, ignoring who else wants the seats;
    None where a step has no slot.
    """

    goal: str
    steps: tuple[ChainStep, ...]
    breaks: tuple[ChainBreak, ...]
    done_on: date | None

    @property
    def holds(self) -> bool:
        """Whether the chain breaks nowhere."""
        return not self.breaks


def kind_routes(goal: str, held: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Every minimal order of kinds that leads from the states held to a goal, shortest first.

    Minimal: without any one of its kinds the goal is not reached.

    Raises
    ------
    KeyError
        When the catalogue does not know the goal.
    """
    if not any(goal in kind.leads_to for kind in KINDS.values()):
        raise KeyError(goal)
    held = with_implied(held)
    routes = {route for route in _routes(goal, held, frozenset()) if _is_minimal(route, goal, held)}
    return tuple(sorted(routes, key=lambda route: (len(route), route)))


def _is_minimal(route: Sequence[str], goal: str, held: frozenset[str]) -> bool:
    shorter = (tuple(kind for kind in route if kind != left_out) for left_out in route)
    return not any(goal in _reached(kinds, held) for kinds in shorter)


def _reached(kinds: Iterable[str], held: frozenset[str]) -> frozenset[str]:
    """States reached by taking kinds in order, each only where its requirements are met."""
    for kind in kinds:
        if any(alternative <= held for alternative in KINDS[kind].requires):
            held = with_implied(held | KINDS[kind].leads_to)
    return held


def _routes(state: str, held: frozenset[str], visited: frozenset[str]) -> list[tuple[str, ...]]:
    if state in held:
        return [()]
    found = []
    for kind in KINDS.values():
        if kind.id in visited or state not in with_implied(kind.leads_to):
            continue
        for alternative in kind.requires:
            ways = [_routes(before, held, visited | {kind.id}) for before in sorted(alternative)]
            found += [(*_merged(parts), kind.id) for parts in product(*ways)]
    return found


def _merged(parts: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Several orders as one, each kind once, none before what it needs."""
    return tuple(dict.fromkeys(kind for part in parts for kind in part))


def chains_to(network: SupportNetwork, goal: str, held: Iterable[str], from_on: date) -> tuple[Chain, ...]:
    """Every chain from the states held to a goal, those that hold first, then the earliest done.

    Parameters
    ----------
    goal
        State of the catalogue, e.g. ``working`` or ``B2``.
    held
        States reached already, e.g. ``{"arrived"}``.
    from_on
        First day on which somebody could start.

    Raises
    ------
    KeyError
        When no kind leads to the goal.
    """
    held = with_implied(held)
    chains = [_chain(network, goal, route, held, from_on) for route in kind_routes(goal, held)]
    return tuple(sorted(chains, key=lambda c: (len(c.breaks), c.done_on or date.max, len(c.steps))))


def _chain(
    network: SupportNetwork, goal: str, route: Sequence[str], held: frozenset[str], from_on: date
) -> Chain:
    steps, breaks = [], []
    ready_on: date | None = from_on
    reached = held
    for after, kind in zip((None, *route), route, strict=False):
        offerings = network.offerings_of_kind[kind]
        slot = _earliest(network, offerings, ready_on, _level(reached)) if ready_on else None
        if not offerings:
            breaks.append(ChainBreak(BreakCode.NO_OFFERING, kind, after))
        elif slot is None and ready_on is not None:
            ids = tuple(offering.id for offering in offerings)
            breaks.append(ChainBreak(BreakCode.NO_SLOT, kind, after, ids, ready_on))
        actors = network.providers(kind)
        steps.append(ChainStep(kind, tuple(offering.id for offering in offerings), actors, slot))
        ready_on = slot.end_on + timedelta(days=1) if slot else None
        reached = with_implied(reached | KINDS[kind].leads_to)
    breaks += _handover_breaks(network, steps)
    last = steps[-1].earliest if steps else None
    return Chain(goal, tuple(steps), tuple(breaks), last.end_on if last else None)


def _level(states: frozenset[str]) -> str:
    """Highest CEFR level among the states; A0 where there is none."""
    return max((s for s in states if s in CEFR_LEVELS), key=CEFR_LEVELS.index, default=CEFR_LEVELS[0])


def _earliest(
    network: SupportNetwork, offerings: Iterable[Offering], from_on: date, level: str
) -> Slot | None:
    """The slot that is over first among those that start from a day on and have a free seat at this level."""
    slots = [
        slot
        for offering in offerings
        for slot in network.slots_of[offering.id]
        if slot.start_on >= from_on and network.free_seats(slot) > 0 and _opens_at(slot, level)
    ]
    return min(slots, key=lambda slot: (slot.end_on, slot.id), default=None)


def _opens_at(slot: Slot, level: str) -> bool:
    """Whether somebody at a level can join; only the modules of a course ask for a level here."""
    stem, _, module = slot.kind.partition("/from-")
    if not module:
        return True
    levels = KINDS[stem].entry_levels
    return not levels or CEFR_LEVELS.index(levels[int(module) - 1]) <= CEFR_LEVELS.index(level)


def _handover_breaks(network: SupportNetwork, steps: Sequence[ChainStep]) -> list[ChainBreak]:
    breaks = []
    for before, step in pairwise(steps):
        if not before.offerings or not step.offerings:
            continue
        if not any(network.work_together(a, b) for a in before.actors for b in step.actors):
            actors = (*before.actors, *step.actors)
            breaks.append(ChainBreak(BreakCode.NO_COOPERATION, step.kind, before.kind, actors))
        if _has_level_gap(network, before, step):
            ids = (*before.offerings, *step.offerings)
            breaks.append(ChainBreak(BreakCode.LEVEL_GAP, step.kind, before.kind, ids))
    return breaks


def _has_level_gap(network: SupportNetwork, before: ChainStep, step: ChainStep) -> bool:
    """Whether every offering of a step asks for more than any offering of the step before reaches.

    A level that no row states is no gap: unknown never excludes.
    """
    reached = [network.region.offerings[offering_id].level_out for offering_id in before.offerings]
    asked = [network.region.offerings[offering_id].level_in for offering_id in step.offerings]
    if None in reached or None in asked:
        return False
    highest = max(CEFR_LEVELS.index(level) for level in reached if level)
    lowest = min(CEFR_LEVELS.index(level) for level in asked if level)
    return highest < lowest
