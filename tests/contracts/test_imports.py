"""The rooms are ours, they import only what they may, and no file knows this machine."""

import importlib
import importlib.metadata
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("network", "plans", "matching", "store", "workflows", "web")


@pytest.mark.parametrize("room", ROOMS)
def test_the_room_that_is_imported_is_ours_and_not_a_distribution_of_that_name(room):
    module = importlib.import_module(room)
    assert Path(module.__file__).resolve() == ROOT / room / "__init__.py"


@pytest.mark.parametrize("room", ROOMS)
def test_no_other_distribution_brings_a_package_of_that_name(room):
    owners = set(importlib.metadata.packages_distributions().get(room, []))
    assert owners <= {"foerderkette"}


def lint_imports(folder):
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [command, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200"},
    )


def test_the_contracts_between_the_rooms_hold():
    run = lint_imports(ROOT)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 broken" in run.stdout


def test_a_room_that_imports_what_it_may_not_breaks_a_contract(tmp_path):
    """Control: with one forbidden import in the engine the contracts no longer hold."""
    for room in ROOMS:
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").touch()
    (tmp_path / "matching" / "secret.py").write_text("import flask\nimport network\n")
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    run = lint_imports(tmp_path)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "The engine knows the planning problem and nothing else BROKEN" in run.stdout
    assert "Only the web imports flask BROKEN" in run.stdout


# Written with character classes so that this file does not find itself.
OF_A_MACHINE = {
    "a path of somebody's home": r"(?<![\w.~])/(?:[h]ome|[U]sers|[r]oot|[w]ork|[m]nt)/[\w.]",
    "a drive of Windows": r"\b[C-Z]:[\\]{1,2}\w",
    "the address of a package registry": r"https?[:]//[^\s\"')]*"
    r"(?:/simple\b|[p]ythonhosted|[a]rtifactory|[n]exus)",
    "the choice of a registry": r"--(?:extra-)?[i]ndex-url[ =]|--[f]ind-links[ =]|\b[i]ndex[_-]url\s*=",
    "a private key": r"-----BEGIN [A-Z ]*[P]RIVATE KEY",
}


PICTURES = {".png", ".webp"}


def files_in_git():
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in os.fsdecode(listed).split("\0") if name]


@pytest.mark.parametrize("what", OF_A_MACHINE)
def test_no_file_in_git_holds(what):
    pattern = re.compile(OF_A_MACHINE[what])
    found = []
    for path in files_in_git():
        # One that is deleted but not committed yet is no matter, nor is what chance writes into a picture.
        if path.is_file() and path.suffix not in PICTURES:
            text = path.read_bytes().decode("utf-8", "replace")
            found += [f"{path.relative_to(ROOT)}: {hit[0]}" for hit in pattern.finditer(text)]
    assert found == []


FOUND = {
    "a path of somebody's home": "cd /{}ome/anna".format("h"),
    "a drive of Windows": "C:" + "\\Users",
    "the address of a package registry": "https:" + "//registry.example/api/simple",
    "the choice of a registry": "pip install --" + "index-url https",
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY",
}


@pytest.mark.parametrize("what", OF_A_MACHINE)
def test_it_would_be_found(what):
    assert re.search(OF_A_MACHINE[what], FOUND[what])


def make_targets():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE))


def test_every_make_command_of_the_readme_exists():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`|\$ )make ((?:[A-Z]+=\S+ )*)([a-z][a-z-]*)", readme, re.MULTILINE))
    targets = {target for _, target in named}
    assert {"demo", "test"} <= targets, "the two commands of the README"
    assert targets <= make_targets()


def test_every_target_of_the_makefile_is_on_its_map():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    explained = set(re.findall(r"^([a-z][a-z-]*):.*## \S", text, re.MULTILINE))
    assert make_targets() == explained
