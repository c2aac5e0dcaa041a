"""Match again (Umplanung): a problem folder and an earlier plan in; a new plan and its changes out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import matching
from matching.causes import cause_text
from matching.difference import Change, ChangeKind
from matching.price_file import read_prices
from matching.replan import Mode, Replan, replan
from matching.tables import write_rows
from workflows.faults import CommandFault
from workflows.match_run import (
    MatchReport,
    measured,
    must_be_writable,
    report_of,
    without_files,
    write_outcome,
)

MODES = tuple(mode.value for mode in Mode)
CHANGE_COLUMNS = (
    *("need", "person", "change", "old_slot", "new_slot"),
    *("days_later", "cause", "because_of", "text"),
)


@dataclass(frozen=True)
class Earlier:
    """What a new run goes out from (Ausgangsstand).

    Parameters
    ----------
    mode : str
        ``new``, ``fewest`` or ``projection``.
    plan, prices : Path or None
        ``plan.csv`` and ``prices.csv`` of an earlier run, or folders that hold them.
    arrivals : Path or None
        Problem folder whose people and needs are those expected; its slots are not used.
    """

    mode: str = Mode.NEW
    plan: Path | None = None
    prices: Path | None = None
    arrivals: Path | None = None

    @property
    def nothing(self) -> bool:
        """Whether there is nothing earlier to go out from."""
        return self == Earlier()


@dataclass(frozen=True)
class ReplanReport:
    """What a new run has changed.

    Parameters
    ----------
    match : MatchReport
        The plan beside first come, first served.
    kept, moved, lost, new : int
        Bookings that stay, get another slot, get none any more, and had none before.
    causes : sequence of (text, int)
        What the changes come from, the most frequent first.
    unknown : int
        Needs and slots of the earlier plan that the problem does not have.
    expected_people, dearer : int or None
        In a projection: people who are expected, and capacities whose seats they make dearer.
    """

    match: MatchReport
    kept: int
    moved: int
    lost: int
    new: int
    causes: Sequence[tuple[str, int]]
    unknown: int
    expected_people: int | None = None
    dearer: int | None = None


def match_again(
    problem_folder: Path,
    out: Path,
    earlier: Earlier,
    lang: str,
    options: matching.SolveOptions,
    progress: Callable[[matching.Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    measure_seconds: float = 0.0,
) -> ReplanReport:
    """Plan a problem folder again.

    Writes ``changes.csv`` and what a first run writes into `out`; in a projection also
    ``prices_expected.csv``, what seats are worth once the expected people are there.

    Parameters
    ----------
    lang : str
        Language of the texts in ``changes.csv``: ``de`` or ``en``.
    measure_seconds : float
        Time to measure what one more seat saves; 0: the multipliers of the bound stand in its place.

    Raises
    ------
    ProblemFault, CommandFault
        Where something given cannot be read or does not go together.
    OSError
        Where `out` cannot be written; noticed before the work begins.
    """
    if (earlier.mode == Mode.PROJECTION) != (earlier.arrivals is not None):
        raise CommandFault("arrivals-mode", {})
    began = time.monotonic()
    problem = matching.read_problem(problem_folder)
    options = without_files(options, time.monotonic() - began)
    start = None if earlier.plan is None else matching.read_plan(_file_in(earlier.plan, "plan.csv"))
    if earlier.mode == Mode.FEWEST and start is None and not (problem.needs.proposed >= 0).any():
        raise CommandFault("nothing-earlier", {})
    prices = None if earlier.prices is None else read_prices(_file_in(earlier.prices, "prices.csv"))
    arrivals = None if earlier.arrivals is None else read_arrivals(earlier.arrivals)
    must_be_writable(out)
    done = replan(problem, start, prices, options, Mode(earlier.mode), arrivals, progress, stop)
    done = replace(done, result=measured(problem, done.result, measure_seconds, progress, stop))
    write_outcome(done.result, out)
    write_changes(done.changes, lang, out / "changes.csv")
    if done.projected is not None:
        matching.write_prices(done.projected.seat_prices, out / "prices_expected.csv")
    return _report(problem, done, lang, arrivals)


def write_changes(changes: Sequence[Change], lang: str, path: Path) -> None:
    """Write ``changes.csv``: one row for every need whose slot has changed, with the cause in words."""
    rows = (
        (
            change.need,
            change.person,
            change.kind.value,
            change.old_slot or "",
            change.new_slot or "",
            "" if change.days_later is None else change.days_later,
            change.cause,
            change.values.get("need", change.values.get("capacity", "")),
            change.text(lang),
        )
        for change in changes
    )
    write_rows(path, CHANGE_COLUMNS, rows)


def _file_in(path: Path, name: str) -> Path:
    return path / name if path.is_dir() else path


def read_arrivals(folder: Path) -> matching.Problem:
    """Read the folder of the people expected; a fault names the folder too, because two are read.

    Raises
    ------
    ProblemFault
        Where it cannot be read.
    """
    try:
        return matching.read_problem(folder)
    except matching.ProblemFault as found:
        faults = [replace(fault, file=f"{folder.name}/{fault.file}") for fault in found.faults]
        raise matching.ProblemFault(faults) from found


def _report(
    problem: matching.Problem, done: Replan, lang: str, arrivals: matching.Problem | None
) -> ReplanReport:
    kinds = Counter(change.kind for change in done.changes)
    causes = Counter(change.cause for change in done.changes)
    served = sum(slot is not None for slot in done.result.plan.values())
    dearer = None
    if done.projected is not None:
        now = done.result.seat_prices
        dearer = sum(price > now[name] + 0.5 for name, price in done.projected.seat_prices.items())
    return ReplanReport(
        match=report_of(problem, done.result),
        kept=served - kinds[ChangeKind.MOVED] - kinds[ChangeKind.NEW],
        moved=kinds[ChangeKind.MOVED],
        lost=kinds[ChangeKind.LOST],
        new=kinds[ChangeKind.NEW],
        causes=[
            (cause_text(code, lang), n) for code, n in sorted(causes.items(), key=lambda x: (-x[1], x[0]))
        ],
        unknown=len(done.unknown_needs) + len(done.unknown_slots),
        expected_people=None if arrivals is None else len(arrivals.people.ids),
        dearer=dearer,
    )
