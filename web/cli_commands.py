"""What each command does (Befehle): asks a workflow and shows what came out."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable

from web.app import create_app
from web.cli_advice import run_explain, run_recommend
from web.cli_again import again_text, earlier_of
from web.cli_analysis import run_analyse, run_gaps, run_simulate, run_what_if
from web.cli_demo import run_demo
from web.cli_desk import run_desk
from web.cli_partners import run_partners
from web.cli_planning import run_plan
from web.cli_privacy import run_access_request, run_erase, run_retention
from web.cli_store import run_audit, run_backup, run_keys, run_migrate, run_restore, run_rules
from web.cli_users import run_region, run_user
from web.server import open_socket, serve
from web.terminal import Interrupts, RunProgress, progress_shown, table
from workflows.faults import READABLE_FAULTS, CommandFault
from workflows.match_run import CheckReport, MatchReport, check_plan, match
from workflows.network_report import network_report, write_network_page
from workflows.planning_folder import make_planning_folder
from workflows.replan_run import match_again
from workflows.session import open_region_desk, open_saved_desk, planning_options
from workflows.waiting import WaitingFigures
from workflows.wording import Words, number_text, percent_text

FINE, FAULTY, UNREADABLE = 0, 1, 2
SHOWN_VIOLATIONS = 5


def run_match(asked: argparse.Namespace, words: Words) -> int:
    """Plan a problem folder, anew or after an earlier plan; Ctrl-C writes the best plan so far."""
    earlier, again = earlier_of(asked), None
    with (
        Interrupts().listening() as interrupts,
        progress_shown(progress_line(words), words("cli.reading")) as told,
    ):
        options = planning_options(asked.time_limit, asked.gap, asked.workers, asked.seed)
        if earlier.nothing:
            report = match(
                asked.problem, asked.out, options, told, interrupts.stop, measure_seconds=asked.measure_prices
            )
        else:
            again = match_again(
                asked.problem,
                asked.out,
                earlier,
                words.lang,
                options,
                told,
                interrupts.stop,
                measure_seconds=asked.measure_prices or 0.0,
            )
            report = again.match
    if report.interrupted:
        print(words("cli.interrupted"))
    print(match_text(report, words))
    if again is not None:
        print(again_text(again, words))
    print(words("cli.written" if again is None else "cli.written-again", folder=str(asked.out)))
    return FINE


def run_check(asked: argparse.Namespace, words: Words) -> int:
    """Check a plan, and what its result file says; 0 = feasible, 1 = not, 2 = cannot be read."""
    try:
        report = check_plan(asked.problem, asked.plan, asked.result)
    except (*READABLE_FAULTS, CommandFault, OSError) as fault:
        fault.add_note("unreadable")
        raise
    print(_check_json(report) if asked.json else _check_text(report, words))
    return FINE if report.good else FAULTY


def run_problem(asked: argparse.Namespace, words: Words) -> int:
    """Write a planning problem of a region and fictional people."""
    made = make_planning_folder(asked.region, asked.people, asked.seed, asked.out)
    print(
        words("cli.problem", people=made.people, needs=made.needs, slots=made.slots, folder=str(made.folder))
    )
    return FINE


def run_network(asked: argparse.Namespace, words: Words) -> int:
    """Say what a region's network is, or write it as one file with pictures."""
    if asked.html:
        write_network_page(asked.region, words.lang, asked.html)
        print(words("cli.html", file=str(asked.html)))
        return FINE
    report = network_report(asked.region, words.lang)
    print(f"{report.title}\n\n{report.lead}")
    for part in report.tables:
        print(f"\n{part.heading}")
        if part.rows:
            print(table([part.columns, *part.rows]))
        if part.note:
            print(part.note)
    return FINE


def run_serve(asked: argparse.Namespace, words: Words) -> int:
    """Plan a region and serve its pages on the own machine until Ctrl-C."""
    listening = open_socket(asked.host, asked.port)
    options = planning_options(asked.time_limit, asked.gap, asked.workers, asked.seed)
    with listening, progress_shown(progress_line(words), words("cli.reading")) as told:
        if asked.problem:
            desk = open_saved_desk(asked.region, asked.problem, options=options, progress=told)
        else:
            desk = open_region_desk(
                asked.region, people=asked.people, seed=asked.seed, options=options, progress=told
            )
        serve(
            create_app(desk),
            listening,
            lambda address: print(words("cli.serving", address=address), flush=True),
        )
    return FINE


