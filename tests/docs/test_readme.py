"""README.md: every sentence that a machine can check holds."""

import re
import shlex

import pytest

from network.partner_files import region_names, regions_folder
from tests.docs.documents import PROJECT, ROOMS, anchors_in, links_in, text_of
from web.app import create_app
from web.cli_parser import build_parser
from web.language import words_for

README = text_of("README.md")
COMMANDS = re.findall(r"`foerderkette ([^`\n]+)`", README)
LARGEST_PICTURE_BYTES = 300_000
DOCUMENTS = (
    "README.md",
    "CHANGELOG.md",
    "docs/model.md",
    "docs/glossary.md",
    "docs/operations.md",
    "data/partners/README.md",
)


def the_parser():
    return build_parser(words_for("en"), "0")


def subcommands():
    return set(next(action.choices for action in the_parser()._actions if action.dest == "command"))


def test_every_make_target_that_is_named_exists():
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.M))
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.M))
    assert {"demo", "test", "setup"} <= named <= targets


@pytest.mark.parametrize("command", [c for c in COMMANDS if " " in c])
def test_every_command_can_be_typed_as_it_stands(command):
    the_parser().parse_args(shlex.split(command))


def test_every_command_that_exists_is_named_and_no_other():
    assert {shlex.split(command)[0] for command in COMMANDS} == subcommands()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_linked_file_and_heading_exists(document):
    folder = (PROJECT / document).parent
    for link in links_in(document):
        if link.startswith(("https://", "http://")):
            continue
        path, _, anchor = link.partition("#")
        target = (folder / path).resolve() if path else PROJECT / document
        assert target.exists(), f"{document}: {link}"
        if anchor:
            assert anchor in anchors_in(target.relative_to(PROJECT)), f"{document}: {link}"


def test_every_room_stands_in_the_map():
    rows = set(re.findall(r"^\| (?:`|\[)([\w/]+)/(?:`|\])", README, re.M))
    assert {*ROOMS, "tests", "docs", "data/partners"} <= rows
    assert [row for row in rows if not (PROJECT / row).is_dir()] == []


def test_every_page_that_is_named_exists():
    pages = {str(rule) for rule in create_app(None).url_map.iter_rules()}
    named = set(re.findall(r"`(/[a-z]+)`", README))
    assert {"/network", "/people", "/gaps"} <= named <= pages


def test_every_region_is_named_and_its_folder_exists():
    assert {name for name in region_names() if f"`{name}`" in README} == set(region_names())
    for folder in re.findall(r"data/partners/([a-z]+)", README):
        assert (regions_folder() / folder).is_dir()


def test_the_picture_is_a_png_that_loads_quickly_and_is_described():
    description, picture = re.search(r"!\[([^\]]+)\]\(([^)]+)\)", README).groups()
    data = (PROJECT / picture).read_bytes()
    assert data.startswith(b"\x89PNG\r\n") and len(data) < LARGEST_PICTURE_BYTES
    assert len(description) > 40


def test_licence_and_python_version_are_those_of_the_package():
    project = text_of("pyproject.toml")
    assert 'license = "EUPL-1.2"' in project and "[EUPL-1.2](LICENSE)" in README
    assert 'requires-python = ">=3.11"' in project and "Python 3.11 or newer" in README
    assert text_of("LICENSE").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
