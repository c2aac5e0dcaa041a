"""An agreement in the store, as rows: with parties, one version, its steps, and who has signed."""

from __future__ import annotations

from datetime import date

from plans.agreement import AgreementState
from plans.agreement_records import Side
from plans.steps import StepState
from store import tables as t
from store.unit_of_work import UnitOfWork
from tests.store.builders import TODAY, a_need, a_person, a_plan
from tests.workflows.desks import REGION


def an_agreement(
    uow: UnitOfWork,
    office: str,
    persons: int = 1,
    signed_on: date | None = TODAY,
    done: bool = False,
    due_on: date | None = None,
    state: AgreementState | None = None,
) -> list[str]:
    """Persons with one step each and one agreement for them all; where a day is given all have signed then.

    Returns
    -------
    list of str
        The help plans.
    """
    people = [a_person(uow, REGION, office) for _ in range(persons)]
    plans = [a_plan(uow, REGION, office, person) for person in people]
    of_region = {"region_id": REGION}
    agreement = uow.insert(
        t.agreement,
        household_id=uow.get(t.person, people[0])["household_id"],
        organisation_id=office,
        language="ukr",
        state=state or (AgreementState.IN_FORCE if signed_on else AgreementState.DRAFTED),
        review_due_on=TODAY,
        **of_region,
    )
    version = uow.insert(
        t.agreement_version,
        agreement_id=agreement,
        **{
            "number": 1,
            "drafted_on": date(2026, 1, 2),
            "consequence": "existing-law",
            "office_signatures": 1,
        },
        **{"goals": [], "office_commitments": [], "person_commitments": [], **of_region},
    )
    of_version = {"agreement_version_id": version, **of_region}
    for position, (person, plan) in enumerate(zip(people, plans, strict=True), 1):
        uow.insert(
            t.agreement_party, agreement_id=agreement, person_id=person, position=position, **of_region
        )
        ended = {"state": StepState.DONE, "done_on": TODAY} if done else {}
        need = a_need(uow, REGION, plan, **ended)
        said = {"kind": "placement-test", "goal_de": "Test", "goal_en": "Test", "responsible": office}
        dates = {"from_on": TODAY, "due_on": due_on, "position": position}
        uow.insert(t.measure, need_id=need, person_id=person, **said, **dates, **of_version)
        if signed_on:
            signs = {"side": Side.PERSON, "party_id": person, "signed_on": signed_on}
            uow.insert(t.signature, signed_by="Sara Muster", **signs, **of_version)
    if signed_on:
        signs = {"side": Side.OFFICE, "party_id": office, "signed_on": signed_on}
        uow.insert(t.signature, signed_by="Anna Muster", **signs, **of_version)
    return plans
