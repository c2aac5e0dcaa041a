"""Every workflow that edits an agreement: how it is called on the running case."""

from __future__ import annotations

from datetime import date

from plans.agreement_records import Side
from plans.steps import Finding
from store import tables as t
from tests.workflows.cases.edits import Edit
from tests.workflows.cases.scene import Scene
from workflows.agreements.drafting import (
    amend_agreement,
    discard_amendment,
    draft_agreement,
    redraft_agreement,
)
from workflows.agreements.life import end_agreement, record_signature, review_agreement
from workflows.agreements.reading import read_agreement

MARCH_9 = date(2026, 3, 9)


def a_draft_of_it(scene: Scene) -> None:
    made = draft_agreement(scene.anna, scene.ids["household"], [scene.ids["amina"]], "prs")
    scene.ids["agreement"] = made["id"]


def sign(scene: Scene) -> None:
    """Both sides sign the last version today."""
    version = read_agreement(scene.anna, scene.ids["agreement"])["agreement"]["version"]
    for side, party, by in ((Side.PERSON, "amina", "Amina Muster"), (Side.OFFICE, "office", "Frau Muster")):
        signed = (side, scene.ids[party], by, scene.calendar.today)
        version = record_signature(scene.anna, scene.ids["agreement"], version, *signed)["version"]


def a_signed_one(scene: Scene) -> None:
    a_draft_of_it(scene)
    sign(scene)


def an_amended_one(scene: Scene) -> None:
    a_signed_one(scene)
    amend_agreement(scene.anna, scene.ids["agreement"], 3, "other times")


AGREEMENT_EDITS = (
    Edit(
        redraft_agreement,
        "agreement",
        lambda desk, _, id, version: redraft_agreement(desk, id, version),
        t.agreement,
        a_draft_of_it,
    ),
    Edit(
        record_signature,
        "agreement",
        lambda desk, scene, id, version: record_signature(
            desk, id, version, Side.PERSON, scene.ids["amina"], "Amina Muster", MARCH_9
        ),
        t.agreement,
        a_draft_of_it,
    ),
    Edit(
        amend_agreement,
        "agreement",
        lambda desk, _, id, version: amend_agreement(desk, id, version, "Frau Muster has other times"),
        t.agreement,
        a_signed_one,
    ),
    Edit(
        discard_amendment,
        "agreement",
        lambda desk, _, id, version: discard_amendment(desk, id, version),
        t.agreement,
        an_amended_one,
    ),
    Edit(
        review_agreement,
        "agreement",
        lambda desk, scene, id, version: review_agreement(
            desk, id, version, MARCH_9, {scene.ids["step"]: (Finding.OBSTRUCTED, "Frau Muster has no seat")}
        ),
        t.agreement,
        a_signed_one,
    ),
    Edit(
        end_agreement,
        "agreement",
        lambda desk, _, id, version: end_agreement(desk, id, version, Side.PERSON, MARCH_9),
        t.agreement,
        a_signed_one,
    ),
)
