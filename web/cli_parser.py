"""The commands and their options (Kommandozeile), in English and German."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from web.cli_advice import add_advice
from web.cli_again import add_again
from web.cli_analysis import add_analysis, add_gaps, add_simulate, add_what_if
from web.cli_demo import add_demo
from web.cli_desk import add_desk
from web.cli_partners import add_partners
from web.cli_planning import add_plan
from web.cli_privacy import add_privacy
from web.cli_store import add_store
from web.cli_users import add_regions, add_users
from web.cores import usable_cores
from workflows.wording import LANGUAGES, Words

_COMPLAINTS = (
    ("required", re.compile(r"the following arguments are required: (?P<name>.*)", re.S)),
    ("unrecognised", re.compile(r"unrecognized arguments: (?P<name>.*)", re.S)),
    ("one-value", re.compile(r"argument (?P<name>\S+): expected one argument")),
    ("choice", re.compile(r"argument (?P<name>\S+): invalid choice: (?P<value>.*?) \(.*", re.S)),
    ("value", re.compile(r"argument (?P<name>\S+): (?P<value>.*)", re.S)),
)


class UsageFault(Exception):
    """The command line cannot be understood; the message says why, in the language asked for."""


class _Formatter(argparse.HelpFormatter):
    """Begins the usage with the word of the language."""

    def __init__(self, *details: Any, usage_word: str, **more: Any) -> None:
        super().__init__(*details, **more)
        self.usage_word = usage_word

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, self.usage_word if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """Says in one line, in the language asked for, what it does not understand."""

    def __init__(self, words: Words, **options: Any) -> None:
        formatter = partial(_Formatter, usage_word=words("cli.usage") + ": ")
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=formatter, **options)
        self.words = words
        self.arguments = self.add_argument_group(words("cli.arguments"))
        self.options = self.add_argument_group(words("cli.options"))
        self.options.add_argument("-h", "--help", action="help", help=words("cli.help.help"))
        self.options.add_argument(
            "--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=words("cli.help.lang")
        )

    def error(self, message: str) -> NoReturn:
        for code, pattern in _COMPLAINTS:
            found = pattern.fullmatch(message)
            if found:
                message = self.words(f"cli.complaint.{code}", **found.groupdict())
                break
        hint = self.words("cli.complaint.hint", command=self.prog)
        raise UsageFault(f"{' '.join(message.split())} – {hint}")


def asked_language(arguments: Iterable[str]) -> str:
    """Return the language that a command line asks for anywhere, English otherwise."""
    lang, before = "en", ""
    for argument in arguments:
        value = argument.partition("=")[2] if argument.startswith("--lang=") else argument
        if (before == "--lang" or argument.startswith("--lang=")) and value in LANGUAGES:
            lang = value
        before = argument
    return lang


def _number(words: Words, whole: bool, low: float, high: float, open_low: bool) -> Callable[[str], Any]:
    """Return a reader of numbers from `low` to `high`; `open_low` leaves `low` itself out."""

    def read(text: str) -> float:
        try:
            number = int(text) if whole else float(text)
        except ValueError:
            number = math.nan
        if not low <= number <= high or (open_low and number == low):
            key = "cli.number.whole" if whole else "cli.number.above" if open_low else "cli.number.any"
            bounds = {"low": f"{low:.10g}", "high": f"{high:.10g}"}
            raise argparse.ArgumentTypeError(words(key, text=text[:40], **bounds))
        return number

    return read


def build_parser(words: Words, version: str) -> argparse.ArgumentParser:
    """Return the parser of all commands, speaking the language of `words`."""
    parser = _Parser(words, prog="foerderkette", description=words("cli.what"))
    parser.options.add_argument(
        "--version", action="version", version=f"foerderkette {version}", help=words("cli.help.version")
    )
    commands = parser.add_subparsers(title=words("cli.commands"), dest="command", metavar="COMMAND")

    def command(name: str) -> _Parser:
        about = words(f"cli.command.{name}")
        made: _Parser = commands.add_parser(name, words=words, help=about, description=about)
        return made

    plan = command("plan")
    add_plan(plan, words)
    _add_solver(plan, words, 60.0)
    _add_match(command("match"), words)
    _add_check(command("check"), words)
    add_advice(command, words, _number)
    _add_problem(command("problem"), words)
    add_partners(command("partners"), words)
    _add_network(command("network"), words)
    add_analysis(command, words, _number)
    add_gaps(command, words, _number)
    add_what_if(command, words, _number)
    add_simulate(command, words, _number)
    _add_serve(command("serve"), words)
    add_store(command, words, _number)
    add_desk(command, words, _number)
    add_users(command, words)
    add_regions(command, words)
    add_privacy(command, words)
    add_demo(command("demo"), words, _number)
    return parser


def _add_match(parser: _Parser, words: Words) -> None:
    parser.arguments.add_argument("problem", metavar="PROBLEM", type=Path, help=words("cli.help.problem"))
    parser.options.add_argument("--out", metavar="DIR", type=Path, required=True, help=words("cli.help.out"))
    add_again(parser, words)
    _add_solver(parser, words, 60.0)
    parser.options.add_argument(
        "--measure-prices",
        metavar="S",
        type=_number(words, False, 0, 1e6, False),
        help=words("cli.help.measure-prices"),
    )


def _add_solver(parser: _Parser, words: Words, seconds: float) -> None:
    add = parser.options.add_argument
    limit, share = _number(words, False, 0, 1e6, True), _number(words, False, 0, 1, False)
    add(
        "--time-limit",
        metavar="S",
        type=limit,
        default=seconds,
        help=words("cli.help.time", s=round(seconds)),
    )
    add("--gap", metavar="G", type=share, default=0.0001, help=words("cli.help.gap"))
    add(
        "--workers",
        metavar="N",
        type=_number(words, True, 1, 1024, False),
        default=usable_cores(),
        help=words("cli.help.workers", n=usable_cores()),
    )
    add(
        "--seed",
        metavar="N",
        type=_number(words, True, 0, 2**31 - 1, False),
        default=1,
        help=words("cli.help.seed"),
    )


def _add_check(parser: _Parser, words: Words) -> None:
    parser.arguments.add_argument("problem", metavar="PROBLEM", type=Path, help=words("cli.help.problem"))
    parser.arguments.add_argument("plan", metavar="PLAN", type=Path, help=words("cli.help.plan"))
    parser.options.add_argument("--result", metavar="FILE", type=Path, help=words("cli.help.result"))
    parser.options.add_argument("--json", action="store_true", help=words("cli.help.json"))


def _add_people(parser: _Parser, words: Words, people: int) -> None:
    kind = _number(words, True, 1, 1_000_000, False)
    parser.options.add_argument(
        "--people", metavar="N", type=kind, default=people, help=words("cli.help.people", n=people)
    )


def _add_problem(parser: _Parser, words: Words) -> None:
    parser.arguments.add_argument("region", metavar="REGION", help=words("cli.help.region"))
    _add_people(parser, words, 150)
    kind = _number(words, True, 0, 2**31 - 1, False)
    parser.options.add_argument("--seed", metavar="S", type=kind, default=1, help=words("cli.help.seed"))
    parser.options.add_argument("--out", metavar="DIR", type=Path, required=True, help=words("cli.help.out"))


def _add_network(parser: _Parser, words: Words) -> None:
    parser.arguments.add_argument("region", metavar="REGION", help=words("cli.help.region"))
    parser.options.add_argument("--html", metavar="FILE", type=Path, help=words("cli.help.html"))


def _add_serve(parser: _Parser, words: Words) -> None:
    parser.arguments.add_argument(
        "region", metavar="REGION", nargs="?", default="musterkreis", help=words("cli.help.region-default")
    )
    parser.options.add_argument("--problem", metavar="DIR", type=Path, help=words("cli.help.saved"))
    _add_people(parser, words, 150)
    _add_solver(parser, words, 20.0)
    _add_address(parser, words)


def _add_address(parser: _Parser, words: Words) -> None:
    parser.options.add_argument("--host", metavar="HOST", default="127.0.0.1", help=words("cli.help.host"))
    kind = _number(words, True, 0, 65535, False)
    parser.options.add_argument(
        "--port", metavar="PORT", type=kind, default=8000, help=words("cli.help.port")
    )
