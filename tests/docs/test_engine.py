"""docs/engine.md: how the engine works, in the names of the code; docs/figures.md: what was measured."""

import re

import pytest

from benchmarks import contest, figures, growth, seat_prices
from tests.docs.documents import PROJECT, anchors_in, links_in, names_in_code, text_of

ENGINE = "docs/engine.md"
QUOTED = set(re.findall("`([^`\n]+)`", text_of(ENGINE)))


def test_every_link_within_the_document_has_its_heading():
    wanted = {link.removeprefix("#") for link in links_in(ENGINE) if link.startswith("#")}
    assert wanted and wanted <= anchors_in(ENGINE)


def test_every_file_that_is_named_exists():
    named = {word for word in QUOTED if re.fullmatch(r"[\w/]+\.(py|md)", word)}
    rooms = [PROJECT, PROJECT / "matching", PROJECT / "benchmarks"]
    assert named and [name for name in named if not any((room / name).exists() for room in rooms)] == []


def test_every_phase_of_a_run_is_described():
    source = text_of("matching/solve.py")
    phases = set(re.findall(r'self\.phase = "(\w+)"', source)) | {"baseline"}
    assert phases <= QUOTED


def test_every_name_in_code_style_is_a_name_in_the_code():
    words = {word for word in QUOTED if re.fullmatch(r"[a-z_]+", word)}
    assert words - names_in_code() == set()


def test_every_reference_in_the_text_is_in_the_list():
    text, listed = text_of(ENGINE).split("## References")
    cited = re.findall(
        r"([A-Z][\wü&ö ]+?)(?: et al\.)? (\d{4})", " ".join(re.findall(r"\[([^\]]+\d{4})\]", text))
    )
    assert len(cited) > 8
    for names, year in cited:
        first = names.split("&")[0].strip()
        assert re.search(rf"{first}.*?\({year}\)", listed, re.S), (names, year)


@pytest.mark.parametrize(
    ("section", "table"),
    [
        ("contest", lambda: contest.table(contest.read_results(contest.RESULTS))),
        ("growth", lambda: growth.table(growth.read_results(growth.RESULTS))),
    ],
)
def test_the_figures_shown_are_those_of_the_csv(section, table):
    shown = text_of("docs/figures.md").split(f"<!-- {section}: begin -->")[1].split("<!--")[0].strip()
    assert shown == table()


def test_the_names_of_the_sections_are_there():
    text = figures.DOCUMENT.read_text("utf-8")
    assert all(f"<!-- {name}: begin -->" in text for name in ("contest", "growth", "seat prices"))
    assert seat_prices.RESULTS.parent == contest.RESULTS.parent
