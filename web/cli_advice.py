"""The commands about one need (Auskunft): ``recommend`` and ``explain``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workflows.wording import Words

TOP = 5


def add_advice(command: Callable[[str], Any], words: Words, number: Callable[..., Any]) -> None:
    """Add both commands to the command line; `number` makes readers of numbers in a range."""
    for name in ("recommend", "explain"):
        parser = command(name)
        parser.arguments.add_argument("problem", metavar="PROBLEM", type=Path, help=words("cli.help.problem"))
        add = parser.options.add_argument
        add("--plan", metavar="DIR", type=Path, required=True, help=words("cli.help.plan-folder"))
        add("--need", metavar="ID", required=True, help=words("cli.help.need"))
        if name == "recommend":
            kind = number(words, True, 1, 1_000_000, False)
            add("--top", metavar="N", type=kind, default=TOP, help=words("cli.help.top", n=TOP))
        add("--json", action="store_true", help=words("cli.help.json"))


def run_recommend(asked: argparse.Namespace, words: Words) -> int:
    """Show the best slots for one need, and what excludes the others."""
    from web.terminal import table
    from workflows import advice, advice_report

    planned = advice.read_planned(asked.problem, asked.plan)
    found = advice.recommendation(planned, asked.need, asked.top)
    if asked.json:
        _print_json(advice_report.recommendation_data(planned, found))
        return 0
    above, below = advice_report.offer_lines(planned, found, words.lang)
    print(above)
    rows = advice_report.offer_rows(planned, found, words.lang)
    if rows:
        print(table(rows, right=(2, 3, 4, 5, 6, 7)))
    print("\n".join(below))
    return 0


def run_explain(asked: argparse.Namespace, words: Words) -> int:
    """Say why one need has its slot, or why it has none."""
    from workflows import advice, advice_report

    planned = advice.read_planned(asked.problem, asked.plan)
    found = advice.explanation(planned, asked.need)
    if asked.json:
        _print_json(advice_report.explanation_data(planned, found))
    else:
        print("\n".join(advice_report.explanation_lines(planned, found, words.lang)))
    return 0


def _print_json(data: dict[str, Any]) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=1))
