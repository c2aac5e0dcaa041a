"""Where the chain breaks (Bruchstellen), who holds a step alone, who stands aside, who joins the parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from network.chains import BreakCode, ChainBreak, chains_to
from network.graph import SupportNetwork
from network.kinds import KINDS
from network.model import Actor
from network.structure import (
    Broker,
    SingleProvider,
    brokers,
    isolated_actors,
    missing_kinds,
    single_providers,
)

START = "arrived"
GOAL = "working"
SHOWN_BROKERS = 5


@dataclass(frozen=True)
class WeakPoints:
    """What a coordinator should settle first.

    Parameters
    ----------
    breaks : tuple of ChainBreak
        Breaks of the usual chains from arrival to work, each once, in the order of the catalogue; kinds
        that nobody offers are left out.
    missing_kinds : tuple of str
        Kinds that nobody offers.
    single : tuple of (SingleProvider, Actor)
        Steps that only one organisation offers.
    isolated : tuple of Actor
        Organisations without cooperation.
    brokers : tuple of (Broker, Actor)
        Organisations on most shortest ways between others.
    """

    breaks: tuple[ChainBreak, ...]
    missing_kinds: tuple[str, ...]
    single: tuple[tuple[SingleProvider, Actor], ...]
    isolated: tuple[Actor, ...]
    brokers: tuple[tuple[Broker, Actor], ...]


def weak_points(network: SupportNetwork, today: date) -> WeakPoints:
    """Return the weak points of a network for whoever begins the usual chains on a day."""
    actors = network.region.actors
    return WeakPoints(
        breaks=_breaks(network, today),
        missing_kinds=missing_kinds(network),
        single=tuple((one, actors[one.actor_id]) for one in single_providers(network)),
        isolated=tuple(actors[actor_id] for actor_id in isolated_actors(network)),
        brokers=tuple((one, actors[one.actor_id]) for one in brokers(network, top=SHOWN_BROKERS)),
    )


def _breaks(network: SupportNetwork, today: date) -> tuple[ChainBreak, ...]:
    found: dict[tuple[str, str, str | None], ChainBreak] = {}
    for chain in chains_to(network, GOAL, {START}, today):
        for one in chain.breaks:
            if one.code is BreakCode.NO_OFFERING:
                continue
            found.setdefault((one.code.value, one.kind, one.after), one)
    order = list(KINDS)
    return tuple(
        sorted(found.values(), key=lambda one: (order.index(one.kind), one.code.value, one.after or ""))
    )
