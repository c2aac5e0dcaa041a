"""Weitergabe: what a recipient will see of a person, field by field.

Every recorded field belongs to exactly one data category (`CATEGORY_OF_FIELD`); a field without one is never
shown, and a test refuses it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from plans.analysis import Analysis, Availability, Skills
from plans.consent import Consent, DataCategory, Purpose, Recipient, allowed, consents_of
from plans.fault import refuse
from plans.model import Child, HelpPlan, Household, Person
from plans.needs import Goal, Need

_C = DataCategory
_CATEGORY: Mapping[type, Mapping[DataCategory, tuple[str, ...]]] = {
    Household: {
        _C.REFERENCE: ("id",),
        _C.AVAILABILITY: ("home",),
        _C.FAMILY: ("children", "shared_childcare"),
    },
    Person: {
        _C.REFERENCE: ("id",),
        _C.IDENTITY: ("name", "birth_on", "gender"),
        _C.SITUATION: ("arrived_on", "profile", "tags"),
    },
    HelpPlan: {_C.GOALS: ("goals", "next_appointment_on")},
    Analysis: {
        _C.LANGUAGE: ("languages", "german", "literacy"),
        _C.EDUCATION: ("schooling_years", "profession", "recognition"),
        _C.FAMILY: ("childcare",),
        _C.SITUATION: ("analysed_on", "resources", "barriers"),
    },
    Availability: {_C.AVAILABILITY: ("times", "max_travel_km", "can_attend_online")},
    Need: {
        _C.REFERENCE: ("id", "kind"),
        _C.GOALS: ("earliest_on", "goal", "after", "relation", "lag_days", "max_lag_days", "target_on"),
        _C.SITUATION: ("entitled_on", "features"),
        _C.INTERNAL: ("weight", "fixed_slot", "proposed_slot"),
    },
}

CONTAINERS: Mapping[type, tuple[str, ...]] = {
    Household: ("members",),
    Person: ("plan",),
    HelpPlan: ("analysis", "needs"),
    Analysis: ("availability",),
}
"""Fields that hold other records; these are opened, and each of their fields has its own category."""

KEPT_BESIDE: Mapping[str, DataCategory] = {
    "person.contact": _C.IDENTITY,
    "household.address": _C.IDENTITY,
}
"""Fields that are recorded of a person, though no plan needs them."""

WHOLE = (Skills, Child, Goal)
"""Records that are shown as one value, under the category of the field that holds them."""

CATEGORY_OF_FIELD: Mapping[str, DataCategory] = {
    f"{record.__name__.lower()}.{name}": category
    for record, groups in _CATEGORY.items()
    for category, names in groups.items()
    for name in names
}
"""Category of every recorded field, by ``record.field``."""


@dataclass(frozen=True)
class FieldView:
    """Feldansicht: one field, and whether a recipient sees it.

    Parameters
    ----------
    path : str
        ``record.field``; a need's id stands in brackets: ``need[n1].kind``.
    category : DataCategory
        What it belongs to.
    is_visible : bool
        Whether a consent covers it.
    value : object
        The value where visible, else None.
    """

    path: str
    category: DataCategory
    is_visible: bool
    value: Any


def uncategorised(records: Iterable[type] = tuple(_CATEGORY)) -> tuple[str, ...]:
    """Return the fields of record types that have no category and hold no other record, or have two places.

    Parameters
    ----------
    records : iterable of type
        Dataclasses; all that are recorded of a person by default.

    Returns
    -------
    tuple of str
        ``record.field``; empty where every field has exactly one place.
    """
    found = []
    for record in records:
        placed = [name for names in _CATEGORY.get(record, {}).values() for name in names]
        placed += CONTAINERS.get(record, ())
        for name in (field.name for field in dataclasses.fields(record)):
            if placed.count(name) != 1:
                found.append(f"{record.__name__.lower()}.{name}")
    return tuple(found)


def visible_fields(
    household: Household,
    person_id: str,
    need_ids: Iterable[str],
    consents: Iterable[Consent],
    recipient: Recipient,
    purpose: Purpose,
    on: date,
    carries: Collection[DataCategory] = frozenset(DataCategory),
    beside: Mapping[str, Any] | None = None,
) -> tuple[FieldView, ...]:
    """Answer what a recipient will see of one person and some of the person's needs.

    Other members of the household and other needs do not appear at all.

    Parameters
    ----------
    household : Household
        Where the person lives.
    person_id : str
        Whose data are asked for.
    need_ids : iterable of str
        The needs that the referral is about.
    consents : iterable of Consent
        Only those of the person count.
    recipient, purpose : Recipient, Purpose
        Who asks, and what for.
    on : date
        Day of the request.
    carries : collection of DataCategory
        What the recipient needs at most; all by default.
    beside : mapping of str to object, optional
        Values of the fields of `KEPT_BESIDE`.

    Returns
    -------
    tuple of FieldView
        Every field, visible or not, so that it can be shown before sending.

    Raises
    ------
    PlanFault
        Where the person does not belong to the household, or a need not to the person.
    """
    own = consents_of(consents, person_id)
    known = {**CATEGORY_OF_FIELD, **KEPT_BESIDE}
    views = []
    further = ((path, path, value) for path, value in (beside or {}).items())
    for path, name, value in (*_fields(household, person_id, set(need_ids)), *further):
        category = known.get(name, DataCategory.INTERNAL)
        is_visible = category in carries and allowed(own, recipient, purpose, category, on)
        views.append(FieldView(path, category, is_visible, value if is_visible else None))
    return tuple(views)


def _fields(household: Household, person_id: str, need_ids: set[str]) -> Iterator[tuple[str, str, Any]]:
    person = next((member for member in household.members if member.id == person_id), None)
    if person is None:
        known = ", ".join(member.id for member in household.members)
        raise refuse("unknown-value", household.id, field="person_id", value=person_id, allowed=known)
    needs = {need.id: need for need in person.needs}
    for need_id in sorted(need_ids - set(needs)):
        raise refuse("unknown-value", person_id, field="need_id", value=need_id, allowed=", ".join(needs))
    for record in (household, person, person.plan, person.analysis, person.analysis.availability):
        yield from _of_record(record, type(record).__name__.lower())
    for need_id in sorted(need_ids):
        yield from _of_record(needs[need_id], f"need[{need_id}]")


def _of_record(record: Any, prefix: str) -> Iterator[tuple[str, str, Any]]:
    for field in dataclasses.fields(record):
        if field.name not in CONTAINERS.get(type(record), ()):
            name = f"{type(record).__name__.lower()}.{field.name}"
            yield f"{prefix}.{field.name}", name, getattr(record, field.name)
