"""The command ``partners`` (Partnerdateien): check a folder, import it, undo that, write the network out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from web.cli_store import add_database
from workflows.wording import Words

FINE, FAULTY = 0, 1
SHOWN_DIFFERENCES = 20


def add_partners(parser: Any, words: Words) -> None:
    """Give the command its own commands."""
    choices = parser.add_subparsers(
        title=words("cli.commands"), dest="action", metavar="ACTION", required=True
    )
    made = {}
    for name in ("check", "import", "undo", "export"):
        about = words(f"cli.partner.what.{name}")
        made[name] = choices.add_parser(name, words=words, help=about, description=about)
    for name in ("check", "import"):
        made[name].arguments.add_argument("folder", metavar="FOLDER", help=words("cli.help.folder"))
    made["undo"].arguments.add_argument("id", metavar="IMPORT", help=words("cli.partner.help.id"))
    made["export"].arguments.add_argument("region", metavar="REGION", help=words("cli.partner.help.from"))
    add = made["import"].options.add_argument
    add("--region", metavar="REGION", required=True, help=words("cli.partner.help.into"))
    add("--dry-run", action="store_true", help=words("cli.partner.help.dry-run"))
    made["export"].options.add_argument(
        "--out", metavar="FOLDER", type=Path, required=True, help=words("cli.partner.help.out")
    )
    for name in ("import", "undo", "export"):
        add_database(made[name], words)


def run_partners(asked: argparse.Namespace, words: Words) -> int:
    """Do one of them; 0 done, 1 where something is wrong with the files."""
    if asked.action == "check":
        return _check(asked, words)
    from workflows.operations import command_desk

    with command_desk(asked.database, f"partners {asked.action}") as desk:
        return {"import": _import, "undo": _undo, "export": _export}[asked.action](asked, words, desk)


def _check(asked: argparse.Namespace, words: Words) -> int:
    from workflows.network_report import check_partners

    counts = check_partners(asked.folder)
    print(words("cli.partners", region=counts.region.name(words.lang), **counts.figures))
    return FINE


def _import(asked: argparse.Namespace, words: Words, desk: Any) -> int:
    from workflows.partners.folders import import_folder

    found = import_folder(desk, asked.folder, asked.region, dry_run=asked.dry_run)
    for one in found["problems"]:
        print(f"{one['where'][words.lang]}: {one['text'][words.lang]}", file=sys.stderr)
    if found["problems"]:
        return FAULTY
    for line in _difference_lines(found["differences"], words):
        print(line)
    print(words("cli.partner.would" if asked.dry_run else "cli.partner.imported", **found["counts"]))
    if not asked.dry_run:
        print(words("cli.partner.how-to-undo", id=found["import_id"]))
    return FINE


def _difference_lines(differences: list[dict[str, Any]], words: Words) -> list[str]:
    """Write the first differences, one a line, and how many more there are."""
    lines = []
    for one in differences[:SHOWN_DIFFERENCES]:
        change = words(f"cli.partner.change.{one['change']}")
        line = f"{change} {one['table']} {one['key']}"
        if one["change"] == "changed":
            cells = (f"{name} {old or '–'} -> {new or '–'}" for name, (old, new) in one["cells"].items())
            line += f": {'; '.join(cells)}"
        lines.append(line)
    if len(differences) > SHOWN_DIFFERENCES:
        lines.append(words("cli.partner.more", n=len(differences) - SHOWN_DIFFERENCES))
    return lines


def _undo(asked: argparse.Namespace, words: Words, desk: Any) -> int:
    from workflows.partners.folders import undo_import_of

    print(words("cli.partner.undone", **undo_import_of(desk, asked.id)["counts"]))
    return FINE


def _export(asked: argparse.Namespace, words: Words, desk: Any) -> int:
    from workflows.partners.folders import export_folder

    files = export_folder(desk, asked.region, asked.out)
    print(words("cli.partner.exported", files=len(files), folder=str(asked.out)))
    return FINE
