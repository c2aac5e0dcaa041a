"""Zugehörigkeit aus Zeilen: whose a row is, and how a workflow takes one up without telling others of it.

A person, and all about one, is looked after by the counsellor of the help plan and kept by its office.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from plans.roles import ObjectScope
from store import tables as t
from store.rows import ReadRows
from store.tables import Table
from workflows.acting import Look

Row = Mapping[str, Any]
"""One row, as the store gives it."""


def admit(look: Look, table: Table, id: str) -> dict[str, Any]:
    """Take up a row that the caller may act on.

    Parameters
    ----------
    look : Look
        Who asks, and for what.
    table, id : Table, str
        Which row: an organisation, household, person, help plan, or something of one of these.

    Returns
    -------
    dict
        The row, secrets in clear.

    Raises
    ------
    Missing
        Where there is none, or it is none of the caller's: both look the same.
    Forbidden
        Where none of the caller's roles may do this at all, whether there is such a row or not.
    """
    look.reach()
    row = look.unit.get(table, id)
    look.allow(scope_of(look.unit, table, row), table, id)
    return row


def scope_of(unit: ReadRows, table: Table, row: Row) -> ObjectScope:
    """Answer where a row belongs.

    Parameters
    ----------
    unit : ReadRows
        Reads the help plan behind the row.
    table, row : Table, mapping
        One of the tables of `SCOPES`.
    """
    return SCOPES[table.name](unit, row)


def plan_of(unit: ReadRows, person_id: str) -> dict[str, Any]:
    """Return the row of a person's help plan.

    Raises
    ------
    Missing
        Where there is no such person.
    """
    found = unit.find(t.help_plan, person_id=person_id)
    return found[0] if found else unit.get(t.person, person_id)


def _of_organisation(unit: ReadRows, row: Row) -> ObjectScope:
    return ObjectScope(row["region_id"], row["id"])


def _of_plan(unit: ReadRows, row: Row) -> ObjectScope:
    return ObjectScope(row["region_id"], row["organisation_id"], _counsellors([row]))


def _of_person(unit: ReadRows, row: Row) -> ObjectScope:
    plans = unit.find(t.help_plan, person_id=row["id"])
    return ObjectScope(row["region_id"], row["organisation_id"], _counsellors(plans))


def _of_household(unit: ReadRows, row: Row) -> ObjectScope:
    """Looked after by everybody who looks after one of its persons."""
    persons = unit.find(t.person, household_id=row["id"])
    return _kept_with(unit, row, [person["id"] for person in persons])


def _of_agreement(unit: ReadRows, row: Row) -> ObjectScope:
    """Looked after by everybody who looks after one of its parties."""
    parties = unit.find(t.agreement_party, agreement_id=row["id"])
    return _kept_with(unit, row, [party["person_id"] for party in parties])


def _kept_with(unit: ReadRows, row: Row, person_ids: Iterable[str]) -> ObjectScope:
    plans = unit.find(t.help_plan, t.help_plan.c.person_id.in_(person_ids))
    return ObjectScope(row["region_id"], row["organisation_id"], _counsellors(plans))


def _of_part(unit: ReadRows, row: Row) -> ObjectScope:
    return _of_plan(unit, unit.get(t.help_plan, row["help_plan_id"]))


def _about_person(unit: ReadRows, row: Row) -> ObjectScope:
    return _of_plan(unit, plan_of(unit, row["person_id"]))


def _counsellors(plans: Iterable[Row]) -> frozenset[str]:
    return frozenset(plan["counsellor_id"] for plan in plans if plan["counsellor_id"] is not None)


SCOPES: Mapping[str, Callable[[ReadRows, Row], ObjectScope]] = {
    "organisation": _of_organisation,
    "household": _of_household,
    "person": _of_person,
    "help_plan": _of_plan,
    "need": _of_part,
    "goal": _of_part,
    "appointment": _of_part,
    "placement": _about_person,
    "consent": _about_person,
    "agreement": _of_agreement,
}
"""For each table whose rows workflows take up, how to tell whose they are."""
