"""The command ``demo`` (Vorführung): the main job in figures, and a desk over a fictional year."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from web.terminal import progress_shown, table
from workflows.wording import Words

FINE = 0
HOUSEHOLDS = 150
MOST_HOUSEHOLDS = 5_000
LOOPBACK = "127.0.0.1"
WORKERS = 2
EVERY_SECONDS = 10.0
"""Where nobody looks at a terminal, a line says so often how far the year has come."""


def add_demo(parser: Any, words: Words, number: Callable[..., Any]) -> None:
    """Add the options of the command; `number` makes readers of numbers in a range."""
    add = parser.options.add_argument
    add("--once", action="store_true", help=words("cli.help.once"))
    add("--database", metavar="URL", help=words("cli.demo.help.database"))
    add(
        "--households",
        metavar="N",
        type=number(words, True, 1, MOST_HOUSEHOLDS, False),
        default=HOUSEHOLDS,
        help=words("cli.demo.help.households", n=HOUSEHOLDS),
    )
    add(
        "--seed",
        metavar="N",
        type=number(words, True, 0, 2**31 - 1, False),
        default=1,
        help=words("cli.help.seed"),
    )
    add(
        "--port",
        metavar="PORT",
        type=number(words, True, 1, 65535, False),
        default=8000,
        help=words("cli.demo.help.port"),
    )


def run_demo(asked: argparse.Namespace, words: Words) -> int:
    """Fill a store that is named; otherwise show the main job and, unless ``--once``, serve a desk."""
    if asked.database is not None:
        _fill(asked.database, asked, words)
        print(words("cli.demo.serve-it", database=asked.database))
        return FINE
    if not asked.once:
        from web.server import open_socket

        open_socket(LOOPBACK, asked.port).close()  # says at once where somebody else is there
    _show_main_job(words)
    if not asked.once:
        with tempfile.TemporaryDirectory(prefix="foerderkette-") as folder:
            _serve(f"sqlite:///{Path(folder) / 'demo.db'}", asked, words)
    return FINE


def _show_main_job(words: Words) -> None:
    from workflows.demo import main_job

    def line(progress: Any) -> str:
        return main_job.progress_line(progress, words.lang)

    with progress_shown(line, words("cli.reading")) as told:
        main_job.run(words.lang, print, progress=told)


def _serve(database: str, asked: argparse.Namespace, words: Words) -> None:
    from web.desk.server import DeskServer, Served

    print()
    _fill(database, asked, words)
    print(words("cli.demo.temporary"))
    print(words("cli.serving", address=f"http://{LOOPBACK}:{asked.port}/"), flush=True)
    DeskServer(Served(database, None, LOOPBACK, asked.port, None, WORKERS)).run()


def _fill(database: str, asked: argparse.Namespace, words: Words) -> None:
    from workflows.demo.filling import fill_database

    def line(days: tuple[int, int]) -> str:
        return words("cli.demo.day", done=days[0], days=days[1])

    with progress_shown(line, words("cli.demo.filling"), EVERY_SECONDS) as told:
        filled = fill_database(
            database, asked.households, asked.seed, progress=lambda done, days: told((done, days))
        )
    counts = {"households": filled.households, "people": filled.people, "referrals": filled.referrals}
    print(words("cli.demo.filled", **counts))
    print(words("cli.demo.accounts"))
    heading = [words(f"cli.demo.{name}") for name in ("role", "name", "password")]
    print(table([heading, *([one.display_name, one.login_name, one.password] for one in filled.accounts)]))
    print(words("cli.demo.no-factor"))
