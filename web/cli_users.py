"""The commands ``user`` and ``region`` (Konten, Regionen): the first administrator is made here."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable
from typing import Any

from plans.roles import Role
from web.cli_store import add_actions
from workflows.wording import LANGUAGES, Words

FINE = 0
ON_AN_ACCOUNT = ("deactivate", "reactivate", "reset-factor", "reset-password")


def add_users(command: Callable[[str], Any], words: Words) -> None:
    """Add the command to the command line."""
    made = add_actions(command("user"), words, "user", "add", "list", "grant", "revoke", *ON_AN_ACCOUNT)
    for name in ("add", "grant", "revoke", *ON_AN_ACCOUNT):
        made[name].arguments.add_argument("name", metavar="NAME", help=words("cli.store.help.name"))
    roles = tuple(role.value for role in Role)
    for name in ("add", "grant", "revoke"):
        add = made[name].options.add_argument
        add(
            "--role",
            choices=roles,
            required=True,
            help=words("cli.store.help.role"),
        )
        add("--region", metavar="REGION", help=words("cli.store.help.region"))
        add("--organisation", metavar="KEY", help=words("cli.store.help.organisation"))
    add = made["add"].options.add_argument
    add("--display-name", metavar="TEXT", required=True, help=words("cli.store.help.display-name"))
    add("--language", choices=LANGUAGES, default="de", help=words("cli.store.help.language"))
    add("--temporary", action="store_true", help=words("cli.store.help.temporary"))
    made["list"].options.add_argument("--json", action="store_true", help=words("cli.help.json"))


def add_regions(command: Callable[[str], Any], words: Words) -> None:
    """Add the command that makes tenants."""
    made = add_actions(command("region"), words, "region", "add", "list")["add"]
    made.arguments.add_argument("id", metavar="REGION", help=words("cli.store.help.new-region"))
    for lang in LANGUAGES:
        made.options.add_argument(
            f"--name-{lang}", metavar="TEXT", required=True, help=words(f"cli.store.help.name-{lang}")
        )
    made.options.add_argument("--fictional", action="store_true", help=words("cli.store.help.fictional"))


def run_region(asked: argparse.Namespace, words: Words) -> int:
    """Make a region, or list those that are there."""
    from web.terminal import table
    from workflows import operations
    from workflows.access import regions

    with operations.command_desk(asked.database, f"region {asked.action}") as desk:
        if asked.action == "add":
            regions.create_region(desk, asked.id, asked.name_de, asked.name_en, fictional=asked.fictional)
            print(words("cli.store.region-added", region=asked.id))
            return FINE
        rows = regions.list_regions(desk)
    if rows:
        print(table([[row["region_id"], row[f"name_{words.lang}"]] for row in rows]))
    else:
        print(words("cli.store.no-regions"))
    return FINE


def run_user(asked: argparse.Namespace, words: Words) -> int:
    """Lead the accounts of an installation, as whoever may use the machine."""
    from workflows import operations

    with operations.command_desk(asked.database, f"user {asked.action}") as desk:
        return _ACTIONS[asked.action](desk, asked, words)


def read_password(words: Words) -> str:
    """Ask for a new password twice on a terminal; otherwise read one line of the standard input.

    Raises
    ------
    CommandFault
        Where the two differ, or there is none.
    """
    from workflows.faults import CommandFault

    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        if not line.strip("\r\n"):
            raise CommandFault("no-password")
        return line.rstrip("\r\n")
    password = getpass.getpass(words("cli.store.ask-password"))
    if getpass.getpass(words("cli.store.ask-again")) != password:
        raise CommandFault("passwords-differ")
    return password


def _add(desk: Any, asked: argparse.Namespace, words: Words) -> int:
    from workflows.access.accounts import NewAccount, account_named, create_account, reset_password

    password = None if asked.temporary else read_password(words)
    organisation = _organisation(desk, asked)
    new = NewAccount(
        asked.name, asked.display_name, Role(asked.role), asked.region, organisation, asked.language
    )
    create_account(desk, new, password)
    print(words("cli.store.user-added", name=asked.name, role=asked.role))
    if asked.temporary:
        row = account_named(desk, asked.name)
        _show_temporary(reset_password(desk, row["account_id"], row["version"]), asked.name, words)
    return FINE


def _list(desk: Any, asked: argparse.Namespace, words: Words) -> int:
    from web.terminal import table
    from workflows.access.accounts import list_accounts

    rows = list_accounts(desk)
    if asked.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif rows:
        print(table([_cells(row, words) for row in rows]))
    else:
        print(words("cli.store.no-users"))
    return FINE


def _grant(desk: Any, asked: argparse.Namespace, words: Words) -> int:
    from workflows.access.accounts import account_named
    from workflows.access.roles import grant_role

    row = account_named(desk, asked.name)
    grant_role(desk, row["account_id"], Role(asked.role), asked.region, _organisation(desk, asked))
    print(words("cli.store.user-granted", name=asked.name, role=asked.role))
    return FINE


def _revoke(desk: Any, asked: argparse.Namespace, words: Words) -> int:
    from workflows.access.accounts import account_named
    from workflows.access.roles import revoke_role
    from workflows.refusal import Refusal

    wanted = (asked.role, asked.region, _organisation(desk, asked))
    for held in account_named(desk, asked.name)["roles"]:
        if (held["role"], held["region_id"], held["organisation_id"]) == wanted:
            revoke_role(desk, held["grant_id"], held["version"])
            print(words("cli.store.user-revoked", name=asked.name, role=asked.role))
            return FINE
    raise Refusal("no-such-role", name=asked.name)


def _change(desk: Any, asked: argparse.Namespace, words: Words) -> int:
    from workflows.access import accounts

    row = accounts.account_named(desk, asked.name)
    changes = {
        "deactivate": accounts.deactivate_account,
        "reactivate": accounts.reactivate_account,
        "reset-factor": accounts.reset_second_factor,
    }
    changes[asked.action](desk, row["account_id"], row["version"])
    print(words(f"cli.store.done.{asked.action}", name=asked.name))
    return FINE


def _reset_password(desk: Any, asked: argparse.Namespace, words: Words) -> int:
    from workflows.access.accounts import account_named, reset_password

    row = account_named(desk, asked.name)
    _show_temporary(reset_password(desk, row["account_id"], row["version"]), asked.name, words)
    return FINE


def _show_temporary(password: str, name: str, words: Words) -> None:
    print(words("cli.store.temporary", name=name, password=password))


def _organisation(desk: Any, asked: argparse.Namespace) -> str | None:
    from workflows.access.regions import organisation_of_key

    if asked.organisation is None:
        return None
    return organisation_of_key(desk, asked.region or "", asked.organisation)


def _cells(row: dict[str, Any], words: Words) -> list[str]:
    states = [
        words(f"cli.store.state.{name}")
        for name, holds in (
            ("inactive", not row["is_active"]),
            ("locked", row["is_locked"]),
            ("no-password", not row["has_password"]),
            ("second-factor", row["has_second_factor"]),
        )
        if holds
    ]
    roles = [":".join(filter(None, (one["role"], one["region_id"]))) for one in row["roles"]]
    return [row["login_name"], row["display_name"], ", ".join(roles) or "–", ", ".join(states) or "–"]


_ACTIONS = {
    "add": _add,
    "list": _list,
    "grant": _grant,
    "revoke": _revoke,
    "reset-password": _reset_password,
    **dict.fromkeys(("deactivate", "reactivate", "reset-factor"), _change),
}
