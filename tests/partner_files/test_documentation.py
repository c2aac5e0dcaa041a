"""What data/partners/README.md says about the partner files is what the reader does."""

import re

import pytest

from network.actors import ActorType
from network.columns import TABLES
from network.kinds import KINDS
from network.labels import FEATURES, TAGS
from network.partner_files import region_names, regions_folder

README = (regions_folder() / "README.md").read_text("utf-8")


def rows_about(table):
    section = re.search(rf"## {table.name}\.csv \({table.german}\.csv\).*?(?=\n## |\Z)", README, re.S)
    assert section, f"{table.name}.csv is not documented"
    rows = re.findall(r"^\| (\*{0,2})([a-z_]+)\1 \| (.+?) \| (.+?) \|$", section.group(), re.M)
    return [(name, german, bool(bold), text) for bold, name, german, text in rows if name != "column"]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_is_documented_with_its_german_name_and_whether_it_is_required(table):
    documented = [(name, german, required) for name, german, required, _ in rows_about(table)]
    assert documented == [(c.name, c.german, c.required) for c in table.columns]


def test_the_documented_words_are_those_that_are_read():
    texts = {(t.name, name): text for t in TABLES for name, _, _, text in rows_about(t)}
    assert texts["actors", "type"] == ", ".join(ActorType)
    assert set(texts["offerings", "kind"].split(", ")) == set(KINDS)
    assert set(texts["offerings", "requires"].partition(": ")[2].split(", ")) == TAGS
    assert set(texts["offerings", "features"].partition(": ")[2].split(", ")) == FEATURES


def test_every_region_is_named():
    assert set(re.findall(r"^\| `([a-z]+)` \|", README, re.M)) == set(region_names())
