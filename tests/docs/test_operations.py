"""docs/operations.md: every command is run as it stands there, in its order, on both databases."""

import io
import re
import shlex

import pytest

from plans.rules import NEEDED_RULES, standard_rules
from store.opening import open_store
from tests.databases import *  # noqa: F403
from tests.docs.documents import PROJECT, anchors_in, links_in, text_of
from tests.workflows.access.conftest import cheap_hashes  # noqa: F401
from web import cli
from web.cli_parser import build_parser
from web.language import words_for

OPERATIONS = "docs/operations.md"
TEXT = text_of(OPERATIONS)
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", TEXT, re.S | re.M)
COMMANDS = [line for block in BLOCKS for line in block.splitlines()]
FOLDER = "/srv/foerderkette"
RULES = re.search(r"^```toml\n(.*?)^```$", TEXT, re.S | re.M)[1]


class Office:
    """A machine on which the commands of the document are typed, with its own folder and databases."""

    def __init__(self, tmp_path, monkeypatch, capsys, make_url, dialect):
        self.folder, self.monkeypatch, self.capsys = tmp_path, monkeypatch, capsys
        self.anchor = ""
        self.addresses = {
            f"sqlite:///{FOLDER}/{name}.db": make_url(dialect, migrated=False) for name in ("office", "drill")
        }
        (tmp_path / "backups").mkdir()
        (tmp_path / "office.toml").write_text(RULES, "utf-8")
        monkeypatch.delenv("FOERDERKETTE_KEY", raising=False)
        monkeypatch.setattr("store.engine.platformdirs.user_data_path", lambda *_, **__: tmp_path / "data")

    def type(self, line):
        """Type one line; ends with the code of its command."""
        for said, meant in (*self.addresses.items(), (FOLDER, str(self.folder)), ("$ANCHOR", self.anchor)):
            line = line.replace(said, meant)
        if line.startswith("export "):
            name, _, value = line.removeprefix("export ").partition("=")
            self.monkeypatch.setenv(name, value)
            return 0
        typed, _, command = line.rpartition(" | ")
        words = shlex.split(command)
        assert words[0] == "foerderkette" and (not typed or shlex.split(typed)[0] == "echo"), line
        self.monkeypatch.setattr("sys.stdin", io.StringIO(" ".join(shlex.split(typed)[1:]) + "\n"))
        code = cli.main(words[1:])
        said = self.capsys.readouterr()
        anchors = re.findall(r"\b\d+:[0-9a-f]{64}\b", said.out)
        if anchors and "--database" not in words:
            self.anchor = anchors[-1]
        assert code == 0, f"{line}: {said.err}"
        return said.out


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_every_command_works_in_the_order_of_the_document(tmp_path, monkeypatch, capsys, make_url, dialect):
    office = Office(tmp_path, monkeypatch, capsys, make_url, dialect)
    for line in COMMANDS:
        office.type(line)
    said = office.type("foerderkette rules list --on 2027-01-01")
    assert re.search(r"retention-case-days +365", said)
    store = open_store()
    assert len(store.keys.keys) == 1
    store.engine.dispose()


def test_a_command_that_no_longer_works_would_be_found(tmp_path, monkeypatch, capsys, make_url):
    """Control: one that is refused fails the test."""
    office = Office(tmp_path, monkeypatch, capsys, make_url, "sqlite")
    office.type(COMMANDS[0])
    with pytest.raises(AssertionError, match="migrate"):
        office.type("foerderkette user list")


def test_enough_commands_are_run_and_every_command_of_an_office_is_among_them():
    typed = [line.rpartition(" | ")[2] for line in COMMANDS if not line.startswith("export ")]
    run = {shlex.split(line)[1] for line in typed}
    assert {"migrate", "backup", "restore", "user", "audit", "keys", "rules", "region", "retention"} <= run
    assert len(COMMANDS) > 25


def test_commands_within_sentences_can_be_typed_as_well():
    parser = build_parser(words_for("en"), "0")
    named = set(re.findall("`foerderkette ([^`\n]+)`", TEXT))
    assert "keys new" in named
    for line in named - {"user reset-factor", "user add"}:
        parser.parse_args(shlex.split(line))


def test_every_rule_that_is_named_is_one_of_the_project():
    named = set(re.findall("`((?:retention|sign-in)-[a-z-]+)`", TEXT))
    assert named and named <= set(standard_rules().known())
    assert {key for key in NEEDED_RULES if key.startswith("retention-")} <= named


def test_every_link_leads_somewhere():
    for link in links_in(OPERATIONS):
        path, _, anchor = link.partition("#")
        assert not path or (PROJECT / "docs" / path).exists()
        assert not anchor or anchor in anchors_in(OPERATIONS), link
