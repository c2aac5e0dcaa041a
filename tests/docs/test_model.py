"""docs/model.md: the planning problem in the words and symbols of the code."""

import re
from dataclasses import fields

import pytest

from matching import Parameters, Status
from matching.result import Result
from matching.tables import COLUMNS
from tests.docs.documents import PROJECT, anchors_in, links_in, names_in_code, text_of

MODEL = "docs/model.md"
QUOTED = set(re.findall("`([^`\n]+)`", text_of(MODEL)))


def test_every_link_within_the_document_has_its_heading():
    wanted = {link.removeprefix("#") for link in links_in(MODEL) if link.startswith("#")}
    assert wanted and wanted <= anchors_in(MODEL)


@pytest.mark.parametrize("parameter", [field.name for field in fields(Parameters)])
def test_every_parameter_is_explained(parameter):
    assert parameter == "name" or parameter in {word.rpartition(".")[2] for word in QUOTED}


@pytest.mark.parametrize("table", COLUMNS)
def test_the_columns_of_every_file_are_those_that_are_read(table):
    row = re.search(rf"^\| `{table}\.csv` \| (.+) \|$", text_of(MODEL), re.M)
    assert row, f"{table}.csv is not described"
    assert tuple(re.findall("`([^`]+)`", row[1])) == tuple(COLUMNS[table])


def test_every_figure_of_a_result_and_every_status_is_explained():
    figures = Result({}, 1.0, 1.0, 1.0, 1.0, 0, Status.OPTIMAL, "", {}, 1.0).figures()
    assert set(figures) | set(Status) <= QUOTED


def test_every_name_in_code_style_is_a_name_in_the_code():
    words = (word for word in QUOTED if "/" not in word and not word.startswith("foerderkette "))
    parts = {part for word in words for part in re.findall(r"[A-Za-z_]\w*(?:-[a-z]+)*", word)}
    assert parts - names_in_code() == set()


def test_every_file_that_is_named_exists():
    paths = {word for word in QUOTED if re.fullmatch(r"[a-z]+/([a-z_]+\.[a-z]+)?", word)}
    assert paths and [path for path in paths if not (PROJECT / path).exists()] == []
