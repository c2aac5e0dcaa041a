"""The main job on a fictional county (Vorführung), told in words and small tables.

Everything said here comes from the same desk that the pages show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import matching
from network.kinds import kind_label
from network.structure import missing_kinds, single_providers
from workflows.chain_view import ChainStep, ChainView, StepState, chain_view
from workflows.gaps_view import comparison, seat_gaps
from workflows.session import Progressing, RegionDesk, Stopping, open_region_desk
from workflows.waiting import WaitingFigures
from workflows.wording import Words, date_text, number_text, percent_text

TEXTS = (Path(__file__).parent / "texts", Path(__file__).parents[1] / "texts")
REGION = "musterkreis"
PEOPLE = 150
SEED = 1
PLANNING_SECONDS = 20.0
EXAMPLES = 3
SEATS = 5


def run(
    lang: str,
    say: Callable[[str], None],
    *,
    progress: Progressing | None = None,
    stop: Stopping | None = None,
) -> RegionDesk:
    """Plan the fictional county and say what came out.

    Parameters
    ----------
    lang : str
        ``de`` or ``en``.
    say : callable
        Takes one line of text at a time.
    progress, stop : callable, optional
        Told where the planning stands; asked whether to end it early.

    Returns
    -------
    RegionDesk
        For the pages.
    """
    words = Words(lang, *TEXTS)
    say(words("reading", people=PEOPLE))
    options = matching.SolveOptions(time_limit_seconds=PLANNING_SECONDS, seed=SEED)
    desk = open_region_desk(REGION, people=PEOPLE, seed=SEED, options=options, progress=progress, stop=stop)
    for line in report(desk, lang):
        say(line)
    return desk


def progress_line(progress: matching.Progress, lang: str) -> str:
    """Where the planning stands, in one line."""
    return Words(lang, *TEXTS)(
        "planning",
        seconds=round(progress.seconds),
        cost=round(progress.cost),
        bound=round(progress.lower_bound),
    )


def report(desk: RegionDesk, lang: str) -> Iterator[str]:
    """Yield the lines of the demo: network, waiting, three people, scarce seats."""
    words = Words(lang, *TEXTS)
    yield ""
    yield words("title", region=desk.region.name(lang))
    yield words("fictional", today=desk.today)
    yield ""
    yield from _network(desk, words)
    yield ""
    yield from _waiting(desk, words)
    yield ""
    yield words("examples")
    for chain in example_chains(desk):
        yield from _person(chain, words)
    yield ""
    yield from _seats(desk, words)


def _network(desk: RegionDesk, words: Words) -> Iterator[str]:
    region, lang = desk.region, words.lang
    yield words("network")
    yield "   " + words(
        "network-text",
        actors=len(region.actors),
        offerings=len(region.offerings),
        towns=len({actor.place.name for actor in region.actors.values()}),
        slots=len(desk.slots),
        groups=len({slot.row_id for slot in desk.slots.values()} & region.groups.keys()),
        people=len(desk.people),
        needs=sum(not step.need.fixed_slot for step in desk.steps.values()),
    )
    broken = missing_kinds(desk.network)
    text = words("breaks", breaks=_kinds(broken, lang)) if broken else words("no-breaks")
    yield "   " + text
    single = [one.kind for one in single_providers(desk.network)]
    if single:
        yield "   " + words("single", kinds=_kinds(single, lang))


def _kinds(kinds: tuple[str, ...] | list[str], lang: str) -> list[str]:
    return [kind_label(kind, lang) for kind in kinds]


def _waiting(desk: RegionDesk, words: Words) -> Iterator[str]:
    lang, compared = words.lang, comparison(desk)
    yield words("waiting")
    first, best = compared.first_come, compared.best
    rows = [
        (words("column-figure"), words("column-first"), words("column-best")),
        *(
            (words(key), _days(getattr(first, name), lang), _days(getattr(best, name), lang))
            for key, name in (("median", "median_days"), ("mean", "mean_days"), ("p90", "p90_days"))
        ),
        (words("six-weeks"), _share(first, lang), _share(best, lang)),
        (words("served"), number_text(first.served, lang), number_text(best.served, lang)),
        (words("unserved"), number_text(first.unserved, lang), number_text(best.unserved, lang)),
        (words("cost"), number_text(compared.first_cost, lang), number_text(compared.best_cost, lang)),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        yield f"   {row[0]:<{widths[0]}}   {row[1]:>{widths[1]}}   {row[2]:>{widths[2]}}"
    yield "   " + words(
        "proof",
        saved=percent_text(compared.saved_share, lang),
        bound=number_text(compared.lower_bound, lang),
        gap=percent_text(compared.gap, lang, 1),
        seconds=round(compared.seconds),
    )


def _days(days: float | None, lang: str) -> str:
    return "–" if days is None else number_text(days, lang)


def _share(figures: WaitingFigures, lang: str) -> str:
    return "–" if figures.within_six_weeks is None else percent_text(figures.within_six_weeks, lang)


def example_chains(desk: RegionDesk) -> list[ChainView]:
    """Three people of different profiles with the longest chains that are wholly planned."""
    found: dict[str, ChainView] = {}
    for person_id, (_, person) in desk.people.items():
        chain = chain_view(desk, person_id, with_reasons=False)
        if chain is None or chain.open_steps:
            continue
        known = found.get(person.profile)
        if known is None or len(chain.steps) > len(known.steps):
            found[person.profile] = chain
    longest = sorted(found.values(), key=lambda chain: (-len(chain.steps), chain.person.id))[:EXAMPLES]
    return [chain for one in longest if (chain := chain_view(desk, one.person.id)) is not None]


def _person(chain: ChainView, words: Words) -> Iterator[str]:
    yield "   " + words("person", name=chain.person.name, town=chain.household.home.name)
    for step in chain.steps:
        kind = kind_label(step.need.kind, words.lang)
        if step.slot is None or step.actor is None:
            yield "      " + words("step-open", kind=kind)
        else:
            yield "      " + words(
                "step-dated",
                date=step.slot.start_on,
                kind=kind,
                actor=step.actor.name,
                wait=_wait(step, words),
                way=words("online") if step.travel_km is None else words("way", km=round(step.travel_km)),
            )
        for reason in step.reasons[:2]:
            yield "         " + words("why", reason=reason.text(words.lang))


def _wait(step: ChainStep, words: Words) -> str:
    if step.state is StepState.BOOKED or step.waiting_days is None:
        return words("step-booked")
    return words.count("days", step.waiting_days)


def _seats(desk: RegionDesk, words: Words) -> Iterator[str]:
    yield words("seats")
    gaps = seat_gaps(desk, SEATS)
    if not gaps:
        yield "   " + words("no-seats")
    for number, gap in enumerate(gaps, 1):
        yield "   " + words(
            "seat",
            n=number,
            kind=kind_label(gap.slot.kind, words.lang),
            actor=gap.actor.name,
            date=date_text(gap.slot.start_on, words.lang),
            days=round(gap.saved_days),
        )
