"""An agreement from the draft to the review, and the sheets that are handed out."""

import re

import pytest

from store import tables as t
from web.sheets.agreement_paper import paper_data
from web.sheets.languages import agreement_words, language
from workflows.agreements.reading import read_agreement


@pytest.fixture
def drafted(anna, counsel):
    """Address of an agreement that was just drafted."""
    address = f"/vereinbarungen/neu/{counsel.person_id}"
    form = {"persons": counsel.person_id, "language": "prs", "consequence": "talk"}
    commitments = {"office_commitments": ["accompany", "find"], "person_commitments": ["attend"]}
    answer = anna.post(address, {**form, **commitments}, at=address)
    assert answer.status_code == 303
    return answer.headers["Location"]


def signed(anna, counsel, drafted):
    """Both sides sign; the office as often as its rule asks."""
    for party, name in (
        (f"person:{counsel.person_id}", "Amina Muster"),
        (f"office:{counsel.office_id}", "Anna Muster"),
        (f"office:{counsel.office_id}", "Vera Muster"),
    ):
        (row,) = counsel.find(t.agreement)
        form = {"party": party, "signed_by": name, "signed_on": str(counsel.in_days(0))}
        address = f"{drafted}/unterschrift"
        anna.post(address, {**form, "version": row["version"]}, at=address)


def test_a_draft_says_what_was_chosen_and_nothing_else(anna, drafted):
    page = anna.get(drafted).text
    assert "Integrationsvereinbarung" in page and "Amina Muster, noch nicht unterschrieben" in page
    assert "passende Angebote zu finden" in page and "persönliche Kompetenz- und Sozialanalyse" not in page
    assert "innerhalb von zwei Wochen" in page and "freiwillig" in page


def test_it_is_in_force_once_all_have_signed_and_can_be_reviewed(anna, counsel, drafted):
    signed(anna, counsel, drafted)
    assert "gültig" in anna.get(drafted).text
    address = f"{drafted}/ueberpruefung"
    steps = re.findall(r'name="(finding_[^"]+)"', anna.get(address).text)
    form = {**dict.fromkeys(steps, "open"), "reviewed_on": str(counsel.in_days(0))}
    (row,) = counsel.find(t.agreement)
    assert anna.post(address, {**form, "version": row["version"]}, at=address).status_code == 303
    assert "0 erledigt, 5 offen, 0 aufgehalten" in anna.get(drafted).text


def test_either_side_can_end_it(anna, counsel, drafted):
    address = f"{drafted}/beenden"
    form = {"by": "person", "ended_on": str(counsel.in_days(0)), "version": "1"}
    assert anna.post(address, form, at=address).status_code == 303
    assert "Beendet am" in anna.get(drafted).text


def test_an_agreement_with_nobody_is_no_agreement(anna, counsel):
    address = f"/vereinbarungen/neu/{counsel.person_id}"
    answer = anna.post(address, {"language": "eng", "consequence": "talk"}, at=address)
    assert answer.status_code == 422 and "Das fehlt noch" in answer.text


def test_the_paper_has_german_beside_the_language_of_the_agreement_and_a_line_for_each_signature(
    anna, counsel, drafted
):
    answer = anna.get(f"{drafted}/papier")
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF")
    id = drafted.rpartition("/")[2]
    german = read_agreement(counsel.desk, id)
    dari = read_agreement(counsel.desk, id, words=agreement_words("prs"))
    data = paper_data(german, dari, language("prs"), ["Amina Muster"])
    assert data["parts"][0]["german"]["heading"] == "Integrationsvereinbarung"
    assert data["title_second"] == "توافق‌نامهٔ ادغام"
    assert all(len(one["german"]["lines"]) == len(one["second"]["lines"]) for one in data["parts"])
