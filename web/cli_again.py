"""Planning again on the command line (Umplanung): the options of ``match`` and what it says of changes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflows.wording import Words

if TYPE_CHECKING:
    from workflows.replan_run import Earlier, ReplanReport

MODES = ("new", "fewest", "projection")


def add_again(parser: Any, words: Words) -> None:
    """Add to ``match`` what it can go out from."""
    add = parser.options.add_argument
    add("--start", metavar="PLAN", type=Path, help=words("cli.help.start"))
    add("--prices", metavar="FILE", type=Path, help=words("cli.help.prices"))
    add("--mode", choices=MODES, default=MODES[0], help=words("cli.help.mode"))
    add("--arrivals", metavar="FOLDER", type=Path, help=words("cli.help.arrivals"))


def earlier_of(asked: argparse.Namespace) -> Earlier:
    """Gather what a new run is to go out from."""
    from workflows.replan_run import Earlier

    return Earlier(asked.mode, asked.start, asked.prices, asked.arrivals)


def again_text(report: ReplanReport, words: Words) -> str:
    """Say how much has changed, and what it comes from."""
    from web.terminal import table

    lines = []
    if report.unknown:
        lines.append(words("cli.again.unknown", n=report.unknown))
    counts = {name: getattr(report, name) for name in ("kept", "moved", "lost", "new")}
    lines.append(words("cli.again.counts", **counts))
    if report.causes:
        lines.append(table([[f"  {text}", str(number)] for text, number in report.causes], right=(1,)))
    if report.expected_people is not None:
        lines.append(words("cli.again.expected", people=report.expected_people, dearer=report.dearer))
    return "\n".join(lines)
