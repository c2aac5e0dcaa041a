"""Vereinbarung lesen und auflisten: its whole text, and which agreements must be reviewed next."""

from __future__ import annotations

from datetime import timedelta
from operator import itemgetter
from typing import Any

from plans.actions import Action
from plans.agreement import Agreement, AgreementState
from plans.agreement_document import document
from plans.agreement_records import Version
from plans.agreement_texts import AgreementWords, OwnWords
from store import tables as t
from store.queries import agreements
from store.queries.paging import Page
from store.rows import ReadRows
from workflows.acting import Look, Work, question, workflow
from workflows.agreements.records import load_agreement
from workflows.lists import Listed, listed
from workflows.plain import plain
from workflows.scopes import admit

FIRST_PAGE = Page()


@workflow(Action.READ_AGREEMENT)
def read_agreement(
    work: Work, agreement_id: str, lang: str = "de", words: AgreementWords | None = None
) -> dict[str, Any]:
    """Read an agreement with all its versions, and the text of the last one.

    Parameters
    ----------
    work, agreement_id : Work, str
        The workflow, and which agreement.
    lang : str
        ``de`` or ``en``: language of the text.
    words : AgreementWords, optional
        Of another language of the text.

    Returns
    -------
    dict
        As JSON values: ``agreement`` with its ``version`` and ``state``, ``names`` by id, ``text``:
        headings with their lines, and ``today``.
    """
    row = admit(work, t.agreement, agreement_id)
    agreement = load_agreement(work.unit, agreement_id)
    last = agreement.versions[-1]
    names = names_of(work.unit, agreement, last)
    work.record("agreement", agreement_id, row["region_id"])
    return {
        "agreement": {
            **plain(agreement),
            "version": row["version"],
            "state": agreement.state.value,
            "review_due_on": plain(row["review_due_on"]),
        },
        "names": names,
        "text": [plain(part) for part in document(agreement, last, names, words or OwnWords(lang))],
        "today": work.today.isoformat(),
    }


@question(Action.READ_AGREEMENT)
def list_due_agreement_reviews(look: Look, page: Page = FIRST_PAGE, within_days: int = 0) -> Listed:
    """List agreements of the office in force whose review is due today or within some days.

    Each row has the ``names`` of the persons who are parties, in their order.
    """
    until_on = look.today + timedelta(days=within_days)
    found = listed(agreements.due_reviews(look.unit, _offices(look), until_on, page), page, "review_due_on")
    names = _names_of_parties(look.unit, [row["id"] for row in found.rows])
    return Listed([{**row, "names": names[row["id"]]} for row in found.rows], found.after)


@question(Action.READ_AGREEMENT)
def list_agreements(look: Look, state: AgreementState, page: Page = FIRST_PAGE) -> Listed:
    """List the agreements of the office in one state, such as those in preparation, the oldest first."""
    return listed(agreements.in_state(look.unit, _offices(look), state, page), page, "id")


def names_of(unit: ReadRows, agreement: Agreement, version: Version) -> dict[str, str]:
    """Names, by id, of everybody whom a version of an agreement mentions."""
    measures = version.contents.measures
    ids = {*agreement.person_ids, agreement.organisation_id, *(step.responsible for step in measures)}
    return {
        row["id"]: row["name"]
        for table in (t.person, t.organisation)
        for row in unit.find(table, table.c.id.in_(sorted(ids)))
    }


def _names_of_parties(unit: ReadRows, agreement_ids: list[str]) -> dict[str, list[str]]:
    parties = unit.find(t.agreement_party, t.agreement_party.c.agreement_id.in_(agreement_ids))
    people = unit.find(t.person, t.person.c.id.in_(sorted({one["person_id"] for one in parties})))
    names = {row["id"]: row["name"] for row in people}
    found: dict[str, list[str]] = {id: [] for id in agreement_ids}
    for party in sorted(parties, key=itemgetter("position")):
        found[party["agreement_id"]].append(names[party["person_id"]])
    return found


def _offices(look: Look) -> list[str]:
    grants = (grant for _, grant in look.reach() if grant is not None)
    return sorted({grant.organisation_id for grant in grants if grant.organisation_id is not None})