COMMANDS = {
    "plan": run_plan,
    "match": run_match,
    "check": run_check,
    "recommend": run_recommend,
    "explain": run_explain,
    "problem": run_problem,
    "partners": run_partners,
    "network": run_network,
    "analyse": run_analyse,
    "gaps": run_gaps,
    "whatif": run_what_if,
    "simulate": run_simulate,
    "serve": run_serve,
    "desk": run_desk,
    "demo": run_demo,
    "migrate": run_migrate,
    "backup": run_backup,
    "restore": run_restore,
    "audit": run_audit,
    "keys": run_keys,
    "rules": run_rules,
    "user": run_user,
    "region": run_region,
    "erase": run_erase,
    "retention": run_retention,
    "access-request": run_access_request,
}


def progress_line(words: Words) -> Callable[[RunProgress], str]:
    """Return what makes one line of where a run stands."""

    def line(progress: RunProgress) -> str:
        return words(
            "cli.progress",
            seconds=round(progress.seconds),
            cost=round(progress.cost),
            bound=round(progress.lower_bound),
            gap=percent_text(progress.gap, words.lang, 2),
        )

    return line


def match_text(report: MatchReport, words: Words) -> str:
    """Set the waits of a plan beside first come, first served, and say its proof."""
    result, lang = report.result, words.lang
    rows = [
        ["", words("cli.first-come"), words("cli.planned")],
        [words("cli.needs"), str(report.first_come.needs), str(report.planned.needs)],
        [words("cli.served"), str(report.first_come.served), str(report.planned.served)],
        *(
            [
                words(f"cli.{name}"),
                _days(getattr(report.first_come, field), words),
                _days(getattr(report.planned, field), words),
            ]
            for name, field in (("median", "median_days"), ("mean", "mean_days"), ("p90", "p90_days"))
        ),
        [words("cli.six-weeks"), _share(report.first_come, lang), _share(report.planned, lang)],
        [words("cli.cost"), number_text(report.first_come_cost, lang), number_text(result.cost, lang)],
    ]
    bound = words(
        "cli.bound",
        bound=round(result.lower_bound),
        gap=percent_text(result.gap, lang, 2),
        seconds=float(result.seconds),
    )
    return f"{table(rows, right=(1, 2))}\n{bound}\n{_prices_text(report, words)}"


def _prices_text(report: MatchReport, words: Words) -> str:
    """Say how many seats have a price, and how many of the prices are measured."""
    result = report.result
    said = {name: result.savings.get(name, price) for name, price in result.seat_prices.items()}
    priced = [name for name, price in said.items() if price > 0]
    measured = sum(name in result.savings for name in priced)
    if measured == len(priced):
        return words("cli.prices-measured", priced=len(priced))
    return words("cli.prices-estimated", priced=len(priced), estimated=len(priced) - measured)


def _days(days: float | None, words: Words) -> str:
    return "–" if days is None else words.count("days", round(days))


def _share(figures: WaitingFigures, lang: str) -> str:
    return "–" if figures.within_six_weeks is None else percent_text(figures.within_six_weeks, lang)


def _check_json(report: CheckReport) -> str:
    found = report.check
    return json.dumps(
        {
            "feasible": found.feasible,
            "cost": None if math.isnan(found.cost) else found.cost,
            "served": report.figures.served,
            "unserved": len(found.unserved),
            "violations": {rule: list(where) for rule, where in found.violations.items()},
            "result_faults": [{"code": code, **values} for code, values in report.result_faults],
        },
        ensure_ascii=False,
        indent=1,
    )


def _check_text(report: CheckReport, words: Words) -> str:
    found, lines = report.check, []
    if found.feasible:
        cost = number_text(found.cost, words.lang, 2)
        lines.append(
            words("cli.feasible", cost=cost, served=report.figures.served, unserved=len(found.unserved))
        )
    for rule, where in found.violations.items():
        shown = ", ".join(where[:SHOWN_VIOLATIONS]) + (" …" if len(where) > SHOWN_VIOLATIONS else "")
        name = words.label("violation", rule.replace(" ", "-")) if words.lang == "de" else rule
        lines.append(words("cli.violation", rule=name, n=len(where), where=shown))
    for code, values in report.result_faults:
        lines.append(words(f"cli.result.{code}", **values))
    return "\n".join(lines)
