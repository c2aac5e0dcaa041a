"""The commands of the planning room (Planungswerkstatt): ``analyse`` and those that follow."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from web.cores import usable_cores
from workflows.wording import Words

if TYPE_CHECKING:
    from workflows.planning_room.tables import Report

FINE = 0
REACHES = (30.0, 60.0)
DETOUR = 1.3
TOP = 10
WEEKS, SEEDS, PEOPLE = 52, 10, 150
SECONDS = 10.0
LONGEST = 100_000
MOST_PEOPLE = 100_000_000


def add_analysis(command: Callable[[str], Any], words: Words, number: Callable[..., Any]) -> None:
    """Add the commands to the command line; `number` makes readers of numbers in a range."""
    parser = command("analyse")
    parser.arguments.add_argument("region", metavar="REGION", help=words("cli.help.region"))
    add = parser.options.add_argument
    people, way = number(words, True, 0, MOST_PEOPLE, False), number(words, False, 0, LONGEST, True)
    add("--arrivals", metavar="N", type=people, help=words("cli.room.help.arrivals"))
    add("--reach", metavar="W", type=way, nargs="+", default=list(REACHES), help=words("cli.room.help.reach"))
    add(
        "--detour",
        metavar="F",
        type=number(words, False, 1, 10, False),
        default=DETOUR,
        help=words("cli.room.help.detour", factor=DETOUR),
    )
    add("--travel-times", metavar="FILE", type=Path, help=words("cli.room.help.travel-times"))
    add_answer(parser, words)


def add_gaps(command: Callable[[str], Any], words: Words, number: Callable[..., Any]) -> None:
    """Add ``gaps``."""
    parser = command("gaps")
    add_planned(parser, words)
    add = parser.options.add_argument
    add(
        "--top",
        metavar="N",
        type=number(words, True, 0, 1000, False),
        default=TOP,
        help=words("cli.room.help.top", n=TOP),
    )
    add_search(parser, words, number)
    add_answer(parser, words)


def add_what_if(command: Callable[[str], Any], words: Words, number: Callable[..., Any]) -> None:
    """Add ``whatif``."""
    parser = command("whatif")
    add_planned(parser, words)
    add = parser.options.add_argument
    add("--scenario", metavar="FILE", type=Path, required=True, help=words("cli.room.help.scenario"))
    add_search(parser, words, number)
    add_answer(parser, words)


def add_simulate(command: Callable[[str], Any], words: Words, number: Callable[..., Any]) -> None:
    """Add ``simulate``."""
    parser = command("simulate")
    parser.arguments.add_argument("region", metavar="REGION", help=words("cli.help.region"))
    add = parser.options.add_argument
    for name, most, usual in (
        ("weeks", 104, WEEKS),
        ("seeds", 1000, SEEDS),
        ("people", 100_000, PEOPLE),
        ("workers", 1024, usable_cores()),
    ):
        kind = number(words, True, 1, most, False)
        add(
            f"--{name}",
            metavar="N",
            type=kind,
            default=usual,
            help=words(f"cli.room.help.{name}", n=usual),
        )
    add_answer(parser, words)


def add_planned(parser: Any, words: Words) -> None:
    """Add a problem folder and the folder of its plan."""
    parser.arguments.add_argument("problem", metavar="PROBLEM", type=Path, help=words("cli.help.problem"))
    parser.options.add_argument(
        "--plan", metavar="DIR", type=Path, required=True, help=words("cli.help.plan-folder")
    )


def add_search(parser: Any, words: Words, number: Callable[..., Any]) -> None:
    """Add how long and from which seed a plan is made once more."""
    seconds, seed = number(words, False, 0, 1e6, True), number(words, True, 0, 2**31 - 1, False)
    add = parser.options.add_argument
    add(
        "--time-limit",
        metavar="S",
        type=seconds,
        default=SECONDS,
        help=words("cli.room.help.time", s=round(SECONDS)),
    )
    add("--seed", metavar="N", type=seed, default=1, help=words("cli.help.seed"))


def add_answer(parser: Any, words: Words) -> None:
    """Add how a report is given."""
    parser.options.add_argument("--json", action="store_true", help=words("cli.help.json"))
    parser.options.add_argument("--out", metavar="DIR", type=Path, help=words("cli.room.help.out"))


def run_analyse(asked: argparse.Namespace, words: Words) -> int:
    """Say what a region's network can bear and where it breaks."""
    from web.terminal import counted_progress
    from workflows.planning_room.network import Asked, analyse_region, network_analysis_report

    question = Asked(asked.arrivals, asked.detour, asked.travel_times, tuple(sorted(set(asked.reach))))
    with counted_progress(part_line(words), words("cli.reading")) as told:
        region, found = analyse_region(asked.region, question, told)
    answer(network_analysis_report(region, found, words.lang), "analysis", asked, words)
    return FINE


