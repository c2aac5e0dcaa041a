"""The commands of the planning room say in both languages what was found, and every mistake in one line."""

import csv
import json

import pytest

from web import cli


def test_a_region_is_analysed_in_words_and_into_a_folder(tmp_path, capsys):
    assert cli.main(["analyse", "wetzlar", "--lang", "de", "--out", str(tmp_path / "bericht")]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert "Der engste Schnitt" in said.out
    assert "analysis.html" in said.out
    page = (tmp_path / "bericht" / "analysis.html").read_text("utf-8")
    assert page.startswith('<!doctype html>\n<html lang="de">')
    assert "<script" not in page
    with (tmp_path / "bericht" / "stages.csv").open(encoding="utf-8") as file:
        kinds = [row["kind"] for row in csv.DictReader(file)]
    assert "integration-course" in kinds


def test_json_holds_every_table_and_arrivals_limit_the_flow(capsys):
    assert cli.main(["analyse", "musterkreis", "--json", "--arrivals", "7", "--reach", "40"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["people_a_year"] for row in found["reaching"]] == [7] * 5
    assert found["cut"] == []
    assert "within_40_km" in found["coverage-profile"][0]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--travel-times", "nowhere.csv"], "nowhere.csv"),
        (["--detour", "0.5"], "--detour"),
        (["--reach", "near"], "--reach"),
    ],
)
def test_a_mistake_is_said_in_one_line(more, said, capsys):
    assert cli.main(["analyse", "wetzlar", *more]) in (1, 2)
    told = capsys.readouterr()
    assert said in told.err
    assert told.err.count("\n") == 1
    assert "Traceback" not in told.err
