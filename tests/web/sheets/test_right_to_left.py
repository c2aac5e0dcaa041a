"""Numbers within Arabic and Persian text: telephones and days read from left to right, as they are dialled.

Sheet and agreement are drawn, and the signs of each number are compared, in the order in which they stand
on the page, with the same number drawn alone.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
import typst

from plans.agreement_document import document
from plans.agreement_texts import OwnWords
from tests.plans.test_agreement import an_agreement, signed
from web.sheets.agreement_paper import paper_data
from web.sheets.languages import ENGLISH_MARKS, GERMAN_MARKS, agreement_words, language
from web.sheets.setting import FOLDER, FONTS
from workflows.plain import plain

RIGHT_TO_LEFT = ("ara", "prs")
PHONES = ("0231 / 50-0 11 22", "+49 (0) 6441 99-1 234")
DAYS = ("25.11.2026", "14.12.2026", "31.01.2027")
_GROUP, _GLYPH, _REFERENCE = (
    "{http://www.w3.org/2000/svg}g",
    "{http://www.w3.org/2000/svg}use",
    "{http://www.w3.org/1999/xlink}href",
)

Run = tuple[str, ...]


def drawn(template: Path | bytes, data: object = None) -> Counter[Run]:
    """Every run of text on the pages: its signs from left to right, and how often it is there."""
    pages = typst.compile(
        template if isinstance(template, bytes) else str(template),
        format="svg",
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
    )
    found: Counter[Run] = Counter()
    for page in pages if isinstance(pages, list) else [pages]:
        for group in ElementTree.fromstring(page).iter(_GROUP):
            signs = sorted(
                (float(one.get("x", "0")), one.get(_REFERENCE, "")) for one in group.findall(_GLYPH)
            )
            if signs:
                found[tuple(sign for _, sign in signs)] += 1
    return found


def alone(number: str) -> Run:
    """A number as it is drawn by itself."""
    text = f'#set text(font: ("Noto Sans", "Noto Sans Arabic"), size: 10.5pt)\n#strong("{number}")'
    (run,) = drawn(text.encode())
    return run


def a_sheet(code: str) -> dict[str, object]:
    """What a sheet says, with one step that is booked."""
    german, second = language("deu"), language(code)
    kind, times = "integration-course/from-1", ["mo-am", "we-pm"]
    step = {
        **{
            "organisation": "VHS Musterstadt e. V.",
            "phone": PHONES[1],
            "place": "Musterstadt",
            "online": False,
        },
        **{"start": DAYS[1], "end": DAYS[2]},
        "german": {"kind": german.kind(kind), "times": german.times(times)},
        "second": {"kind": second.kind(kind), "times": second.times(times)},
    }
    return {
        **{"title": "Mein Plan", "footer": "Stadt Musterstadt", "name": "Amina Muster"},
        **{"office": "Stadt Musterstadt", "phone": PHONES[0], "counsellor": "Anna Muster", "talk": DAYS[0]},
        "german": dict(german.words["phrase"]),
        "second": {
            **{name: second.words[name] for name in ("name", "direction", "tag")},
            "phrases": dict(second.words["phrase"]),
        },
        "steps": [step],
    }


@pytest.mark.parametrize("code", RIGHT_TO_LEFT)
def test_telephones_and_days_stand_twice_and_read_alike(code):
    runs = drawn(FOLDER / "sheet.typ", a_sheet(code))
    assert {number: runs[alone(number)] for number in (*PHONES, *DAYS)} == dict.fromkeys((*PHONES, *DAYS), 2)


def test_without_a_direction_of_their_own_telephones_are_torn_apart(tmp_path):
    """The control: the same template without the box that keeps a number together."""
    template = (FOLDER / "sheet.typ").read_text("utf-8")
    bare = template.replace('box(text(dir: ltr, lang: "de", body))', "body")
    assert bare != template
    (tmp_path / "sheet.typ").write_text(bare, "utf-8")
    runs = drawn(tmp_path / "sheet.typ", a_sheet("ara"))
    assert [runs[alone(number)] for number in PHONES] == [1, 1]


def a_paper(code: str) -> dict[str, object]:
    """What an agreement says whose office is called by its telephone: a number within a sentence."""
    agreement = signed(an_agreement())
    names = {"p1": "Amina Muster", "kim": PHONES[0], "vhs": "vhs Musterstadt"}
    german, other = (
        {
            "agreement": plain(agreement),
            "names": names,
            "text": [plain(part) for part in document(agreement, agreement.versions[-1], names, words)],
        }
        for words in (OwnWords("de"), agreement_words(code))
    )
    return paper_data(german, other, language(code), ["Amina Muster"])


def stands(number: str, runs: Counter[Run]) -> int:
    """How often a number is drawn as it is drawn alone, also within a longer run."""
    (wanted,) = drawn(f'#set text(font: "Noto Sans", size: 10pt)\n{number}'.encode())
    wide = len(wanted)
    return sum(
        count
        for run, count in runs.items()
        for at in range(len(run) - wide + 1)
        if run[at : at + wide] == wanted
    )


@pytest.mark.parametrize("code", RIGHT_TO_LEFT)
def test_an_agreement_has_its_telephones_and_days_in_both_languages(code):
    runs = drawn(FOLDER / "agreement.typ", a_paper(code))
    on = "25.11.2026"  # both sides signed, which stands once for each in either language
    assert stands(on, runs) == 4
    assert stands(PHONES[0], runs) == 2  # between whom; headings are set in bold letters


def test_without_isolates_a_telephone_of_an_agreement_is_torn_apart():
    """The control: the same words without the marks around German and English ones."""
    bare = json.loads(
        re.sub("|".join({*GERMAN_MARKS, *ENGLISH_MARKS}), "", json.dumps(a_paper("ara"), ensure_ascii=False))
    )
    marked, without = (
        stands(PHONES[0], drawn(FOLDER / "agreement.typ", data)) for data in (a_paper("ara"), bare)
    )
    assert without < marked
