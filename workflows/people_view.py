"""The counsellor's list (Personenliste): who waits longest, and what is next for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.chain_view import ChainStep, ChainView, chain_view
from workflows.query import Faulty, read_choice, read_text
from workflows.session import RegionDesk

STATES = ("open", "late", "fine")


@dataclass(frozen=True)
class PeopleFilter:
    """Which people to list; an empty value asks for nothing.

    Parameters
    ----------
    state : str
        ``open`` (a step has no seat), ``late`` (a step starts after its target date), ``fine`` (neither).
    kind : str
        Kind of the next step (stem).
    town, profile, text : str
        Home, key of the chain template, words of the name.
    """

    state: str = ""
    kind: str = ""
    town: str = ""
    profile: str = ""
    text: str = ""


@dataclass(frozen=True)
class PersonRow:
    """One person of the list.

    `waited_days` counts from the day the next step was ready to today: it is the wait already behind the
    person, never negative.
    """

    chain: ChainView
    next_step: ChainStep | None
    waited_days: int
    state: str


@dataclass(frozen=True)
class PeopleChoices:
    """What can be chosen in the filter."""

    kinds: tuple[str, ...]
    towns: tuple[str, ...]
    profiles: tuple[str, ...]


@dataclass(frozen=True)
class PeopleView:
    """The list, and how many people are in each state in all."""

    rows: tuple[PersonRow, ...]
    choices: PeopleChoices
    counts: Mapping[str, int]
    total: int


def people_view(
    desk: RegionDesk, values: Mapping[str, str]
) -> tuple[PeopleView, PeopleFilter, tuple[Faulty, ...]]:
    """Return the people that pass the filter in an address, those who need something done first.

    People without a seat for some step come first, then late ones, then by the wait already behind them.
    """
    rows = [_row(desk, person_id) for person_id in desk.people]
    choices = _choices(rows)
    faults: list[Faulty] = []
    asked = PeopleFilter(
        state=read_choice(values, "state", STATES, faults),
        kind=read_choice(values, "kind", choices.kinds, faults),
        town=read_choice(values, "town", choices.towns, faults),
        profile=read_choice(values, "profile", choices.profiles, faults),
        text=read_text(values, "text"),
    )
    shown = sorted((row for row in rows if _passes(row, asked)), key=_order)
    counts = {state: sum(row.state == state for row in rows) for state in STATES}
    return PeopleView(tuple(shown), choices, counts, len(rows)), asked, tuple(faults)


def _row(desk: RegionDesk, person_id: str) -> PersonRow:
    chain = chain_view(desk, person_id, with_reasons=False)
    assert chain is not None, person_id
    step = chain.next_step
    ready_on = step.ready_on if step else None
    waited_days = max(0, (desk.today - ready_on).days) if ready_on else 0
    state = "open" if chain.open_steps else "late" if any(one.late for one in chain.steps) else "fine"
    return PersonRow(chain, step, waited_days, state)


def _choices(rows: list[PersonRow]) -> PeopleChoices:
    return PeopleChoices(
        kinds=tuple(sorted({_stem(row) for row in rows} - {""})),
        towns=tuple(sorted({row.chain.household.home.name for row in rows})),
        profiles=tuple(sorted({row.chain.person.profile for row in rows})),
    )


def _stem(row: PersonRow) -> str:
    return row.next_step.need.kind.partition("/from-")[0] if row.next_step else ""


def _passes(row: PersonRow, asked: PeopleFilter) -> bool:
    known = f"{row.chain.person.name} {row.chain.person.id}".casefold()
    return (
        asked.state in ("", row.state)
        and asked.kind in ("", _stem(row))
        and asked.town in ("", row.chain.household.home.name)
        and asked.profile in ("", row.chain.person.profile)
        and all(word in known for word in asked.text.casefold().split())
    )


def _order(row: PersonRow) -> tuple[int, int, str]:
    return (STATES.index(row.state), -row.waited_days, row.chain.person.id)
