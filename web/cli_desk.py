"""The command that serves the desk (Schreibtisch) of an office."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from web.cli_store import FINE, add_database
from workflows.wording import Words


def add_desk(command: Callable[[str], Any], words: Words, number: Callable[..., Any]) -> None:
    """Add the command to the command line; `number` makes readers of numbers in a range."""
    parser = command("desk")
    add_database(parser, words)
    add = parser.options.add_argument
    add("--host", metavar="HOST", default="127.0.0.1", help=words("cli.desk.host"))
    add(
        "--port",
        metavar="PORT",
        type=number(words, True, 1, 65535, False),
        default=8000,
        help=words("cli.help.port"),
    )
    add("--name", metavar="NAME", help=words("cli.desk.name"))
    add(
        "--workers",
        metavar="N",
        type=number(words, True, 1, 64, False),
        default=2,
        help=words("cli.desk.workers"),
    )


def run_desk(asked: argparse.Namespace, words: Words) -> int:
    """Serve the desk until it is stopped; whoever is outside of this machine needs a name and TLS."""
    from web.desk.server import LOOPBACK_NAMES, DeskServer, Served
    from web.server import open_socket
    from workflows.demo.filling import refuse_demo_store
    from workflows.desk_store import check_desk_store
    from workflows.faults import CommandFault

    if asked.host not in LOOPBACK_NAMES and not asked.name:
        raise CommandFault("desk-needs-name", {"host": asked.host})
    if asked.name or asked.host not in LOOPBACK_NAMES:
        refuse_demo_store(asked.database)
    served = Served(asked.database, None, asked.host, asked.port, asked.name, asked.workers)
    check_desk_store(asked.database)  # says what is wrong with the store at once, before any worker
    if asked.host in LOOPBACK_NAMES:
        open_socket(asked.host, asked.port).close()
    print(words("cli.serving", address=f"http://{asked.host}:{asked.port}/"), flush=True)
    DeskServer(served).run()
    return FINE
