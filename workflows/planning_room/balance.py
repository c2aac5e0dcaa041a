"""Bilanz der Vereinbarungen: what agreements have come to, counted as the model projects counted theirs.

The **interim balance** is that of the Dortmund contract model (2003): single contacts, agreements concluded
and for how many persons, agreements in preparation, people who no longer live on benefits. The
**evaluation** asks of our own data what the federal model project of 18 municipalities and 87 offices asked:
whether the goals agreed were reached, whether steps are reviewed regularly, how many actors work together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from plans.actions import Action
from plans.agreement import AgreementState
from plans.case_records import Achievement
from plans.roles import ObjectScope
from plans.steps import Finding, StepState
from store.queries import balance as queries
from store.queries.balance import AgreedStep, Met, Party
from workflows.acting import Look, question
from workflows.kept import Kept
from workflows.planning_room.actual import safe_share
from workflows.planning_room.tables import Column, FigureTable, Report, Value
from workflows.small_cells import (
    SMALLEST_SHOWN,
    Count,
    Hidden,
    SafeCounts,
    safe_count,
    safe_counts,
    safe_together,
)

MONTHS_SHOWN = 24
REACHED_IN_TIME, REACHED_LATE, NOT_YET_DUE, OVERDUE, GIVEN_UP = (
    *("reached-in-time", "reached-late"),
    *("not-yet-due", "overdue", "given-up"),
)
OUTCOMES = (REACHED_IN_TIME, REACHED_LATE, NOT_YET_DUE, OVERDUE, GIVEN_UP)
"""What became of an agreed step; a step without an agreed date is never late."""


@dataclass(frozen=True)
class Balance:
    """What the store knows of agreements (Bilanzdaten): of single persons, to be shown as a report only."""

    today: date
    parties: tuple[Party, ...]
    steps: tuple[AgreedStep, ...]
    findings: tuple[tuple[str, Finding], ...]
    talks: tuple[Met, ...]
    achievements: tuple[tuple[str, Achievement], ...]

    @property
    def concluded(self) -> tuple[Party, ...]:
        """Parties of agreements that all have signed, also of those that have ended since."""
        return tuple(one for one in self.parties if one.signed_on is not None)


@question(Action.READ_PLANNING)
def read_balance(look: Look, region_id: str) -> Balance:
    """Return agreements, talks and achievements of a region.

    They are of single persons: whoever shows them shows `balance_report`.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    """
    look.allow_new(ObjectScope(region_id))
    return _balance(look, region_id)


def _balance(look: Look, region_id: str) -> Balance:
    return Balance(
        look.today,
        tuple(queries.parties(look.unit, region_id)),
        tuple(queries.agreed_steps(look.unit, region_id)),
        tuple(queries.last_findings(look.unit, region_id)),
        tuple(queries.talks(look.unit, region_id)),
        tuple(queries.achievements(look.unit, region_id)),
    )


@question(Action.READ_PLANNING)
def read_balance_report(look: Look, region_id: str, region: str) -> Report:
    """Return `balance_report`, as it was until something changed that it counts.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    """
    look.allow_new(ObjectScope(region_id))
    stamp = (look.today, queries.balance_stamp(look.unit, region_id))
    return _KEPT.get(
        look, (region_id, region), stamp, lambda: balance_report(_balance(look, region_id), region)
    )


_KEPT = Kept[Report]()


def balance_report(balance: Balance, region: str) -> Report:
    """Put the balance and the evaluation into tables.

    Parameters
    ----------
    region : str
        Name of the region.
    """
    return Report(
        title=("title.balance", {"region": region, "today": balance.today}),
        lead=[("balance.lead", {}), ("balance.small", {})],
        tables=[
            balance_table(balance),
            _outcomes(balance),
            _evaluation(balance),
            _findings(balance),
            _achieved(balance),
            *_months(balance),
        ],
    )


def balance_table(balance: Balance) -> FigureTable:
    """The interim balance: contacts, agreements and their persons, in preparation, without benefits."""
    prepared = [one for one in balance.parties if one.state is AgreementState.DRAFTED]
    agreements, people = _agreements_and_people(balance.concluded)
    if hidden := _total_that_gives_away(balance):
        agreements, people = _hidden_too(agreements, hidden), _hidden_too(people, hidden)
    without = [who for who, what in balance.achievements if what is Achievement.WITHOUT_BENEFITS]
    prepared_agreements, prepared_people = _agreements_and_people(prepared)
    rows: list[list[Value]] = [
        ["contacts", _contacts(balance)],
        ["agreements", agreements],
        ["agreement-people", people],
        ["agreements-prepared", prepared_agreements],
        ["prepared-people", prepared_people],
        ["without-benefits", safe_count(len(set(without)))],
    ]
    return FigureTable("balance", (Column("figure", "figure"), Column("number_of", "count")), rows)


def _contacts(balance: Balance) -> Count:
    """Talks in all; hidden where those of the months that are hidden could be worked out with them."""
    met = _met_by_month(balance)[1].total
    return met if isinstance(met, Hidden) else sum(one.talks for one in balance.talks)


def _hidden_too(count: Count, hidden: Hidden) -> Count:
    return count if isinstance(count, Hidden) else hidden


def _agreements_and_people(parties: Sequence[Party]) -> tuple[Count, Count]:
    """Agreements and the persons they are for.

    What the second number is more than the first are persons who share an agreement: where they are few the
    number of agreements is hidden.
    """
    agreements, people = len({one.agreement_id for one in parties}), len({one.person_id for one in parties})
    shown = safe_count(people)
    if isinstance(shown, Hidden):
        return shown, shown
    if 0 < agreements < SMALLEST_SHOWN:
        return Hidden.SMALL, shown
    return (Hidden.PROTECTING if 0 < abs(people - agreements) < SMALLEST_SHOWN else agreements), shown


def _total_that_gives_away(balance: Balance) -> Hidden | None:
    """Why the number of persons is hidden where a table over them could be completed with it; else None."""
    return next((one.total for one in _safe(balance).values() if isinstance(one.total, Hidden)), None)


def outcome(step: AgreedStep, today: date) -> str:
    """What became of an agreed step until today: one of `OUTCOMES`."""
    if step.state is StepState.DROPPED:
        return GIVEN_UP
    if step.state is StepState.DONE:
        late = step.due_on is not None and step.done_on is not None and step.done_on > step.due_on
        return REACHED_LATE if late else REACHED_IN_TIME
    return OVERDUE if step.due_on is not None and step.due_on < today else NOT_YET_DUE


def _split(balance: Balance) -> dict[str, set[str]]:
    people: dict[str, set[str]] = {one: set() for one in OUTCOMES}
    for step in balance.steps:
        people[outcome(step, balance.today)].add(step.person_id)
    return people


def _safe(balance: Balance) -> dict[str, SafeCounts]:
    """Persons by outcome, by finding and by the month of their first agreement, as all may be shown together.

    They are mostly the same people, all of them in the months.
    """
    found = {finding: {who for who, what in balance.findings if what is finding} for finding in Finding}
    split = {
        "outcome": list(_split(balance).values()),
        "finding": list(found.values()),
        "month": list(_first_months(balance).values()),
    }
    counts = [[len(people) for people in one] for one in split.values()]
    totals = [len(set[str]().union(*one)) for one in split.values()]
    return dict(zip(split, safe_together(counts, totals), strict=True))


def _outcomes(balance: Balance) -> FigureTable:
    """Persons by what became of their steps; who has several steps may stand in several rows."""
    rows = list(zip(OUTCOMES, _safe(balance)["outcome"].cells, strict=True))
    columns = Column("outcome", "outcome"), Column("people", "count")
    return FigureTable("balance-outcomes", columns, rows if balance.steps else [], bar="people")


def _evaluation(balance: Balance) -> FigureTable:
    """Shares that say whether agreements are binding, effective and reviewed; and who works together.

    A share of outcomes or findings tells of the numbers that it is made of, so it is shown where they are.
    """
    outcomes = [(step.person_id, outcome(step, balance.today)) for step in balance.steps]
    due = [(who, what) for who, what in outcomes if what not in (NOT_YET_DUE, GIVEN_UP)]
    reached = (REACHED_IN_TIME, REACHED_LATE)
    in_force = [
        one for one in balance.concluded if one.state is not AgreementState.ENDED and one.review_due_on
    ]
    shares: dict[str, list[tuple[str, bool]]] = {
        "goals-reached": [(who, what in reached) for who, what in due],
        "reached-on-time": [(who, what == REACHED_IN_TIME) for who, what in due if what in reached],
        "reviews-kept": [
            (one.person_id, bool(one.review_due_on and one.review_due_on >= balance.today))
            for one in in_force
        ],
        "obstructed": [(who, finding is Finding.OBSTRUCTED) for who, finding in balance.findings],
    }
    safe = _safe(balance)
    of = dict(zip(OUTCOMES, safe["outcome"].cells, strict=True))
    made_of: dict[str, Sequence[Count]] = {
        "goals-reached": [of[REACHED_IN_TIME], of[REACHED_LATE], of[OVERDUE]],
        "reached-on-time": [of[REACHED_IN_TIME], of[REACHED_LATE]],
        "obstructed": safe["finding"].cells,
    }
    rows: list[list[Value]] = [
        [name, None if _hides(made_of.get(name, ())) else safe_share(held), None]
        for name, held in shares.items()
    ]
    rows += [[name, None, len(found)] for name, found in _who_works(balance).items()]
    columns = Column("figure", "figure"), Column("share_of", "share"), Column("number_of", "count")
    return FigureTable("evaluation", columns, rows if balance.concluded else [])


def _hides(counts: Sequence[Count]) -> bool:
    return any(isinstance(count, Hidden) for count in counts)


def _who_works(balance: Balance) -> dict[str, Collection[str]]:
    """Offices, towns and actors with a part in agreements: no persons, and who they are is public."""
    people = {step.person_id for step in balance.steps}
    return {
        "offices": {one.organisation_id for one in balance.concluded},
        "towns": {one.town for one in balance.concluded},
        "partners": {step.responsible for step in balance.steps} - people,
    }


def _findings(balance: Balance) -> FigureTable:
    """Persons by what the last review found of their steps."""
    cells = _safe(balance)["finding"].cells
    rows = [(finding.value, cell) for finding, cell in zip(Finding, cells, strict=True)]
    columns = Column("finding", "finding"), Column("people", "count")
    return FigureTable("balance-findings", columns, rows if balance.findings else [], bar="people")


def _achieved(balance: Balance) -> FigureTable:
    """Persons by what their plans have led to; nobody counts twice in a row, and there is no total."""
    people: dict[Achievement, set[str]] = defaultdict(set)
    for who, what in balance.achievements:
        people[what].add(who)
    rows = [(what.value, safe_count(len(people[what]))) for what in Achievement if people[what]]
    columns = Column("achievement", "achievement"), Column("people", "count")
    return FigureTable("achievements", columns, rows, bar="people")


def _first_months(balance: Balance) -> dict[date, set[str]]:
    """Persons by the month in which their first agreement was concluded: each in one month."""
    first: dict[str, date] = {}
    for one in balance.concluded:
        assert one.signed_on is not None
        first[one.person_id] = min(first.get(one.person_id, one.signed_on), one.signed_on)
    people: dict[date, set[str]] = defaultdict(set)
    for who, day in sorted(first.items(), key=lambda pair: pair[1]):
        people[day.replace(day=1)].add(who)
    return people


def _met_by_month(balance: Balance) -> tuple[list[date], SafeCounts, dict[date, int]]:
    """Months with talks, the persons met in each, and the talks."""
    people: Counter[date] = Counter()
    held: Counter[date] = Counter()
    for one in balance.talks:
        people[date(one.year, one.month, 1)] += 1
        held[date(one.year, one.month, 1)] += one.talks
    months = sorted(people)
    return months, safe_counts([people[month] for month in months]), held


def _months(balance: Balance) -> list[FigureTable]:
    agreed = _safe(balance)["month"].cells
    shown = list(zip(_first_months(balance), agreed, strict=True))[-MONTHS_SHOWN:]
    month, people = Column("month", "month"), Column("people", "count")
    met_in, met, held = _met_by_month(balance)
    contacts: list[list[Value]] = [
        [day, cell, cell if isinstance(cell, Hidden) else held[day]]
        for day, cell in zip(met_in, met.cells, strict=True)
    ]
    talks = Column("talks", "count")
    return [
        FigureTable("balance-months", (month, people), shown, bar="people"),
        FigureTable("contact-months", (month, people, talks), contacts[-MONTHS_SHOWN:], bar="talks"),
    ]
