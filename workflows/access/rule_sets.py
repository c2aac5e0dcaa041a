"""Regelwerke: what an office has set, laid over what comes with the project; loaded from files, by date.

Nearest goes first: the rules of a region, then those of the installation, then those of the project. Within
one scope the file holds whose first day came last; of two with the same first day the one loaded last.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from plans.actions import Action
from plans.fault import Fault, PlanFault
from plans.roles import ObjectScope
from plans.rule_layers import check_bounds, overlaid
from plans.rules import Rule, RuleBook, check_complete, read_rules, standard_rules
from store import tables as t
from store.secrets import fingerprint
from store.unit_of_work import ReadingUnit, Store, UnitOfWork
from workflows.access.settings import BOUNDS, INSTALLATION_ONLY
from workflows.acting import LOCAL_TIME, Caller, Desk, Look, Work, question, workflow
from workflows.refusal import Refusal

LARGEST_FILE_BYTES = 1_000_000
BOOKS_KEPT = 64
"""Rule books that are kept ready, so that not every request reads them anew."""


@workflow(Action.EDIT_RULES)
def load_rule_file(
    work: Work, content: str, file: str, region_id: str | None, valid_from_on: date, source: str
) -> dict[str, Any]:
    """Regeln einspielen: let a file of dated rules hold from a day on, for a region or the installation.

    Parameters
    ----------
    content, file : str
        Text of the file (TOML, as ``plans/rules.toml``), and how faults name it.
    region_id : str or None
        For which region; None = the installation.
    valid_from_on : date
        First day; the file that held so far holds until the day before.
    source : str
        Who decided it, where it is written; not empty.

    Returns
    -------
    dict
        ``rule_set_id`` and ``keys``, the names of the rules that are set.

    Raises
    ------
    PlanFault
        Names file and line of every entry that is faulty, unknown, of another unit, or out of bounds.
    Refusal
        Where the source is missing, or a region sets what holds for the whole installation.
    """
    work.allow_new(ObjectScope(region_id))
    if region_id is not None:
        work.unit.get(t.region, region_id)
    if not source.strip() or not source.isprintable():
        raise Refusal("source-needed")
    book = checked_book(content, file)
    if region_id is not None and (shared := INSTALLATION_ONLY.intersection(book.known())):
        raise Refusal("installation-only", keys=", ".join(sorted(shared)))
    below = () if region_id is None else _contents(work.unit, (None,), valid_from_on)
    check_complete(overlaid(_book(below), book), valid_from_on)
    id = work.unit.insert(
        t.rule_set,
        region_id=region_id,
        valid_from_on=valid_from_on,
        content=content,
        source=source.strip(),
        loaded_by=work.caller.account_id,
    )
    work.record(
        "rule_set", id, region_id, keys=book.known(), valid_from_on=valid_from_on, hash=fingerprint(content)
    )
    return {"rule_set_id": id, "keys": list(book.known())}


@question(Action.READ_RULES)
def rules_on(look: Look, region_id: str | None, on: date) -> list[dict[str, Any]]:
    """Geltende Regeln: every rule that holds on a day, with its source and where it was set.

    Parameters
    ----------
    region_id : str or None
        Which region; None = the installation.
    on : date
        Which day.

    Returns
    -------
    list of dict
        By name: ``key``, ``value``, ``unit``, ``valid_from``, ``valid_until`` (ISO days, the latter may be
        None), ``basis``, ``source``, ``label_de``, ``label_en``, ``set_by`` (``region``, ``installation`` or
        ``project``).
    """
    look.allow_new(ObjectScope(region_id))
    of_installation = _contents(look.unit, (None,), on)
    of_region = _contents(look.unit, (region_id,), on) if region_id is not None else ()
    layers = [("region", of_region), ("installation", of_installation)]
    book = _book((*of_installation, *of_region))
    found = []
    for key in book.known():
        for rule in book.history(key):
            if rule.holds(on):
                setters = (name for name, texts in layers if _set_in(texts, key, on))
                found.append(_shown(rule, next(setters, "project")))
    return found


@question(Action.READ_RULES)
def rule_files(look: Look, region_id: str | None) -> list[dict[str, Any]]:
    """Eingespielte Regelwerke: the files of a region (None = of the installation), newest first day first."""
    look.allow_new(ObjectScope(region_id))
    rows = look.unit.find(t.rule_set, region_id=region_id)
    rows.sort(key=lambda row: (row["valid_from_on"], row["created_at"], row["id"]), reverse=True)
    return [
        {
            "rule_set_id": row["id"],
            "valid_from_on": row["valid_from_on"].isoformat(),
            "source": row["source"],
            "loaded_at": row["created_at"].isoformat(timespec="seconds"),
            "loaded_by": row["loaded_by"],
            "content": row["content"],
        }
        for row in rows
    ]


def book_of(unit: ReadingUnit | UnitOfWork, region_id: str | None, on: date) -> RuleBook:
    """Return the rule book that holds on a day in a region, or (None) in the installation."""
    scopes = (None,) if region_id is None else (None, region_id)
    return _book(_contents(unit, scopes, on))


def desk_for(
    store: Store,
    caller: Caller,
    *,
    region_id: str | None = None,
    purpose: str = "",
    request_key: str | None = None,
) -> Desk:
    """Return a desk whose rule book is that of today: the project's, overlaid by what the store holds.

    Parameters
    ----------
    store, caller, purpose, request_key
        See `Desk`.
    region_id : str, optional
        Region in which is worked; by default that of the caller's roles where it is one only.
    """
    regions = {grant.region_id for grant in caller.grants}
    region = region_id or (next(iter(regions)) if len(regions) == 1 else None)
    with ReadingUnit(store) as unit:
        book = book_of(unit, region, store.now().astimezone(LOCAL_TIME).date())
    return Desk(store, caller, purpose, request_key, book)


def checked_book(content: str, file: str) -> RuleBook:
    """Read a file of rules that an office sets, and refuse what it may not set.

    Raises
    ------
    PlanFault
        Names file and line of every fault.
    """
    if len(content) > LARGEST_FILE_BYTES:
        raise PlanFault(Fault("bad-file", {"detail": f"> {LARGEST_FILE_BYTES} byte"}, file))
    book = read_rules(content.removeprefix("\ufeff"), file)
    overlaid(standard_rules(), book)
    check_bounds(book, BOUNDS)
    return book


def _contents(unit: ReadingUnit | UnitOfWork, scopes: Sequence[str | None], on: date) -> tuple[str, ...]:
    """Texts of the files that hold on a day, one a scope, in the order of the scopes."""
    found = []
    for scope in scopes:
        rows = unit.find(t.rule_set, t.rule_set.c.valid_from_on <= on, region_id=scope)
        if rows:
            newest = max(rows, key=lambda row: (row["valid_from_on"], row["created_at"], row["id"]))
            found.append(newest["content"])
    return tuple(found)


@lru_cache(maxsize=BOOKS_KEPT)
def _book(contents: tuple[str, ...]) -> RuleBook:
    book = standard_rules()
    for content in contents:
        book = overlaid(book, read_rules(content.removeprefix("\ufeff"), t.rule_set.name))
    return book


@lru_cache(maxsize=BOOKS_KEPT)
def _own_book(content: str) -> RuleBook:
    return read_rules(content.removeprefix("\ufeff"), t.rule_set.name)


def _set_in(contents: tuple[str, ...], key: str, on: date) -> bool:
    return any(rule.holds(on) for content in contents for rule in _own_book(content).entries(key))


def _shown(rule: Rule, set_by: str) -> dict[str, Any]:
    return {
        "key": rule.key,
        "value": rule.value,
        "unit": rule.unit,
        "valid_from": rule.valid_from.isoformat(),
        "valid_until": rule.valid_until.isoformat() if rule.valid_until else None,
        "basis": rule.basis.value,
        "source": rule.source,
        "source_de": rule.source_de,
        "label_de": rule.label_de,
        "label_en": rule.label_en,
        "set_by": set_by,
    }
