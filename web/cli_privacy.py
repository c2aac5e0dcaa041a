"""The commands of data protection (Datenschutz): erase a person, apply retention, answer a request."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from web.cli_store import FAULTY, FINE, add_database, day_reader
from workflows.wording import Words

if TYPE_CHECKING:
    from workflows.privacy.retention import Due

GROUNDS = ("request", "mistake")


def add_privacy(command: Callable[[str], Any], words: Words) -> None:
    """Add the commands to the command line."""
    erase, retention, answer = (command(name) for name in ("erase", "retention", "access-request"))
    for parser in (erase, answer):
        parser.arguments.add_argument(
            "person", metavar="PERSON", nargs="?", help=words("cli.privacy.help.person")
        )
        parser.options.add_argument("--name", metavar="NAME", help=words("cli.privacy.help.name"))
        parser.options.add_argument(
            "--born", metavar="DAY", type=day_reader(words), help=words("cli.privacy.help.born")
        )
    erase.options.add_argument(
        "--ground", choices=GROUNDS, default=GROUNDS[0], help=words("cli.privacy.help.ground")
    )
    answer.options.add_argument(
        "--out", metavar="FILE", type=Path, required=True, help=words("cli.privacy.help.out")
    )
    for parser in (erase, retention):
        parser.options.add_argument("--yes", action="store_true", help=words("cli.privacy.help.yes"))
    retention.options.add_argument("--json", action="store_true", help=words("cli.help.json"))
    for parser in (erase, retention, answer):
        add_database(parser, words)


def run_erase(asked: argparse.Namespace, words: Words) -> int:
    """Erase a person, or say what would be erased."""
    from workflows import operations
    from workflows.privacy import erasing
    from workflows.privacy.retention import wipe_traces

    with operations.command_desk(asked.database, "erase a person") as desk:
        found = erasing.preview_erasure(desk, _person(desk, asked))
        person_id, facts = found["person_id"], _facts(found)
        if not asked.yes:
            print(words("cli.privacy.would-go", person=person_id, tables=tuple(found["rows"]), **facts))
            if found["closed_on"] is None:
                print(words("cli.privacy.still-open", **facts))
            return FINE
        done = erasing.erase_person(desk, person_id, found["version"], erasing.Ground(asked.ground))
        names = erasing.names_of_recipients(desk, done["recipients"])
        is_wiped = wipe_traces(desk)
    print(words("cli.privacy.erased", person=person_id, **_facts(done)))
    if names:
        print(words("cli.privacy.tell", recipients=names))
    print(words("cli.privacy.wiped" if is_wiped else "cli.privacy.not-wiped"))
    return FINE


def run_retention(asked: argparse.Namespace, words: Words) -> int:
    """List what is due by the rules of today, or let it go; 1 where something could not go now."""
    from workflows import operations
    from workflows.privacy import retention

    with operations.command_desk(asked.database, "retention") as desk:
        if not asked.yes:
            _show_due(retention.list_due(desk), asked, words)
            return FINE
        done = retention.apply_retention(desk)
        is_wiped = retention.wipe_traces(desk)
    if asked.json:
        print(json.dumps({"gone": done.gone, "failed": done.failed, "wiped": is_wiped}, ensure_ascii=False))
    else:
        names = {"case": "cases", "draft": "drafts", "seat-record": "seats", "request-key": "keys"}
        counts = {names.get(kind, "entries"): count for kind, count in done.gone.items()}
        print(words("cli.privacy.applied", **counts))
        print(words("cli.privacy.wiped" if is_wiped else "cli.privacy.not-wiped"))
        if done.failed:
            print(words("cli.privacy.not-done", faults=done.failed))
    return FAULTY if done.failed or not is_wiped else FINE


def run_access_request(asked: argparse.Namespace, words: Words) -> int:
    """Write the answer to a request for access, to be read by people or by machines."""
    from web.access_answer import answer_page
    from workflows import operations
    from workflows.faults import CommandFault
    from workflows.privacy.answering import answer_access_request
    from workflows.whole_files import write_whole

    ending = asked.out.suffix.lower()
    if ending not in (".html", ".json"):
        raise CommandFault("answer-ending", {"file": str(asked.out)})
    if asked.out.exists():
        raise CommandFault("file-exists", {"file": str(asked.out)})
    with operations.command_desk(asked.database, "answer a request for access") as desk:
        answer = answer_access_request(desk, _person(desk, asked))
    text = (
        answer_page(answer, words.lang)
        if ending == ".html"
        else json.dumps(answer, ensure_ascii=False, indent=1)
    )
    write_whole(asked.out, text, 0o600)
    print(words("cli.privacy.answered", file=str(asked.out)))
    return FINE


def _person(desk: Any, asked: argparse.Namespace) -> str:
    """Id of the person who is meant, given or found by exact name and day of birth."""
    from workflows.cases.search import search_people
    from workflows.faults import CommandFault

    if asked.person is not None and asked.name is None and asked.born is None:
        return str(asked.person)
    if asked.person is not None or asked.name is None or asked.born is None:
        raise CommandFault("person-or-name")
    found = [row["person_id"] for row in search_people(desk, asked.name, asked.born)]
    if not found:
        raise CommandFault("nobody-found")
    if len(found) > 1:
        raise CommandFault("several-found", {"n": len(found), "ids": tuple(found)})
    return str(found[0])


def _facts(found: dict[str, Any]) -> dict[str, int]:
    return {"rows": sum(found["rows"].values()), "kept": found["kept"], "freed": found["freed"]}


def _show_due(due: Iterable[Due], asked: argparse.Namespace, words: Words) -> None:
    from web.terminal import table

    if asked.json:
        print(json.dumps([one.said() for one in due], ensure_ascii=False, indent=1))
        return
    rows = [
        [
            words(f"cli.privacy.kind.{one.kind}"),
            one.region_id or words("cli.privacy.installation"),
            str(one.count),
            words.count("days", one.rule.days),
            one.rule.source,
        ]
        for one in due
        if one.count
    ]
    print(words("cli.privacy.due" if rows else "cli.privacy.nothing-due"))
    if rows:
        print(table(rows, right=(2,)))
