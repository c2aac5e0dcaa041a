"""Planning a region of the store on the command line (Planungslauf): ``plan``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from web.cli_again import MODES
from web.cli_store import add_database
from workflows.wording import Words

if TYPE_CHECKING:
    from workflows.planning_runs.run import DoneRun

FINE = 0


def add_plan(parser: Any, words: Words) -> None:
    """Add what ``plan`` takes, beside the options of the engine."""
    parser.arguments.add_argument("region", metavar="REGION", help=words("cli.plan.help.region"))
    add_database(parser, words)
    add = parser.options.add_argument
    add("--mode", choices=MODES, default=MODES[0], help=words("cli.help.mode"))
    add("--arrivals", metavar="FOLDER", type=Path, help=words("cli.help.arrivals"))
    add("--release", action="store_true", help=words("cli.plan.help.release"))


def run_plan(asked: argparse.Namespace, words: Words) -> int:
    """Plan a region of a database; Ctrl-C keeps the best plan so far, a second one nothing."""
    from web.cli_commands import match_text, progress_line
    from web.terminal import Interrupts, progress_shown
    from workflows.operations import command_desk
    from workflows.planning_runs.run import report_of_run, run_planning, settings_for
    from workflows.planning_runs.runs import release_proposals

    settings = settings_for(
        asked.mode, asked.time_limit, asked.gap, asked.workers, asked.seed, asked.arrivals
    )
    with command_desk(asked.database, "plan") as desk:
        with (
            Interrupts().listening() as interrupts,
            progress_shown(progress_line(words), words("cli.reading")) as told,
        ):
            done = run_planning(desk, asked.region, settings, told, interrupts.stop)
        released = release_proposals(desk, done.run_id, done.version) if asked.release else None
    report = report_of_run(done)
    if report.interrupted:
        print(words("cli.interrupted"))
    print(match_text(report, words))
    print("\n".join(_lines(done, words)))
    if released is None:
        print(words("cli.plan.finished", run=done.run_id))
    else:
        print(words("cli.plan.released", run=done.run_id, **released))
    return FINE


def _lines(done: DoneRun, words: Words) -> list[str]:
    """What was proposed, what has changed, and what was left out."""
    summary = done.summary
    served = sum(one.slot_id is not None for one in done.outcome.proposals)
    lines = [words("cli.plan.proposals", n=summary["proposals"], served=served)]
    if summary["earlier"]:
        counts = {kind: summary["changes"].get(kind, 0) for kind in ("moved", "lost", "new")}
        lines.append(words("cli.plan.changes", **counts))
    left_out = summary["left_out"]
    counted = {
        "without-consent": left_out["without_consent"],
        "waiting": left_out["waiting_for_unplanned"],
        "marked": summary["marked_plans"],
    }
    return lines + [words(f"cli.plan.{name}", n=n) for name, n in counted.items() if n]
