"""What a region's network can bear (Netzanalyse), as a report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from network.analysis.travel import DETOUR_FACTOR, GreatCircle, Travel, read_travel_times
from network.analysis.whole import STATIONS, Analysis, Question, Told, analyse
from network.model import Region
from network.partner_files import find_region, read_region
from plans.rules import standard_rules
from workflows.planning_room.cases import DIMENSIONS, profile_cases
from workflows.planning_room.tables import Column, FigureTable, Report

SHOWN_CUT, SHOWN_FAILURES = 10, 25
OFFERED = Column("offering", "name"), Column("actor", "name")
HANDED_ON = Column("kind", "kind"), Column("next_kind", "kind")
RESULTS_FOLLOW = ("integration-course", "literacy-course")
"""Courses that end with a test whose results take some weeks."""


@dataclass(frozen=True)
class Asked:
    """What is asked of a region (Auftrag).

    Parameters
    ----------
    arrivals : int or None
        People who arrive in a year, >= 0; None: by the rule ``arrivals-per-100000`` where the population is
        known, else without limit.
    detour_factor : float
        Way by road over great circle, >= 1; not used with a table of travel times.
    travel_times : Path or None
        Table of travel times in minutes between towns.
    reaches : tuple of float
        Longest ways, ascending, km (or minutes with a table).
    """

    arrivals: int | None = None
    detour_factor: float = DETOUR_FACTOR
    travel_times: Path | None = None
    reaches: tuple[float, ...] = (30.0, 60.0)


def analyse_region(name: str, asked: Asked, told: Told | None = None) -> tuple[Region, Analysis]:
    """Analyse the partner files of a region (name or folder) on the day of their figures.

    Raises
    ------
    PartnerFault
        Where the region or the table of travel times is faulty.
    """
    region = read_region(find_region(name))
    travel: Travel = GreatCircle(asked.detour_factor)
    if asked.travel_times is not None:
        travel = read_travel_times(asked.travel_times)
    return region, analyse(region, question_about(region, asked, travel), told)


def question_about(region: Region, asked: Asked, travel: Travel) -> Question:
    """What the analysis is asked about a region on the day of its figures, by the rules of that day."""
    rules, today = standard_rules(), region.today
    arrivals = asked.arrivals
    if arrivals is None and region.population:
        arrivals = round(region.population / 100_000 * rules.rule("arrivals-per-100000", today).value)
    pause = rules.rule("dtz-results-days", today).days
    return Question(
        cases=profile_cases(today),
        arrivals=arrivals,
        travel=travel,
        reaches=asked.reaches,
        pause_days=dict.fromkeys(RESULTS_FOLLOW, pause),
    )


def network_analysis_report(region: Region, found: Analysis, lang: str) -> Report:
    """Put an analysis into tables; `lang` is that of the title and the footer."""
    names = {
        **{actor.id: actor.name for actor in region.actors.values()},
        **{offering.id: offering.name for offering in region.offerings.values()},
    }
    return Report(
        title=("title.analysis", {"region": region.name(lang), "today": found.first_on}),
        lead=tuple(_lead(region, found)),
        tables=tuple(_tables(region, found)),
        names=names,
        footer=" · ".join(part for part in (region.licence, region.source) if part),
    )


def _lead(region: Region, found: Analysis) -> Iterator[tuple[str, dict[str, object]]]:
    values: dict[str, object] = {"people": found.people}
    if found.arrivals is None:
        yield "analysis.people-unlimited", values
    elif found.limited_by_arrivals:
        yield "analysis.everybody", values
    else:
        yield "analysis.people", {**values, "arrivals": found.arrivals}
    yield "analysis.travel", {"way": f"{found.reaches[0]:g}", "unit": found.unit}
    if region.fictional:
        yield "analysis.fictional", {}


def _tables(region: Region, found: Analysis) -> Iterator[FigureTable]:
    yield _reaching(found)
    yield _stages(found)
    yield _cut(found)
    yield _failures(found)
    yield from _coverage(found)
    yield _transitions(found)
    yield _gaps(region, found)
    yield _handovers(found)
    yield from _links(found)


def _reaching(found: Analysis) -> FigureTable:
    columns = Column("station", "state"), Column("people_a_year", "count")
    rows = [(station, found.reaching[station]) for station in STATIONS if station in found.reaching]
    return FigureTable("reaching", columns, rows, bar="people_a_year")


def _stages(found: Analysis) -> FigureTable:
    columns = (
        Column("kind", "kind"),
        Column("actors", "count"),
        Column("seats_a_year", "count"),
        Column("people_a_year", "count"),
        Column("used_share", "share"),
    )
    rows = [(s.kind, s.actors, s.seats, s.people, s.used_share) for s in found.stages]
    return FigureTable("stages", columns, rows, bar="used_share")


def _cut(found: Analysis) -> FigureTable:
    columns = *OFFERED, Column("kind", "kind"), Column("seats_in_cut", "count")
    rows = [(p.offering, p.actor, p.kind, p.seats) for p in found.cut if p.offering is not None]
    return FigureTable("cut", columns, rows[:SHOWN_CUT], bar="seats_in_cut")


def _failures(found: Analysis) -> FigureTable:
    columns = (
        Column("actor", "name"),
        Column("lost_people", "count"),
        Column("lost_people_at_most", "count"),
        Column("reach_lost_kind", "kind"),
        Column("reach_lost_share", "share"),
        Column("longer_wait_kind", "kind"),
        Column("longer_wait_days", "number"),
    )
    rows = [
        (
            *(f.actor, f.lost_people, f.lost_people_at_most, f.reach_lost_kind),
            *(f.reach_lost_share, f.longer_wait_kind, f.longer_wait_days),
        )
        for f in found.failures
    ]
    return FigureTable("failures", columns, rows[:SHOWN_FAILURES], bar="lost_people_at_most")


LOOKS = {"level": "text", "language": "language", "half-day": "parts"}


def _coverage(found: Analysis) -> Iterator[FigureTable]:
    ways = [Column(f"within_{way:g}_{found.unit}", "share") for way in found.reaches]
    for dimension in ("", *DIMENSIONS):
        rows = [
            (one.value or "everybody", one.weight, *one.shares, one.breaks)
            for one in found.coverage
            if one.dimension == dimension
        ]
        columns = (
            Column(dimension or "who", LOOKS.get(dimension, dimension or "who")),
            Column("share_of_people", "share"),
            *ways,
            Column("breaks_at", "kind"),
        )
        key = f"coverage-{dimension}" if dimension else "coverage"
        yield FigureTable(key, columns, rows, bar=ways[0].name)


def _transitions(found: Analysis) -> FigureTable:
    columns = (
        *HANDED_ON,
        Column("seats", "count"),
        Column("median_gap_days", "days"),
        Column("within_six_weeks", "share"),
        Column("nothing_follows", "share"),
        Column("level_not_reached", "share"),
    )
    rows = [
        (t.kind, t.next_kind, t.seats, t.median_days, t.within_six_weeks, t.without, t.level_gap)
        for t in found.transitions
    ]
    return FigureTable("transitions", columns, rows, bar="within_six_weeks")


def _gaps(region: Region, found: Analysis) -> FigureTable:
    columns = (
        *OFFERED,
        Column("next_kind", "kind"),
        Column("seats", "count"),
        Column("median_gap_days", "days"),
    )
    rows = [
        (w.offering, region.offerings[w.offering].actor_id, t.next_kind, w.seats, w.median_days)
        for t in found.transitions
        for w in t.worst
    ]
    return FigureTable("programme-gaps", columns, rows)


def _handovers(found: Analysis) -> FigureTable:
    columns = (
        Column("from_actor", "name"),
        Column("to_actor", "name"),
        *HANDED_ON,
        Column("people_a_year", "number"),
    )
    rows = [(h.from_actor, h.to_actor, h.kind, h.next_kind, h.people) for h in found.handovers.missing]
    return FigureTable("handovers", columns, rows, bar="people_a_year")


def _links(found: Analysis) -> Iterator[FigureTable]:
    columns = Column("actor", "name"), Column("share_of_ways", "share"), Column("partners", "count")
    bridges = [(b.actor, b.share, b.partners) for b in found.links.bridges]
    yield FigureTable("bridges", columns, bridges, bar="share_of_ways")
    islands = [(number, actor) for number, part in enumerate(found.links.islands, 1) for actor in part]
    alone = [(0, actor) for actor in found.links.alone]
    yield FigureTable("islands", (Column("island", "count"), Column("actor", "name")), [*islands, *alone])
