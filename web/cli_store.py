"""The commands for whoever runs the product (Betrieb): migrate, back up, restore, audit, keys, rules."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from workflows.wording import Words

FINE, FAULTY = 0, 1
SHOWN_ENTRIES = 20


def add_store(command: Callable[[str], Any], words: Words, number: Callable[..., Any]) -> None:
    """Add the commands to the command line; `number` makes readers of numbers in a range."""
    migrate = command("migrate")
    migrate.options.add_argument("--to", metavar="VERSION", help=words("cli.store.help.to"))
    migrate.options.add_argument("--down", action="store_true", help=words("cli.store.help.down"))
    backup = command("backup")
    backup.options.add_argument(
        "--out", metavar="FILE", type=Path, required=True, help=words("cli.store.help.backup")
    )
    restore = command("restore")
    restore.arguments.add_argument("file", metavar="FILE", type=Path, help=words("cli.store.help.restore"))
    restore.options.add_argument("--replace", action="store_true", help=words("cli.store.help.replace"))
    for parser in (migrate, backup, restore):
        add_database(parser, words)
    _add_audit(command("audit"), words, number)
    _add_keys(command("keys"), words)
    _add_rules(command("rules"), words)


def add_database(parser: Any, words: Words) -> None:
    """Add the option that names the database."""
    parser.options.add_argument("--database", metavar="URL", help=words("cli.store.help.database"))


def add_actions(parser: Any, words: Words, group: str, *names: str) -> dict[str, Any]:
    """Give a command its own commands, such as ``user add``; each takes ``--database``."""
    choices = parser.add_subparsers(
        title=words("cli.commands"), dest="action", metavar="ACTION", required=True
    )
    made = {}
    for name in names:
        about = words(f"cli.store.{group}.{name}")
        made[name] = choices.add_parser(name, words=words, help=about, description=about)
        add_database(made[name], words)
    return made


def day_reader(words: Words) -> Callable[[str], date]:
    """Return a reader of days, written 2026-11-30."""

    def read(text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(words("cli.store.bad-day", text=text[:40])) from error

    return read


def _add_audit(parser: Any, words: Words, number: Callable[..., Any]) -> None:
    made = add_actions(parser, words, "audit", "verify", "list")
    made["verify"].options.add_argument("--anchor", metavar="ANCHOR", help=words("cli.store.help.anchor"))
    add = made["list"].options.add_argument
    kind = number(words, True, 1, 1000, False)
    add(
        "--last",
        metavar="N",
        type=kind,
        default=SHOWN_ENTRIES,
        help=words("cli.store.help.last", n=SHOWN_ENTRIES),
    )
    add("--about", metavar=("TYPE", "ID"), nargs=2, help=words("cli.store.help.about"))
    add("--account", metavar="NAME", help=words("cli.store.help.account"))
    add("--json", action="store_true", help=words("cli.help.json"))


def _add_keys(parser: Any, words: Words) -> None:
    made = add_actions(parser, words, "keys", "rotate", "new")
    made["rotate"].options.add_argument(
        "--forget-old", action="store_true", help=words("cli.store.help.forget")
    )


def _add_rules(parser: Any, words: Words) -> None:
    made = add_actions(parser, words, "rules", "load", "list")
    made["load"].arguments.add_argument("file", metavar="FILE", type=Path, help=words("cli.store.help.rules"))
    made["load"].options.add_argument(
        "--source", metavar="TEXT", required=True, help=words("cli.store.help.source")
    )
    kind = day_reader(words)
    for name, option in (("load", "--from"), ("list", "--on")):
        add = made[name].options.add_argument
        add(option, dest="day", metavar="DAY", type=kind, help=words(f"cli.store.help.{option[2:]}"))
        add("--region", metavar="REGION", help=words("cli.store.help.rules-region"))


def run_migrate(asked: argparse.Namespace, words: Words) -> int:
    """Bring a database to a version."""
    from workflows import operations

    done = operations.migrate(asked.database, asked.to, may_go_down=asked.down)
    key = "cli.store.migrated" if done.before != done.now else "cli.store.migrated-already"
    print(words(key, database=done.database, before=done.before, now=done.now))
    return FINE


def run_backup(asked: argparse.Namespace, words: Words) -> int:
    """Write a backup."""
    from workflows import operations

    with operations.command_desk(asked.database) as desk:
        made = operations.back_up(desk, asked.out)
    print(words("cli.store.backed-up", file=str(made.file), rows=made.rows, anchor=made.anchor))
    return FINE


def run_restore(asked: argparse.Namespace, words: Words) -> int:
    """Put a backup into a database."""
    from workflows import operations

    found = operations.restore(asked.database, asked.file, replace=asked.replace)
    print(words("cli.store.restored", file=str(found.file), rows=found.rows, made_at=found.made_at))
    return FINE


def run_audit(asked: argparse.Namespace, words: Words) -> int:
    """Verify the audit (0 = whole, 1 = not), or list its newest entries."""
    return (_verify if asked.action == "verify" else _list_audit)(asked, words)


def run_keys(asked: argparse.Namespace, words: Words) -> int:
    """Encrypt everything anew under a new key, or only make one."""
    from workflows import operations

    if asked.action == "new":
        print(operations.new_key())
        return FINE
    done = operations.rotate_keys(asked.database, forget_old=asked.forget_old)
    print(words("cli.store.rotated", rows=done.rows, newest=done.key_ids[0], kept=len(done.key_ids) - 1))
    return FINE


def run_rules(asked: argparse.Namespace, words: Words) -> int:
    """Let a file of dated rules hold from a day on, or list what holds on a day."""
    from web.terminal import table
    from workflows import operations
    from workflows.access import rule_sets

    with operations.command_desk(asked.database, "rules") as desk:
        day = asked.day or operations.today(desk)
        if asked.action == "load":
            content = asked.file.read_text("utf-8")
            done = rule_sets.load_rule_file(desk, content, asked.file.name, asked.region, day, asked.source)
            print(words("cli.store.rules-loaded", n=len(done["keys"]), keys=tuple(done["keys"]), day=day))
            return FINE
        rows = rule_sets.rules_on(desk, asked.region, day)
    label = f"label_{words.lang}"
    shown = [
        [row["key"], f"{row['value']:g}", row["unit"], words(f"cli.store.set-by.{row['set_by']}"), row[label]]
        for row in rows
    ]
    print(table(shown, right=(1,)))
    return FINE


def _verify(asked: argparse.Namespace, words: Words) -> int:
    from workflows import operations
    from workflows.audit import verify_audit

    with operations.command_desk(asked.database) as desk:
        found = verify_audit(desk, asked.anchor)
    if found["is_whole"]:
        print(words("cli.store.audit-whole", entries=found["entries"], anchor=found["anchor"]))
        return FINE
    for flaw in found["flaws"]:
        said = words(f"cli.store.flaw.{flaw['flaw']}")
        print(words("cli.store.audit-flaw", sequence=flaw["sequence"], flaw=said))
    return FAULTY


def _list_audit(asked: argparse.Namespace, words: Words) -> int:
    from web.terminal import table
    from workflows import operations
    from workflows.access.accounts import account_named
    from workflows.audit import read_audit

    with operations.command_desk(asked.database) as desk:
        account_id = account_named(desk, asked.account)["account_id"] if asked.account else None
        about = tuple(asked.about) if asked.about else None
        rows = read_audit(desk, limit=asked.last, about=about, account_id=account_id)
    if asked.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif not rows:
        print(words("cli.store.audit-empty"))
    else:
        print(table([_entry_cells(row) for row in rows], right=(0,)))
    return FINE


def _entry_cells(row: dict[str, Any]) -> list[str]:
    about = f"{row['object_type']} {row['object_id']}"
    return [
        str(row["sequence"]),
        row["at"],
        row["actor_label"],
        row["action"],
        about,
        row["region_id"] or "–",
    ]
