"""Every question of the analysis at once (gesamte Netzanalyse), for a region or a nation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from network.analysis.coverage import Case, Covered, coverage
from network.analysis.failure import Failure, failures
from network.analysis.flow import (
    CutPart,
    StageFlow,
    cut_parts,
    flow_network,
    greatest_flow,
    people_reaching,
    stage_flows,
)
from network.analysis.grid import YEAR_DAYS, grid_of
from network.analysis.handovers import Handovers, handovers
from network.analysis.links import Links, links
from network.analysis.transitions import Transition, transitions
from network.analysis.travel import GreatCircle, Travel
from network.analysis.waits import starts_of
from network.graph import SupportNetwork
from network.model import Region

CHAIN_DAYS = 2 * YEAR_DAYS
"""Days within which chains and their transitions are followed; seats are counted within one year."""

STATIONS = ("counselled", "tested", "B1", "B2", "working")
PARTS = ("network", "flow", "failures", "handovers", "transitions", "coverage", "links")

Told = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Question:
    """What the analysis is asked (Auftrag).

    Parameters
    ----------
    cases
        Kinds of people whose chains are followed.
    arrivals
        People who arrive in a year, >= 0; None: as many as there are seats, so that they never are the limit.
    travel, reaches
        How ways are measured, and the longest ways, ascending, in the unit of `travel`. Flow, failures,
        handovers and transitions use the first.
    start, goal
        Stations of the catalogue between which people are counted.
    pause_days
        Days after the end of a kind before the next step, for example until a test result is there.
    """

    cases: Sequence[Case]
    arrivals: int | None = None
    travel: Travel = field(default_factory=GreatCircle)
    reaches: tuple[float, ...] = (30.0, 60.0)
    start: str = "arrived"
    goal: str = "working"
    pause_days: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Analysis:
    """What a network can bear (Netzanalyse); the parts are said in the modules of this package.

    Parameters
    ----------
    arrivals
        People who arrive within the year; None where they were not limited.
    people
        People who can reach the goal in a year, at most.
    reaching
        The same for each station on the way.
    limited_by_arrivals
        Whether everybody who arrives reaches the goal.
    """

    first_on: date
    unit: str
    reaches: tuple[float, ...]
    arrivals: int | None
    people: int
    limited_by_arrivals: bool
    reaching: Mapping[str, int]
    stages: tuple[StageFlow, ...]
    cut: tuple[CutPart, ...]
    failures: tuple[Failure, ...]
    coverage: tuple[Covered, ...]
    handovers: Handovers
    transitions: tuple[Transition, ...]
    links: Links


def analyse(region: Region, question: Question, told: Told | None = None) -> Analysis:
    """Ask everything of a region on the day of its figures.

    Parameters
    ----------
    told
        Told of the part at work (one of `PARTS`), what is done of it and how much there is.

    Raises
    ------
    ValueError
        When there is no case or no town.
    """
    tell = told or (lambda part, done, of: None)
    tell("network", 0, 1)
    first_on = region.today
    network = SupportNetwork(region, region.slots(first_on, first_on + timedelta(days=CHAIN_DAYS - 1)))
    year = grid_of(network, first_on, question.travel)
    reach = year.reach(question.reaches[0])
    tell("flow", 0, 1)
    arrivals = int(year.rows.seats.sum()) if question.arrivals is None else question.arrivals
    flow = greatest_flow(flow_network(year, reach, arrivals, question.start, question.goal))
    stations = [one for one in STATIONS if one not in (question.start, question.goal)]
    reaching = people_reaching(year, reach, arrivals, question.start, stations)
    fallen = failures(year, flow, starts_of(year, reach), lambda done, of: tell("failures", done, of))
    tell("handovers", 0, 1)
    handed = handovers(year, reach, flow)
    tell("transitions", 0, 1)
    chain = grid_of(network, first_on, question.travel, CHAIN_DAYS)
    return Analysis(
        first_on=first_on,
        unit=chain.unit,
        reaches=question.reaches,
        arrivals=question.arrivals,
        people=flow.people,
        limited_by_arrivals=flow.limited_by_arrivals,
        reaching={**reaching, question.goal: flow.people},
        stages=stage_flows(year, flow),
        cut=cut_parts(year, flow),
        failures=fallen,
        coverage=coverage(
            chain, question.cases, question.reaches, lambda done, of: tell("coverage", done, of)
        ),
        handovers=handed,
        transitions=transitions(chain, chain.reach(question.reaches[0]), question.pause_days),
        links=_links(network, tell),
    )


def _links(network: SupportNetwork, tell: Told) -> Links:
    tell("links", 0, 1)
    return links(network)
