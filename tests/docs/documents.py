"""What the tests of the documents read: the texts, the project's own files, and the names in its code."""

import ast
import re
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parents[2]
ROOMS = ("network", "plans", "matching", "store", "workflows", "web")


def text_of(name):
    return (PROJECT / name).read_text("utf-8")


def prose_of(name):
    """The text without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", text_of(name), flags=re.S | re.M)


def anchor_of(heading):
    """The anchor that a heading gets on the usual forges."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def anchors_in(name):
    return {anchor_of(h) for h in re.findall(r"^#+ (.+)$", prose_of(name), re.M)}


def links_in(name):
    """Every target of a link or picture."""
    return re.findall(r"\]\(([^)\s]+)\)", prose_of(name))


def table_in(name):
    """Rows of the one table of a document, heading and rule left out."""
    rows = [line for line in text_of(name).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


@cache
def names_in_code():
    """Every class, function, attribute, argument and variable of the rooms, and every text constant."""
    found = set()
    for path in (p for room in ROOMS for p in (PROJECT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for field in ("name", "id", "attr", "arg"):
                if isinstance(name := getattr(node, field, None), str):
                    found.add(name)
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found