def run_gaps(asked: argparse.Namespace, words: Words) -> int:
    """Say what a plan lacks and what one more seat would save; Ctrl-C ends with what is found so far."""
    from workflows.planning_room.gaps import find_gaps, gaps_report

    with at_work(words) as (told, stop):
        found = find_gaps(asked.problem, asked.plan, asked.top, asked.seed, asked.time_limit, told, stop)
    answer(gaps_report(found), "gaps", asked, words)
    return FINE


def run_what_if(asked: argparse.Namespace, words: Words) -> int:
    """Set a plan without and with a scenario side by side."""
    from workflows.planning_room.whatif import what_if, what_if_report

    with at_work(words) as (told, stop):
        found = what_if(asked.problem, asked.plan, asked.scenario, asked.seed, asked.time_limit, told, stop)
    answer(what_if_report(found), "whatif", asked, words)
    return FINE


def run_simulate(asked: argparse.Namespace, words: Words) -> int:
    """Set first come, the earliest slot and our plan side by side over a year; Ctrl-C keeps whole seeds."""
    from workflows.planning_room.simulate import simulate, simulation_report

    with at_work(words) as (told, stop):
        found = simulate(asked.region, asked.people, asked.weeks, asked.seeds, asked.workers, told, stop)
    answer(simulation_report(asked.region, asked.weeks, found), "simulation", asked, words)
    return FINE


@contextmanager
def at_work(words: Words) -> Iterator[tuple[Callable[[str, int, int], None], Callable[[], bool]]]:
    """Tell where a long command stands, and listen for Ctrl-C: whom to tell, and whether to stop."""
    from web.terminal import Interrupts, counted_progress

    progress = counted_progress(part_line(words), words("cli.reading"))
    with Interrupts().listening() as interrupts, progress as told:
        yield told, interrupts.stop


def part_line(words: Words) -> Callable[[str, int, int], str]:
    """Return what makes one line of where the work stands."""
    from workflows.planning_room.tables import words_of

    room = words_of(words.lang)

    def line(part: str, done: int, of: int) -> str:
        return room(f"part.{part}") + (f" {done}/{of}" if of > 1 else "")

    return line


def answer(report: Report, name: str, asked: argparse.Namespace, words: Words) -> None:
    """Print a report as text or JSON, and write it into a folder where one is named."""
    from workflows.planning_room.written import report_json, write_report

    if asked.out is not None:
        write_report(report, name, asked.out, words.lang)
    if asked.json:
        print(report_json(report), end="")
        return
    print(_text(report, words.lang))
    if asked.out is not None:
        values = {"folder": str(asked.out), "name": name, "tables": len(report.tables)}
        print("\n" + words("cli.room.written", **values))


def _text(report: Report, lang: str) -> str:
    from web.terminal import table
    from workflows.planning_room.tables import number_columns, text_table, words_of

    room = words_of(lang)
    parts = [room(report.title[0], **report.title[1])]
    parts.append("\n".join(room(key, **values) for key, values in report.lead))
    for one in report.tables:
        written = text_table(one, room, report.names)
        lines = [written.heading]
        if written.rows:
            lines.append(table([written.columns, *written.rows], right=number_columns(one)))
        parts.append("\n".join([*lines, *([written.note] if written.note else [])]))
    return "\n\n".join(parts)
